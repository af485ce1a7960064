"""Posts: the latest texts of the stream, and what the topic of truth says of them."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from sim.adversaries.skeleton import reading
from sim.seeds import digest64

__all__ = ["Label", "Post", "Posts"]

_ID = slice(13, 36)
_KEPT = 6_000
_LABELS = 6_000
_ORGANIC = b'"campaign":""'
_FRESH = 1_500
_SHORT = 12


@dataclass(frozen=True)
class Post:
    """Who wrote what when; ``thing`` stands for the text as it reads once its disguise is taken off."""

    account: str
    thing: int
    at: int


@dataclass(frozen=True)
class Label:
    """The campaign of a post, and what it violates, if it does."""

    campaign: str
    policy: str
    role: str
    violating: bool


class Posts:
    """The newest posts and campaign labels, joined by event id; what is older is forgotten.

    A post is parsed when it is asked for, not when it comes: at most 1,500 new ones at a look, the newest, so that a
    stream of much talk costs no more than one of little.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes, bytes] = OrderedDict()
        self._posts: OrderedDict[str, Post] = OrderedDict()
        self._labels: OrderedDict[str, Label] = OrderedDict()
        self.seen = 0

    def take(self, values: Iterable[bytes | None]) -> None:
        """Take records of the topic ``content``."""
        waiting = self._waiting
        for value in values:
            if value is not None:
                waiting[value[_ID]] = value
                self.seen += 1
        while len(waiting) > _FRESH:
            waiting.popitem(last=False)

    def take_truth(self, values: Iterable[bytes | None]) -> None:
        """Take records of the topic ``truth``; those of posts that belong to a campaign are kept."""
        for value in values:
            if value is None or _ORGANIC in value or b'"campaign"' not in value:
                continue
            if (found := _label(value)) is not None:
                self._labels[found[0]] = found[1]
        while len(self._labels) > _LABELS:
            self._labels.popitem(last=False)

    def look(self) -> list[tuple[Post, Label | None]]:
        """The newest posts, oldest first, each with its label if it belongs to a campaign."""
        while self._waiting:
            _, value = self._waiting.popitem(last=False)
            if (found := _post(value)) is not None:
                self._posts[found[0]] = found[1]
        while len(self._posts) > _KEPT:
            self._posts.popitem(last=False)
        return [(post, self._labels.get(name)) for name, post in self._posts.items()]


def _post(value: bytes) -> tuple[str, Post] | None:
    try:
        record = orjson.loads(value)
        text = reading(record["text"])
        # Short talk is alike by nature; it says nothing about who speaks together.
        thing = digest64(text if len(text) >= _SHORT else record["event_id"]) >> 1
        return record["event_id"], Post(str(record["user_id"]), thing, int(record["occurred_at"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def _label(value: bytes) -> tuple[str, Label] | None:
    try:
        record = orjson.loads(value)
        if record["kind"] != "label":
            return None
        label = Label(
            str(record["campaign"]), str(record["policy"]), str(record["role"]), record["violating"] is True
        )
        return record["subject"], label
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
