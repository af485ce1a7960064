"""Media rules: which events ask the studio for a picture, a voice or a song, and how often."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from sim.events import kind_named
from sim.names import UnknownNameError
from sim.seeds import digest64

__all__ = ["FIELDS", "MediaDesk", "MediaRule"]

FIELDS = {
    "catalog": ("genre", "language", "title"),
    "content": ("in_image", "language", "marker", "text", "title"),
}
"""What a parameter may take from an event, by topic."""


class MediaRule(BaseModel):
    """One sort of event that carries a media spec.

    A parameter written ``$field`` is taken from the event (``$title``, ``$genre``, ``$language``, ``$text``); for
    uploads also ``$in_image`` (what of the text stands in the picture) and ``$marker`` (the code that the content
    carries; see :mod:`sim.adversaries.signals`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    topic: Literal["catalog", "content"]
    """Topic of the event."""
    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of event."""
    generator: str
    """Generator that the studio uses."""
    sample: float = Field(default=1.0, ge=0, le=1)
    """Part of these events that carry the spec."""
    medium: Literal["image", "clip", "voice_note", "song"] | None = None
    """Of uploads, those that are this; by default all."""
    params: dict[str, JsonValue] = Field(default_factory=dict)
    """Parameters of the generator."""

    @model_validator(mode="after")
    def _known(self) -> "MediaRule":
        for kind in self.kinds:
            kind_named(self.topic, kind)
        for value in self.params.values():
            _field_named(value, FIELDS[self.topic])
        return self


class MediaDesk:
    """Writes the media specs of an event by the scenario's rules; the same event always gets the same specs."""

    def __init__(self, rules: Sequence[MediaRule], seed: int) -> None:
        self._seed = seed
        self._rules: dict[tuple[str, str], list[tuple[int, MediaRule]]] = {}
        for number, rule in enumerate(rules):
            for kind in rule.kinds:
                self._rules.setdefault((rule.topic, kind), []).append((number, rule))

    def wants(self, topic: str, kind: str) -> bool:
        """True if any rule is about this kind of event."""
        return (topic, kind) in self._rules

    def specs(
        self, topic: str, kind: str, event: Mapping[str, Any], *path: object, medium: str | None = None
    ) -> list[dict[str, Any]] | None:
        """Specs for an event at a position (its item, or its author and time), or None."""
        rules = self._rules.get((topic, kind))
        if not rules:
            return None
        specs = []
        for number, rule in rules:
            if rule.medium not in (None, medium):
                continue
            drawn = digest64("media", self._seed, number, *path)
            if drawn / 2**64 < rule.sample:
                params = {name: _resolved(value, event) for name, value in rule.params.items()}
                specs.append({"kind": rule.generator, "params": params, "seed": drawn >> 1})
        return specs or None


def _resolved(value: JsonValue, event: Mapping[str, Any]) -> Any:
    name = _field_named(value, event)
    return value if name is None else event[name]


def _field_named(value: JsonValue, known: Iterable[str]) -> str | None:
    if not (isinstance(value, str) and value.startswith("$")):
        return None
    if value[1:] not in known:
        raise UnknownNameError("field of the event", value, [f"${name}" for name in known])
    return value[1:]
