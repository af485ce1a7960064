"""A policy: what a platform forbids, with proxies that violate it and hard negatives that only seem to."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, ClassVar

from pydantic import Field

from sim.adversaries.library import BENIGN, Function, PolicyTemplates, loaded
from sim.names import UnknownNameError
from sim.plugin import Family, OneOf, Plugin

__all__ = ["POLICIES", "AnyPolicy", "Policy", "functions_of", "templates_of"]


class Policy(Plugin):
    """A rule of a platform; its texts stand beside its class, in a YAML file of the same name.

    The names of other taxonomies: ``dsa`` is the statement category of the EU's DSA Transparency Database,
    ``openai`` the category of the OpenAI moderation endpoint and ``ailuminate`` the hazard of MLCommons AILuminate;
    empty where they have none.
    """

    dsa: ClassVar[str]
    openai: ClassVar[str] = ""
    ailuminate: ClassVar[str] = ""
    codes: ClassVar[range] = range(0)
    """Codes of the markers that violating media of this policy carry in their content."""
    lexemes: ClassVar[tuple[str, ...]] = ()
    """Slots whose words alone make the proxy: invented in tier T1, mild everyday words in tier T2."""

    in_text: ClassVar[bool] = True
    """False where the text says nothing, and only media or their hashes tell."""

    prevalence: float = Field(default=0.001, ge=0, le=1)
    """Part of what viewers write on their own that violates it."""
    hard_negatives: float = Field(default=1.0, ge=0, le=100)
    """Hard negatives for each violating text."""

    @classmethod
    def templates(cls) -> PolicyTemplates:
        """Its texts."""
        return _templates(cls)


POLICIES = Family("policy", Policy, "sim.adversaries.policies")
AnyPolicy = Annotated[Policy, OneOf(POLICIES)]


@cache
def _templates(cls: type[Policy]) -> PolicyTemplates:
    package, _, name = cls.__module__.rpartition(".")
    return loaded(package, name)


@cache
def _benign() -> PolicyTemplates:
    return loaded("sim.adversaries", "benign")


def templates_of(policy: str) -> PolicyTemplates:
    """The texts of a policy that ships, or of benign talk ('none')."""
    if policy == BENIGN:
        return _benign()
    classes = POLICIES.classes()
    if policy not in classes:
        raise UnknownNameError("policy", policy, (*classes, BENIGN))
    return classes[policy].templates()


def functions_of(policy: str) -> Mapping[str, Function]:
    """Every function of a policy by its name, hard negatives among them."""
    return templates_of(policy).functions
