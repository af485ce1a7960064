"""Sessions: a viewer's walk from slate to slate, all viewers of a step at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.behaviour import Drifting
from sim.audience.consent import NECESSARY
from sim.audience.memory import Memory
from sim.audience.mood import Mood
from sim.audience.origins import AUTOPLAY, REPEAT, SEARCH, SLATE
from sim.audience.plays import Beginning, Plays
from sim.audience.population import Population
from sim.audience.searching import Finder
from sim.audience.settings import AudienceSettings
from sim.audience.tastes import noises, turned
from sim.batch import Columns, taken
from sim.catalog.catalog import Catalog
from sim.dials import Dials
from sim.events import kind_named
from sim.recommenders.recommender import Policy, SlateRequests, Slates
from sim.seeds import GOLDEN, Draws, scrambled
from sim.stage import Stage

__all__ = ["Sessions"]

_IMPRESSION = kind_named("journeys", "impression")
_SEARCH = kind_named("journeys", "search")
_SELECT = kind_named("journeys", "select")
_SESSION_START = kind_named("journeys", "session_start")
_SESSION_END = kind_named("journeys", "session_end")
_REGISTERED = kind_named("audience", "registered")
_AGAIN = GOLDEN ^ np.uint64(0x5A5A)
_NEXT = GOLDEN ^ np.uint64(0xA5A5)


@dataclass
class Sessions:
    """Rules by which sessions open, look at slates, play and end.

    A session is a row of columns: ``at`` (when its next slate is due), ``row`` (place of its viewer in the
    population), ``session``, ``slate``, ``slates`` (how many it will see at most), ``started``, ``plays``, and those of
    its :class:`~sim.audience.mood.Mood`.
    """

    settings: AudienceSettings
    population: Population
    catalog: Catalog
    policy: Policy
    dials: Dials
    stage: Stage
    plays: Plays
    seed: int

    def __post_init__(self) -> None:
        self._depth = Draws(self.seed, "depth")
        self._slate = Draws(self.seed, "slate")
        self.mood = Mood(self.settings, self.catalog)
        self.memory = Memory(viewers=len(self.population), size=self.settings.memory)
        self.finder = Finder(self.catalog, self.catalog.settings.refresh)
        self._ranks = np.arange(1, self.settings.slate + 1, dtype=np.int16)

    def opened(self, rows: NDArray[np.int64], at: NDArray[np.int64], session: NDArray[np.int64]) -> Columns:
        """New sessions, announced, with their depth decided and their first slate due."""
        people = self.population
        viewer = people.viewer[rows]
        person: Columns = {"at": at, "source": viewer // self.settings.block, "user_id": viewer}
        person |= {"region": people.region[rows], "device": people.device[rows]}
        self.stage.emit(_SESSION_START, {**person, "session_id": session})
        new = np.flatnonzero(session == 0)
        self.register(rows[new], at[new])
        nothing = np.zeros(len(rows), dtype=np.int64)
        return {
            "at": at + 200,
            "row": rows,
            "session": session,
            "slate": nothing,
            "slates": self._slates(viewer, session),
            "started": at,
            "plays": nothing,
            **self.mood.fresh(len(rows)),
        }

    def _slates(self, viewer: NDArray[np.int64], session: NDArray[np.int64]) -> NDArray[np.int64]:
        draws = [self._depth.uniform(viewer, session, k) for k in (0, 1)]
        slates = self.settings.depth.slates(*draws)
        if self.settings.first_depth:
            slates = np.where(session == 0, self.settings.first_depth.slates(*draws), slates)
        return slates

    def register(self, rows: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Announce viewers who are seen for the first time."""
        viewer = self.population.viewer[rows]
        known = {
            name: getattr(self.population, name)[rows]
            for name in ("region", "device", "language", "age_band", "accessibility", "consent")
        }
        known["tenure_days"] = self.population.tenure_days(rows, at)
        self.stage.emit(
            _REGISTERED, {"at": at, "source": viewer // self.settings.block, "user_id": viewer, **known}
        )

    def step(self, walk: Columns) -> tuple[Columns, Columns]:
        """One slate for every row; the sessions that go on, and those that are over with ``at`` their end."""
        asked = self.requests(walk)
        return self.respond(walk, asked, self.policy.answer(asked))

    def requests(self, walk: Columns) -> SlateRequests:
        """The slate request of every row."""
        viewer = self.population.viewer[walk["row"]]
        bits = self._slate.bits(viewer, walk["session"], walk["slate"])
        region, recent = self.population.region[walk["row"]], self.memory.of(walk["row"])
        # Who agrees to what is necessary only is not followed from slate to slate.
        recent[self.population.consent[walk["row"]] == NECESSARY] = -1
        return SlateRequests(viewer, region, walk["at"], bits, self.settings.slate, recent)

    def respond(self, walk: Columns, asked: SlateRequests, slates: Slates) -> tuple[Columns, Columns]:
        """What viewers do with the slates that answer their requests; returns as :meth:`step`."""
        picked, affinity = self._picked(walk, slates.items, asked.bits)
        self._show(walk, asked.viewer, slates)
        then = walk["at"] + 1 + self._pause(asked.bits, 2, self.settings.pauses.think)
        turn = {**walk, **self.mood.faded(walk), "at": then, "slate": walk["slate"] + 1}
        turn["plays"] = walk["plays"].copy()
        chosen = self._select(turn, picked, slates, affinity)
        found = self._search(turn, np.flatnonzero(picked < 0), asked.bits)
        picks = chosen if found is None else _Picks.together((chosen, found))
        self._play(turn, self._rounds(turn["row"], picks, asked.bits[picks.rows]))
        leaves = self.mood.leaves(turn, asked.bits)
        turn["slates"] = np.where(leaves, turn["slate"], walk["slates"])
        over = turn["slate"] >= turn["slates"]
        return taken(turn, np.flatnonzero(~over)), taken(turn, np.flatnonzero(over))

    def _picked(
        self, walk: Columns, items: NDArray[np.int32], bits: NDArray[np.uint64]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        liking = self._liking(walk["row"], items)
        utility = liking + self.catalog.quality.take(items)
        if self.settings.satiation:
            utility -= self.mood.toll(walk, items)
        if self.settings.once:
            utility[self.memory.holds(walk["row"], items)] = -np.inf
        picked = self.settings.choice.pick(utility, Draws.uniform_from(bits, 1))
        chosen = np.flatnonzero(picked >= 0)
        return picked, liking[chosen, picked[chosen]]

    def _taste(self, row: NDArray[Any]) -> NDArray[np.float32]:
        viewer = self.population.viewer[row]
        scale = np.asarray(self.settings.taste * self.dials.of("choosiness", viewer), dtype=np.float32)
        taste = turned(self.population.tastes(row), self.dials.of("taste_turn", viewer))
        return taste * (scale[:, None] if scale.ndim else scale)

    def _liking(self, row: NDArray[Any], items: NDArray[Any]) -> NDArray[Any]:
        # To take rows is three times faster than to index them.
        trait = self.catalog.trait.take(items, axis=0)
        liking: NDArray[Any] = np.matmul(trait, self._taste(row)[:, :, None])[:, :, 0]
        return liking

    def _show(
        self,
        walk: Columns,
        viewer: NDArray[np.int64],
        slates: Slates,
    ) -> None:
        count, size = slates.items.shape
        wide = {
            "at": walk["at"],
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": walk["session"],
            "slate_id": walk["slate"],
        }
        columns: Columns = {name: np.repeat(column, size) for name, column in wide.items()}
        columns |= {
            "item_id": slates.items.ravel(),
            "rank": np.tile(self._ranks, count),
            "propensity": slates.propensity.ravel(),
            "policy": slates.policy_of_items.ravel(),
        }
        self.stage.emit(_IMPRESSION, columns)

    def _select(
        self, turn: Columns, picked: NDArray[np.int64], slates: Slates, affinity: NDArray[Any]
    ) -> "_Picks":
        rows = np.flatnonzero(picked >= 0)
        item, rank = slates.items[rows, picked[rows]], (picked[rows] + 1).astype(np.int16)
        if len(rows):
            where = {"slate_id": turn["slate"][rows] - 1, "item_id": item, "rank": rank}
            self.stage.emit(_SELECT, {"at": turn["at"][rows], **self._who(turn, rows), **where})
        return _Picks(rows, item, affinity, np.full(len(rows), SLATE, dtype=np.uint8))

    def _search(self, turn: Columns, rows: NDArray[np.int64], bits: NDArray[np.uint64]) -> "_Picks | None":
        settings, now = self.settings.searching, self.stage.tick * self.stage.span
        rows = rows[Draws.uniform_from(bits[rows], 54) < settings.share] if settings.share else rows[:0]
        if not len(rows):
            return None
        row, bits = turn["row"][rows], bits[rows]
        turn["at"][rows] += 1 + self._pause(bits, 55, settings.typing)
        genre = self.finder.genres(self._taste(row), Draws.uniform_from(bits, 56), now=now)
        item, results = self.finder.found(
            self.population.region[row], genre, Draws.uniform_from(bits, 57), now=now
        )
        told = {"at": turn["at"][rows], **self._who(turn, rows), "genre": genre, "results": results}
        self.stage.emit(_SEARCH, told)
        found = np.flatnonzero(item >= 0)
        rows, item = rows[found], item[found]
        turn["at"][rows] += 1 + self._pause(bits[found], 53, self.settings.pauses.think)
        origin = np.full(len(rows), SEARCH, dtype=np.uint8)
        return _Picks(rows, item, self._affinity(row[found], item), origin)

    def _rounds(self, row: NDArray[Any], picks: "_Picks", bits: NDArray[np.uint64]) -> "list[_Round]":
        # What is played next by the same viewers is a round of its own, with fewer and fewer of them.
        rounds, repeating = [(picks, bits)], self.settings.repeating
        self.memory.keep(row[picks.rows], picks.item)
        while repeating and len(picks.rows):
            again = np.flatnonzero(Draws.uniform_from(bits, 58) < repeating.share)
            rows, bits = picks.rows[again], scrambled(bits[again] + _AGAIN)
            recent = self.memory.of(row[rows])
            quality = np.where(recent >= 0, self.catalog.quality[recent], -np.inf)
            place = repeating.position(quality, Draws.uniform_from(bits, 59))
            item = recent[np.arange(len(rows)), place]
            self.memory.keep(row[rows], item)
            origin = np.full(len(rows), REPEAT, dtype=np.uint8)
            picks = _Picks(rows, item, self._affinity(row[rows], item), origin)
            rounds.append((picks, bits))
        return rounds

    def _affinity(self, row: NDArray[Any], item: NDArray[Any]) -> NDArray[Any]:
        return self._liking(row, item[:, None])[:, 0]

    def _play(self, turn: Columns, rounds: "list[_Round]") -> None:
        while sum(len(picks.rows) for picks, _ in rounds):
            rounds = self._played(turn, rounds)

    def _played(self, turn: Columns, rounds: "list[_Round]") -> "list[_Round]":
        picks = _Picks.together([picks for picks, _ in rounds])
        bits, row, people = (
            np.concatenate([bits for _, bits in rounds]),
            turn["row"][picks.rows],
            self.population,
        )
        who = {**self._who(turn, picks.rows), "item_id": picks.item}
        beginning = Beginning(
            who, picks.affinity, people.device[row], people.language[row], bits, picks.origin
        )
        course = self.plays.course(beginning)
        lasts = course.lasts + 1 + self._pause(bits, 4, self.settings.pauses.between)
        at, first = np.empty(len(row), dtype=np.int64), 0
        for one, its_bits in rounds:
            part = slice(first, first := first + len(one.rows))
            at[part] = turn["at"][one.rows]
            turn["at"][one.rows] += lasts[part]
            self._after(turn, one, course.ratio[part], course.stalled[part], its_bits)
        self.plays.act(beginning, course, at)
        return self._next(turn, picks, course.ratio, bits) if self.settings.autoplay else []

    def _next(
        self, turn: Columns, picks: "_Picks", ratio: NDArray[Any], bits: NDArray[np.uint64]
    ) -> "list[_Round]":
        # Of several plays of a viewer, the last one is followed by the next of its collection.
        last = len(picks.rows) - 1 - np.unique(picks.rows[::-1], return_index=True)[1]
        wanted = Draws.uniform_from(bits[last], 63) < self.settings.autoplay
        last = last[wanted & (ratio[last] >= 1)]
        item, rows = self.catalog.following(picks.item[last]), picks.rows[last]
        region, at = self.population.region[turn["row"][rows]], turn["at"][rows]
        there = np.flatnonzero((item >= 0) & self.catalog.seen(item, region, at))
        rows, item, bits = rows[there], item[there], scrambled(bits[last[there]] + _NEXT)
        self.memory.keep(turn["row"][rows], item)
        origin = np.full(len(rows), AUTOPLAY, dtype=np.uint8)
        affinity = self._affinity(turn["row"][rows], item)
        return [(_Picks(rows, item, affinity, origin), bits)]

    def _after(
        self,
        turn: Columns,
        picks: "_Picks",
        ratio: NDArray[Any],
        stalled: NDArray[np.bool_],
        bits: NDArray[np.uint64],
    ) -> None:
        turn["plays"][picks.rows] += ratio > 0
        self.mood.played(turn, picks.rows, picks.item, picks.affinity, stalled)
        if self.settings.drifting:
            self._drift(self.settings.drifting, turn["row"][picks.rows], picks.item, ratio, bits)

    def _drift(
        self,
        drifting: Drifting,
        row: NDArray[Any],
        item: NDArray[Any],
        ratio: NDArray[Any],
        bits: NDArray[np.uint64],
    ) -> None:
        # What was watched to the middle neither attracts nor repels.
        reward = 2 * np.minimum(ratio, 1) - 1
        taste = self.population.taste
        level = self.dials.of("taste_turn", self.population.viewer[row])
        noise = noises(bits, taste.shape[1])
        moved = drifting.moved(turned(taste[row], level), self.catalog.trait[item], reward, noise)
        taste[row] = turned(moved, level, back=True)

    def _who(self, turn: Columns, rows: NDArray[np.int64]) -> Columns:
        viewer = self.population.viewer[turn["row"][rows]]
        return {
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": turn["session"][rows],
        }

    def ended(self, over: Columns) -> None:
        """Announce the end of sessions."""
        viewer = self.population.viewer[over["row"]]
        who = {
            "at": over["at"],
            "source": viewer // self.settings.block,
            "user_id": viewer,
            "session_id": over["session"],
        }
        lasted = over["at"] - over["started"]
        self.stage.emit(
            _SESSION_END, {**who, "lasted_ms": lasted, "slates": over["slate"], "plays": over["plays"]}
        )

    def _pause(self, bits: NDArray[np.uint64], purpose: int, mean: int) -> NDArray[np.int64]:
        pause: NDArray[np.int64] = np.rint(-np.log1p(-Draws.uniform_from(bits, purpose)) * mean).astype(
            np.int64
        )
        return pause


@dataclass(frozen=True)
class _Picks:
    """Items that the viewers of some rows of a walk are going to play, with their affinity to them and its origin."""

    rows: NDArray[np.int64]
    item: NDArray[np.int32]
    affinity: NDArray[Any]
    origin: NDArray[np.uint8]

    @classmethod
    def together(cls, parts: "Sequence[_Picks]") -> "_Picks":
        """The rows of several."""
        if len(parts) == 1:
            return parts[0]
        columns = ([getattr(part, name) for part in parts] for name in cls.__dataclass_fields__)
        return cls(*(np.concatenate(column) for column in columns))


_Round = tuple[_Picks, NDArray[np.uint64]]
