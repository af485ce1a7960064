"""The studio: renders any media spec, by the generator that its kind names."""

from media_gen.generator import GENERATORS, Generator
from media_gen.rendition import Rendition
from media_gen.spec import MediaSpec
from sim.seeds import rng_for

__all__ = ["asset_id", "generator_for", "render"]


def generator_for(spec: MediaSpec) -> Generator:
    """The generator with the spec's parameters; UnknownNameError or pydantic's ValidationError if they do not fit."""
    return GENERATORS.named(spec.kind).model_validate({"kind": spec.kind, **spec.params})


def asset_id(spec: MediaSpec) -> str:
    """The content address of the spec's asset, known before it is rendered."""
    return spec.fingerprint(GENERATORS.named(spec.kind).version)


def render(spec: MediaSpec) -> Rendition:
    """The asset of a spec: a pure function of the spec and its generator's version."""
    generator = generator_for(spec)
    return generator.render(rng=rng_for(spec.seed, spec.kind, generator.version))
