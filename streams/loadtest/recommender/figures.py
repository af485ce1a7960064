"""The names of a recommender test's figures, so that a gate on one that will never be is refused beforehand."""

from sim.scenario import Scenario
from streams.loadtest.exchange import WIRE_ERRORS
from streams.loadtest.gates import LOAD_FIGURES
from streams.loadtest.recommender.groups import names_of
from streams.recommenders.inspection import WRONG_SLATES

__all__ = ["known_figures"]

_CELL = ("slates", "impressions", "ctr", "low", "high", "watch_seconds", "watch_seconds_per_pick")


def known_figures(scenario: Scenario) -> list[str]:
    """Every name that a threshold may use, by the scenario's own groups; ``*`` stands for any words."""
    return [
        *LOAD_FIGURES,
        *(f"errors.{kind}" for kind in WRONG_SLATES),
        *(f"fallbacks.{kind}" for kind in (*WIRE_ERRORS, *WRONG_SLATES)),
        *(
            "slates",
            "simulated_s",
            "starved_s",
            "speed",
            "outcomes.coverage",
            "outcomes.gini",
            "outcomes.diversity",
        ),
        *(f"outcomes.{name}" for name in _CELL),
        *(f"outcomes.fallback.{name}" for name in _CELL),
        *(
            f"outcomes.{share}.{part}"
            for share in ("retention", "picks_per_slate")
            for part in ("value", "low", "high")
        ),
        *(
            f"outcomes.by_group.{group}.{word}.*"
            for group, words in names_of(scenario).items()
            for word in words
        ),
        *("outcomes.cold_start.item_age.*", "outcomes.cold_start.viewer_visit.*"),
    ]
