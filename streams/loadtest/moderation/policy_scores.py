"""Scores by policy: what of it is found, what else is, and what that is worth where little of it is posted."""

from typing import Any

import polars as pl

from streams.loadtest.intervals import share

__all__ = ["benign_scores", "counted", "policy_scores"]


def counted(rows: pl.DataFrame, condition: pl.Expr) -> dict[str, float | None]:
    """The share of rows that meet a condition, with its interval."""
    return share(int(rows.select(condition.sum()).item() or 0), len(rows))


def policy_scores(single: pl.DataFrame, prevalence: float) -> dict[str, Any]:
    """Scores of each policy from single texts (no campaign's).

    ``recall``, ``precision`` and ``fpr`` (hard negatives taken for violations) are those of undisguised texts; under
    ``disguised`` stand those of texts behind an operator. A pair is right if both of its texts are.
    """
    benign = benign_scores(single)["fpr"]["value"]
    return {
        policy: _scores(rows, benign, prevalence)
        for (policy,), rows in sorted(single.group_by("policy"), key=lambda group: str(group[0]))
        if policy != "none"
    }


def _scores(rows: pl.DataFrame, benign_fpr: float | None, prevalence: float) -> dict[str, Any]:
    clean, hidden = rows.filter(pl.col("operator") == ""), rows.filter(pl.col("operator") != "")
    told = _rates(clean)
    recall = told["recall"]["value"]
    return {
        "texts": len(rows),
        **told,
        "pair_accuracy": _pairs(clean),
        "robust_accuracy": _robust(hidden),
        "deployed_precision": _deployed(recall, benign_fpr, prevalence),
        "disguised": _rates(hidden),
        "functions": _functions(clean),
    }


def _rates(rows: pl.DataFrame) -> dict[str, Any]:
    violating = rows.filter(pl.col("violating"))
    harmless = rows.filter(~pl.col("violating"))
    flagged = rows.filter(pl.col("flagged"))
    return {
        "recall": counted(violating, pl.col("flagged")),
        "precision": counted(flagged, pl.col("violating")),
        "fpr": counted(harmless, pl.col("flagged")),
    }


def _pairs(clean: pl.DataFrame) -> dict[str, float | None]:
    right = clean.group_by("base").agg((pl.col("flagged") == pl.col("violating")).all(), texts=pl.len())
    return counted(right.filter(pl.col("texts") == 2), pl.col("flagged"))


def _robust(hidden: pl.DataFrame) -> float | None:
    """The accuracy under the operator that lowers it most."""
    by_operator = hidden.group_by("operator").agg((pl.col("flagged") == pl.col("violating")).mean())
    worst = by_operator["flagged"].min()
    return None if worst is None else round(float(str(worst)), 6)


def _deployed(recall: float | None, fpr: float | None, prevalence: float) -> float | None:
    """Bayes: of what is flagged in traffic with this part of violations, the part that is one."""
    if recall is None or fpr is None or recall * prevalence + fpr * (1 - prevalence) == 0:
        return None
    return round(recall * prevalence / (recall * prevalence + fpr * (1 - prevalence)), 6)


def _functions(clean: pl.DataFrame) -> dict[str, Any]:
    return {
        str(name): {
            "violating": bool(rows["violating"][0]),
            "accuracy": counted(rows, pl.col("flagged") == pl.col("violating")),
        }
        for (name,), rows in sorted(clean.group_by("function"), key=lambda group: str(group[0]))
    }


def benign_scores(single: pl.DataFrame) -> dict[str, Any]:
    """False positives on plain talk, by dialect, and how unequal they are: the sum of differences from the whole."""
    talk = single.filter(pl.col("policy") == "none")
    whole = counted(talk, pl.col("flagged"))
    by_dialect = {
        str(name) or "plain": counted(rows, pl.col("flagged"))
        for (name,), rows in sorted(talk.group_by("dialect"), key=lambda group: str(group[0]))
    }
    rate = whole["value"]
    gap = None if rate is None else round(sum(abs((d["value"] or 0) - rate) for d in by_dialect.values()), 6)
    return {"texts": len(talk), "fpr": whole, "by_dialect": by_dialect, "dialect_gap": gap}
