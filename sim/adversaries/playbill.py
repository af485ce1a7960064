"""The playbill: which campaigns have begun, so that each can be called off."""

from dataclasses import replace

from sim.adversaries.campaign import Campaign, Cast

__all__ = ["Playbill"]


class Playbill:
    """Starts campaigns, each with a cast of its own, and stops them by name."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._casts: dict[str, Cast] = {}

    def start(self, campaign: Campaign) -> None:
        """Let a campaign begin now."""
        cast = self._casts[campaign.name] = replace(self._cast, acting={})
        cast.start(campaign.run(cast))

    def stop(self, name: str) -> None:
        """End all that a campaign does; one that has not begun, or is over, has nothing to end."""
        if name in self._casts:
            self._casts[name].stop()
