"""Media rules: which events ask the studio for a picture, a voice or a song, and how often."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from sim.seeds import digest64

__all__ = ["MediaDesk", "MediaRule"]


class MediaRule(BaseModel):
    """One sort of event that carries a media spec.

    A parameter written ``$field`` is taken from the event (``$title``, ``$genre``, ``$language``, ``$text``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    topic: Literal["catalog", "content"]
    """Topic of the event."""
    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of event."""
    generator: str
    """Generator that the studio uses."""
    sample: float = Field(default=1.0, ge=0, le=1)
    """Part of these events that carry the spec."""
    params: dict[str, JsonValue] = Field(default_factory=dict)
    """Parameters of the generator."""


class MediaDesk:
    """Writes the media specs of an event by the scenario's rules; the same event always gets the same specs."""

    def __init__(self, rules: Sequence[MediaRule], seed: int) -> None:
        self._seed = seed
        self._rules: dict[tuple[str, str], list[tuple[int, MediaRule]]] = {}
        for number, rule in enumerate(rules):
            for kind in rule.kinds:
                self._rules.setdefault((rule.topic, kind), []).append((number, rule))

    def specs(self, topic: str, kind: str, event: Mapping[str, Any], *path: object) -> list[dict[str, Any]] | None:
        """Specs for an event at a position (its item, or its author and time), or None."""
        rules = self._rules.get((topic, kind))
        if not rules:
            return None
        specs = []
        for number, rule in rules:
            drawn = digest64("media", self._seed, number, *path)
            if drawn / 2**64 < rule.sample:
                params = {name: _resolved(value, event) for name, value in rule.params.items()}
                specs.append({"kind": rule.generator, "params": params, "seed": drawn >> 1})
        return specs or None


def _resolved(value: JsonValue, event: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        name = value[1:]
        if name not in event:
            raise ValueError(f"media parameter {value!r} names no field of the event; it has: {', '.join(sorted(event))}")
        return event[name]
    return value
