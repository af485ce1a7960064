"""Planted mess as the topic truth tells of it: labels as columns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from streams.delivery import ID_WIDTH, TOPIC_LETTERS, parse_event_ids

__all__ = ["Labels", "read_labels"]

_TOPICS = {letter: topic for topic, letter in TOPIC_LETTERS.items()}
_TAG = slice(0, 4)
_LETTER = 4
_DELAYS = ("late", "out_of_order", "duplicated")
Column = NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """What was planted among the records of one topic by one kind of mess: a row each.

    ``leaves`` is the time (epoch ms) at which what was planted leaves: the record itself, its copy if it is duplicated.
    """

    topic: str
    tag: int
    mess: str
    source: Column
    number: Column
    leaves: Column


def read_labels(values: Iterable[bytes | None]) -> list[Labels]:
    """The labels among records of kind ``mess``; what is none is left out, for it proves nothing.

    >>> (labels,) = read_labels([b'{"subject":"7f3aj00012-000000000007","mess":"late","amount":5,"occurred_at":90}'])
    >>> labels.topic, labels.mess, labels.number.tolist(), labels.leaves.tolist()
    ('journeys', 'late', [7], [95])
    """
    groups: dict[tuple[str, str, str], list[tuple[bytes, int]]] = defaultdict(list)
    for value in values:
        if (told := _told(value)) is not None:
            subject, mess, leaves = told
            groups[subject[_LETTER], subject[_TAG], mess].append((subject.encode(), leaves))
    found = []
    for (letter, tag, mess), rows in groups.items():
        try:
            source, number = parse_event_ids([subject for subject, _ in rows])
            times = np.array([leaves for _, leaves in rows], dtype=np.int64)
            found.append(Labels(_TOPICS[letter], int(tag, 16), mess, source, number, times))
        except (ValueError, OverflowError):
            continue
    return found


def _told(value: bytes | None) -> tuple[str, str, int] | None:
    try:
        record = orjson.loads(value or b"")
        subject, mess, at = record["subject"], record["mess"], record["occurred_at"]
        amount = record["amount"] if mess in _DELAYS else 0
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    if not (
        isinstance(subject, str) and isinstance(mess, str) and len(subject) == ID_WIDTH and subject.isascii()
    ):
        return None
    if not (isinstance(at, int) and isinstance(amount, int) and subject[_LETTER] in _TOPICS):
        return None
    return subject, mess, at + amount
