"""Croissant descriptions: what machines read about a data set (MLCommons Croissant 1.0)."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

__all__ = ["FIELDS", "description"]

FIELDS: dict[str, tuple[str, str]] = {
    "id": ("sc:Text", "Identifier of the text."),
    "text": ("sc:Text", "What is written."),
    "in_image": (
        "sc:Text",
        "Words that stand in a picture instead; empty unless an operator splits the text.",
    ),
    "policy": ("sc:Text", "Policy that it violates or is a hard negative of; 'none' for benign talk."),
    "violating": ("sc:Boolean", "Whether it violates the policy."),
    "function": ("sc:Text", "What the text does: its functional test."),
    "pair": ("sc:Text", "Shared by the two texts of a minimal pair; empty for others."),
    "operators": ("sc:Text", "The disguise: kinds of operators, in order; none for clean texts."),
    "strengths": ("sc:Float", "Strength of each operator, from 0 to 1."),
    "tier": ("sc:Text", "How real the proxy is: T0 test string, T1 invented words, T2 mild everyday words."),
    "dialect": ("sc:Text", "Invented dialect it is written in; empty for none."),
    "language": ("sc:Text", "Language, BCP 47."),
    "campaign": ("sc:Text", "Shared by the copies of one text; empty for others."),
    "dsa": ("sc:Text", "Statement category of the EU's DSA Transparency Database."),
    "openai": ("sc:Text", "Category of the OpenAI moderation endpoint; empty where it has none."),
    "ailuminate": ("sc:Text", "Hazard of MLCommons AILuminate; empty where it has none."),
    "split": ("sc:Text", "train, validation or test; pairs and campaigns stay together."),
}
"""Columns of the moderation data set: Croissant type and meaning."""

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prescribes."""


def description(hashes: Mapping[str, str], *, seed: int) -> dict[str, Any]:
    """The description of a moderation data set, given the SHA-256 of each split's file."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "greenroom_moderation",
        "description": "Synthetic, safe texts for tests of content moderation: violations in invented words, minimal "
        "pairs of hard negatives, benign talk, graded disguises, invented dialects. Nothing in it happened.",
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "url": "https://example.invalid/greenroom_moderation",
        "version": f"{version('greenroom')}+seed.{seed}",
        "datePublished": "2026-01-01",
        "citeAs": f"Greenroom moderation data set, seed {seed}, Greenroom {version('greenroom')}",
        "creator": {"@type": "sc:Organization", "name": "Greenroom"},
        "keywords": ["content moderation", "synthetic data", "adversarial robustness", "minimal pairs"],
        "isLiveDataset": False,
        "distribution": [_file(split, sha256) for split, sha256 in hashes.items()],
        "recordSet": [_records(split) for split in hashes],
    }


def _file(split: str, sha256: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{split}-file",
        "name": f"{split}-file",
        "description": f"The {split} split.",
        "contentUrl": f"{split}.parquet",
        "encodingFormat": "application/x-parquet",
        "sha256": sha256,
    }


def _records(split: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": f"Texts of the {split} split.",
        "key": {"@id": f"{split}/id"},
        "field": [_field(split, name, kind, about) for name, (kind, about) in FIELDS.items()],
    }


def _field(split: str, name: str, kind: str, about: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{split}/{name}",
        "name": name,
        "description": about,
        "dataType": kind,
        **({"repeated": True} if name in ("operators", "strengths") else {}),
        "source": {"fileObject": {"@id": f"{split}-file"}, "extract": {"column": name}},
    }
