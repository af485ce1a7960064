"""The scenario: one closed file that says who acts, what there is, who misbehaves and what changes."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.adversaries.campaign import AnyCampaign
from sim.adversaries.rulebook import PolicyChange
from sim.adversaries.verdict import AnyVerdicts
from sim.audience.settings import AudienceSettings
from sim.catalog.settings import CatalogSettings
from sim.durations import Duration
from sim.features import DriftWatch
from sim.media import MediaRule
from sim.mess.mess import AnyMess
from sim.recommenders.popularity import Popularity
from sim.recommenders.recommender import AnyRecommender
from sim.scenario_checks import contradictions
from sim.schema_changes import SchemaChange
from sim.shifts.shift import AnyShift

__all__ = ["Scenario"]


def _utc(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


class Scenario(BaseModel):
    """Everything that determines a run, but for the pace at which it is played.

    >>> from sim.testing import tiny_scenario
    >>> tiny_scenario().audience.viewers
    300
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name of the scenario."""
    about: str = ""
    """What it is for, in a sentence or two."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    """Seed of everything; the same seed gives the same bytes."""
    start: Annotated[datetime, BeforeValidator(_utc)] = Field(
        default=datetime(2026, 1, 5, tzinfo=UTC),
        ge=datetime(2002, 1, 1, tzinfo=UTC),
        lt=datetime(2200, 1, 1, tzinfo=UTC),
    )
    """Simulated time at which the run begins: UTC unless it says otherwise, from 2002 to 2199."""
    tick: Duration | None = Field(default=None, ge=100, le=600_000)
    """Step of the clock; by default chosen by the expected number of events."""
    audience: AudienceSettings
    """Who watches."""
    catalog: CatalogSettings
    """What there is to watch."""
    recommender: AnyRecommender = Popularity()
    """Who fills the slates."""
    campaigns: tuple[AnyCampaign, ...] = ()
    """Who misbehaves."""
    moderation: AnyVerdicts | None = None
    """What is taken down of what is posted; nothing, if not given."""
    policy_calendar: tuple[PolicyChange, ...] = ()
    """When what violates a policy changes."""
    shifts: tuple[AnyShift, ...] = ()
    """What changes, and when."""
    mess: tuple[AnyMess, ...] = ()
    """What goes wrong with records on their way, and when."""
    schema_changes: tuple[SchemaChange, ...] = ()
    """Which fields records gain or lose, and when."""
    media: tuple[MediaRule, ...] = ()
    """Which events carry media."""
    drift: DriftWatch = DriftWatch()
    """What is watched for drift."""

    @property
    def start_ms(self) -> int:
        """The start in epoch milliseconds."""
        return round(self.start.timestamp() * 1000)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language of the audience, in order of first mention."""
        return tuple(
            dict.fromkeys(name for region in self.audience.regions.values() for name in region.languages)
        )

    def vocabularies(self, *, planned: bool = True) -> dict[str, tuple[str, ...]]:
        """The words that the codes of label fields stand for, with those that shifts are ``planned`` to bring."""
        from sim.audience.households import ROLES
        from sim.audience.origins import ORIGINS
        from sim.audience.population import CONSENTS

        known = {
            "region": tuple(self.audience.regions),
            "device": tuple(self.audience.devices),
            "language": self.languages,
            "genre": tuple(self.catalog.genres),
            "format": tuple(self.catalog.formats),
            "maturity": tuple(self.catalog.maturity),
            "policy": self.recommender.policies,
            "origin": ORIGINS,
            "age_band": tuple(self.audience.personas.age_bands),
            "accessibility": tuple(self.audience.personas.accessibility),
            "leaning": tuple(self.audience.personas.leanings),
            "consent": CONSENTS,
            "role": ROLES,
        }
        for shift in self.shifts if planned else ():
            for name, words in shift.words().items():
                known[name] += tuple(word for word in words if word not in known[name])
        for change in self.schema_changes:
            if change.add_field and isinstance(change.add_field.values, dict):
                known[change.add_field.vocabulary(change.kind)] = tuple(change.add_field.values)
        return known

    def shares(self) -> dict[str, dict[str, float]]:
        """Shares of the audience by region, device and language."""
        regions, languages = self.audience.regions, dict.fromkeys(self.languages, 0.0)
        for region in regions.values():
            for name, share in region.languages.items():
                languages[name] += region.share * share / sum(region.languages.values())
        return {
            "region": {name: region.share for name, region in regions.items()},
            "device": dict(self.audience.devices),
            "language": languages,
        }

    @field_validator("campaigns", "shifts", "policy_calendar", "schema_changes")
    @classmethod
    def _distinct(cls, plugins: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [plugin.name for plugin in plugins]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"name {twice[0]!r} is used twice; labels could not tell them apart")
        return plugins

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        wrong = [
            InitErrorDetails(
                type=PydanticCustomError("contradiction", "{rule}", {"rule": rule}), loc=place, input=value
            )
            for place, value, rule in contradictions(self)
        ]
        if wrong:
            raise ValidationError.from_exception_data("Scenario", wrong)
        return self
