"""Texts of people and programs (scenarios, flags, control messages, progress): read, or refused in words."""

import gc
import json
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.names import UnknownNameError
from sim.scenario_file import ScenarioError, load, source_of
from streams.control.messages import BadMessageError, read_message, written
from streams.exits import GreenroomError
from streams.publish.sinks.courier import _seconds
from streams.publish.sinks.flags import chosen_sinks
from streams.watch.progress import Ledger
from tests.fuzz.values import DEEP, JSON

SHIPPED = source_of("short_video")[1]
LINES = SHIPPED.splitlines(keepends=True)
MESSAGE = json.loads(
    written(
        read_message(
            b'{"kind":"proposed","id":"a","of":2,"change":{"kind":"speed","at":1767571200000,"speed":2.0}}'
        )
    )
)


@st.composite
def scenario_texts(draw: st.DrawFn) -> str:
    """Any text, JSON of any shape (which is YAML), or a scenario that ships with a line changed, twice or left out."""
    how = draw(st.sampled_from(["text", "json", "line", "value", "indent"]))
    if how == "text":
        return draw(st.text(max_size=60))
    if how == "json":
        return json.dumps(draw(JSON))
    place = draw(st.integers(0, len(LINES) - 1))
    line = LINES[place]
    if how == "line":
        line = draw(
            st.sampled_from(["", line * 2, draw(st.text(max_size=20)) + "\n", "- " + line, "? " + line])
        )
    elif how == "indent":
        line = draw(st.sampled_from([" ", "\t", "   "])) + line
    elif ":" in line:
        line = line.split(":")[0] + ": " + json.dumps(draw(JSON)) + "\n"
    return "".join([*LINES[:place], line, *LINES[place + 1 :]])


@given(text=scenario_texts())
@example(text="&a [*a]")
@example(text="a: &a {b: *a}")
@example(text="!!python/object/apply:os.system ['true']")
@example(text="seed: 1e999")
@example(text="start: 9999999-01-01")
@example(text="[" * 900)
def test_a_scenario_file_is_played_or_refused_in_words(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(ScenarioError, UnknownNameError):
        load(str(file))


@given(
    st.dictionaries(
        st.sampled_from(["seed", "audience.viewers", "campaigns.0.kind", "x.y", ""]), JSON, max_size=2
    )
)
def test_values_that_replace_others_are_played_or_refused_in_words(changes: dict[str, object]) -> None:
    with suppress(ScenarioError, UnknownNameError):
        load("short_video", changes)


@given(
    st.one_of(
        st.binary(max_size=100),
        JSON.map(json.dumps).map(str.encode),
        st.tuples(st.sampled_from([*MESSAGE]), JSON).map(
            lambda put: json.dumps({**MESSAGE, put[0]: put[1]}).encode()
        ),
        JSON.map(lambda value: json.dumps({**MESSAGE, "change": value}).encode()),
        st.tuples(st.sampled_from([*MESSAGE["change"], "x"]), JSON).map(
            lambda put: json.dumps({**MESSAGE, "change": {**MESSAGE["change"], put[0]: put[1]}}).encode()
        ),
    )
)
@example(b"[" * DEEP)
@example(b'{"kind":' * 5000)
@example(b"")
def test_a_control_message_is_read_or_refused_in_words(value: bytes) -> None:
    with suppress(BadMessageError):
        message = read_message(value)
        assert read_message(written(message)) == message


def test_bad_control_messages_take_no_memory() -> None:
    def feed() -> None:
        for number in range(3000):
            with pytest.raises(BadMessageError):
                read_message(
                    b'{"kind":"proposed","id":"%d","of":1,"change":{"kind":"x%d"}}' % (number, number)
                )

    feed()
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        feed()
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert after - before < 100_000


PROGRESS = {
    "event_id": "7f3ap00000-000000000000",
    "kind": "progress",
    "occurred_at": 1,
    "schema_version": 1,
    "synthetic": True,
    "shard": "0/1",
    "tick": 1,
    "at": 1,
    "published": [{"topic": "journeys", "partition": 0, "count": 1, "digest": "1"}],
}


@given(
    st.one_of(
        st.tuples(st.sampled_from([*PROGRESS]), JSON).map(lambda put: {**PROGRESS, put[0]: put[1]}),
        st.tuples(st.sampled_from(["topic", "partition", "count", "digest"]), JSON).map(
            lambda put: {**PROGRESS, "published": [{**PROGRESS["published"][0], put[0]: put[1]}]}  # type: ignore[index]
        ),
    )
)
def test_a_progress_record_is_read_or_counted_as_none(record: dict[str, object]) -> None:
    assert Ledger().read(json.dumps(record).encode()) in (True, False)


@given(st.lists(st.one_of(st.text(max_size=30), st.text("kafkjsonlprquet:,=/?&%.", max_size=30)), max_size=3))
def test_flags_of_sinks_are_read_or_refused_in_words(texts: list[str]) -> None:
    with suppress(GreenroomError, UnknownNameError):
        chosen_sinks(texts)


@given(st.one_of(st.text(max_size=40), st.text("0123456789 GMTMonJan:,-+", max_size=40)))
@example("Wed, 21 Oct 2015 07:28:00 GMT")
@example("9" * 400)
@example("٣")
def test_a_retry_after_is_seconds_or_none(text: str) -> None:
    assert 0 <= _seconds(text) < 10**12


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(str(file))
