"""The target sets that ship, by the name of the profile that is held to them."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.calibration.target import TargetSet
from sim.names import UnknownNameError

__all__ = ["TargetsError", "profiles", "target_set"]

_PACKAGE = "sim.calibration.targets"


class TargetsError(ValueError):
    """A file of targets that cannot be used, and why."""


def profiles() -> tuple[str, ...]:
    """Names of the shipped profiles that have published targets."""
    folder = files(_PACKAGE)
    return tuple(sorted(e.name.removesuffix(".yaml") for e in folder.iterdir() if e.name.endswith(".yaml")))


def target_set(name: str) -> TargetSet:
    """The targets of a shipped profile, or those of a YAML file.

    >>> len(target_set("film").targets) > 3
    True
    """
    file, text = _source(name)
    try:
        return TargetSet.model_validate(YAML(typ="safe", pure=True).load(text))
    except YAMLError as error:
        raise TargetsError(f"{file}: not YAML: {error}") from error
    except ValidationError as error:
        raise TargetsError(
            "\n".join(_told(file, found) for found in error.errors(include_url=False))
        ) from error


def _source(name: str) -> tuple[str, str]:
    if name in profiles():
        return f"{name}.yaml", files(_PACKAGE).joinpath(f"{name}.yaml").read_text("utf-8")
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        raise UnknownNameError("target set", name, [*profiles(), "FILE.yaml"])
    try:
        return name, path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TargetsError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _told(file: str, error: Any) -> str:
    place = ".".join(map(str, error["loc"])) or "the file"
    return f"{file}: {place}: {str(error['msg']).removeprefix('Value error, ')}"
