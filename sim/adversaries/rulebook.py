"""The rulebook: what violates a policy at a time, as the policy calendar changes it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.adversaries.own_templates import OwnTemplates
from sim.adversaries.policy import POLICIES, functions_of
from sim.adversaries.recipe import Recipe
from sim.durations import Duration
from sim.names import UnknownNameError

__all__ = ["PolicyChange", "Rulebook", "idle_changes"]


class PolicyChange(BaseModel):
    """A change of a policy: from ``at`` on, texts of a function violate it, or no longer do (known concept drift).

    >>> PolicyChange(name="no_satire", at="2h", policy="misinformation", function="satire", violating=True).at
    7200000
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str = Field(min_length=1, pattern=r"^[a-z0-9_-]+$")
    """Name of the change on the truth topic."""
    at: Duration = Field(ge=0)
    """Simulated time after the start of the run; holds for what is posted from then on."""
    policy: str
    """The policy that changes."""
    function: str
    """What a text does, by the name of its templates: a function that violates it, or a hard negative."""
    violating: bool
    """Whether texts of that function violate the policy from then on."""

    @field_validator("policy")
    @classmethod
    def _known(cls, policy: str) -> str:
        if policy not in POLICIES.classes():
            raise UnknownNameError("policy", policy, POLICIES.classes())
        return policy


@dataclass(frozen=True)
class Rulebook:
    """The policies as they are at each time of a run that begins at ``start`` (epoch ms).

    >>> from sim.adversaries.composer import composed
    >>> change = PolicyChange(name="strict", at="1m", policy="hate", function="counterspeech_quote", violating=True)
    >>> text = composed("hate", 7, title="Low Tide", function="counterspeech_quote")
    >>> [Rulebook((change,), start=0).violating(text, at) for at in (59_999, 60_000)]
    [False, True]
    """

    changes: tuple[PolicyChange, ...] = ()
    start: int = 0

    def violating(self, recipe: Recipe, at: int) -> bool:
        """Whether a text that is posted at a time (epoch ms) violates its policy."""
        if not self.changes:
            return recipe.violating
        times, rules = self._history.get((recipe.policy, recipe.function), ((), ()))
        place = bisect_right(times, at)
        return rules[place - 1] if place else recipe.violating

    @cached_property
    def _history(self) -> Mapping[tuple[str, str], tuple[tuple[int, ...], tuple[bool, ...]]]:
        """By policy and function: when the rule changes, and to what."""
        found: dict[tuple[str, str], list[PolicyChange]] = {}
        for change in sorted(self.changes, key=lambda change: change.at):
            found.setdefault((change.policy, change.function), []).append(change)
        return {
            key: (tuple(self.start + one.at for one in ones), tuple(one.violating for one in ones))
            for key, ones in found.items()
        }


def idle_changes(
    changes: tuple[PolicyChange, ...], own: OwnTemplates | None
) -> Iterator[tuple[int, str, str]]:
    """Changes that change nothing: the number of each in the calendar, the field that is wrong, and the rule."""
    rules: dict[tuple[str, str], tuple[int, bool]] = {}
    for number, change in sorted(enumerate(changes), key=lambda pair: pair[1].at):
        known = _rules(change.policy, own)
        if change.function not in known:
            noun = f"function of {change.policy}"
            yield number, "function", str(UnknownNameError(noun, change.function, known))
            continue
        key = (change.policy, change.function)
        since, rule = rules.get(key, (-1, known[change.function]))
        if since == change.at:
            yield (
                number,
                "at",
                f"{change.function} of {change.policy} changes twice at that time; keep one of both",
            )
        elif rule == change.violating:
            state = "violates" if rule else "does not violate"
            yield (
                number,
                "violating",
                f"{change.function} {state} {change.policy} by then already; leave it out",
            )
        rules[key] = (change.at, change.violating)


def _rules(policy: str, own: OwnTemplates | None) -> dict[str, bool]:
    """Every function of a policy, the user's own among them, and whether it violates from the beginning."""
    shipped = functions_of(policy)
    mine = own.root[policy].functions if own and policy in own.root else {}
    return {name: one.violating for name, one in {**shipped, **mine}.items()}
