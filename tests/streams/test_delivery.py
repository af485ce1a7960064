"""Event ids, read back, and digests that prove a set."""

import numpy as np
import pytest

from sim.numbering import event_ids
from streams.delivery import digests, parse_event_ids


def test_ids_are_read_as_they_were_written() -> None:
    rng = np.random.default_rng(1)
    source, number = rng.integers(0, 65_536, 500), rng.integers(0, 10**12, 500)
    for topic in ("journeys", "audit", "truth"):
        ids = [name.encode() for name in event_ids("7f3a", topic, source.tolist(), number.tolist())]
        assert [column.tolist() for column in parse_event_ids(ids)] == [source.tolist(), number.tolist()]


def test_no_ids_are_no_columns() -> None:
    assert [len(column) for column in parse_event_ids([])] == [0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        *[
            b"",
            b"nothing",
            b"7f3aj00012-00000010445",
            b"7f3aj00012-0000001044551",
            b"7f3aj0001x-000000104455",
        ],
        *[b"7f3aj00012_000000104455", b"7f3aj00012-00000010 455"],
    ],
)
def test_what_is_no_id_is_told(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="not an event id"):
        parse_event_ids([b"7f3aj00012-000000104455", wrong])


def test_a_set_has_one_digest_in_any_order_and_no_other_has_it() -> None:
    rng = np.random.default_rng(2)
    source, number = rng.integers(0, 60, 4_000), np.arange(4_000)
    each = digests(source, number)
    assert len(np.unique(each)) == 4_000
    shuffled = rng.permutation(4_000)
    assert digests(source[shuffled], number[shuffled]).sum() == each.sum()
    assert each[:-1].sum() != each.sum()
    assert digests(source, number + 1).sum() != each.sum()
