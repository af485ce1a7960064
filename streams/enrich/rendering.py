"""Rendering as a worker process does it: one spec to one whole asset in the store."""

import os
import signal
import sys
from dataclasses import dataclass
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from media_gen.generator import GENERATORS, Generator
from media_gen.rendition import Rendition
from media_gen.spec import MediaSpec
from media_gen.studio import asset_id, generator_for, render
from sim.names import UnknownNameError
from streams.enrich.enrichment import Origin, Record, asset_record
from streams.enrich.failures import Failure, FailureError
from streams.store import ANNOTATIONS, AssetStore

__all__ = ["Developed", "Greeting", "checked", "develop", "greet", "prepare", "rendered"]


@dataclass(frozen=True)
class Greeting:
    """What a worker says when it is ready: its process id, and medium and version of each generator."""

    pid: int
    generators: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Developed:
    """An asset that lies whole in the store, and whether it had to be rendered for that."""

    record: Record
    fresh: bool


def prepare() -> None:
    """Set up a worker process: its parent alone decides when it ends, and it never outlives its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def greet() -> Greeting:
    """Load every generator, so that the first render does not wait for imports."""
    known: dict[str, tuple[str, str]] = {
        kind: (cls.medium, cls.version) for kind, cls in GENERATORS.classes().items()
    }
    return Greeting(os.getpid(), known)


def checked(spec: MediaSpec) -> Generator:
    """The spec's generator; FailureError "unknown_generator" or "bad_params", with a near miss."""
    try:
        return generator_for(spec)
    except UnknownNameError as error:
        raise FailureError(Failure("unknown_generator", "UnknownNameError", str(error))) from error
    except ValidationError as error:
        message = "; ".join(_told(spec.kind, problem) for problem in error.errors(include_url=False))
        raise FailureError(Failure("bad_params", "ValidationError", message)) from error


def rendered(spec: MediaSpec) -> Rendition:
    """The spec's rendition; FailureError if the spec is wrong or its generator fails."""
    checked(spec)
    try:
        rendition = render(spec)
        orjson.dumps(rendition.annotations)
        if not rendition.files:
            raise ValueError(f"generator {spec.kind!r} returned no file")
    except Exception as error:
        raise FailureError(Failure("render_failed", type(error).__name__, f"{spec.kind}: {error}")) from error
    return rendition


def develop(store_url: str, spec: MediaSpec, origin: Origin) -> Developed | Failure:
    """The spec's asset from the store, rendered if need be; StoreUnavailableError if it cannot be kept."""
    try:
        generator = checked(spec)
        name, store = asset_id(spec), _store(store_url)
        found = store.get(name)
        if found is not None:
            return Developed(found, fresh=False)
        return Developed(_stored(store, name, spec, origin, generator), fresh=True)
    except FailureError as error:
        return error.failure


def _stored(store: AssetStore, name: str, spec: MediaSpec, origin: Origin, generator: Generator) -> Record:
    rendition = rendered(spec)
    files = store.put(name, rendition)
    record = asset_record(
        spec,
        origin,
        asset_id=name,
        medium=generator.medium,
        generator_version=generator.version,
        files=[file.as_record() for file in files],
        annotations=rendition.annotations,
        annotations_uri=store.uri(name, ANNOTATIONS),
    )
    store.seal(name, record)
    return record


@cache
def _store(url: str) -> AssetStore:
    return AssetStore(url)


def _told(kind: str, problem: ErrorDetails) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        parameters = [field for field in GENERATORS.named(kind).model_fields if field != "kind"]
        return str(UnknownNameError(f"parameter of generator {kind!r}:", name, parameters))
    given: Any = problem["input"]
    return f"parameter {name!r} of generator {kind!r} is {given!r}: {problem['msg']}"


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None and sys.platform != "win32":
        wait([parent.sentinel])
        os._exit(1)
