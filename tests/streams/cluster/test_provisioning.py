"""What a run's topics should be, and how a present one differs."""

from datetime import timedelta

import pytest

from streams.cluster.provisioning import TopicState, WantedTopic, deviations, wanted_topics
from streams.topics import TOPICS

WANTED = WantedTopic("r.journeys", 8, 1, {"cleanup.policy": "delete", "retention.ms": "1000"})


def _state(partitions: int = 8, **config: str) -> TopicState:
    given = {"cleanup.policy": "delete", "retention.ms": "1000"} | {
        k.replace("_", "."): v for k, v in config.items()
    }
    return TopicState("r.journeys", partitions, 1, 0, given)


@pytest.mark.parametrize(
    ("brokers", "replication", "in_sync"), [(1, 1, None), (2, 2, None), (3, 3, "2"), (9, 3, "2")]
)
def test_replication_follows_the_number_of_brokers(
    brokers: int, replication: int, in_sync: str | None
) -> None:
    for topic in wanted_topics("r", brokers=brokers):
        assert topic.replication == replication
        assert topic.config.get("min.insync.replicas") == in_sync


def test_a_number_of_partitions_leaves_single_ones_single() -> None:
    found = {topic.name: topic.partitions for topic in wanted_topics("r", brokers=1, partitions=3)}
    assert found == {f"r.{topic.name}": 3 if topic.partitions > 1 else 1 for topic in TOPICS}


def test_records_may_be_stamped_ahead_of_the_wall_clock() -> None:
    assert all(
        int(t.config["message.timestamp.after.max.ms"]) > 10**15 for t in wanted_topics("r", brokers=1)
    )


def test_history_lengthens_what_is_kept_for_a_time_only() -> None:
    plain = {topic.name: int(topic.config["retention.ms"]) for topic in wanted_topics("r", brokers=1)}
    longer = wanted_topics("r", brokers=1, history=timedelta(days=2, hours=1))
    for topic in longer:
        kept = int(topic.config["retention.ms"])
        assert kept == (-1 if plain[topic.name] == -1 else plain[topic.name] + 3 * 86_400_000)


def test_overrides_apply_to_all_and_to_one() -> None:
    overrides = {"*": {"segment.ms": "5"}, "journeys": {"segment.ms": "6", "retention.ms": "7"}}
    found = {topic.name: topic.config for topic in wanted_topics("r", brokers=1, overrides=overrides)}
    assert found["r.content"]["segment.ms"] == "5"
    assert (found["r.journeys"]["segment.ms"], found["r.journeys"]["retention.ms"]) == ("6", "7")


@pytest.mark.parametrize(
    "state",
    [_state(), _state(retention_ms="2000"), _state(retention_ms="-1"), _state(segment_ms="9")],
)
def test_as_good_as_wanted(state: TopicState) -> None:
    assert list(deviations(WANTED, state)) == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (_state(partitions=4), "partitions is 4, wanted 8; give --partitions 4"),
        (
            _state(cleanup_policy="compact"),
            "cleanup.policy is compact, wanted delete; set it with kafka-configs",
        ),
        (_state(retention_ms="999"), "retention.ms is 999, wanted 1000; set it with kafka-configs"),
    ],
)
def test_each_deviation_has_both_values_and_a_remedy(state: TopicState, said: str) -> None:
    (line,) = deviations(WANTED, state)
    assert line.startswith(f"topic r.journeys: {said}")
