"""Read-outs of a log in words and columns, for the screen."""

from collections.abc import Mapping
from typing import Any

__all__ = ["written_contrast", "written_estimates"]

_DESIGNS = {
    "one_policy": "one policy",
    "ab_test": "an A/B test: every viewer has one policy",
    "interleaving": "interleaving: two policies share every slate",
    "turns": (
        "policies that take turns before the same viewers: times and viewers differ too, so that what is between them "
        "is not their doing alone"
    ),
}
_LABELS = {
    "picks_per_slate": "picks a slate",
    "ctr": "picks an impression",
    "watch_seconds_per_slate": "seconds a slate",
    "watch_seconds_per_viewer": "seconds a viewer",
    "sessions_per_viewer": "sessions a viewer",
}
# The weights of a target that shows what the log shows too have mean 1; fewer slates than this say little.
_SUPPORTED = (0.8, 1.25)
_FEW = 100


def written_estimates(told: Mapping[str, Any]) -> str:
    """What another recommender would have earned, and a warning where the log cannot tell."""
    rows = {"as logged": told["logged"], **told["estimates"]}
    lines = [
        f"{told['slates']:,} slates of {told['viewers']:,} viewers, served by {', '.join(told['served_by'])}; "
        f"{told['reward']} a slate under {told['judged']}:",
        *(f"  {name:16}{_interval(row)}" for name, row in rows.items()),
        f"mean weight {told['mean_weight']:.3f} (1 if the log shows all that {told['judged']} would), "
        f"effective slates {told['effective_slates']:,.0f}",
    ]
    low, high = _SUPPORTED
    if not low <= told["mean_weight"] <= high or told["effective_slates"] < _FEW:
        lines.append(
            f"This log shows too little of what {told['judged']} would show: do not rely on these intervals. Log under "
            "a policy that explores more, or run an A/B test."
        )
    return "\n".join(lines)


def written_contrast(told: Mapping[str, Any]) -> str:
    """What each policy of a log earned, and what the log's design allows to conclude."""
    design = _DESIGNS[told["design"]]
    lines = [f"{told['slates']:,} slates of {told['viewers']:,} viewers; {design}"]
    for name, row in told["policies"].items():
        lines.append(f"{name}: {row['viewers']:,} viewers, {row['slates']:,} slates, {row['picks']:,} picks")
        # Where slates are shared, what a viewer or slate is worth is not one policy's.
        metrics = ("ctr",) if told["design"] == "interleaving" else _LABELS
        lines += [f"  {_LABELS[metric]:20}{_interval(row[metric])}" for metric in metrics]
    for name, lifts in told.get("lift", {}).items():
        lines.append(f"{name} over {told['control']}:")
        lines += [f"  {_LABELS[metric]:20}{_lift(found)}" for metric, found in lifts.items()]
    if "preference" in told:
        lines.append(_preference(told["preference"]))
    return "\n".join(lines)


def _interval(row: Mapping[str, Any]) -> str:
    if row["low"] is None:
        return f"{row['value']:12,.4f}"
    return f"{row['value']:12,.4f}  [{row['low']:,.4f}, {row['high']:,.4f}]"


def _lift(found: Mapping[str, Any]) -> str:
    if found["relative"] is None:
        return f"{found['difference']['value']:+12,.4f}  p {found['p_value']:.2g}"
    value, low, high = (found["relative"][part] for part in ("value", "low", "high"))
    return f"{value:+12.1%}  [{low:+.1%}, {high:+.1%}]  p {found['p_value']:.2g}"


def _preference(found: Mapping[str, Any]) -> str:
    said = "nobody can say which is preferred"
    if found["low"] > 0 or found["high"] < 0:
        said = f"{found['for'] if found['low'] > 0 else found['over']} is preferred"
    return (
        f"preference for {found['for']} over {found['over']}: {found['value']:+.2%} "
        f"[{found['low']:+.2%}, {found['high']:+.2%}] of {found['viewers']:,} viewers who picked; {said}"
    )
