"""What an object holds: which of its attributes a checkpoint keeps, and which a new world has by itself."""

from collections.abc import Iterator
from functools import cached_property, partial
from inspect import getattr_static
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from pydantic import BaseModel

__all__ = ["held", "holds_a", "is_given", "name_of", "put"]

_GIVEN = (BaseModel, FunctionType, MethodType, BuiltinFunctionType, partial, np.ufunc, type, ModuleType)


def is_given(value: object) -> bool:
    """True for what is never state: settings, functions, classes."""
    return isinstance(value, _GIVEN)


def held(thing: object) -> Iterator[tuple[str, Any]]:
    """Attributes of an object by name: those that its ``checkpointed`` names, or all but cached properties.

    ``checkpointed`` may be an attribute or a property; what it leaves out is as the constructor made it. An object may
    have a method ``before_checkpoint``, which is called before it is written down, and leaves it as good as it was.
    """
    return ((name, value) for name, value in _attributes(thing) if holds_a(thing, name))


def holds_a(thing: object, name: str) -> bool:
    """Whether an attribute of an object is state."""
    kept = getattr(thing, "checkpointed", None)
    if kept is not None:
        return name in kept
    return not name.startswith("__") and not isinstance(
        getattr_static(type(thing), name, None), cached_property
    )


def _attributes(thing: object) -> Iterator[tuple[str, Any]]:
    yield from getattr(thing, "__dict__", {}).items()
    for cls in type(thing).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(thing, name):
                yield name, getattr(thing, name)


def put(thing: object, name: str, value: object) -> None:
    """Set an attribute, of a frozen dataclass too."""
    object.__setattr__(thing, name, value)


def name_of(thing: object) -> str:
    """The name of an object's class."""
    return f"{type(thing).__module__}.{type(thing).__qualname__}"
