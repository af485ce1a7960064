"""What --sink means, and what is told when it means nothing."""

import pytest

from sim.durations import HOUR
from sim.names import UnknownNameError
from streams.exits import UsageError
from streams.publish.sinks.flags import chosen_sinks
from streams.publish.sinks.jsonl import JsonLinesPlan
from streams.publish.sinks.webhook import WebhookPlan


def test_without_a_flag_records_go_to_kafka_and_nowhere_else() -> None:
    chosen = chosen_sinks([])
    assert chosen.kafka
    assert not chosen.others


def test_several_are_told_apart_by_name() -> None:
    texts = ["jsonl:a", "kafka", "jsonl:b,every=1h", "jsonl:c,name=archive", "null"]
    chosen = chosen_sinks(texts)
    assert chosen.kafka
    assert [name for name, _ in chosen.others] == ["jsonl", "jsonl-2", "archive", "null"]
    second = chosen.others[1][1]
    assert isinstance(second, JsonLinesPlan)
    assert (second.dir, second.every) == ("b", HOUR)


def test_places_may_hold_colons_commas_and_question_marks() -> None:
    url = "http://127.0.0.1:9000/hook?a=1,2&b=2"
    (_, plan), (_, folder) = chosen_sinks(
        [f"webhook:{url},topics=content,truth,form=cloudevents", "parquet:s3://bucket/a b,c,kinds=play"]
    ).others
    assert isinstance(plan, WebhookPlan)
    assert (plan.url, plan.topics, plan.form) == (url, ("content", "truth"), "cloudevents")
    assert folder.model_dump()["dir"] == "s3://bucket/a b,c"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["jsonl"], "a dir is missing; write jsonl:DIR"),
        (["webhook:"], "a url is missing; write webhook:URL"),
        (["null:here"], "null takes no place; write null"),
        (["kafka:localhost:9092"], "kafka takes no place and no options; --broker says where it is"),
        (["kafka", "kafka"], "given twice"),
        (["jsonl:out,topcs=content"], "unknown option 'topcs'; .* Did you mean 'topics'"),
        (["webhook:http://h/x,y=1"], "a comma of the place itself is written %2C"),
        (["jsonl:out,topics=journey"], "topics=.*unknown topic 'journey'; .* Did you mean 'journeys'"),
        (["jsonl:out,kinds=plays"], "kinds=.*unknown record kind 'plays'; .* Did you mean 'play'"),
        (["jsonl:out,topics=content,kinds=play"], "no record of kind play is on content"),
        (["jsonl:out,every=soon"], "every=soon: 'soon' is not a duration"),
        (["parquet:out,rows=0"], "rows=0: .*greater than or equal to 1"),
        (["null,name=a", "stdout,name=a"], "two sinks are named a"),
        (["null,name=A b"], "name=A b"),
        (["webhook:ftp://h/x"], "must be a URL such as http://127.0.0.1:9000/hook"),
        (["webhook:http://me:secret@h/x"], "must not hold a password"),
        (["webhook:http://h/x,form=xml"], "form=xml: Input should be 'lines', 'cloudevents' or 'raw'"),
    ],
)
def test_wrong_flags_say_what_and_how_to_put_it_right(texts: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        chosen_sinks(texts)


def test_an_unknown_sink_has_a_near_miss() -> None:
    with pytest.raises(
        UnknownNameError, match=r"unknown sink 'kafak'; known: .*webhook.* Did you mean 'kafka'"
    ):
        chosen_sinks(["kafak"])
