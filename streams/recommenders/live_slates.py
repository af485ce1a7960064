"""Live slates: the policy that asks a service over the wire, and falls back on a built-in one, counted by reason."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.recommenders.live import Heard
from sim.recommenders.recommender import Policy, SlateRequests, Slates, TransparentPolicy
from streams.loadtest.batches import Batching
from streams.loadtest.exchange import Answer, Exchange, Transport
from streams.loadtest.open_loop import OpenLoop
from streams.recommenders.candidates import Candidates
from streams.recommenders.dialect import Dialect, WrongAnswerError
from streams.recommenders.inspection import Inspection, Served

__all__ = ["FALLBACK", "SERVED", "LiveSlates", "Pacing", "Wire"]

SERVED, FALLBACK = 0, 1
_LOOK_S = 0.001

Pacing = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""Wall times (monotonic s) at which requests of these simulated times, in order, are meant; fewer at a test's end."""
Note = Callable[[Answer, Sequence[str | None]], None]
Devices = Callable[[NDArray[np.int64]], Sequence[str]]


@dataclass(frozen=True)
class Wire:
    """How a service is reached and spoken to."""

    transport: Callable[[], Transport]
    dialect: Dialect
    deadline_s: float
    batching: Batching
    candidates: int | None = None
    surface: str = "home"


@dataclass(frozen=True)
class _Asked:
    """What one message asked: some rows of a step's requests, as they were written."""

    requests: SlateRequests
    rows: NDArray[np.int64]
    tickets: NDArray[np.int64]
    questions: Sequence[dict[str, Any]]


