"""Whether two ticks are the same, to the byte."""

from typing import Any

import numpy as np

from sim.batch import Tick


def differences(one: Tick, other: Tick) -> list[str]:
    """Where two ticks differ; nothing, if they are the same."""
    found = [name for name in ("index", "at", "span") if getattr(one, name) != getattr(other, name)]
    if [batch.kind for batch in one.batches] != [batch.kind for batch in other.batches]:
        kinds = ([batch.kind.name for batch in tick.batches] for tick in (one, other))
        return [*found, "kinds: {} and {}".format(*kinds)]
    for a, b in zip(one.batches, other.batches, strict=True):
        pairs = _flat(vars(a)), _flat(vars(b))
        found += [f"{a.kind.name}.{name}" for name in _unequal(*pairs)]
    return found + _unequal(_flat(vars(one)), _flat(vars(other)))


def _flat(parts: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, part in parts.items():
        if isinstance(part, dict):
            flat |= _flat(part, f"{prefix}{name}.")
        elif name not in ("batches", "kind"):
            flat[prefix + name] = part
    return flat


def _unequal(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    names = [name for name in one.keys() & other.keys() if not _same(one[name], other[name])]
    return [*names, *(one.keys() ^ other.keys())]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        masks = np.ma.getmaskarray(one), np.ma.getmaskarray(other)
        return (
            bool((masks[0] == masks[1]).all())
            and np.ma.getdata(one).tolist() == np.ma.getdata(other).tolist()
        )
    return bool(one == other)
