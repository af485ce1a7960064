"""Enrolment: the schemas of a run, checked and registered before its first record.

Several kinds of record share a topic, so each has a subject of its own, named by topic and record
(TopicRecordNameStrategy): a kind evolves by itself, consumers meet the concrete type and no union, and runs, whose
names stand in their topics, do not meet at all.
"""

from collections.abc import Iterable

from sim.events import RecordKind
from streams.codec.codec import FRAMED, FramedCodec
from streams.codec.terms import Terms
from streams.registry.registry import Registry
from streams.schemas.naming import full_name, versions
from streams.topics import qualified

__all__ = ["enrolled", "subject_of"]


def subject_of(run: str, kind: RecordKind) -> str:
    """The subject of a kind's schemas.

    >>> from sim.events import kind_named
    >>> subject_of("greenroom", kind_named("journeys", "play"))
    'greenroom.journeys-greenroom.journeys.Play'
    """
    return f"{qualified(run, kind.topic)}-{full_name(kind)}"


def enrolled(
    registry: Registry, run: str, format_name: str, terms: Terms, kinds: Iterable[RecordKind]
) -> FramedCodec:
    """The codec of a format, every version of the kinds being registered.

    What the registry holds already is compared with before anything is registered. :class:`.IncompatibleSchemaError`
    names the subject, its rule and the remedy.
    """
    codec, newest = FRAMED[format_name], list(kinds)
    subjects = registry.subjects()
    ids: dict[RecordKind, int] = {}
    for kind in newest:
        if (subject := subject_of(run, kind)) in subjects:
            ids |= _found(registry, subject, kind, codec, terms)
    for kind in newest:
        for version in versions(kind):
            if version not in ids:
                ids[version] = _registered(registry, subject_of(run, kind), version, codec, terms)
        if registry.settings.compatibility and subject_of(run, kind) not in subjects:
            registry.set_rule(subject_of(run, kind), registry.settings.compatibility)
    return codec(Terms(terms.tag, terms.vocabularies, terms.missing, ids, registry.url))


def _found(
    registry: Registry, subject: str, kind: RecordKind, codec: type[FramedCodec], terms: Terms
) -> dict[RecordKind, int]:
    """The ids of the versions that a subject has; what it has not may follow what it has."""
    ids = {}
    for version in versions(kind):
        text = codec.schema(version, terms)
        found = registry.find(subject, text, codec.schema_type)
        if found is None:
            registry.check(subject, text, codec.schema_type)
        else:
            ids[version] = found
    return ids


def _registered(
    registry: Registry, subject: str, version: RecordKind, codec: type[FramedCodec], terms: Terms
) -> int:
    text = codec.schema(version, terms)
    if version.previous:
        registry.check(subject, text, codec.schema_type)
    return registry.register(subject, text, codec.schema_type)
