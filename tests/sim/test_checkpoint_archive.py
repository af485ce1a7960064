"""What may be wrong with the bytes of a checkpoint: damage, another world, and bytes that somebody made."""

import hashlib
import pickle
from collections import deque
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import orjson
import pytest
from cramjam import zstd
from hypothesis import given
from hypothesis import strategies as st

from sim.checkpoint.archive import packed, unpacked
from sim.checkpoint.checkpoint import Checkpoint
from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.returning import returned_to
from sim.checkpoint.taking import Snapshot, taken_from
from sim.durations import MINUTE
from sim.events import kind_named
from sim.pace import Pace
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World

PACE = Pace(span=5 * MINUTE)


@cache
def saved() -> bytes:
    world = World(tiny_scenario(), pace=PACE)
    ticks = world.ticks()
    for _ in range(6):
        next(ticks)
    return world.checkpoint()


def resumed(archive: bytes, scenario: Scenario | None = None, **given: Any) -> World:
    return World(scenario or tiny_scenario(), checkpoint=archive, **{"pace": PACE, **given})


def signed(header: dict[str, Any], frames: bytes = b"") -> bytes:
    """An archive as somebody could make it who knows the format."""
    text = bytes(zstd.compress(orjson.dumps(header)))
    body = b"greenroom checkpoint 1\n" + len(text).to_bytes(8, "little") + text + frames
    return body + hashlib.sha256(body).digest()


def test_the_whole_archive_is_read() -> None:
    assert Checkpoint.read(saved()).written() == saved()


@pytest.mark.parametrize("length", [0, 10, 23, 31, 40, -1, -32, -33])
def test_a_truncated_checkpoint_is_refused(length: int) -> None:
    with pytest.raises(CheckpointError, match=r"truncated or corrupted|not a checkpoint"):
        resumed(saved()[:length])


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_wherever_it_is(place: int, bit: int) -> None:
    damaged = bytearray(saved())
    damaged[place % len(damaged)] ^= 1 << bit
    with pytest.raises(CheckpointError):
        Checkpoint.read(bytes(damaged))


