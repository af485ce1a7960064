"""The report on a moderation service: its load, and what its verdicts are worth, for somebody who must decide."""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.loadtest.report import load_cards, load_sections, told_share, verdict
from streams.loadtest.timeline import Second
from streams.report import charts
from streams.report.page import Card, Chart, Report, Section, Table

__all__ = ["report"]

Score = Mapping[str, float | None]


def report(figures: Mapping[str, Any], seconds: Sequence[Second], broken: Sequence[str]) -> Report:
    """The page of one test, from the JSON report and the timeline."""
    sections = [
        _policies(figures),
        _functions(figures),
        _operators(figures),
        _benign(figures),
        _campaigns(figures),
        *([_race(figures["race"])] if "race" in figures else []),
        *load_sections(figures, seconds),
    ]
    return Report(
        title="Moderation load test",
        subtitle=f"{figures['target']}, {figures['judged']:,} verdicts in {figures['seconds']:,.0f} s",
        verdict=verdict(figures, broken),
        mood="bad" if broken else "good",
        cards=[*_cards(figures), *load_cards(figures)],
        sections=sections,
    )


def _told(score: Score) -> str:
    value, low, high = score["value"], score["low"], score["high"]
    if value is None or low is None or high is None:
        return "–"
    return f"{value * 100:.3g} % ({low * 100:.3g}–{high * 100:.3g})"


def _cards(figures: Mapping[str, Any]) -> list[Card]:
    recalls = [scores["recall"]["value"] for scores in figures["policies"].values()]
    known = [value for value in recalls if value is not None]
    worst = _worst_disguise(figures)
    return [
        Card(
            "Recall, mean of policies", told_share(sum(known) / len(known) if known else None), "undisguised"
        ),
        Card("False positives", told_share(figures["benign"]["fpr"]["value"]), "of plain talk"),
        Card("Worst disguise", worst[0], f"{told_share(worst[1])} of what was caught passes"),
        Card(
            "Dialect gap",
            told_share(figures["benign"]["dialect_gap"]),
            "sum of differences in false positives",
        ),
    ]


def _worst_disguise(figures: Mapping[str, Any]) -> tuple[str, float | None]:
    # By the lower end of its interval: one text out of one that passed says little.
    found = [
        (one["low"], one["value"], f"{name} at {strength}")
        for name, scores in figures["operators"].items()
        for strength, one in scores["attack_success"].items()
        if one["value"] is not None
    ]
    _, value, name = max(found, default=(None, None, "none"))
    return name, value


def _panel(scores: Mapping[str, Score]) -> dict[str, tuple[float, float, float]]:
    return {
        name: (one["value"], one["low"], one["high"])
        for name, one in scores.items()
        if one["value"] is not None and one["low"] is not None and one["high"] is not None
    }


def _policies(figures: Mapping[str, Any]) -> Section:
    policies = figures["policies"]
    panels = {
        "Recall": _panel({name: scores["recall"] for name, scores in policies.items()}),
        "False positives on hard negatives": _panel(
            {name: scores["fpr"] for name, scores in policies.items()}
        ),
    }
    rows = [
        [
            name,
            _told(scores["recall"]),
            _told(scores["precision"]),
            _told(scores["fpr"]),
            _told(scores["pair_accuracy"]),
            told_share(scores["robust_accuracy"]),
            told_share(scores["deployed_precision"]),
        ]
        for name, scores in policies.items()
    ]
    header = [
        "Policy",
        "Recall",
        "Precision",
        "False positives",
        "Pairs right",
        "Worst disguise",
        "Deployed precision",
    ]
    text = (
        "Undisguised texts, with 95 % intervals (Wilson). Half of the texts of a policy are hard negatives, which "
        "share their words with a violation and are none; a pair is right if both its texts are. Deployed "
        f"precision is what is left of the precision in traffic of which {figures['prevalence'] * 100:g} % violates."
    )
    drawing = [Chart(charts.shares(panels, x=""))] if any(panels.values()) else []
    return Section("By policy", text, [*drawing, Table(header, rows)])


def _functions(figures: Mapping[str, Any]) -> Section:
    found = [
        (one["accuracy"]["value"], policy, name, one)
        for policy, scores in figures["policies"].items()
        for name, one in scores["functions"].items()
        if one["accuracy"]["value"] is not None
    ]
    rows = [
        [
            f"{policy}: {name.replace('_', ' ')}",
            "violates" if one["violating"] else "does not",
            _told(one["accuracy"]),
        ]
        for _, policy, name, one in sorted(found, key=lambda row: row[0])[:20]
    ]
    text = (
        "The twenty functions that the service gets wrong most often, after HateCheck (Röttger et al. 2021)."
    )
    return Section("By function", text, [Table(["Function", "Truth", "Right"], rows)])


