"""A campaign that nobody had planned."""

from typing import Literal

from pydantic import JsonValue

from sim.adversaries.campaign import AnyCampaign
from sim.steering.change import Change, Steered, beside

__all__ = ["StartCampaign"]


class StartCampaign(Change):
    """Starts any campaign in the running world; its own ``start`` is time after the change.

    >>> StartCampaign(at=0, campaign={"kind": "copy_paste", "name": "vouchers"}).campaign.name
    'vouchers'
    """

    kind: Literal["campaign"] = "campaign"
    campaign: AnyCampaign
    """Who misbehaves."""

    def check(self, steered: Steered) -> None:
        """ValueError if its name is taken, or the audience does not speak its languages."""
        if self.campaign.name in steered.campaigns:
            raise ValueError(
                f"campaign {self.campaign.name!r} is there already; labels could not tell them apart"
            )
        beside(steered.scenario, "campaigns", self.campaign)

    def act(self, steered: Steered) -> None:
        """Start it."""
        steered.start(self.campaign)

    @property
    def told(self) -> tuple[str, JsonValue]:
        """Its name and its parameters."""
        return self.campaign.name, self.campaign.model_dump(mode="json")
