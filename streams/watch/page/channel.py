"""The channel: the newest state of every panel, and what a follower who knows an older one still lacks.

A follower has no queue that could grow. What it has not been sent yet is, panel by panel, the newest state alone: a
slow browser skips states, never falls behind, and costs the server nothing.
"""

from dataclasses import dataclass
from secrets import token_hex
from threading import Lock

import orjson

__all__ = ["Channel", "Update"]


@dataclass(frozen=True)
class Update:
    """One panel's newest state, and the version at which it became so."""

    panel: str
    version: int
    data: bytes


class Channel:
    """Panels by name; a version counts their changes.

    >>> channel = Channel()
    >>> channel.publish({"lag": {"records": 3}, "run": {"name": "demo"}})
    >>> [update.panel for update in channel.since(0)], [update.panel for update in channel.since(1)]
    (['lag', 'run'], ['run'])
    >>> channel.publish({"lag": {"records": 3}})
    >>> channel.version
    2
    """

    def __init__(self) -> None:
        self.version = 0
        self.name = token_hex(4)
        """Tells this server from one that was at the same address before."""
        self._panels: dict[str, Update] = {}
        self._publishing = Lock()

    def publish(self, panels: dict[str, object]) -> None:
        """Take new states, on any thread; a panel that has not changed keeps its version."""
        told = {name: orjson.dumps(state) for name, state in panels.items()}
        with self._publishing:
            for name, data in told.items():
                known = self._panels.get(name)
                if known is None or known.data != data:
                    self._panels = {**self._panels, name: Update(name, self.version + 1, data)}
                    self.version += 1

    def since(self, version: int) -> list[Update]:
        """What changed after a version, in the order of change."""
        return sorted(
            (update for update in self._panels.values() if update.version > version),
            key=lambda update: update.version,
        )

    def known(self, last_event_id: str) -> int:
        """The version that a follower has, from the id of the last event that it received; 0 if it is not ours."""
        name, _, version = last_event_id.partition("-")
        if name != self.name or not version.isascii() or not version.isdigit() or len(version) > 18:
            return 0
        return min(int(version), self.version)

    def event(self, update: Update) -> bytes:
        """The update as a server-sent event (HTML standard, section 9.2)."""
        head = f"id: {self.name}-{update.version}\nevent: {update.panel}\ndata: ".encode()
        return head + update.data + b"\n\n"
