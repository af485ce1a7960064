"""A run goes on in the format that it began with: consumers would not understand the rest."""

from contextlib import ExitStack
from threading import Event

import pytest

from sim.durations import MINUTE
from sim.pace import Pace
from sim.testing import tiny_scenario
from streams.codec.codec import FRAMED
from streams.codec.json_codec import JsonCodec
from streams.commands.formats import codec_of
from streams.commands.publishing import EndedError, KafkaTarget, assembled, kafka_sink
from streams.exits import UsageError
from streams.settings import ClusterSettings
from tests.streams.codec.framed import framed

SCENARIO = tiny_scenario(media=[])


def play(broker: ClusterSettings, run: str, format_name: str, *, resume: bool) -> None:
    codec = framed(format_name, SCENARIO) if format_name in FRAMED else codec_of(SCENARIO, "", "json", None)
    assert isinstance(codec, JsonCodec) == (format_name == "json")
    with ExitStack() as stack:
        target = KafkaTarget(broker.bootstrap, run, 1, 20.0, resume=resume)
        assembled(
            SCENARIO,
            Pace.of(SCENARIO),
            (0, 1),
            sink=None,
            target=kafka_sink(stack, target, SCENARIO),
            speed=None,
            span=10 * MINUTE,
            backfill=0,
            cloudevents=False,
            stop=Event(),
            codec=codec,
        ).play()


@pytest.mark.parametrize(("begun", "resumed"), [*(("json", name) for name in FRAMED), ("avro", "json")])
def test_a_run_is_not_resumed_in_another_format(
    embedded_broker: ClusterSettings, run_name: str, begun: str, resumed: str
) -> None:
    play(embedded_broker, run_name, begun, resume=False)
    with pytest.raises(
        UsageError,
        match=rf"cannot be resumed .* values of format \({begun}, now {resumed}\)\. Give the same, or begin another",
    ):
        play(embedded_broker, run_name, resumed, resume=True)
    with pytest.raises(EndedError):
        play(embedded_broker, run_name, begun, resume=True)
