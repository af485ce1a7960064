"""The exam: questions in a plan under which every figure of the report has something to be computed from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count

from sim.adversaries.composer import benign_of_length, twins
from sim.adversaries.dialects import DIALECTS
from sim.adversaries.gate import gated
from sim.adversaries.operator import OPERATORS
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import Recipe
from sim.catalog.titles import title
from sim.seeds import Stream, digest64
from streams.exits import UsageError
from streams.loadtest.moderation.question import Question
from streams.loadtest.moderation.staging import campaign_questions

__all__ = ["STRENGTHS", "exam", "textual_operators", "textual_policies"]

STRENGTHS = (0.25, 0.5, 1.0)
_TIERS = ("T2", "T1")
# Splits a text between words and picture: a service that reads text alone is not asked about pictures.
_NEEDS_PICTURE = "image_text_split"
_CAMPAIGN_EVERY = 8


def textual_policies(names: Sequence[str] = ()) -> tuple[str, ...]:
    """The policies that show in texts, or those of them that are named; an unknown one is an error."""
    known = tuple(name for name, policy in sorted(POLICIES.classes().items()) if policy.in_text)
    for name in names:
        POLICIES.named(name)
        if name not in known:
            raise UsageError(f"policy {name!r} does not show in texts; choose from: {', '.join(known)}")
    return tuple(name for name in known if not names or name in names)


def exam(
    seed: int,
    *,
    policies: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
    tiers: Sequence[str] = _TIERS,
    operators: Sequence[str] = (),
    campaigns: bool = True,
) -> Iterator[Question]:
    """Questions without end; each key is unique.

    They come in units: the two texts of a minimal pair, benign talk of the same length (every other one in an invented
    dialect), and in every second unit the pair once more in a disguise. Policies, tiers, operators and strengths take
    turns, so that after a few hundred units every cell has been visited. Every eighth question is a campaign's.
    """
    units = _units(seed, textual_policies(policies), languages, tiers, textual_operators(operators))
    posts = campaign_questions(seed)
    if campaigns:
        # Setting the stage takes longer than the posts themselves, and must not make anything late.
        posts = chain([next(posts)], posts)
    for number in count():
        found = next(posts) if campaigns and number % _CAMPAIGN_EVERY == _CAMPAIGN_EVERY - 1 else next(units)
        yield found._replace(key=f"{number:09d}")


def textual_operators(names: Sequence[str] = ()) -> tuple[str, ...]:
    """The disguises that leave the whole text in words, or those of them that are named."""
    known = tuple(sorted(OPERATORS.classes().keys() - {_NEEDS_PICTURE}))
    for name in names:
        OPERATORS.named(name)
        if name not in known:
            raise UsageError(f"operator {name!r} moves words into a picture, and only texts are asked about")
    return tuple(name for name in known if not names or name in names)


def _units(
    seed: int,
    policies: Sequence[str],
    languages: Sequence[str],
    tiers: Sequence[str],
    operators: Sequence[str],
) -> Iterator[Question]:
    root = Stream(digest64("exam", seed))
    for unit in count():
        draws = root.at(unit)
        # Each list is walked at its own pace, so that all combinations meet.
        policy = policies[unit % len(policies)]
        tier = tiers[unit // len(policies) % len(tiers)]
        visit = unit // 2
        disguise = ((operators[visit % len(operators)], STRENGTHS[visit // len(operators) % len(STRENGTHS)]),)
        language = draws.one(languages)
        hidden = unit % 2 == 1
        pair = twins(
            policy,
            draws.bits() >> 1,
            title=title(draws.bits()),
            language=language,
            tier=tier,
            chain=disguise if hidden else (),
        )
        shown = [replace(one, chain=()) for one in pair]
        for recipe in shown:
            yield _question(recipe, unit)
        dialect = draws.one(tuple(DIALECTS)) if draws.below(2) else ""
        length = len(gated(shown[0]).text)
        talk = benign_of_length(
            draws.bits() >> 1, length, title=title(draws.bits()), language=language, dialect=dialect
        )
        yield _question(talk, unit)
        if hidden:
            for recipe in pair:
                yield _question(recipe, unit)


def _question(recipe: Recipe, unit: int) -> Question:
    kind, strength = recipe.chain[0] if recipe.chain else ("", 0.0)
    return Question(
        "",
        gated(recipe).text,
        recipe.language,
        recipe.policy,
        recipe.violating,
        recipe.function,
        unit,
        kind,
        strength,
        recipe.tier,
        recipe.dialect,
    )
