"""The measurements of a test: latency from the intended time, the generator's own lateness, errors, backlog."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from streams.loadtest.arrivals import LoadProfile
from streams.loadtest.exchange import Answer
from streams.loadtest.metrics import LATENCY_SECONDS, LATENESS_SECONDS, REQUESTS
from streams.loadtest.percentiles import Percentiles
from streams.loadtest.slo import ServiceLevel, StepFigures, sustainable
from streams.loadtest.timeline import Timeline

__all__ = ["Measurements"]


class Measurements:
    """What all requests of a test gave, by the profile that they were meant to follow.

    Latency runs from the time at which a request was meant to the end of its exchange, of every request that was
    answered or timed out; other errors come back at a time that says nothing of the service, and are only counted.
    Service time runs from the real sending: what a client would see that does not know when it should have sent.
    Lateness is how much later than meant the generator itself let a message go.
    """

    def __init__(self, profile: LoadProfile, *, began: float) -> None:
        """``began`` is when the profile begins, on the monotonic clock."""
        self.profile, self.began = profile, began
        self.latency, self.service, self.lateness = Percentiles(), Percentiles(), Percentiles()
        self.timeline = Timeline()
        self.requests = self.well = 0
        self.errors: Counter[str] = Counter()
        self.retry_after: list[float] = []
        self._last = self._last_intended = 0.0
        self._edges = profile.edges
        self._steps = [_Step() for _ in profile.stages]

    def note(self, answer: Answer, errors: Sequence[str | None] | None = None) -> None:
        """An exchange that is over; ``errors`` says what was wrong with the answer to each request, if anything."""
        exchange, wire = answer.exchange, answer.reply.error
        self.lateness.note(answer.sent - exchange.due)
        LATENESS_SECONDS.observe(max(answer.sent - exchange.due, 0.0))
        self.service.note(answer.done - answer.sent)
        if answer.reply.retry_after is not None:
            self.retry_after.append(answer.reply.retry_after)
        found = [wire] * len(exchange.intended) if wire or errors is None else errors
        for intended, error in zip(exchange.intended.tolist(), found, strict=True):
            self._note(intended - self.began, answer.done - self.began, error, wire in (None, "timeout"))

    def _note(self, intended: float, done: float, error: str | None, counts: bool) -> None:
        latency = max(done - intended, 0.0)
        self.requests += 1
        self._last, self._last_intended = max(self._last, done), max(self._last_intended, intended)
        if error is None:
            self.well += 1
        else:
            self.errors[error] += 1
        step = self._steps[min(int(np.searchsorted(self._edges, intended, "right")), len(self._steps)) - 1]
        step.requests += 1
        step.failed += error is not None
        REQUESTS.labels(error or "answered").inc()
        if counts:
            LATENCY_SECONDS.observe(latency)
            self.latency.note(latency)
            step.latency.note(latency)
        self.timeline.note(intended, done, latency, well=error is None, counts=counts)

    @property
    def seconds(self) -> float:
        """How long requests were sent: the profile's length, or until the last one if the test was ended early."""
        whole = time.monotonic() - self.began >= self.profile.seconds
        return float(self.profile.seconds if whole else max(self._last_intended, 1e-9))

    def summary(self, level: ServiceLevel | None = None) -> dict[str, Any]:
        """The measurements as they stand in the JSON report."""
        seconds = self.seconds
        lasted = max(self._last, seconds)
        told: dict[str, Any] = {
            "seconds": round(seconds, 3),
            "offered_rate": round(self.requests / seconds, 3),
            "achieved_rate": round(self.well / lasted, 3),
            "requests": self.requests,
            "errors": dict(self.errors),
            "error_share": round(sum(self.errors.values()) / max(self.requests, 1), 6),
            "lateness_ms": self.lateness.summary(),
            "latency_ms": self.latency.summary(),
            "service_ms": self.service.summary(),
            "backlog": self._backlog(seconds),
            "littles_law": self._littles_law(lasted),
            "retry_after": {"count": len(self.retry_after), "max_s": max(self.retry_after, default=None)},
        }
        return told | ({"sustainable": sustainable(level, self.steps())} if level else {})

    def _backlog(self, seconds: float) -> dict[str, float]:
        backlog = self.timeline.backlog
        inside = backlog[: max(round(seconds * 10), 1)]
        return {
            "max": int(backlog.max(initial=0)),
            "at_end": int(inside[-1]) if len(inside) else 0,
            "slope_per_s": round(self.timeline.slope(0, seconds), 3),
        }

    def _littles_law(self, lasted: float) -> dict[str, float | None]:
        # L = lambda * W (Little 1961), of the requests whose latency counts; L is sampled, the others are sums.
        outstanding = self.timeline.outstanding(lasted)
        product = self.latency.count / lasted * self.latency.mean_s
        return {
            "outstanding": round(outstanding, 4),
            "rate_times_latency": round(product, 4),
            "ratio": round(outstanding / product, 4) if product else None,
        }

    def steps(self) -> list[StepFigures]:
        """What each stage of the profile gave, but for those that never began."""
        stages = zip(self._steps, self.profile.stages, self._edges[:-1], self._edges[1:], strict=True)
        return [
            StepFigures(
                (stage.first + stage.last) / 2, step.figures(), self.timeline.slope(float(begin), float(end))
            )
            for step, stage, begin, end in stages
            if step.requests
        ]


class _Step:
    def __init__(self) -> None:
        self.latency, self.requests, self.failed = Percentiles(), 0, 0

    def figures(self) -> dict[str, float | None]:
        mean = self.latency.mean_s * 1000 if self.latency.count else None
        return {**self.latency.summary(), "mean": mean, "errors": self.failed / self.requests}
