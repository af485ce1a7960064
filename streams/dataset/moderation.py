"""The moderation data set: labelled texts in train, validation and test, with a description and a card."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sim.adversaries.corpus import CorpusPlan, Labelled, corpus
from sim.adversaries.library import BENIGN
from sim.adversaries.policy import POLICIES
from sim.seeds import Stream, digest64
from streams.dataset.card import card
from streams.dataset.croissant import FIELDS, description
from streams.dataset.folder import filled_folder, sha256_of

__all__ = ["SPLITS", "WrittenSet", "split_of", "table", "write_moderation"]

SPLITS = {"train": 0.8, "validation": 0.1, "test": 0.1}
"""Part of the units (pairs with their benign texts, campaigns) that each split gets."""
_LISTS = {"operators": pl.List(pl.String), "strengths": pl.List(pl.Float64)}


@dataclass(frozen=True)
class WrittenSet:
    """What was written: rows by split, and the files."""

    out: Path
    rows: Mapping[str, int]
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same for ``--json``."""
        return {"out": str(self.out), "rows": dict(self.rows), "files": list(self.files)}


def write_moderation(out: Path, *, size: int, seed: int, plan: CorpusPlan) -> WrittenSet:
    """Write the data set; the same arguments give the same bytes."""
    texts = table(corpus(seed, size, plan), seed)
    with filled_folder(out) as folder:
        for split in SPLITS:
            part = texts.filter(pl.col("split") == split)
            part.write_parquet(folder / f"{split}.parquet", compression="zstd", statistics=False)
        hashes = {split: sha256_of(folder / f"{split}.parquet") for split in SPLITS}
        rows = {split: len(texts.filter(pl.col("split") == split)) for split in SPLITS}
        (folder / "croissant.json").write_text(
            json.dumps(description(hashes, seed=seed), indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
        (folder / "README.md").write_text(card(texts, seed=seed, plan=plan), "utf-8")
        files = tuple(sorted(path.name for path in folder.iterdir()))
    return WrittenSet(out, rows, files)


def table(texts: Iterable[Labelled], seed: int) -> pl.DataFrame:
    """Texts as a table, one row each, with the names that other taxonomies have for the policy and with its split."""
    rows = list(texts)
    columns: dict[str, Any] = dict(zip(Labelled._fields, zip(*rows, strict=True), strict=True))
    units = columns.pop("unit")
    policies = POLICIES.classes()
    chains = columns["operators"]
    columns["operators"] = [[kind for kind, _ in chain] for chain in chains]
    columns["strengths"] = [[strength for _, strength in chain] for chain in chains]
    columns["id"] = [f"m{seed}-{place:09d}" for place in range(len(rows))]
    columns["split"] = [split_of(seed, unit) for unit in units]
    for name in ("dsa", "openai", "ailuminate"):
        columns[name] = [
            "" if policy == BENIGN else getattr(policies[policy], name) for policy in columns["policy"]
        ]
    return pl.DataFrame({name: columns[name] for name in FIELDS}, schema_overrides=_LISTS)


def split_of(seed: int, unit: int) -> str:
    """The split of a unit."""
    drawn = Stream(digest64("split", seed)).at(unit).bits() * 2.0**-64
    for split, share in SPLITS.items():
        drawn -= share
        if drawn < 0:
            return split
    return next(reversed(SPLITS))