class Hostile:
    """A pickle of this writes a file when it is read."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> Any:
        return Path.write_text, (self.victim, "run")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_hostile_pickle_is_refused_and_not_run(protocol: int, tmp_path: Path) -> None:
    hostile = pickle.dumps(Hostile(tmp_path / "victim"), protocol)
    frame = bytes(zstd.compress(hostile))
    one_frame = [[len(hostile), 1, len(frame)]]
    attempts = [
        hostile,
        b"greenroom checkpoint 1\n" + hostile,
        signed(
            {"about": {}, "roots": {}, "objects": [], "arrays": [["O", [1], "C"]], "frames": one_frame}, frame
        ),
        signed(
            {
                "about": {},
                "roots": {},
                "objects": [],
                "arrays": [["objects", [1], len(hostile)]],
                "frames": one_frame,
            },
            frame,
        ),
    ]
    for attempt in attempts:
        with pytest.raises(CheckpointError):
            resumed(attempt)
    assert not (tmp_path / "victim").exists()


def test_nothing_but_what_changes_can_be_set() -> None:
    for name in ("__class__", "__dict__", "derived"):
        snapshot = Snapshot({"it": {"object": 0}}, [[f"{__name__}.Holder", {name: {"dict": []}}]])
        with pytest.raises(CheckpointError, match=f"it.{name} is nothing that a .*Holder lets change"):
            returned_to({"it": Holder()}, snapshot)


def test_no_class_can_be_named_into_being() -> None:
    snapshot = Snapshot({"it": {"object": 0}}, [["sim.stage.Stage", {"tick": 1}]])
    for here in (None, [], {}, tiny_scenario(), Holder()):
        with pytest.raises(CheckpointError, match=r"it was a sim\.stage\.Stage"):
            returned_to({"it": here}, snapshot)


HEADERS: list[dict[str, Any]] = [
    {},
    {"about": 1, "roots": {}, "objects": [], "arrays": [], "frames": []},
    {"about": {}, "roots": {}, "objects": [], "arrays": [], "frames": [[10**15, 1, 3]]},
    {"about": {}, "roots": {}, "objects": [], "arrays": [["<i8", [-3], "C"]], "frames": [[8, 1, 0]]},
    {"about": {}, "roots": {}, "objects": [], "arrays": [], "frames": [["x"]]},
    {"about": {"tick": 3}, "roots": {}, "objects": [], "arrays": [], "frames": []},
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_makes_no_sense_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError):
        resumed(signed(header))


@pytest.mark.parametrize(
    "tree",
    [
        {"array": 7},
        {"object": 7},
        {"dict": [1]},
        {"wonder": []},
        {"a": 1, "b": 2},
        {"kind": ["no", "such"]},
        {"list": 3},
    ],
)
def test_a_tree_that_makes_no_sense_is_refused(tree: Any) -> None:
    with pytest.raises(CheckpointError):
        returned_to(
            {"it": Holder()}, Snapshot({"it": {"object": 0}}, [[f"{__name__}.Holder", {"numbers": tree}]])
        )


def test_a_checkpoint_of_another_world_is_refused_by_name() -> None:
    audience = tiny_scenario().audience.model_dump(mode="json") | {"viewers": 301}
    cases: list[tuple[str, Scenario, dict[str, Any]]] = [
        ("of scenario 'tiny', not of 'other'", tiny_scenario(name="other"), {}),
        ("'tiny' with seed = 7, not 8", tiny_scenario(seed=8), {}),
        ("with audience.viewers = 300, not 301", tiny_scenario(audience=audience), {}),
        ("of shard 0/1, not of 1/4", tiny_scenario(), {"shard": (1, 4)}),
        ("a step of 300,000 ms and 1 times", tiny_scenario(), {"pace": Pace(span=MINUTE)}),
        ("not 300,000 ms and 1.5", tiny_scenario(), {"pace": Pace(span=5 * MINUTE, arrivals=1.5)}),
    ]
    for message, scenario, changed in cases:
        with pytest.raises(CheckpointError, match=message):
            resumed(saved(), scenario, **changed)


def test_a_checkpoint_of_another_version_is_refused() -> None:
    checkpoint = Checkpoint.read(saved())
    checkpoint.identity["version"] = "0.0.1"
    with pytest.raises(CheckpointError, match=r"written by version 0\.0\.1 of greenroom"):
        resumed(checkpoint.written())
    with pytest.raises(CheckpointError, match="has format '2', and this version reads format 1"):
        resumed(saved().replace(b"checkpoint 1", b"checkpoint 2", 1))


def test_a_past_that_comes_to_something_else_is_refused() -> None:
    checkpoint = Checkpoint.read(saved())
    checkpoint.outcome["dials"]["arrivals"] = 2.0
    with pytest.raises(CheckpointError, match=r"dials.arrivals = 1.0, and had 2.0"):
        resumed(checkpoint.written())


def test_a_pace_that_another_machine_rounds_otherwise_is_the_same() -> None:
    pace = Pace(span=5 * MINUTE, arrivals=1 + 1e-15)
    assert resumed(saved(), pace=pace).pace.arrivals == 1.0


@dataclass
class Inner:
    count: int = 0


@dataclass
class Holder:
    """Something of every sort."""

    numbers: Any = None
    one: Inner = field(default_factory=Inner)
    other: Inner = field(default_factory=Inner)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @cached_property
    def derived(self) -> object:
        return object()


VALUES: list[Any] = [
    None, True, -7, 2**80, 1.5, float("inf"), -0.0, "ß", b"\x00\xff", (1, (2.0, "x")), [1, [2]], {3, 1},
    frozenset("ab"), deque([1, 2]), {1: 2}, {("a", 1): [None]}, dict(zip(range(40), range(40), strict=True)),
    np.float32(1.25), np.uint64(2**64 - 1), kind_named("journeys", "play"), {}, [], (),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    found = there_and_back(Holder(value))
    assert found.numbers == value
    assert type(found.numbers) is type(value)


ARRAYS = [
    np.arange(5), np.zeros((0, 3), np.float32), np.array(7.5), np.array([[1, 2], [3, 4]], np.uint16, order="F"),
    np.arange(24.0).reshape(2, 3, 4)[:, ::2], np.array(["a", "ßß"]), np.array([True, False]),
    np.array([np.nan, np.inf, -0.0]), np.array(["2026-01-05"], "datetime64[ms]"),
    np.array([None, "x", {"a": [1, 2.5]}, [True]], dtype=object),
]  # fmt: skip


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
def test_arrays_come_back_as_they_were_and_can_be_written_to(array: Any) -> None:
    found = there_and_back(Holder(array)).numbers
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.flags.f_contiguous == array.flags.f_contiguous
    assert found.flags.writeable
    assert found.tobytes() == array.tobytes() if array.dtype != object else found.tolist() == array.tolist()


def test_what_was_one_stays_one() -> None:
    array = np.arange(3)
    holder = Holder([array, array])
    holder.one = holder.other
    holder.one.count = 5
    found = there_and_back(holder)
    assert found.numbers[0] is found.numbers[1]
    assert found.one is found.other
    assert found.one.count == 5


def test_lists_and_mappings_stay_the_objects_that_others_know() -> None:
    new = Holder({"a": 1})
    known = new.numbers
    there_and_back(Holder({"b": 2}), new)
    assert new.numbers is known
    assert known == {"b": 2}


def test_a_generator_goes_on() -> None:
    holder = Holder()
    holder.rng.random(5)
    assert there_and_back(holder).rng.random() == holder.rng.random()


def test_cached_properties_are_left_out() -> None:
    holder = Holder()
    assert holder.derived is not None
    assert "derived" not in vars(there_and_back(holder))


def there_and_back(holder: Holder, new: Holder | None = None) -> Holder:
    _, snapshot = unpacked(packed({}, taken_from({"it": holder})))
    new = new or Holder()
    returned_to({"it": new}, snapshot)
    return new


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Lock(), r"it.numbers is a _thread.lock, which no checkpoint can hold"),
        (np.ma.masked_array([1], [True]), r"it.numbers is a numpy.ma.*MaskedArray of int64"),
        (np.zeros(1, [("a", int)]), "use plain arrays"),
    ],
    ids=["lock", "masked", "structured"],
)
def test_what_cannot_be_held_is_refused_by_its_place(value: Any, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        taken_from({"it": Holder(value)})


def test_objects_that_a_new_world_has_not_are_refused_by_their_place() -> None:
    with pytest.raises(CheckpointError, match=r"it.numbers\[0\] was a .*Inner.*has nothing there"):
        there_and_back(Holder([Inner()]))
