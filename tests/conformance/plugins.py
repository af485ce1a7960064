"""What holds for the plug-ins of every family: a new one is tested by being there."""

import ast
import doctest
import inspect
import pickle
import sys
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from sim.plugin import Family, Plugin
from sim.scenario import Scenario

SCHEMA = Scenario.model_json_schema()


class PluginSuite:
    """Inherited by each family's test class, which names its family and parameters that every plug-in has."""

    family: Family[Any]
    path: tuple[str | int, ...]
    """Where in a scenario's JSON Schema the family stands."""
    needed: ClassVar[dict[str, Any]] = {}
    """Parameters without a default."""

    @pytest.fixture
    def plugin(self, kind: str) -> Plugin:
        made: Plugin = self.family.parse({"kind": kind, **self.given(kind)})
        return made

    def given(self, kind: str) -> dict[str, Any]:
        """The needed parameters that a plug-in has."""
        fields = self.family.named(kind).model_fields
        return {name: value for name, value in self.needed.items() if name in fields}

    def one_of(self) -> list[dict[str, Any]]:
        """The schemas that a scenario allows for the family."""
        place: Any = SCHEMA
        for step in self.path:
            while "$ref" in place:
                place = SCHEMA["$defs"][place["$ref"].rsplit("/", 1)[1]]
            place = place[step]
        found: list[dict[str, Any]] = place["oneOf"]
        return found

    def test_it_is_known_by_its_kind(self, kind: str, plugin: Plugin) -> None:
        cls = self.family.named(kind)
        assert type(plugin) is cls
        assert get_args(cls.model_fields["kind"].annotation) == (kind,)
        assert plugin.kind == kind
        assert kind == kind.lower()

    def test_it_is_the_only_plugin_of_its_file(self, kind: str) -> None:
        cls = self.family.named(kind)
        module = sys.modules[cls.__module__]
        assert Path(str(module.__file__)).stem == kind
        assert [c.__name__ for c in self.family.classes().values() if c.__module__ == cls.__module__] == [
            cls.__name__
        ]
        assert cls.__name__ in module.__all__

    def test_it_cannot_be_changed(self, plugin: Plugin) -> None:
        for name in type(plugin).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(plugin, name, getattr(plugin, name))

    def test_it_survives_pickling_and_its_own_dump(self, plugin: Plugin) -> None:
        assert pickle.loads(pickle.dumps(plugin)) == plugin
        assert self.family.parse(plugin.model_dump(mode="json")) == plugin
        assert self.family.parse(plugin) is plugin

    def test_an_unknown_parameter_is_refused(self, kind: str) -> None:
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            self.family.parse({"kind": kind, **self.given(kind), "no_such_parameter": 1})

    def test_numbers_that_are_none_are_refused(self, kind: str) -> None:
        fields = self.family.named(kind).model_fields
        for name in (name for name, field in fields.items() if field.annotation is float):
            for value in (float("nan"), float("inf")):
                with pytest.raises(ValidationError):
                    self.family.parse({"kind": kind, **self.given(kind), name: value})

    def test_it_and_every_parameter_are_documented(self, kind: str) -> None:
        cls = self.family.named(kind)
        assert (cls.__doc__ or "").strip().split("\n")[0].endswith((".", ":", ",")) or "\n" in str(
            cls.__doc__
        )
        for name, field in cls.model_fields.items():
            if name != "kind":
                assert field.description, name
                assert field.description.strip().endswith("."), name

    def test_its_public_methods_are_documented(self, kind: str) -> None:
        for name, member in vars(self.family.named(kind)).items():
            if inspect.isfunction(member) and not name.startswith("_"):
                assert member.__doc__, name

    def test_it_has_an_example_that_runs(self, kind: str) -> None:
        cls = self.family.named(kind)
        module = sys.modules[cls.__module__]
        examples = [test for test in doctest.DocTestFinder().find(module) if test.examples]
        assert examples, f"{module.__name__} has no doctest"
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        told: list[str] = []
        for test in examples:
            assert runner.run(test, out=told.append).failed == 0, "".join(told)

    def test_the_schema_of_scenarios_has_it(self, kind: str, plugin: Plugin) -> None:
        (schema,) = [one for one in self.one_of() if one["properties"]["kind"].get("const") == kind]
        assert schema["additionalProperties"] is False
        assert schema["description"]
        for name, field in schema["properties"].items():
            assert name == "kind" or field.get("description"), name
        validator = Draft202012Validator({**schema, "$defs": SCHEMA["$defs"]})
        written = {"kind": kind, **self.given(kind)}
        assert not list(validator.iter_errors(written))
        assert not list(validator.iter_errors(plugin.model_dump(mode="json")))
        assert list(validator.iter_errors({**written, "no_such_parameter": 1}))
        assert list(validator.iter_errors({**written, "kind": "another"}))

    def test_it_reads_no_global_randomness_or_clock(self, kind: str) -> None:
        module = sys.modules[self.family.named(kind).__module__]
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [str(node.module)]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not imported & {"random", "time", "datetime", "os", "threading", "secrets", "uuid", "socket"}


def kinds(family: Family[Any]) -> Any:
    """Parametrises a suite over all plug-ins of its family."""
    return pytest.mark.parametrize("kind", sorted(family.classes()))
