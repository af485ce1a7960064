"""The format of a run's records: a codec, its schemas being in the registry before the first record is sent."""

from collections.abc import Sequence

from sim.numbering import seed_tag
from sim.scenario import Scenario
from sim.schema_changes import evolved_kinds
from sim.shifts.missing_values import MissingValues
from streams.codec.codec import Codec, format_named
from streams.codec.json_codec import JsonCodec
from streams.codec.reading import Reader
from streams.codec.terms import Terms
from streams.exits import UsageError
from streams.registry.enrolment import enrolled
from streams.registry.registry import Registry
from streams.registry.settings import RegistrySettings

__all__ = ["codec_of", "reader_of", "terms_of"]

_TEXT_SINKS = ("stdout", "jsonl", "http", "https", "webhook")


def codec_of(
    scenario: Scenario, run: str, format_name: str, registry: str | None, sinks: Sequence[str] = ()
) -> Codec:
    """The codec of a run; :class:`.UsageError` if format, registry and sinks do not go together."""
    terms = terms_of(scenario)
    if format_named(format_name) == "json":
        if registry:
            raise UsageError(
                f"--registry {registry} is for formats with a schema; add --format avro, json_schema or protobuf"
            )
        return JsonCodec(terms.tag, terms.vocabularies)
    if not registry:
        raise UsageError(
            f"--format {format_name} needs --registry URL; `python -m streams.cluster.apicurio` starts one"
        )
    if lines := [sink for sink in sinks if sink.partition(":")[0] in _TEXT_SINKS]:
        raise UsageError(
            f"--sink {lines[0]} takes text and --format {format_name} gives bytes; leave one of them out"
        )
    kinds = evolved_kinds(scenario.schema_changes).values()
    return enrolled(Registry(RegistrySettings.from_environment(registry)), run, format_name, terms, kinds)


def terms_of(scenario: Scenario) -> Terms:
    """What a scenario's records are written in."""
    missing = {
        f"{kind.topic}.{kind.name}.{shift.field}"
        for shift in scenario.shifts
        if isinstance(shift, MissingValues)
        for kind in shift.kinds
    }
    return Terms(seed_tag(scenario.seed), scenario.vocabularies(), frozenset(missing))


def reader_of(registry: str | None) -> Reader:
    """A reader of records in every format, given the registry's address; without one, of JSON."""
    if registry is None:
        return Reader()
    return Reader(Registry(RegistrySettings.from_environment(registry)).schema)
