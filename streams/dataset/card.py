"""Data cards: what people should know before they use a data set (Gebru et al. 2021; Mitchell et al. 2019)."""

from importlib.metadata import version

import polars as pl

from sim.adversaries.corpus import CorpusPlan
from sim.adversaries.library import BENIGN
from sim.adversaries.policy import POLICIES
from streams.dataset.croissant import FIELDS

__all__ = ["card"]


def card(texts: pl.DataFrame, *, seed: int, plan: CorpusPlan) -> str:
    """The card of a moderation data set, in Markdown with the front matter that model hubs read."""
    return "\n".join(
        [
            *_front(plan),
            "# Moderation texts, synthetic and safe",
            "",
            f"{len(texts):,} texts by Greenroom {version('greenroom')}, seed {seed}: "
            f"{_share(texts, pl.col('violating'))} violate a policy, "
            f"{_share(texts, ~pl.col('violating') & (pl.col('policy') != BENIGN))} are hard negatives, "
            f"{_share(texts, pl.col('policy') == BENIGN)} are benign talk. The same version, seed and options give the "
            "same bytes.",
            "",
            *_SECTIONS,
            "## Policies",
            "",
            *_policies(texts),
            "",
            "## Columns",
            "",
            "| column | meaning |",
            "|---|---|",
            *(f"| `{name}` | {about} |" for name, (_, about) in FIELDS.items()),
            "",
            "## Lengths",
            "",
            _lengths(texts),
            "",
        ]
    )


_SECTIONS = (
    "## What it is for",
    "",
    "Functional and robustness tests of text classifiers, and training of filters on proxies: clean and disguised "
    "violations by policy and function, false positives on minimal pairs, on disguised benign texts and by dialect.",
    "",
    "## What it is not for",
    "",
    "It is no sample of what people write: templates are few, words are invented (T1) or mild (T2), and the shares of "
    "policies are chosen. A good score here is needed, not enough. Do not train a product on it alone.",
    "",
    "## Safety",
    "",
    "No text was written by or about a real person. Groups, orders, products, countries and insults come from a "
    "grammar of syllables, and none is a dictionary word or within two edits of a list of slurs. Links end in reserved "
    "domains, numbers and addresses belong to nobody, wallets and cards have wrong checksums. There are no "
    "instructions for harm, and nothing about child safety.",
    "",
    "## Splits",
    "",
    "By unit: a violating text, its twin and the benign text of its length stay together, as do all copies of a "
    "campaign. Templates and invented words occur in all splits.",
    "",
)


def _front(plan: CorpusPlan) -> list[str]:
    return [
        "---",
        "license: apache-2.0",
        f"language: [{', '.join(plan.languages)}]",
        "task_categories: [text-classification]",
        "tags: [synthetic, content-moderation, adversarial]",
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(f"  - {{split: {split}, path: {split}.parquet}}" for split in ("train", "validation", "test")),
        "---",
        "",
    ]


def _policies(texts: pl.DataFrame) -> list[str]:
    names = POLICIES.classes()
    lines = [
        "| policy | violating | hard negatives | disguised | DSA | OpenAI | AILuminate |",
        "|---|---|---|---|---|---|---|",
    ]
    for policy in sorted(set(texts["policy"])):
        part = texts.filter(pl.col("policy") == policy)
        bad = part.filter("violating").height
        hidden = part.filter(pl.col("operators").list.len() > 0).height
        others = (
            " |  | "
            if policy == BENIGN
            else f"{names[policy].dsa} | {names[policy].openai} | {names[policy].ailuminate}"
        )
        hard = 0 if policy == BENIGN else part.height - bad
        lines.append(f"| {policy} | {bad:,} | {hard:,} | {hidden:,} | {others} |")
    return lines


def _lengths(texts: pl.DataFrame) -> str:
    by = (
        texts.group_by("violating")
        .agg(pl.col("text").str.len_chars().median().alias("median"))
        .sort("violating")
    )
    told = {row["violating"]: row["median"] for row in by.to_dicts()}
    return (
        f"Median characters: {told.get(True, 0):.0f} of violating texts, {told.get(False, 0):.0f} of the others; "
        "benign talk is as long as the violating text of its unit, so that length tells little."
    )


def _share(texts: pl.DataFrame, of: pl.Expr) -> str:
    return f"{100 * texts.filter(of).height / max(1, len(texts)):.1f} %"
