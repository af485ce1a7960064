"""Moderation: texts written, gated and labelled on one core, the way that a world publishes them."""

from collections.abc import Iterator

from bench.figure import Figure, measured
from sim.adversaries.author import Author, Draft
from sim.adversaries.mixture import Mixture
from sim.adversaries.moderation import Moderation
from sim.adversaries.operator import OPERATORS
from sim.adversaries.policy import POLICIES
from sim.media import MediaDesk
from sim.seeds import digest64
from sim.stage import Stage

_ROUNDS, _TEXTS, _BATCH = 5, 10_000, 500
_BLOCK, _BLOCKS = 4096, 25


def figures() -> Iterator[Figure]:
    """With everything violating or a hard negative (the dearest mixture), clean, and half of it disguised."""
    yield Figure("moderation_texts", _best(disguised=0.0), "texts/CPU-s", bound=">= 20000")
    yield Figure("moderation_texts_half_disguised", _best(disguised=0.5), "texts/CPU-s")


def _best(*, disguised: float) -> float:
    names = [name for name, policy in sorted(POLICIES.classes().items()) if policy.in_text]
    share = 0.5 / len(names)
    kinds = sorted(OPERATORS.classes().keys() - {"image_text_split"})
    settings = Moderation(
        policies=[{"kind": name, "prevalence": share / 2, "hard_negatives": 1} for name in names],
        operators=[{"kind": kind, "strength": 0.5} for kind in kinds],
        disguised=disguised,
    )
    _texts_per_second(settings, seed=0)
    return max(_texts_per_second(settings, seed=seed) for seed in range(1, _ROUNDS + 1))


def _texts_per_second(settings: Moderation, *, seed: int) -> float:
    stage = Stage(seed, span=60_000, sources=_BLOCKS + 2, shard=(0, 1))
    author = Author(seed, _BLOCK, ("en",), MediaDesk((), seed), stage)
    mixture = Mixture(settings, seed)
    with measured() as spent:
        for first in range(0, _TEXTS, _BATCH):
            author.publish([_draft(author, mixture, number) for number in range(first, first + _BATCH)])
            labelled = sum(len(batch) for batch in stage.close().on("truth"))
            assert labelled == _BATCH
    return _TEXTS / spent.cpu_s


def _draft(author: Author, mixture: Mixture, number: int) -> Draft:
    bits = digest64("bench", author.seed, number)
    viewer, item = bits % (_BLOCK * _BLOCKS), bits % 3_000
    recipe = mixture.recipe(bits, viewer=viewer, title=author.title_of(item), language="en")
    return Draft(author.stage.tick * author.stage.span + number % 60_000, viewer, item, "comment", recipe)
