"""Every kind of record. All schemas derive from here."""

from sim.kinds.audience import AUDIENCE
from sim.kinds.catalog import CATALOG
from sim.kinds.content import CONTENT
from sim.kinds.journeys import JOURNEYS
from sim.kinds.record_kind import ENVELOPE, Field, FieldType, Holds, RecordKind
from sim.kinds.truth import TRUTH
from sim.names import UnknownNameError

__all__ = ["ENVELOPE", "KINDS", "Field", "FieldType", "Holds", "RecordKind", "kind_named"]

KINDS: tuple[RecordKind, ...] = (*JOURNEYS, *AUDIENCE, *CATALOG, *CONTENT, *TRUTH)

_BY_NAME = {(kind.topic, kind.name): kind for kind in KINDS}


def kind_named(topic: str, name: str) -> RecordKind:
    """The kind of record with this name on this topic."""
    try:
        return _BY_NAME[topic, name]
    except KeyError:
        raise UnknownNameError(f"{topic} record", name, [k for t, k in _BY_NAME if t == topic]) from None
