"""The mixture of what viewers write on their own: benign talk, violations and hard negatives."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from sim.adversaries.composer import benign_of_length, composed
from sim.adversaries.library import BENIGN, Function
from sim.adversaries.moderation import Moderation
from sim.adversaries.recipe import Recipe, written
from sim.adversaries.signals import CHILD_SAFETY
from sim.seeds import Stream

__all__ = ["NEEDS_PICTURE", "Mixture"]

NEEDS_PICTURE = "image_text_split"
"""The operator that moves words into a picture, which only uploads have."""

_UNIT = 2.0**-64
_WRITER = 0xD1A1


@dataclass(frozen=True, eq=False)
class Mixture:
    """Draws what a viewer writes, so that nothing but the text and its media tells a violation from the rest.

    Benign texts are brought to the length of a violation drawn the same way (:func:`.benign_of_length`); disguises and
    dialects fall on all alike.

    >>> settings = Moderation(policies=[{"kind": "hate", "prevalence": 1, "hard_negatives": 0}])
    >>> Mixture(settings, seed=7).recipe(3, viewer=5, title="Low Tide", language="en").policy
    'hate'
    """

    settings: Moderation
    seed: int

    def recipe(
        self,
        bits: int,
        *,
        viewer: int,
        title: str,
        language: str,
        kind: str = "comment",
        violating: float = 1.0,
    ) -> Recipe:
        """What a viewer writes at a place that these bits stand for.

        ``violating`` multiplies the share of what violates or seems to, as far as there is room.
        """
        draws = Stream(bits)
        # Parts grow in proportion, as long as there is room.
        place = bisect_right(self._edges, draws.bits() * _UNIT / violating)
        policy, hard = self._parts[place] if place < len(self._parts) else (BENIGN, False)
        drawn = _Drawn(self, draws, viewer, title, language, kind)
        if policy == CHILD_SAFETY:
            return _signalled(drawn.benign(), hard=hard) if kind == "upload" else drawn.benign()
        return drawn.benign() if policy == BENIGN else drawn.text(policy, hard=hard)

    @cached_property
    def _parts(self) -> tuple[tuple[str, bool], ...]:
        return tuple((policy.kind, hard) for policy in self.settings.policies for hard in (False, True))

    @cached_property
    def _edges(self) -> tuple[float, ...]:
        """Cumulative shares of the parts; what is left is benign."""
        return tuple(
            accumulate(
                policy.prevalence * (policy.hard_negatives if hard else 1)
                for policy in self.settings.policies
                for hard in (False, True)
            )
        )

    @cached_property
    def _violating(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        shares = {
            p.kind: p.prevalence for p in self.settings.policies if p.prevalence and p.kind != CHILD_SAFETY
        }
        return tuple(shares), tuple(accumulate(shares.values()))

    @cached_property
    def _tiers(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        return tuple(self.settings.tiers), tuple(accumulate(self.settings.tiers.values()))

    @cached_property
    def _dialects(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        return tuple(self.settings.dialects), tuple(accumulate(self.settings.dialects.values()))

    def _dialect(self, viewer: int) -> str:
        if not self.settings.dialects:
            return ""
        names, edges = self._dialects
        drawn = Stream(self.seed).at(_WRITER, viewer).bits() * _UNIT
        place = bisect_right(edges, drawn)
        return names[place] if place < len(names) else ""


class _Drawn:
    """What holds for a text whatever its label: its tier, its disguise, its dialect."""

    def __init__(
        self, mixture: Mixture, draws: Stream, viewer: int, title: str, language: str, kind: str
    ) -> None:
        settings = mixture.settings
        self._mixture, self._draws, self._title, self._language = mixture, draws, title, language
        self._dialect = mixture._dialect(viewer)
        self._tier = _weighted(*mixture._tiers, draws)
        self._chain: tuple[tuple[str, float], ...] = ()
        if settings.disguised and draws.bits() * _UNIT < settings.disguised:
            one = draws.one(settings.operators)
            if one.kind != NEEDS_PICTURE or kind == "upload":
                self._chain = ((one.kind, one.strength),)

    def text(self, policy: str, *, hard: bool = False) -> Recipe:
        return composed(
            policy,
            self._draws.bits() >> 1,
            title=self._title,
            language=self._language,
            tier=self._tier,
            chain=self._chain,
            dialect=self._dialect,
            hard=hard,
            own=self._mixture.settings.templates,
        )

    def benign(self) -> Recipe:
        kinds, edges = self._mixture._violating
        if not kinds:
            return self.text(BENIGN)
        # As long as a violation would have been: lengths tell nothing.
        ghost = self.text(_weighted(kinds, edges, self._draws))
        return benign_of_length(
            self._draws.bits() >> 1,
            len(written(ghost)),
            title=self._title,
            language=self._language,
            chain=self._chain,
            dialect=self._dialect,
        )


def _signalled(benign: Recipe, *, hard: bool) -> Recipe:
    """An upload whose text says nothing, and is that of a benign one; its hash alone tells."""
    name = "near_miss_hash" if hard else "known_hash"
    said = benign.template
    return replace(
        benign,
        policy=CHILD_SAFETY,
        function=name,
        own=Function(name, not hard, "", said.evade, said.texts),
    )


def _weighted(names: Sequence[str], edges: Sequence[float], draws: Stream) -> str:
    return names[min(bisect_right(edges, draws.bits() * _UNIT * edges[-1]), len(names) - 1)]
