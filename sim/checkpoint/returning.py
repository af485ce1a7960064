"""Returning: what a snapshot holds put back into a graph of objects that was made anew."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.holding import held, holds_a, name_of, put
from sim.checkpoint.taking import GIVEN, Snapshot
from sim.events import kind_named

__all__ = ["returned_to"]

_NOTHING: Any = object()


def returned_to(roots: Mapping[str, object], snapshot: Snapshot) -> None:
    """Give every object below the roots what its counterpart in the snapshot held; arrays are handed over, not copied.

    No object is ever made, so that a snapshot can name no class into being: what held something must be there again.
    CheckpointError names the place where it is not.
    """
    if roots.keys() != snapshot.roots.keys():
        raise CheckpointError(f"a snapshot of {sorted(snapshot.roots)}, not of {sorted(roots)}")
    returning = _Returning(snapshot)
    try:
        for name, root in roots.items():
            returning.value(snapshot.roots[name], root, name)
    except CheckpointError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as wrong:
        raise CheckpointError(f"what the checkpoint holds makes no sense: {wrong}") from wrong


class _Returning:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._found: dict[int, object] = {}

    def value(self, tree: Any, here: Any, path: str) -> Any:
        """The value of a tree; ``here`` is what stands in its place, and is written to where it can be."""
        if not isinstance(tree, dict):
            return tree
        if tree == GIVEN:
            return self._given(here, path)
        ((sort, inside),) = tree.items()
        simple = _SIMPLE.get(sort)
        if simple:
            return simple(inside)
        if sort == "array":
            return self._snapshot.arrays[inside]
        if sort == "scalar":
            return self._snapshot.arrays[inside][()]
        if sort == "object":
            return self._object(inside, here, path)
        if sort == "generator":
            return self._generator(inside, here, path)
        return self._container(sort, inside, here, path)

    def _container(self, sort: str, inside: list[Any], here: Any, path: str) -> Any:
        if sort in ("dict", "numbers"):
            return self._dict(sort, inside, here, path)
        there = list(here) if isinstance(here, (list, tuple, deque)) else []
        there += [_NOTHING] * (len(inside) - len(there))
        values = [
            self.value(tree, old, f"{path}[{place}]")
            for place, (tree, old) in enumerate(zip(inside, there, strict=False))
        ]
        if sort == "tuple":
            return tuple(values)
        if sort in ("set", "frozenset"):
            return set(values) if sort == "set" else frozenset(values)
        if sort not in ("list", "deque"):
            raise CheckpointError(f"{path} is a {sort!r} in the checkpoint, which nobody knows")
        # Whoever else has this list shall see the same.
        kept = here if isinstance(here, (list, deque)) else [] if sort == "list" else deque()
        kept.clear()
        kept.extend(values)
        return kept

    def _dict(self, sort: str, inside: list[Any], here: Any, path: str) -> dict[Any, Any]:
        kept: dict[Any, Any] = here if isinstance(here, dict) else {}
        if sort == "numbers":
            keys, numbers = (self._snapshot.arrays[part].tolist() for part in inside)
            values = dict(zip(keys, numbers, strict=True))
        else:
            values = {}
            for its_key, tree in inside:
                key = self.value(its_key, _NOTHING, path)
                values[key] = self.value(tree, kept.get(key, _NOTHING), f"{path}[{key!r}]")
        kept.clear()
        kept.update(values)
        return kept

    def _object(self, number: int, here: Any, path: str) -> object:
        if number in self._found:
            return self._found[number]
        name, holds = self._snapshot.objects[number]
        if here is _NOTHING or name_of(here) != name:
            stands = "nothing" if here is _NOTHING else f"a {name_of(here)}"
            raise CheckpointError(
                f"{path} was a {name}, and a world that begins has {stands} there; make it in the constructor, "
                "and let only its attributes change"
            )
        self._found[number] = here
        there = dict(held(here))
        for attribute, tree in holds.items():
            if tree == GIVEN:
                continue
            if not holds_a(here, attribute):
                raise CheckpointError(f"{path}.{attribute} is nothing that a {name} lets change")
            value = self.value(tree, there.get(attribute, _NOTHING), f"{path}.{attribute}")
            put(here, attribute, value)
        return here

    def _generator(self, inside: Any, here: Any, path: str) -> np.random.Generator:
        if not isinstance(here, np.random.Generator):
            raise CheckpointError(f"{path} was a random generator; make it in the constructor")
        here.bit_generator.state = self.value(inside, _NOTHING, path)
        return here

    def _given(self, here: Any, path: str) -> Any:
        if here is _NOTHING:
            raise CheckpointError(f"{path} is not in a world that begins; make it in the constructor")
        return here


_SIMPLE: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "int": int,
    "bytes": bytes.fromhex,
    "kind": lambda names: kind_named(*names),
}
