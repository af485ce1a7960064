"""A sitting: the questions of an exam go to a service on schedule, and its verdicts are noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

from streams.loadtest.arrivals import Arrivals
from streams.loadtest.exchange import Answer
from streams.loadtest.measurements import Measurements
from streams.loadtest.moderation.marks import Marks
from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.shape import Shape, Verdict
from streams.loadtest.open_loop import OpenLoop
from streams.loadtest.play import Play

__all__ = ["MALFORMED", "Sitting"]

MALFORMED = "malformed"
"""The kind of error of an answer that is not of the service's shape."""


@dataclass
class Sitting:
    """Puts questions to a service, one a message, and keeps every verdict; what is not answered is counted by kind.

    ``posts`` are the texts of campaigns (kind, account, text, time), for rules that look at more than one at a time.
    """

    loop: OpenLoop
    shape: Shape
    stop: Event = field(default_factory=Event)
    marks: Marks = field(default_factory=Marks)
    posts: list[tuple[str, int, str, int]] = field(default_factory=list)

    def sit(self, arrivals: Arrivals, questions: Iterator[Question]) -> Measurements:
        """Ask until the profile or the questions end."""
        return Play(self.loop, arrivals, questions, self._write, self._judge, stop=self.stop).play()

    def _write(self, questions: Sequence[Question]) -> tuple[str, bytes]:
        (question,) = questions
        if question.campaign:
            self.posts.append((question.campaign, question.account, question.text, question.at))
        return question.key, self.shape.body(question)

    def _judge(self, answer: Answer) -> list[str | None]:
        (question,) = answer.exchange.context
        verdict = self.shape.read(answer.reply.body)
        if verdict is None:
            return [MALFORMED]
        self.heard(question, verdict)
        return [None]

    def heard(self, question: Question, verdict: Verdict) -> None:
        """Take note of a verdict."""
        self.marks.note(question, verdict)
