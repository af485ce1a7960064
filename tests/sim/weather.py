"""An hour of likes on a stage with some mess: what leaves, when, and what the truth tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import orjson

from sim.batch import EventBatch
from sim.durations import HOUR, MINUTE
from sim.events import kind_named
from sim.mess.flood import Crowd
from sim.mess.mess import MESSES
from sim.mess.planting import Planting
from sim.numbering import event_ids, seed_tag
from sim.seeds import rng_for
from sim.stage import Stage

START = 1_767_600_000_000
EVENTS, VIEWERS, BLOCK = 20_000, 600, 100
LIKE = kind_named("journeys", "like")


class Label(NamedTuple):
    """What the truth tells of one record."""

    subject: str
    mess: str
    form: str
    amount: int
    at: int


class Row(NamedTuple):
    """A record as it leaves."""

    name: str
    leaves: int
    at: int
    told: int
    fate: int
    amount: int
    user: int


@dataclass(frozen=True)
class Weather:
    """All records in the order in which they left, and all labels."""

    rows: list[Row]
    labels: list[Label]
    held: int

    @property
    def numbered(self) -> list[str]:
        """The event ids of all records that were numbered."""
        return [row.name for row in self.rows]


def weather(
    *messes: dict[str, Any],
    span: int = 5 * MINUTE,
    shard: tuple[int, int] = (0, 1),
    departures: dict[int, int] | None = None,
) -> Weather:
    """An hour of likes, and as many more as are needed until all that was held up has left."""
    return _weather(orjson.dumps(messes), span, shard, tuple((departures or {}).items()))


@cache
def _weather(
    messes: bytes, span: int, shard: tuple[int, int], departures: tuple[tuple[int, int], ...]
) -> Weather:
    plugins = [MESSES.parse(mess) for mess in orjson.loads(messes)]
    crowd = Crowd(VIEWERS, BLOCK, 50)
    planting = Planting(plugins, 7, tag=seed_tag(7), start=START, span=span, crowd=crowd) if plugins else None
    stage = Stage(7, span=span, sources=VIEWERS // BLOCK, shard=shard, planting=planting)
    stage.tick, stage.departures = START // span, dict(departures)
    rng = rng_for(7, "likes")
    user = rng.integers(0, VIEWERS, EVENTS)
    own = {"user_id": user, "session_id": user * 0, "item_id": rng.integers(0, 50, EVENTS)}
    at = START + np.sort(rng.choice(HOUR, EVENTS, replace=False))
    stage.emit(LIKE, {"at": at, "source": user // BLOCK, **own})
    rows: list[Row] = []
    labels: list[Label] = []
    # An hour in which things happen, and five in which what was held up leaves; floods end with the first.
    for number in range(6 * HOUR // span):
        if number * span >= HOUR and planting is not None:
            planting._floods = []
        _read(stage, rows, labels)
    held = (
        0 if planting is None else sum(len(c._ticks) + len(c._leaves) for c in planting.holding.held.values())
    )
    return Weather(rows, labels, held)


def _read(stage: Stage, rows: list[Row], labels: list[Label]) -> None:
    tick = stage.close()
    for topic, order in tick.orders.items():
        leaves = np.concatenate([batch.leaves for batch in tick.on(topic)])[order]
        assert (np.diff(leaves) >= 0).all()
        assert tick.at <= leaves.min() <= leaves.max() < tick.end
        for batch in tick.on(topic):
            if topic == "truth":
                columns = [batch.columns[name] for name in ("subject", "mess", "form")]
                amounts = [amount or 0 for amount in batch.columns["amount"]]
                labels += map(Label, *columns, amounts, batch.at.tolist())
            else:
                rows += _rows(stage, batch)


def _rows(stage: Stage, batch: EventBatch) -> Iterator[Row]:
    names = event_ids(stage.tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist())
    amount = np.zeros(len(batch), np.int64) if batch.mess is None else batch.mess["amount"]
    columns = [batch.leaves, batch.at, batch.as_told().at, batch.fate, amount, batch.columns["user_id"]]
    return map(Row, names, *(column.tolist() for column in columns))