class LiveSlates:
    """A live policy (:class:`sim.recommenders.live.LivePolicy`) over a wire; the fallback alone until it is connected.

    Paced, it sends each request at the time that its pacing gives, and is heard later; without a pacing, or before
    ``live_from``, it waits for all answers of a step (at full speed there is no other time at which to wait).
    """

    checkpointed = ("fallback", "fallbacks", "served", "policies_told", "_tickets")

    def __init__(self, catalog: Catalog, size: int, wire: Wire, fallback: Policy) -> None:
        self.catalog, self.size, self.wire, self.fallback = catalog, size, wire, fallback
        self.fallbacks: Counter[str] = Counter()
        self.served = 0
        self.policies_told: Counter[str] = Counter()
        self.horizon, self.finished = 0.0, False
        self._inspection = Inspection(catalog, size)
        self._candidates = Candidates(catalog, wire.candidates) if wire.candidates else None
        self._loop: OpenLoop | None = None
        self._pacing: Pacing | None = None
        self._prefix, self._tickets = "", 0

    @contextmanager
    def connected(
        self, devices: Devices, *, pacing: Pacing | None, live_from: int = 0, note: Note | None = None
    ) -> Iterator["LiveSlates"]:
        """Ask the service until the end of the block; ``note`` is told of every answer and what was wrong with it."""
        self._devices, self._pacing, self._live_from, self._note = devices, pacing, live_from, note
        # Answers to an earlier test may still be on a topic: ids never come again.
        self._prefix = f"{os.urandom(4).hex()}-"
        with OpenLoop(self.wire.transport(), deadline_s=self.wire.deadline_s) as loop:
            self._loop = loop
            try:
                yield self
            finally:
                self._loop = None

    def is_live(self, now: int) -> bool:
        """Whether answers come later: connected, paced, and past any history that is written at full speed."""
        return self._loop is not None and self._pacing is not None and now >= self._live_from

    def refresh(self, now: int) -> None:
        """Let the fallback take notice of the catalogue."""
        self.fallback.refresh(now)

    def answer(self, requests: SlateRequests) -> Slates:
        """A slate for each request at once: the fallback's, or all that the service answers by the deadline."""
        if self._loop is None or not len(requests):
            return self._fallen_back(requests)
        tickets = self._send(requests, np.arange(len(requests)), np.full(len(requests), time.monotonic()))
        heard: list[Heard] = []
        while sum(len(part.tickets) for part in heard) < len(tickets):
            if part := self.hear():
                heard.append(part)
            elif self._loop is None:
                return self._fallen_back(requests)
            else:
                time.sleep(_LOOK_S)
        return _in_order(heard)

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Those of the fallback; what the service would do with other items nobody knows."""
        return cast(TransparentPolicy, self.fallback).propensities(requests, items)

    def ask(self, requests: SlateRequests) -> NDArray[np.int64]:
        """Hand requests over to be sent at their times; past the end of a test none is sent any more."""
        assert self._pacing is not None
        order = np.argsort(requests.at, kind="stable")
        times = self._pacing(requests.at[order])
        self.finished = len(times) < len(order)
        tickets = np.empty(len(order), dtype=np.int64)
        tickets[order] = self._send(requests, order, times)
        return tickets

    def _send(
        self, requests: SlateRequests, order: NDArray[np.int64], times: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        tickets = np.arange(self._tickets, self._tickets + len(order))
        self._tickets += len(order)
        questions = self._questions(requests, order[: len(times)], tickets)
        messages = []
        for begin, end, due in self.wire.batching.messages(times):
            asked = _Asked(requests, order[begin:end], tickets[begin:end], questions[begin:end])
            body = self.wire.dialect.write(asked.questions)
            messages.append(Exchange(questions[begin]["request_id"], body, due, times[begin:end], asked))
        # A world that is simulated ahead may ask once more when its run is over.
        if messages and self._loop:
            self.horizon = messages[-1].due
            self._loop.submit(messages)
        return tickets

    def _questions(
        self, requests: SlateRequests, order: NDArray[np.int64], tickets: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        viewers, regions = requests.viewer[order], requests.region[order]
        names, surface, size, prefix = self.catalog.regions, self.wire.surface, self.size, self._prefix
        rows = zip(
            tickets.tolist(), viewers.tolist(), regions.tolist(), self._devices(viewers), requests.at[order].tolist(),
            strict=False,
        )  # fmt: skip
        questions: list[dict[str, Any]] = [
            {
                "request_id": f"{prefix}{ticket}",
                "user_id": f"u{viewer:08d}",
                "region": names[region],
                "device": device,
                "surface": surface,
                "k": size,
                "at": at,
            }
            for ticket, viewer, region, device, at in rows
        ]
        if requests.recent.shape[1]:
            for question, recent in zip(questions, requests.recent[order].tolist(), strict=True):
                question["recent"] = [f"t{item:07d}" for item in recent if item >= 0]
        if self._candidates:
            self._add_candidates(self._candidates, questions, requests, order)
        return questions

    def _add_candidates(
        self,
        candidates: Candidates,
        questions: list[dict[str, Any]],
        requests: SlateRequests,
        order: NDArray[np.int64],
    ) -> None:
        for region in np.unique(requests.region[order]).tolist():
            rows = np.flatnonzero(requests.region[order] == region)
            drawn = candidates.names(region, int(requests.at[order].max()), requests.bits[order[rows]])
            for row, names in zip(rows.tolist(), drawn, strict=True):
                questions[row]["candidates"] = names

    def hear(self) -> Heard | None:
        """What has come: slates of the service that may be shown, and the fallback's for all others."""
        answers = self._loop.collect() if self._loop else []
        if not answers:
            return None
        found = [self._judged(answer) for answer in answers]
        asked = [answer.exchange.context for answer in answers]
        tickets = np.concatenate([one.tickets for one in asked])
        waited = np.concatenate([answer.done - answer.exchange.intended for answer in answers])
        slates = self._shown(asked, [slate for one in found for slate in one])
        return Heard(tickets, slates, np.rint(waited * 1000).astype(np.int64))

    def interrupted(self, requests: SlateRequests) -> Slates:
        """The fallback's slates; the requests are counted as those that a restart interrupted."""
        self.fallbacks["interrupted"] += len(requests)
        return self._fallen_back(requests)

    def _judged(self, answer: Answer) -> list[Served | str]:
        asked: _Asked = answer.exchange.context
        slates = self._read(answer, asked)
        if self._note:
            self._note(answer, [slate if isinstance(slate, str) else None for slate in slates])
        for slate in slates:
            if isinstance(slate, str):
                self.fallbacks[slate] += 1
            else:
                self.served += 1
        return slates

    def _read(self, answer: Answer, asked: _Asked) -> list[Served | str]:
        if answer.reply.error:
            return [answer.reply.error] * len(asked.rows)
        try:
            found = self.wire.dialect.read(answer.reply.body, asked.questions)
        except WrongAnswerError as wrong:
            return [wrong.kind] * len(asked.rows)
        regions = asked.requests.region[asked.rows].tolist()
        slates: list[Served | str] = []
        for question, region in zip(asked.questions, regions, strict=True):
            slate = found.get(question["request_id"])
            if slate and isinstance(slate.get("policy"), str):
                self.policies_told[slate["policy"]] += 1
            slates.append(
                self._inspection.inspect(
                    slate, region=region, at=question["at"], candidates=question.get("candidates")
                )
            )
        return slates

    def _shown(self, asked: Sequence[_Asked], found: Sequence[Served | str]) -> Slates:
        count = len(found)
        items = np.zeros((count, self.size), dtype=np.int32)
        propensity = np.zeros((count, self.size), dtype=np.float32)
        policy = np.full(count, SERVED, dtype=np.uint8)
        good = [place for place, slate in enumerate(found) if isinstance(slate, Served)]
        if good:
            items[good] = [slate.items for slate in found if isinstance(slate, Served)]
            propensity[good] = [slate.propensities for slate in found if isinstance(slate, Served)]
        bad = (place for place, slate in enumerate(found) if isinstance(slate, str))
        origin = [(one.requests, row) for one in asked for row in one.rows.tolist()]
        # One call of the fallback for all that one step of the clock had asked.
        for _, places in groupby(bad, key=lambda place: id(origin[place][0])):
            here = list(places)
            filled = self._fallen_back(
                origin[here[0]][0].rows(np.array([origin[place][1] for place in here]))
            )
            items[here], propensity[here], policy[here] = filled.items, filled.propensity, filled.policy
        return Slates(items, propensity, policy)

    def _fallen_back(self, requests: SlateRequests) -> Slates:
        slates = self.fallback.answer(requests)
        return Slates(slates.items, slates.propensity, np.full(len(requests), FALLBACK, dtype=np.uint8))


def _in_order(heard: Sequence[Heard]) -> Slates:
    order = np.argsort(np.concatenate([part.tickets for part in heard]))
    return Slates(
        *(
            np.concatenate([getattr(part.slates, name) for part in heard])[order]
            for name in ("items", "propensity", "policy")
        )
    )
