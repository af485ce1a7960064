"""Taking: a graph of objects written down as trees of plain data and a list of arrays."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.holding import held, is_given, name_of
from sim.events import RecordKind

__all__ = ["GIVEN", "Snapshot", "taken_from"]

GIVEN = {"given": True}
"""Stands for what a new world has by itself."""
_MANY = 32
_LARGEST = 2**63


@dataclass
class Snapshot:
    """What objects hold, each once: ``objects`` are (class, trees by attribute) in the order in which they were met.

    A tree is plain JSON. None, truth values, words, and numbers stand for themselves; anything else is a mapping with
    one key, its sort. Arrays and objects are named by their number, so that what was one stays one.
    """

    roots: dict[str, Any] = field(default_factory=dict)
    objects: list[list[Any]] = field(default_factory=list)
    arrays: list[NDArray[Any]] = field(default_factory=list)


def taken_from(roots: Mapping[str, object], *, apart: Collection[object] = ()) -> Snapshot:
    """What the roots hold and all that can be reached from them, but for what is ``apart``.

    CheckpointError names the place of anything that cannot be written down.

    >>> from sim.calendar import Calendar
    >>> calendar = Calendar(span=10)
    >>> calendar.put({"at": np.array([25]), "who": np.array([1])})
    >>> snapshot = taken_from({"calendar": calendar})
    >>> snapshot.objects[0][0], len(snapshot.arrays)
    ('sim.calendar.Calendar', 2)
    """
    taking = _Taking(apart)
    for name, root in roots.items():
        taking.snapshot.roots[name] = taking.tree(root, name)
    return taking.snapshot


class _Taking:
    def __init__(self, apart: Collection[object]) -> None:
        self.snapshot = Snapshot()
        self._apart = {id(thing) for thing in apart}
        self._objects: dict[int, int] = {}
        self._arrays: dict[int, int] = {}

    def tree(self, value: Any, path: str) -> Any:
        if value is None or type(value) in (bool, str):
            return value
        if type(value) in (int, float):
            return _number(value)
        if id(value) in self._apart or is_given(value):
            return GIVEN
        if isinstance(value, np.ndarray):
            return {"array": self._array(value, path)}
        if isinstance(value, np.generic):
            return {"scalar": self._array(np.asarray(value), path)}
        if isinstance(value, RecordKind):
            return {"kind": [value.topic, value.name]}
        if isinstance(value, np.random.Generator):
            return {"generator": self.tree(value.bit_generator.state, path)}
        return self._container(value, path)

    def _container(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return self._dict(value, path)
        for sort, cls in (("list", list), ("tuple", tuple), ("deque", deque)):
            if type(value) is cls:
                return {sort: [self.tree(one, f"{path}[{place}]") for place, one in enumerate(value)]}
        if type(value) in (set, frozenset):
            # Nothing that is the same in every run depends on the order of a set.
            members = [self.tree(one, path) for one in sorted(value)]
            return {type(value).__name__: members}
        if type(value) is bytes:
            return {"bytes": value.hex()}
        return {"object": self._object(value, path)}

    def _dict(self, value: dict[Any, Any], path: str) -> Any:
        if len(value) >= _MANY and all(type(n) is int for pair in value.items() for n in pair):
            columns = (np.array(list(part), dtype=np.int64) for part in (value.keys(), value.values()))
            return {"numbers": [self._array(column, path) for column in columns]}
        return {"dict": [[self.tree(k, path), self.tree(v, f"{path}[{k!r}]")] for k, v in value.items()]}

    def _array(self, array: NDArray[Any], path: str) -> int:
        if type(array) is not np.ndarray or array.dtype.kind not in "biufcSUmMO":
            raise CheckpointError(
                f"{path} is a {name_of(array)} of {array.dtype}: use plain arrays of numbers, words or objects"
            )
        if id(array) not in self._arrays:
            self._arrays[id(array)] = len(self.snapshot.arrays)
            self.snapshot.arrays.append(array)
        return self._arrays[id(array)]

    def _object(self, thing: object, path: str) -> int:
        if id(thing) in self._objects:
            return self._objects[id(thing)]
        if not hasattr(thing, "__dict__") and not any("__slots__" in vars(c) for c in type(thing).__mro__):
            raise CheckpointError(
                f"{path} is a {name_of(thing)}, which no checkpoint can hold; keep it out by an attribute "
                f"'checkpointed' of its owner, which names all that changes"
            )
        number = self._objects[id(thing)] = len(self.snapshot.objects)
        if prepare := getattr(thing, "before_checkpoint", None):
            prepare()
        holds: dict[str, Any] = {}
        self.snapshot.objects.append([name_of(thing), holds])
        for name, value in held(thing):
            holds[name] = self.tree(value, f"{path}.{name}")
        return number


def _number(value: float) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else {"float": repr(value)}
    return value if -_LARGEST <= value < _LARGEST else {"int": str(value)}
