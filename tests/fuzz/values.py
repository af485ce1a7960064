"""Values that a careless or hostile writer may send: JSON of any shape, bytes, good records with something wrong."""

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.streams.publish.conftest import Memory, run_of

__all__ = ["JSON", "RECORD_BYTES", "broken", "good_records"]

DEEP = 200_000

_NUMBERS = st.one_of(
    st.integers(-(10**40), 10**40),
    st.sampled_from([2**63, -(2**63) - 1, 2**64, 10**400, -1, 0]),
    st.floats(allow_nan=False),
)
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, st.text(max_size=20))
JSON = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@cache
def good_records() -> tuple[tuple[str, bytes], ...]:
    """Some records of every kind that a tiny run has, with their topics."""
    memory = Memory()
    run_of(memory).play()
    found: dict[tuple[str, str], list[bytes]] = {}
    for topic, lines in memory.lines().items():
        for line in lines:
            some = found.setdefault((topic, json.loads(line)["kind"]), [])
            if len(some) < 3:
                some.append(line)
    return tuple((topic, line) for (topic, _), lines in sorted(found.items()) for line in lines)


def _dumped(tree: Any) -> bytes:
    return json.dumps(tree, separators=(",", ":"), allow_nan=True).encode("utf-8", "surrogatepass")


@st.composite
def broken(draw: st.DrawFn, record: bytes) -> bytes:
    """A record with a field of another type, without one, cut short, with other bytes in it, or nested too deeply."""
    how = draw(st.sampled_from(["field", "missing", "cut", "bytes", "order", "deep", "framed"]))
    if how in ("field", "missing", "order"):
        tree = json.loads(record)
        name = draw(st.sampled_from(sorted(tree)))
        if how == "missing":
            del tree[name]
        elif how == "field":
            tree[name] = draw(JSON)
        else:
            tree = {name: tree.pop(name), **tree}
        return _dumped(tree)
    place = draw(st.integers(0, len(record)))
    if how == "cut":
        return record[:place]
    if how == "deep":
        return record[:-1] + b',"x":' + b"[" * DEEP
    if how == "framed":
        return b"\0" + draw(st.binary(min_size=4, max_size=4)) + record[draw(st.integers(0, 20)) :]
    return record[:place] + draw(st.binary(max_size=8)) + record[place:]


@st.composite
def _record_bytes(draw: st.DrawFn) -> tuple[str, bytes | None]:
    topic, record = draw(st.sampled_from(good_records()))
    value = draw(
        st.one_of(
            st.none(),
            st.binary(max_size=120),
            JSON.map(_dumped),
            st.just(record),
            broken(record),
            st.sampled_from(
                [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * DEEP, b'{"a":' * DEEP, b"1" * 5000]
            ),
        )
    )
    return topic, value


RECORD_BYTES = _record_bytes()
"""A topic, and a value that may or may not be a record of it."""
