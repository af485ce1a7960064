"""The gallery: the latest assets, each with as much of its ground truth as a page can show."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import orjson

__all__ = ["Gallery"]

_KEPT = 8
_MOST_TEXT = 280
_MOST_PARTS = 160


class Gallery:
    """The newest assets of each medium, from the topic ``assets``; older ones are let go.

    >>> gallery = Gallery()
    >>> gallery.take(b'{"asset_id": "c0ffee", "medium": "visual", "generator": "key_art", "files": []}')
    >>> [asset["id"] for asset in gallery.as_json()["assets"]]
    ['c0ffee']
    """

    def __init__(self) -> None:
        self._latest: dict[str, OrderedDict[str, dict[str, Any]]] = {}

    def take(self, value: bytes) -> None:
        """Take an asset record; what is none is passed over, since the enricher alone writes that topic."""
        try:
            told = _told(orjson.loads(value))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError):
            return
        latest = self._latest.setdefault(told["medium"], OrderedDict())
        latest.pop(told["id"], None)
        latest[told["id"]] = told
        while len(latest) > _KEPT:
            latest.popitem(last=False)

    def as_json(self) -> dict[str, Any]:
        """The assets, by medium, the newest first."""
        return {
            "assets": [asset for latest in self._latest.values() for asset in reversed(list(latest.values()))]
        }


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    truth = record.get("annotations") or {}
    return {
        "id": str(record["asset_id"]),
        "medium": str(record["medium"]),
        "generator": str(record["generator"]),
        "occurred_at": record.get("occurred_at"),
        "files": {str(file["role"]): str(file["name"]) for file in record["files"]},
        "truth": _TRUTH.get(str(record["medium"]), _nothing)(truth),
        "complete": record.get("annotations") is not None,
    }


def _nothing(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _of_picture(truth: Mapping[str, Any]) -> dict[str, Any]:
    camera = truth.get("camera") or {}
    return {
        "title": _text((truth.get("title") or {}).get("text")),
        "genre": _text(truth.get("genre")),
        "width": camera.get("width"),
        "height": camera.get("height"),
        "objects": [
            {"id": thing["id"], "label": _text(thing["label"]), "bbox": thing.get("bbox")}
            for thing in (truth.get("objects") or [])[:_MOST_PARTS]
        ],
    }


def _of_voice(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _text(truth.get("text")),
        "language": _text(truth.get("language")),
        "duration": truth.get("duration"),
        "words": [
            {
                "text": _text(word["text"]),
                "start": word["start"],
                "end": word["end"],
                "phones": " ".join(map(str, word.get("phones") or [])),
            }
            for word in (truth.get("words") or [])[:_MOST_PARTS]
        ],
    }


def _of_music(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _text(truth.get("title")),
        "genre": _text(truth.get("genre")),
        "key": _text(truth.get("key")),
        "tempo": truth.get("tempo"),
        "duration": truth.get("duration"),
        "chords": [
            {
                "label": _text(chord["label"]),
                "start": chord["time"],
                "end": chord["time"] + chord["duration"],
                "roman": _text(chord.get("roman")),
            }
            for chord in (truth.get("chords") or [])[:_MOST_PARTS]
        ],
        "sections": [
            {"label": _text(section["label"]), "start": section["time"]}
            for section in (truth.get("sections") or [])[:_MOST_PARTS]
        ],
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_MOST_TEXT]


_TRUTH = {"visual": _of_picture, "voice": _of_voice, "music": _of_music}
