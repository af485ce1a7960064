"""Opening: from what the flags say to the one sink that a run talks to."""

import sys
from threading import Event

from streams.exits import GreenroomError
from streams.publish.sinks.branch import Branch
from streams.publish.sinks.fanout import FanOut, TickFanOut
from streams.publish.sinks.flags import ChosenSinks
from streams.publish.sinks.plan import RunFacts, SinkPlan
from streams.publish.sinks.sink import RecordSink, TickSink

__all__ = ["open_sinks"]


def open_sinks(
    chosen: ChosenSinks, facts: RunFacts, primary: RecordSink | None, *, stop: Event
) -> RecordSink | TickSink:
    """The sink of a run: the only one if it wants everything, else a fan-out to all of them."""
    if primary and not chosen.others:
        return primary
    if len(chosen.others) == 1 and not primary and (alone := _alone(*chosen.others[0], facts)):
        return alone
    branches = [
        Branch(name, _opened(name, plan, facts), plan.selection, tell=_tell) for name, plan in chosen.others
    ]
    if not primary and all(branch.takes_ticks for branch in branches):
        return TickFanOut(branches)
    return FanOut(primary, branches, stop=stop)


def _alone(name: str, plan: SinkPlan, facts: RunFacts) -> RecordSink | TickSink | None:
    """The sink without a thread of its own, where that makes no difference."""
    return _opened(name, plan, facts) if plan.selection.everything and not plan.timed else None


def _opened(name: str, plan: SinkPlan, facts: RunFacts) -> RecordSink | TickSink:
    try:
        return plan.open(facts)
    except GreenroomError as error:
        raise type(error)(f"--sink {name}: {error}") from error


def _tell(sentence: str) -> None:
    print(f"greenroom: {sentence}", file=sys.stderr)
