"""Fitting: whether the records of a run can still be written once its world is changed."""

from collections.abc import Iterator

from sim.events import RecordKind
from sim.shifts.missing_values import MissingValues
from sim.steering.change import Change
from sim.steering.shift import PlantShift
from streams.codec.codec import Codec, FramedCodec
from streams.schemas.naming import optional

__all__ = ["check_fits"]


def check_fits(codec: Codec, change: Change) -> None:
    """ValueError if a change would take a field away that the schemas of a run insist on.

    Those are made when a run begins, of what its scenario plans; JSON without schemas may lack any field.
    """
    if not isinstance(codec, FramedCodec) or not isinstance(change, PlantShift):
        return
    if isinstance(change.shift, MissingValues) and (kinds := sorted(_insisting(codec, change.shift))):
        field, several = change.shift.field, "s" if len(kinds) > 1 else ""
        raise ValueError(
            f"shift {change.shift.name!r}: the {codec.name} schema{several} of {', '.join(kinds)} cannot be without "
            f"{field!r}, and schemas are made when a run begins. Plan a missing_values shift of this field in the "
            "scenario, however late, or begin with --format json"
        )


def _insisting(codec: FramedCodec, shift: MissingValues) -> Iterator[str]:
    for kind in shift.kinds:
        if any(_insists(codec, version, shift.field) for version in codec.terms.ids if _same(version, kind)):
            yield f"{kind.topic}.{kind.name}"


def _insists(codec: FramedCodec, kind: RecordKind, name: str) -> bool:
    return any(field.name == name and not optional(kind, field, codec.terms.missing) for field in kind.fields)


def _same(version: RecordKind, kind: RecordKind) -> bool:
    return (version.topic, version.name) == (kind.topic, kind.name)
