"""A campaign that is called off."""

from typing import Literal

from pydantic import Field, JsonValue

from sim.names import UnknownNameError
from sim.steering.change import Change, Steered

__all__ = ["StopCampaign"]


class StopCampaign(Change):
    """Ends all that a campaign does, in the middle of a wave if need be; what it posted stays.

    >>> StopCampaign(at=0, campaign="vouchers").campaign
    'vouchers'
    """

    kind: Literal["stop_campaign"] = "stop_campaign"
    campaign: str = Field(min_length=1)
    """Its name."""

    def check(self, steered: Steered) -> None:
        """:class:`~sim.names.UnknownNameError` if there is none of that name."""
        if self.campaign not in steered.campaigns:
            raise UnknownNameError("campaign", self.campaign, steered.campaigns)

    def act(self, steered: Steered) -> None:
        """Stop it."""
        steered.stop(self.campaign)

    @property
    def told(self) -> tuple[str, JsonValue]:
        """Its name."""
        return self.campaign, None
