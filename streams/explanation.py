"""An explanation: what a run of a scenario will be like, told from the pilot without running it."""

from typing import Any

from sim.events import KINDS
from sim.mess.flood import Flood
from sim.mess.mess import Mess
from sim.numbering import seed_tag
from sim.pace import Pace
from sim.pilot import expectation
from sim.scenario import Scenario
from streams.codec.json_codec import JsonCodec
from streams.scenario_flags import pace_at

__all__ = ["explained"]


def explained(scenario: Scenario, rate: float | None) -> dict[str, Any]:
    """Sessions a day, events and bytes a second by kind, averaged over a week, and the mess that is planted."""
    pace = Pace.of(scenario) if rate is None else pace_at(scenario, rate)
    expected = pace.expected or expectation(scenario)
    codec = JsonCodec(seed_tag(scenario.seed), scenario.vocabularies())
    size = {batch.kind: codec.size(batch) / len(batch) for batch in expected.samples}
    sessions = expected.sessions_per_second(pace.arrivals)
    rows = [
        {
            "topic": kind.topic,
            "kind": kind.name,
            "events_per_s": sessions * count,
            "bytes_per_s": sessions * count * size[kind],
        }
        for kind, count in expected.per_session.items()
    ]
    return {
        "scenario": scenario.name,
        "viewers": scenario.audience.viewers,
        "sessions_per_day": sessions * 86_400,
        "session_minutes": expected.session_ms / 60_000,
        "tick_s": pace.span / 1000,
        "events_per_s": rows,
        "total_events_per_s": sum(row["events_per_s"] for row in rows),
        "total_bytes_per_s": sum(row["bytes_per_s"] for row in rows),
        "mess": [_planted(mess, rows) for mess in scenario.mess],
    }


def _planted(mess: Mess, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One sort of mess: what it hits, when, and how many events a second while it goes on."""
    hit = [kind for kind in KINDS if mess.concerns(kind)]
    if isinstance(mess, Flood):
        often = mess.members * mess.per_second
    else:
        names = {(kind.topic, kind.name) for kind in hit}
        often = getattr(mess, "rate", 0.0) * sum(
            row["events_per_s"] for row in rows if (row["topic"], row["kind"]) in names
        )
    return {
        "mess": mess.kind,
        "topics": list(dict.fromkeys(kind.topic for kind in hit)),
        "kinds": list(mess.kinds),
        "at_s": mess.at / 1000,
        "lasts_s": mess.lasts and mess.lasts / 1000,
        "every_s": mess.every and mess.every / 1000,
        "events_per_s": often,
    }