def _operators(figures: Mapping[str, Any]) -> Section:
    operators = figures["operators"]
    strengths = sorted({s for scores in operators.values() for s in scores["attack_success"]}, key=float)
    success = {
        f"at strength {s}": _panel(
            {name: scores["attack_success"].get(s, _NOTHING) for name, scores in operators.items()}
        )
        for s in strengths
    }
    rows = [
        [
            name,
            *(_told(scores["attack_success"].get(s, _NOTHING)) for s in strengths),
            _told(_last(scores["fpr"])),
        ]
        for name, scores in operators.items()
    ]
    text = (
        "Attack success: of the violations that were caught undisguised, the part that passes in the disguise. Beside "
        "it the false positives on hard negatives in the same disguise at full strength: distrust of disguises "
        "is no cure."
    )
    drawing = [Chart(charts.shares(success, x=""))] if any(success.values()) else []
    header = ["Disguise", *(f"Strength {s}" for s in strengths), "False positives"]
    return Section("By disguise", text, [*drawing, Table(header, rows)])


_NOTHING: Score = {"value": None, "low": None, "high": None}


def _last(by_strength: Mapping[str, Score]) -> Score:
    return by_strength[max(by_strength, key=float)] if by_strength else _NOTHING


def _benign(figures: Mapping[str, Any]) -> Section:
    benign, errors = figures["benign"], figures["calibration"]
    rows = [[name, _told(score)] for name, score in benign["by_dialect"].items()]
    told = [
        f"{name} {value:.3f}"
        for name, value in (
            ("on clean texts", errors["ece_clean"]),
            ("on disguised ones", errors["ece_disguised"]),
        )
        if value is not None
    ]
    text = "Plain talk in ordinary spelling and in three invented dialects, which stand for speakers of real ones."
    if told:
        text += f" Expected calibration error of the scores: {', '.join(told)}."
    return Section("Plain talk", text, [Table(["Dialect", "False positives"], rows)])


def _campaigns(figures: Mapping[str, Any]) -> Section:
    campaigns = figures["campaigns"]
    curves = {
        name.replace("_", " "): (one["time_to_detect_s"]["at"], one["time_to_detect_s"]["undetected"])
        for name, one in campaigns.items()
        if not one["organic"] and one["time_to_detect_s"]["at"]
    }
    rows = [
        [
            name.replace("_", " "),
            f"{one['posts']:,}",
            f"{one['accounts']:,}",
            _told(one["account_fpr"] if one["organic"] else one["account_recall"]),
            "–" if one["organic"] else _count(one["exposures_before_action"]),
            "–" if one["organic"] else _minutes(one["time_to_detect_s"]["median"]),
        ]
        for name, one in sorted(campaigns.items(), key=lambda pair: pair[1]["organic"])
    ]
    header = [
        "Campaign",
        "Posts",
        "Accounts",
        "Accounts flagged",
        "Posts seen before",
        "Median time to detect",
    ]
    text = (
        "An account is found with its first violating post that is flagged; times are simulated. Fandom, flash crowds "
        "and breaking news are people who happen to act alike: whoever flags their accounts is wrong."
    )
    drawing = (
        [
            Chart(
                charts.lines(
                    curves, x="simulated seconds since an account's first violating post", y="not yet found"
                ),
                "Accounts that are not yet found (Kaplan-Meier).",
            )
        ]
        if curves
        else []
    )
    rule = [
        [name.replace("_", " "), *(told_share(by_window[window]) for window in by_window)]
        for name, by_window in figures["co_sharing"].items()
    ]
    beside = Table(
        ["Same posts, by a co-share rule", "10 s", "60 s", "600 s"],
        rule,
        "Accounts that share two links with another one within the window, whatever they write.",
    )
    return Section("Campaigns", text, [*drawing, Table(header, rows), *([beside] if rule else [])])


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _minutes(seconds: float | None) -> str:
    return "never for half" if seconds is None else f"{seconds / 60:,.1f} min"


def _race(race: Mapping[str, Any]) -> Section:
    epochs = race["epochs"]
    at = [one["epoch"] for one in epochs]
    drawing = charts.lines(
        {
            "attack success": (at, [one["success"] for one in epochs]),
            "best genome": (at, [one["best"] for one in epochs]),
            "false positives, disguised": (at, [one["fpr_disguised"] for one in epochs]),
        },
        x="epoch",
        y="rate",
    )
    life = race["half_life"]
    text = "Attackers that breed what the service lets through. " + (
        "Their success did not fall to half of its peak."
        if life is None
        else f"Their success fell to half of its peak within {life} epochs."
    )
    best = max(epochs, key=lambda one: one["best"])
    return Section("Arms race", text, [Chart(drawing, f"The best genome of all: {best['genome']}.")])
