"""Consent: what viewers agreed to, how often they change their mind, and how they have themselves forgotten."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.durations import DAY, MINUTE, Duration
from sim.names import UnknownNameError
from sim.shares import shares

__all__ = ["CONSENTS", "NECESSARY", "Consent", "Erasure"]

CONSENTS = ("all", "personalisation", "necessary")
"""What a viewer agrees to, from most to least.

The log says the same of all of them: it is the service's own record of what happened, and its user ids do not name
anybody. What differs is what may be made of it: ``necessary`` viewers get no personalised slates, so that their slate
requests tell no recommender what they played before.
"""
NECESSARY = CONSENTS.index("necessary")


class Consent(BaseModel):
    """What viewers agree to, and how often that changes.

    >>> Consent(changes_per_year=0.5).shares["necessary"]
    0.17
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    shares: dict[str, float] = Field(default={"all": 0.62, "personalisation": 0.21, "necessary": 0.17})
    """Relative number of viewers by what they agree to: all, personalisation, necessary."""
    changes_per_year: float = Field(default=0.0, ge=0, le=10_000)
    """How often a viewer makes another choice, by the same shares."""

    @field_validator("shares")
    @classmethod
    def _known(cls, given: dict[str, float]) -> dict[str, float]:
        for name in given:
            if name not in CONSENTS:
                raise UnknownNameError("consent", name, CONSENTS)
        shares(given)
        return {name: given.get(name, 0.0) for name in CONSENTS}


class Erasure(BaseModel):
    """How often viewers ask to be forgotten, and how long that takes.

    The account is closed by the request, but for a session that is going on. When the grace period is over, and so is
    the session, a record without a value (a tombstone) under the viewer's key ends the topic's knowledge of them; from
    then on nothing bears their key on any topic.

    >>> Erasure(requests_per_year=0.01, grace="30d").grace == 30 * DAY
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    requests_per_year: float = Field(default=0.0, ge=0, le=10_000)
    """How often a viewer asks to be erased."""
    grace: Duration = Field(default=7 * DAY, ge=MINUTE, le=365 * DAY)
    """Time from the request to the tombstone."""
