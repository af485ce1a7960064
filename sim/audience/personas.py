"""Personas: of whom an audience is composed, which shares of it go together, and who must be in it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.names import UnknownNameError
from sim.shares import shares

__all__ = ["ACCESSIBILITY", "AGE_BANDS", "ATTRIBUTES", "Group", "Personas", "Together"]

AGE_BANDS = {"18-24": 0.17, "25-34": 0.25, "35-44": 0.21, "45-54": 0.16, "55-64": 0.12, "65+": 0.09}
"""Age bands, and the share of each where a scenario says nothing."""
ACCESSIBILITY = {
    "none": 0.87,
    "captions": 0.07,
    "audio_description": 0.02,
    "large_text": 0.03,
    "reduced_motion": 0.01,
}
"""What viewers need to follow, and the share of each need where a scenario says nothing (assumed, not published)."""
ATTRIBUTES = ("region", "language", "device", "age_band", "accessibility", "consent", "leaning")
"""What a persona is composed of; each is one column of codes."""


def _known_attributes(where: dict[str, str]) -> dict[str, str]:
    for name in where:
        if name not in ATTRIBUTES:
            raise UnknownNameError("attribute of a viewer", name, ATTRIBUTES)
    return where


class Together(BaseModel):
    """A part of the audience that has some attributes together, as a share of all.

    >>> Together(where={"age_band": "65+", "device": "tv"}, share=0.07).share
    0.07
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    where: dict[str, str] = Field(min_length=1)
    """The attributes: region, language, device, age_band, accessibility, consent, leaning."""
    share: float = Field(ge=0, le=1)
    """Share of the audience."""

    _attributes = field_validator("where")(_known_attributes)


class Group(BaseModel):
    """A part of the audience whose number is exact; nobody else has these attributes together.

    A viewer is in one group at most. Newcomers are in none: a group is counted when the run begins.

    >>> Group(where={"language": "es", "accessibility": "captions"}, count=250).of(10_000)
    250
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    where: dict[str, str] = Field(min_length=1)
    """The attributes: region, language, device, age_band, accessibility, consent, leaning."""
    share: float | None = Field(default=None, ge=0, le=1)
    """Share of the audience, or"""
    count: int | None = Field(default=None, ge=0)
    """number of viewers."""

    _attributes = field_validator("where")(_known_attributes)

    @model_validator(mode="after")
    def _one_size(self) -> "Group":
        if (self.share is None) == (self.count is None):
            raise ValueError("a group needs a share or a count, and not both")
        return self

    def of(self, viewers: int) -> int:
        """How many it has in an audience of so many viewers."""
        return self.count if self.count is not None else round((self.share or 0.0) * viewers)


class Personas(BaseModel):
    """Shares of attributes, by themselves and together.

    >>> Personas(leanings={"open": 3, "drama": 1}).leaning_strength
    0.6
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    age_bands: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default=AGE_BANDS, min_length=1, max_length=20
    )
    """Relative number of viewers by age."""
    accessibility: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default=ACCESSIBILITY, min_length=1, max_length=20
    )
    """Relative number of viewers by what they need."""
    leanings: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default={"open": 1.0}, min_length=1, max_length=100
    )
    """Relative number of viewers by the genre that they lean to; ``open`` for those who lean to none."""
    leaning_strength: float = Field(default=0.6, ge=0, le=0.95)
    """Correlation of a leaning viewer's taste with the genre."""
    together: tuple[Together, ...] = ()
    """What goes together more, or less, often than by chance."""

    @field_validator("age_bands", "accessibility", "leanings")
    @classmethod
    def _shares(cls, given: dict[str, float]) -> dict[str, float]:
        shares(given)
        return given
