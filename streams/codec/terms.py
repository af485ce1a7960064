"""Terms: what the records of a run are written in, and which schemas of a registry they follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.events import RecordKind

__all__ = ["Terms", "Vocabularies"]

Vocabularies = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Terms:
    """The tag of the run's seed, the words of its labels, and the ids of its schemas.

    ``missing`` names the fields (topic.kind.field) that the scenario leaves out at times; ``registry`` is the address
    under which the ids are known.
    """

    tag: str
    vocabularies: Vocabularies
    missing: frozenset[str] = frozenset()
    ids: Mapping[RecordKind, int] = field(default_factory=dict)
    registry: str = ""

    def uri_of(self, kind: RecordKind) -> str:
        """Where the schema of a kind can be had."""
        return f"{self.registry}/schemas/ids/{self.ids[kind]}"
