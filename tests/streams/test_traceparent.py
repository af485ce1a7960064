"""Trace context: well formed, one trace an event, the same whoever makes it."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.numbering import TOPIC_LETTERS, event_ids
from streams.traceparent import child, of_event, traceparents

FORM = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01")


def test_every_event_has_a_trace_of_its_own() -> None:
    source, number = np.repeat(np.arange(50), 200), np.tile(np.arange(200), 50)
    found = [
        context
        for topic in TOPIC_LETTERS
        for tag in ("7f3a", "0000")
        for context in traceparents(tag, topic, source, number)
    ]
    assert all(FORM.fullmatch(context) for context in found)
    assert len({context[3:35] for context in found}) == len(found)
    assert len({context[36:52] for context in found}) == len(found)


@given(st.sampled_from(sorted(TOPIC_LETTERS)), st.integers(0, 65_535), st.integers(0, 10**12 - 1))
def test_the_event_id_says_it_too(topic: str, source: int, number: int) -> None:
    (name,) = event_ids("7f3a", topic, [source], [number])
    assert of_event(name) == traceparents("7f3a", topic, np.array([source]), np.array([number]))[0]


@pytest.mark.parametrize(
    "name", ["", "7f3a", "7f3az00001-000000000001", "7F3Aj00001-000000000001", "u00000001"]
)
def test_what_is_no_event_id_has_no_trace(name: str) -> None:
    assert of_event(name) is None


def test_a_child_keeps_the_trace_and_the_flags() -> None:
    parent = b"00-" + b"a1" * 16 + b"-" + b"b2" * 8 + b"-00"
    made = {child(parent, name) for name in ("assets", "content.enriched", "dead_letters")}
    assert len(made) == 3
    assert child(parent, "assets") in made
    assert all(context and context[:36] == parent[:36] and context[-3:] == b"-00" for context in made)


@pytest.mark.parametrize(
    "parent",
    [
        b"",
        b"00-abc",
        b"00-" + b"0" * 32 + b"-" + b"1" * 16 + b"-01",
        b"00-" + b"1" * 32 + b"-" + b"0" * 16 + b"-01",
    ],
)
def test_a_malformed_parent_has_no_children(parent: bytes) -> None:
    assert child(parent, "assets") is None
