"""Every generator keeps the studio's promises; a new one is tested by being there.

Each is rendered three times with its defaults: here, here with another seed, and in a process of its own.
"""

import hashlib
import json
import os
import pickle
import random
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from media_gen import studio
from media_gen.generator import GENERATORS, Generator
from media_gen.rendition import MediaFile, Rendition
from media_gen.spec import MediaSpec

KINDS = sorted(GENERATORS.classes())
ROOT = Path(__file__).parents[2]
SEED, OTHER_SEED = 20, 21

SIGNATURES = {
    "application/json": (0, b"{"),
    "audio/flac": (0, b"fLaC"),
    "audio/midi": (0, b"MThd"),
    "audio/ogg": (0, b"OggS"),
    "audio/wav": (8, b"WAVE"),
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/png": (0, b"\x89PNG\r\n\x1a\n"),
    "image/webp": (8, b"WEBP"),
    "video/mp4": (4, b"ftyp"),
    "video/webm": (0, b"\x1aE\xdf\xa3"),
}
EXTENSIONS = {"midi": "mid", "jpeg": "jpg"}
FIRST_FILE = {"visual": ("image/", "video/"), "voice": ("audio/",), "music": ("audio/",)}

IN_ANOTHER_PROCESS = """
import json
from tests.conformance.test_generators import KINDS, SEED, digest, spec
from media_gen import studio
print(json.dumps({kind: digest(studio.render(spec(kind, SEED))) for kind in KINDS}))
"""


def spec(kind: str, seed: int, **params: object) -> MediaSpec:
    return MediaSpec(kind=kind, params=params, seed=seed)


def digest(rendition: Rendition) -> str:
    """One digest of all that a rendition holds."""
    files = [(file.role, file.name, file.media_type, file.sha256) for file in rendition.files]
    return hashlib.sha256(json.dumps([files, rendition.annotations]).encode()).hexdigest()


@dataclass(frozen=True)
class Watched:
    """A rendition, and the global random states before and after it was made."""

    rendition: Rendition
    before: str
    after: str


def global_random_state() -> str:
    return repr((random.getstate(), np.random.get_state(legacy=False)))  # noqa: NPY002 - it is what must not change


@cache
def rendered(kind: str, seed: int = SEED) -> Watched:
    before = global_random_state()
    rendition = studio.render(spec(kind, seed))
    return Watched(rendition, before, global_random_state())


@cache
def digests_of_another_process() -> dict[str, str]:
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    digests: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return digests


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def generator(kind: str) -> type[Generator]:
    return GENERATORS.named(kind)


@pytest.fixture
def rendition(kind: str) -> Rendition:
    return rendered(kind).rendition


def test_each_medium_has_a_generator() -> None:
    assert {cls.medium for cls in GENERATORS.classes().values()} == set(FIRST_FILE)


def test_same_spec_same_bytes_in_another_process(kind: str, rendition: Rendition) -> None:
    assert digests_of_another_process()[kind] == digest(rendition)


def test_other_seed_other_bytes(kind: str, rendition: Rendition) -> None:
    other = rendered(kind, OTHER_SEED).rendition
    assert other.files[0].data != rendition.files[0].data
    assert other.annotations != rendition.annotations


def test_global_random_state_is_left_alone(kind: str) -> None:
    watched = rendered(kind)
    assert watched.after == watched.before


def test_annotations_are_plain_finite_json(rendition: Rendition) -> None:
    """Written and read again they are the same: no tuples, no NumPy numbers, no keys that are not text."""
    assert rendition.annotations
    text = json.dumps(rendition.annotations, allow_nan=False)
    assert json.loads(text) == rendition.annotations


def test_files_have_names_and_roles_of_their_own(rendition: Rendition) -> None:
    for distinct in ([file.name for file in rendition.files], [file.role for file in rendition.files]):
        assert len(set(distinct)) == len(distinct)
    for file in rendition.files:
        assert file.name == Path(file.name).name, f"{file.name} must be a file name without a folder"
        assert rendition.file(file.role) is file


def test_files_are_what_they_say(rendition: Rendition) -> None:
    for file in rendition.files:
        group, _, short = file.media_type.partition("/")
        if group == "text":
            assert file.data.decode("utf-8").strip()
        else:
            assert has_signature(file), f"{file.name} does not begin like {file.media_type}"
            assert file.name.endswith(f".{EXTENSIONS.get(short, short)}")


def has_signature(file: MediaFile) -> bool:
    assert file.media_type in SIGNATURES, f"say in SIGNATURES how {file.media_type} begins"
    at, signature = SIGNATURES[file.media_type]
    return file.data[at : at + len(signature)] == signature


def test_first_file_is_of_the_medium(generator: type[Generator], rendition: Rendition) -> None:
    assert rendition.files[0].media_type.startswith(FIRST_FILE[generator.medium])


def test_class_names_its_kind_and_version(kind: str, generator: type[Generator]) -> None:
    assert get_args(generator.model_fields["kind"].annotation) == (kind,)
    assert isinstance(generator.version, str)
    assert generator.version
    assert generator.__doc__ != Generator.__doc__


def test_every_field_is_documented(generator: type[Generator]) -> None:
    undocumented = [
        name for name, field in generator.model_fields.items() if name != "kind" and not field.description
    ]
    assert not undocumented
    properties = generator.model_json_schema()["properties"]
    assert set(properties) == set(generator.model_fields)


def test_unknown_parameter_is_refused_by_name(kind: str) -> None:
    with pytest.raises(ValidationError, match="no_such_parameter"):
        studio.generator_for(spec(kind, SEED, no_such_parameter=1))


def test_each_parameter_is_part_of_the_asset_id(kind: str, generator: type[Generator]) -> None:
    names = [name for name in generator.model_fields if name != "kind"]
    specs = [spec(kind, SEED), spec(kind, OTHER_SEED)]
    specs += [spec(kind, SEED, **{name: value}) for name in names for value in (1, 2)]
    assert len({studio.asset_id(one) for one in specs}) == len(specs)
    assert spec(kind, SEED).fingerprint(f"{generator.version}+") != studio.asset_id(spec(kind, SEED))


def test_parameters_are_frozen(kind: str) -> None:
    parameters = studio.generator_for(spec(kind, SEED))
    for name in type(parameters).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(parameters, name, getattr(parameters, name))


def test_parameters_survive_pickle_and_json(kind: str, generator: type[Generator]) -> None:
    """They travel to the processes of a pool, and in events."""
    parameters = studio.generator_for(spec(kind, SEED))
    assert pickle.loads(pickle.dumps(parameters)) == parameters
    assert generator.model_validate_json(parameters.model_dump_json()) == parameters
