"""Every broker that the project names answers as Apache Kafka does, in everything that it relies on."""

import pytest

from sim.names import UnknownNameError
from streams.cluster.administration import Administration
from streams.cluster.conformance import CHECKS, Check, check_broker
from streams.cluster.conformance.scene import Scene, UnprovenError, expect
from streams.settings import ClusterSettings


@pytest.mark.parametrize("check", CHECKS)
def test_answers_as_kafka(broker: ClusterSettings, run_name: str, check: str) -> None:
    (finding,) = check_broker(broker, [check], prefix=run_name)
    if finding.verdict == "unproven":
        pytest.skip(finding.detail)
    assert finding.verdict == "as Kafka", finding.detail


def test_leaves_nothing_behind(embedded_broker: ClusterSettings, run_name: str) -> None:
    list(check_broker(embedded_broker, ["topic-settings", "stored-as-sent"], prefix=run_name))
    with Administration(embedded_broker) as administration:
        assert administration.topics_of(run_name) == []


def _differing(scene: Scene) -> str:
    """Expects what no broker does."""
    topic = scene.topic()
    scene.send(topic, [b"x"])
    expect(len(scene.read(topic, count=1)) == 0, "the record is there")
    return "gone"


def _unproven(scene: Scene) -> str:
    """Cannot tell."""
    raise UnprovenError("too slow to see")


def _broken(scene: Scene) -> str:
    """A client stumbles over an answer."""
    return str({}["endpoint_type"])


@pytest.mark.parametrize(
    ("run", "verdict", "detail"),
    [
        (_differing, "differs", "the record is there"),
        (_unproven, "unproven", "too slow to see"),
        (_broken, "differs", "KeyError: 'endpoint_type'"),
    ],
)
def test_a_check_that_does_not_hold_says_why(
    embedded_broker: ClusterSettings,
    run_name: str,
    monkeypatch: pytest.MonkeyPatch,
    run,
    verdict: str,
    detail: str,
) -> None:
    monkeypatch.setitem(CHECKS, "planted", Check("planted", "", run))
    (finding,) = check_broker(embedded_broker, ["planted"], prefix=run_name)
    assert (finding.verdict, finding.detail) == (verdict, detail)


def test_an_unknown_check_is_refused_with_the_near_miss(embedded_broker: ClusterSettings) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown check 'fencng'.*Did you mean 'fencing'"):
        list(check_broker(embedded_broker, ["fencng"]))
