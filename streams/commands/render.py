"""``greenroom render``: make one asset from a media spec."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from media_gen.rendition import Rendition
from media_gen.spec import MediaSpec
from streams.exits import FailedChecksError, GreenroomError, UsageError

__all__ = ["render"]


def render(
    spec: Annotated[
        str, typer.Argument(metavar="SPEC.json", help="Media spec as a JSON file; '-' reads it from stdin.")
    ],
    out: Annotated[Path, typer.Option(help="Folder that gets the files and annotations.json.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as one JSON object.")] = False,
) -> None:
    """Make one asset, its files and its ground truth, from a media spec.

    Example: echo '{"kind": "key_art", "params": {}, "seed": 7}' | greenroom render - --out ./art
    """
    from media_gen.studio import asset_id
    from streams.enrich.failures import FailureError
    from streams.enrich.rendering import rendered

    media_spec = _read(spec)
    try:
        rendition = rendered(media_spec)
    except FailureError as error:
        wrong = error.failure.reason in ("unknown_generator", "bad_params")
        raise (UsageError if wrong else FailedChecksError)(f"{spec}: {error.failure.message}") from error
    files = _write(rendition, out)
    if as_json:
        print(json.dumps({"asset_id": asset_id(media_spec), "kind": media_spec.kind, "files": files}))
    else:
        print("\n".join(file["path"] for file in files))


def _read(name: str) -> MediaSpec:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return MediaSpec.model_validate(json.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the media spec {name}: {error}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{name}, line {error.lineno}: not JSON: {error.msg}") from error
    except ValidationError as error:
        raise UsageError(f"{name} is not a media spec: {_problems(error)}") from error


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, p['loc'])) or 'spec'}: {p['msg']}" for p in error.errors(include_url=False)
    )


def _write(rendition: Rendition, out: Path) -> list[dict[str, str]]:
    contents = [(file.role, file.name, file.data) for file in rendition.files]
    contents.append(("annotations", "annotations.json", json.dumps(rendition.annotations, indent=1).encode()))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for _, name, data in contents:
            (out / name).write_bytes(data)
    except OSError as error:
        raise GreenroomError(f"cannot write to {out}: {error}") from error
    return [{"role": role, "path": str(out / name)} for role, name, _ in contents]
