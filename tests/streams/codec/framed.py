"""Codecs of formats with a schema, as a run of a scenario has them, with ids that no registry has given."""

from sim.scenario import Scenario
from sim.schema_changes import evolved_kinds
from streams.codec.codec import FRAMED, FramedCodec
from streams.codec.terms import Terms
from streams.commands.formats import terms_of
from streams.schemas.naming import versions


def framed(name: str, scenario: Scenario) -> FramedCodec:
    """The codec of a format for the records of a scenario, in all their versions."""
    terms = terms_of(scenario)
    kinds = [
        version for kind in evolved_kinds(scenario.schema_changes).values() for version in versions(kind)
    ]
    ids = {kind: number for number, kind in enumerate(kinds, start=1)}
    return FRAMED[name](Terms(terms.tag, terms.vocabularies, terms.missing, ids, "http://127.0.0.1:1"))
