"""Plug-ins: one file, one class, found by the name in its ``kind``."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.names import UnknownNameError

__all__ = ["Family", "OneOf", "Plugin"]


class Plugin(BaseModel):
    """A named behaviour whose fields are its parameters in the scenario file.

    A subclass gives ``kind: Literal["name"] = "name"`` and documents each field with ``Field(description=…)``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
    kind: str


PluginType = TypeVar("PluginType", bound=Plugin)


class Family(Generic[PluginType]):
    """The plug-ins of one sort: those in its package, and those that other distributions offer by entry point."""

    def __init__(self, noun: str, base: type[PluginType], package: str | tuple[str, ...]) -> None:
        self.noun, self.base = noun, base
        self.packages = (package,) if isinstance(package, str) else package

    @property
    def group(self) -> str:
        """The entry point group under which an outside plug-in of this family is offered."""
        ending = {"y": "ies", "s": "ses"}.get(self.noun[-1])
        plural = f"{self.noun[:-1]}{ending}" if ending else f"{self.noun}s"
        return f"greenroom.{plural}".replace(" ", "_")

    def classes(self) -> Mapping[str, type[PluginType]]:
        """Every known plug-in class by its kind; imports the family's modules on first use."""
        return _classes(self)

    def named(self, kind: str) -> type[PluginType]:
        """The class of one kind, or an :class:`UnknownNameError` that names the near miss."""
        try:
            return self.classes()[kind]
        except KeyError:
            raise UnknownNameError(self.noun, kind, self.classes()) from None

    def parse(self, value: Any) -> PluginType:
        """A plug-in from its parameters (a mapping with ``kind``), or the plug-in itself."""
        if isinstance(value, self.base):
            return value
        if not isinstance(value, Mapping) or "kind" not in value:
            raise ValueError(
                f"{self.noun} {value!r} must be a mapping with 'kind', one of: {', '.join(sorted(self.classes()))}"
            )
        return self.named(str(value["kind"])).model_validate(dict(value))


class OneOf:
    """Marks a field that holds a plug-in of a family: ``Annotated[Operator, OneOf(OPERATORS)]``.

    The family is asked when a value is read or a schema is written, not when the model is defined.
    """

    def __init__(self, family: Family[Any]) -> None:
        self.family = family

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(
            lambda plugin: plugin.model_dump(mode="json")
        )
        return core_schema.no_info_plain_validator_function(self.family.parse, serialization=written)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schemas = [handler(cls.__pydantic_core_schema__) for _, cls in sorted(self.family.classes().items())]
        # A docstring's first paragraph describes; what follows is for readers of the code.
        return {"oneOf": [{**one, "description": one["description"].split("\n\n")[0]} for one in schemas]}


@cache
def _classes(family: Family[PluginType]) -> Mapping[str, type[PluginType]]:
    for package in family.packages:
        root = importlib.import_module(package)
        for module in pkgutil.iter_modules(root.__path__, f"{package}."):
            importlib.import_module(module.name)
    for point in entry_points(group=family.group):
        point.load()
    found: dict[str, type[PluginType]] = {}
    for cls in _descendants(family.base):
        kind = cls.model_fields["kind"].default
        if isinstance(kind, str):
            found[kind] = cls
    return found


def _descendants(base: type[PluginType]) -> list[type[PluginType]]:
    return [cls for child in base.__subclasses__() for cls in (child, *_descendants(child))]
