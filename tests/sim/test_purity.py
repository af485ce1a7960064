"""The world is pure, and its modules offer what they say."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim

MODULES = sorted(module.name for module in pkgutil.walk_packages(sim.__path__, "sim."))

IMPORT_ALL = """
import socket, sys, threading, time, random
import numpy as np
def refused(*_, **__):
    raise AssertionError("not pure")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refused
threading.Thread.start = time.sleep = refused
state = random.getstate(), repr(np.random.get_state(legacy=False))
import importlib
import sim.plugin
# What other packages offer as plug-ins is not part of the world: the live recommenders of streams are among them.
sim.plugin.entry_points = lambda group: []
for name in {modules!r}:
    importlib.import_module(name)
from sim.scenario import Scenario
Scenario.model_json_schema()
from sim.testing import tiny_scenario
from sim.world import World
next(World(tiny_scenario()).ticks())
assert (random.getstate(), repr(np.random.get_state(legacy=False))) == state
assert threading.active_count() == 1
wrong = [name for name in sys.modules if name.split(".")[0] in
         ("kafka", "confluent_kafka", "faust", "aiokafka", "streams", "media_gen")]
assert not wrong, wrong
"""


def test_the_world_touches_neither_network_nor_threads_nor_global_randomness() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL.format(modules=MODULES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert not run.stdout + run.stderr


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_is_there_and_sorted(name: str) -> None:
    module = importlib.import_module(name)
    if not hasattr(module, "__all__"):
        assert Path(str(module.__file__)).name == "__init__.py"
        return
    namespace: dict[str, object] = {}
    exec(f"from {name} import *", namespace)
    assert set(module.__all__) <= set(namespace)
    assert module.__all__ == sorted(set(module.__all__), key=_place)


def _place(name: str) -> tuple[int, str]:
    """Constants, then classes, then the others, as isort sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


@pytest.mark.parametrize("name", MODULES)
def test_public_names_of_a_module_are_all_offered(name: str) -> None:
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert {found for found in defined if not found.startswith("_")} <= set(getattr(module, "__all__", ()))


def test_no_module_of_the_world_reads_the_wall_clock() -> None:
    for path in Path(sim.__path__[0]).rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"\btime\.(time|monotonic|sleep)\b|datetime\.now|utcnow|\bos\.urandom|np\.random\.seed", text
        ), path
