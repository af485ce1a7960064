"""The commands of the compose file, run here: with a broker on loopback, seen by Prometheus, told to stop."""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import SERVICE_UNAVAILABLE
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sim.scenario_file import source_of
from streams.cluster.processes import Scratch, free_ports
from streams.settings import ClusterSettings
from tests.deploy.composition import composed
from tests.deploy.layout import PROMETHEUS, RULES
from tests.deploy.queries import queries
from tests.deploy.tools import on_path

ROLES = ("simulator", "enricher", "monitor")
PATIENCE_S = 60.0
SMALLER = (
    ("viewers: 250000", "viewers: 25000"),
    ("reference: 90m", "reference: 10m"),
    ("window: 15m", "window: 5m"),
)
ONLY_AFTER_TROUBLE = {"greenroom_dead_letters_total", "greenroom_sink_wait_seconds_total", "ALERTS"}


@dataclass
class Service:
    """A service of the compose file as a process of this machine."""

    process: Popen[bytes]
    log: Path
    url: str
    health_path: str

    def page(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return str(answer.read().decode())

    def well(self) -> bool:
        """Whether the health check of the compose file would pass."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            return bool(self.page(self.health_path))
        except OSError:
            return False

    def samples(self) -> set[tuple[str, frozenset[tuple[str, str]]]]:
        """Every series that it serves, with its labels."""
        return {
            (sample.name, frozenset(sample.labels.items()))
            for family in text_string_to_metric_families(self.page("/metrics"))
            for sample in family.samples
        }


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.1)


def started(scratch: Scratch, name: str, service: dict[str, Any], broker: str) -> Service:
    """Start a service with its own command; only addresses are other ones than in a container."""
    (port,) = free_ports(1)
    elsewhere = {
        "--broker=kafka:19092": f"--broker={broker}",
        "--store=/assets": f"--store={scratch.folder / 'assets'}",
        "--checkpoints=/checkpoints": f"--checkpoints={scratch.folder / 'checkpoints'}",
        "--endpoint-host=0.0.0.0": "--endpoint-host=127.0.0.1",
        "--endpoint-port=9464": f"--endpoint-port={port}",
    }
    command = [elsewhere.get(part, part) for part in service["command"]]
    process = scratch.start([sys.executable, "-m", "streams", *command], log=f"{name}.log")
    (path,) = [
        word.split("9464")[1].split("'")[0] for word in service["healthcheck"]["test"] if "9464" in word
    ]
    return Service(process, scratch.folder / f"{name}.log", f"http://127.0.0.1:{port}", path)


def small_scenario(path: Path) -> Path:
    """The default scenario with a tenth of its viewers and with drift windows that end within seconds."""
    text = source_of("video_service")[1]
    for found, wanted in SMALLER:
        assert found in text
        text = text.replace(found, wanted)
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def running(embedded_broker: ClusterSettings) -> Iterator[dict[str, Service]]:
    """Simulator, enricher and monitor, each started when the one before is well, as Compose does it."""
    run = f"deploy-{time.monotonic_ns()}"
    with Scratch() as scratch:
        scenario = small_scenario(scratch.folder / "small.yaml")
        variables = {"GREENROOM_SCENARIO": str(scenario), "GREENROOM_RUN": run, "GREENROOM_SPEED": "120x"}
        model = composed(**variables, GREENROOM_FOR="7d", GREENROOM_WORKERS="1")
        found: dict[str, Service] = {}
        for name in ROLES:
            found[name] = started(scratch, name, model["services"][name], embedded_broker.bootstrap)
            until(found[name].well, f"a healthy {name}")
        yield found


def seen(running: dict[str, Service]) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    return set().union(*(service.samples() for service in running.values()))


def test_everything_that_is_asked_for_is_really_served(running: dict[str, Service]) -> None:
    wanted = {
        (name, frozenset((label, value) for label, value in equal.items() if label != "job"))
        for query in queries()
        for name, equal in query.selectors
        if name not in ONLY_AFTER_TROUBLE | {"up"}
    }

    def missing() -> set[tuple[str, frozenset[tuple[str, str]]]]:
        there = seen(running)
        return {
            (name, equal)
            for name, equal in wanted
            if not any(name == n and equal <= labels for n, labels in there)
        }

    until(lambda: not missing(), f"series {missing()}")


@pytest.fixture
def prometheus(running: dict[str, Service]) -> Iterator[Callable[..., Any]]:
    """A Prometheus with our configuration and rules; asks its API."""
    binary = on_path("prometheus")
    (port,) = free_ports(1)
    with Scratch() as scratch:
        configuration = scratch.folder / "prometheus.yml"
        configuration.write_text(local_configuration(running))
        flags = [f"--config.file={configuration}", f"--storage.tsdb.path={scratch.folder / 'data'}"]
        server = scratch.start(
            [binary, *flags, f"--web.listen-address=127.0.0.1:{port}"], log="prometheus.log"
        )

        def ask(path: str, **parameters: str) -> Any:
            assert server.poll() is None, (scratch.folder / "prometheus.log").read_text()
            url = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    return json.load(answer)["data"]
            except urllib.error.HTTPError as error:
                if error.code == SERVICE_UNAVAILABLE:  # it replays its log first
                    return None
                pytest.fail(f"{path} {parameters}: {error.read().decode()}")
            except OSError:
                return None

        until(lambda: ask("targets") is not None, "Prometheus")
        yield ask


def local_configuration(running: dict[str, Service]) -> str:
    """The configuration that ships, with processes of this machine as targets, and in more of a hurry."""
    text = PROMETHEUS.read_text().replace("/etc/prometheus/rules/*.rules.yml", str(RULES))
    by_dns = text[text.index("    # By name") : text.index("\n  - job_name: monitor")]
    text = text.replace(by_dns, '    static_configs:\n      - targets: ["enricher:9464"]\n')
    for name, service in running.items():
        text = text.replace(f'"{name}:9464"', f'"{service.url.removeprefix("http://")}"')
    for slow, quick in (
        ("scrape_interval: 5s", "scrape_interval: 1s"),
        ("timeout: 4s", "timeout: 1s"),
        ("15s", "1s"),
    ):
        assert slow in text
        text = text.replace(slow, quick)
    return text


def test_prometheus_reaches_every_process_and_answers_every_query(prometheus: Callable[..., Any]) -> None:
    def well() -> set[str]:
        return {
            target["labels"]["job"]
            for target in prometheus("targets")["activeTargets"]
            if target["health"] == "up"
        }

    until(lambda: well() == set(ROLES), "three targets that are up")
    for query in queries():
        assert prometheus("query", query=query.text) is not None, query.place

    def judged() -> list[str]:
        rules = [rule for group in prometheus("rules")["groups"] for rule in group["rules"]]
        assert not [rule for rule in rules if rule["health"] == "err"], rules
        return [rule["health"] for rule in rules]

    until(lambda: set(judged()) == {"ok"}, "rules that are evaluated")


def test_all_stop_cleanly_when_told(running: dict[str, Service]) -> None:
    """The last of this module: what Compose does on `down`, in its order."""
    for name in reversed(ROLES):
        running[name].process.terminate()
        assert running[name].process.wait(PATIENCE_S) == 0, running[name].log.read_text()
    summary = json.loads(running["simulator"].log.read_text().splitlines()[-1])
    assert summary["published"] == summary["acknowledged"] > 0
