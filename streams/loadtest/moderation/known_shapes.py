"""The shapes by name, or from a mapping file."""

from collections.abc import Callable
from pathlib import Path

from sim.names import near_miss
from streams.exits import UsageError
from streams.loadtest.moderation.shape import Shape
from streams.loadtest.moderation.shapes.azure import Azure
from streams.loadtest.moderation.shapes.mapped import Mapped
from streams.loadtest.moderation.shapes.openai import OpenAI
from streams.loadtest.moderation.shapes.perspective import Perspective
from streams.loadtest.moderation.shapes.plain import Plain

__all__ = ["SHAPES", "shape_named"]

SHAPES: dict[str, Callable[[], Shape]] = {
    "openai": OpenAI,
    "perspective": Perspective,
    "azure": Azure,
    "json": Plain,
}


def shape_named(name: str) -> Shape:
    """The shape of this name, or of the mapping file at this path.

    >>> type(shape_named("openai")).__name__
    'OpenAI'
    """
    if name in SHAPES:
        return SHAPES[name]()
    if (file := Path(name)).suffix in (".yaml", ".yml") or file.exists():
        return Mapped.of(file)
    meant = near_miss(name, SHAPES)
    raise UsageError(
        f"--shape {name!r} is neither one of {', '.join(sorted(SHAPES))} nor a mapping file (.yaml)."
        + (f" Did you mean {meant!r}?" if meant else "")
    )
