"""The suite: its checks by name, and running them on a broker."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sim.names import UnknownNameError
from streams.cluster.administration import Administration
from streams.cluster.conformance import clients, groups, offsets, producing, topics, transactions
from streams.cluster.conformance.scene import NonconformityError, Scene, UnprovenError
from streams.settings import ClusterSettings

__all__ = ["CHECKS", "Check", "Finding", "check_broker"]

Verdict = Literal["as Kafka", "differs", "unproven"]


@dataclass(frozen=True)
class Check:
    """One thing that Greenroom relies on: a function that raises if the broker does it differently."""

    name: str
    about: str
    run: Callable[[Scene], str]


@dataclass(frozen=True)
class Finding:
    """What a check found on a broker, in how many seconds."""

    name: str
    verdict: Verdict
    detail: str
    seconds: float


def _check(run: Callable[[Scene], str]) -> Check:
    return Check(run.__name__.replace("_", "-"), (run.__doc__ or "").strip(), run)


CHECKS: dict[str, Check] = {
    check.name: check
    for module in (topics, producing, offsets, groups, transactions, clients)
    for check in map(_check, module.CHECKS)
}


def check_broker(
    settings: ClusterSettings, names: Iterable[str] | None = None, *, prefix: str | None = None
) -> Iterator[Finding]:
    """Run the named checks, or all, one after the other; each leaves the broker without its topics.

    ``prefix`` begins every name that the checks use on the broker.
    """
    prefix = prefix or f"greenroom-conformance-{os.urandom(4).hex()}"
    with Administration(settings) as administration:
        for name in names or CHECKS:
            if name not in CHECKS:
                raise UnknownNameError("check", name, CHECKS)
            yield _run(CHECKS[name], Scene(settings, administration, f"{prefix}.{name}"))


def _run(check: Check, scene: Scene) -> Finding:
    started = time.monotonic()
    verdict: Verdict = "as Kafka"
    try:
        detail = check.run(scene)
    except UnprovenError as why:
        verdict, detail = "unproven", str(why)
    except NonconformityError as error:
        verdict, detail = "differs", str(error)
    except Exception as error:  # an answer unlike Kafka's may make a client raise anything
        verdict, detail = "differs", f"{type(error).__name__}: {error}"
    finally:
        _clear(scene)
    return Finding(check.name, verdict, detail, round(time.monotonic() - started, 2))


def _clear(scene: Scene) -> None:
    if left := scene.administration.topics_of(scene.name):
        scene.administration.delete_topics(left)
