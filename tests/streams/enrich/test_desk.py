import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from media_gen.spec import MediaSpec
from streams.codec.framing import framing
from streams.codec.reading import Reader
from streams.enrich.desk import Desk, Source
from streams.enrich.enrichment import Origin
from streams.enrich.failures import Failure, FailureError
from streams.enrich.rendering import Developed, develop
from streams.exits import BrokerUnavailableError, UsageError
from streams.schemas.proto_file import message_class
from streams.traceparent import of_event
from tests.streams.enrich.enricher import source, swatch

pytestmark = pytest.mark.usefixtures("swatch")

PATIENCE_S = 60.0


class Room:
    """Renders in this process, as slowly as the spec says; seeds in ``held`` wait until the test lets them go."""

    size = 1

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.busy, self.busiest = folder, 0, 0, 0
        self.held: dict[int, asyncio.Event] = {}

    async def develop(self, spec: MediaSpec, origin: Origin) -> Developed:
        self.asked, self.busy = self.asked + 1, self.busy + 1
        self.busiest = max(self.busiest, self.busy)
        await asyncio.sleep(spec.params.get("seconds", 0.0))
        if spec.seed in self.held:
            await self.held[spec.seed].wait()
        self.busy -= 1
        quick = spec.model_copy(update={"params": {**spec.params, "seconds": 0.0}})
        outcome = develop(str(self.folder), quick, origin)
        if isinstance(outcome, Failure):
            raise FailureError(outcome)
        return outcome


class Tray:
    """Keeps what is published; a topic may be made too small, or unavailable."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes | None, dict[str, Any]]] = []
        self.traces: list[tuple[str, bytes | None]] = []
        self.largest: dict[str, int] = {}
        self.unavailable: set[str] = set()
        self.changed = asyncio.Condition()

    async def publish(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        *,
        timestamp_ms: int,
        beside: Source | None = None,
        traceparent: bytes | None = None,
    ) -> None:
        await asyncio.sleep(0)
        if topic in self.unavailable:
            raise BrokerUnavailableError("gone")
        if len(value) > self.largest.get(topic, 10**9):
            raise FailureError(Failure("too_large", "MessageSizeTooLargeError", "too large"))
        self.published.append((topic, key, orjson.loads(value)))
        self.traces.append((topic, traceparent))
        async with self.changed:
            self.changed.notify_all()

    async def until(self, count: int, topic: str) -> None:
        """Wait until so many records of a topic are published."""
        async with self.changed:
            await asyncio.wait_for(
                self.changed.wait_for(lambda: len(self.records(topic)) >= count), PATIENCE_S
            )

    def records(self, topic: str) -> list[dict[str, Any]]:
        return [record for name, _, record in self.published if name == topic]


class Scene:
    """A desk, what it published, and the offsets that it acknowledged."""

    def __init__(self, folder: Path, places: int, reader: Reader | None = None) -> None:
        self.room, self.tray, self.acknowledged = Room(folder), Tray(), list[int]()
        self.desk = Desk(self.room, self.tray, places=places, reader=reader)
        self._offset = 0

    async def admit(
        self, record: object, *, key: bytes | None = b"k", traceparent: bytes | None = None
    ) -> None:
        offset, self._offset = self._offset, self._offset + 1
        value = record if isinstance(record, bytes) or record is None else orjson.dumps(record)
        await self.desk.admit(
            Source(
                "catalog",
                0,
                offset,
                key,
                value,
                5,
                lambda: self.acknowledged.append(offset),
                traceparent=traceparent,
            )
        )

    async def drained(self) -> None:
        assert await self.desk.drain(PATIENCE_S)


def acting(
    folder: Path,
    act: Callable[[Scene], Awaitable[None]],
    *,
    places: int = 100,
    reader: Reader | None = None,
) -> Scene:
    async def main() -> Scene:
        scene = Scene(folder, places, reader)
        await act(scene)
        return scene

    return asyncio.run(main())


def test_a_record_is_enriched_and_its_asset_published_before_it(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(source(1, [swatch(1), swatch(2)]))
        await scene.drained()

    scene = acting(tmp_path, act)
    assert [topic for topic, _, _ in scene.tray.published] == ["assets", "assets", "catalog.enriched"]
    (enriched,) = scene.tray.records("catalog.enriched")
    assets = {asset["asset_id"]: asset for asset in scene.tray.records("assets")}
    assert [assets[asset["asset_id"]]["spec"]["seed"] for asset in enriched["assets"]] == [1, 2]
    assert scene.acknowledged == [0]


def test_records_that_ask_for_nothing_are_acknowledged_and_not_published(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(source(1))
        await scene.admit(None)

    scene = acting(tmp_path, act)
    assert scene.acknowledged == [0, 1]
    assert scene.tray.published == []


def test_the_same_spec_is_rendered_and_published_once(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        for number in range(5):
            await scene.admit(source(number, swatch(7, seconds=0.05)), key=None)
        await scene.drained()

    scene = acting(tmp_path, act)
    assert scene.room.asked == 1
    assert len(scene.tray.records("assets")) == 1
    assert len(scene.tray.records("catalog.enriched")) == 5


def test_records_of_one_key_keep_their_order_and_other_keys_do_not_wait(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        slow = scene.room.held[0] = asyncio.Event()
        await scene.admit(source(0, swatch(0)), key=b"slow")
        await scene.admit(source(1, swatch(1)), key=b"slow")
        await scene.admit(source(2, swatch(2)), key=b"other")
        await scene.tray.until(1, "catalog.enriched")
        # The held one's successor was rendered before the other key's record: it waits for its turn alone.
        await scene.tray.until(2, "assets")
        assert [record["event_id"][-1] for record in scene.tray.records("catalog.enriched")] == ["2"]
        assert scene.acknowledged == []
        slow.set()
        await scene.drained()

    scene = acting(tmp_path, act)
    assert [record["event_id"][-1] for record in scene.tray.records("catalog.enriched")] == ["2", "0", "1"]
    assert scene.acknowledged == [0, 1, 2]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xff\xfe", "malformed"),
        (orjson.dumps(source(1, {"kind": "swatch"})), "bad_spec"),
        (orjson.dumps(source(1, {"kind": "swach", "seed": 1})), "unknown_generator"),
        (orjson.dumps(source(1, swatch(1, sise=3))), "bad_params"),
        (orjson.dumps(source(1, [swatch(1), swatch(2, ending="raise")])), "render_failed"),
    ],
)
def test_what_fails_becomes_a_dead_letter_and_the_next_is_enriched(
    tmp_path: Path, value: bytes, reason: str
) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(value)
        await scene.admit(source(2, swatch(9)))
        await scene.drained()

    scene = acting(tmp_path, act)
    (letter,) = scene.tray.records("dead_letters")
    assert letter["reason"] == reason
    assert base64.b64decode(letter["original"]) == value
    assert [record["event_id"][-1] for record in scene.tray.records("catalog.enriched")] == ["2"]
    assert scene.acknowledged == [0, 1]


def test_what_is_too_large_becomes_a_dead_letter_without_its_bytes_if_need_be(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.tray.largest = {"catalog.enriched": 500, "dead_letters": 600}
        await scene.admit({**source(1, swatch(1)), "text": "x" * 1000})
        await scene.drained()

    scene = acting(tmp_path, act)
    (letter,) = scene.tray.records("dead_letters")
    assert (letter["reason"], letter["original"], letter["source"]) == ("too_large", None, "catalog/0/0")
    assert scene.acknowledged == [0]


@pytest.mark.parametrize("topic", ["assets", "catalog.enriched", "dead_letters"])
def test_nothing_is_acknowledged_that_was_not_published(tmp_path: Path, topic: str) -> None:
    async def act(scene: Scene) -> None:
        scene.tray.unavailable = {topic}
        await scene.admit(b"\xff" if topic == "dead_letters" else source(1, swatch(1)))
        with pytest.raises(BrokerUnavailableError):
            await asyncio.wait_for(scene.desk.failed, PATIENCE_S)

    assert acting(tmp_path, act).acknowledged == []


def test_what_is_abandoned_is_not_acknowledged(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.room.held[1] = asyncio.Event()
        await scene.admit(source(1, swatch(1)))
        await scene.admit(source(2, swatch(2)))
        assert not await scene.desk.drain(0.1)
        scene.desk.abandon()
        await scene.drained()

    assert acting(tmp_path, act).acknowledged == []


def test_a_desk_that_drains_takes_no_more(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        slow = scene.room.held[1] = asyncio.Event()
        await scene.admit(source(1, swatch(1)))
        draining = asyncio.create_task(scene.drained())
        await asyncio.sleep(0)  # for one turn of the loop, in which it begins to drain
        await scene.admit(source(2, swatch(2)))
        await scene.admit(source(3))
        slow.set()
        await draining

    assert acting(tmp_path, act).acknowledged == [0]


def test_no_more_records_are_in_work_than_there_are_places(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        for number in range(12):
            await scene.admit(source(number, swatch(number, seconds=0.01)), key=None)
        await scene.drained()

    scene = acting(tmp_path, act, places=3)
    assert scene.room.busiest == 3
    assert scene.acknowledged == list(range(12))


TRACE = b"00-" + b"ab" * 16 + b"-" + b"cd" * 8 + b"-01"


def test_the_trace_of_a_record_goes_on_to_its_assets_and_its_twin(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(source(1, [swatch(1), swatch(2)]), traceparent=TRACE)
        await scene.admit(source(2, {"kind": "nothing_known", "params": {}, "seed": 1}), traceparent=TRACE)
        await scene.drained()

    first, second = (acting(tmp_path / name, act).tray.traces for name in ("once", "again"))
    assert [topic for topic, _ in first] == ["assets", "assets", "catalog.enriched", "dead_letters"]
    contexts = [context or b"" for _, context in first]
    assert {context[:36] for context in contexts} == {TRACE[:36]}
    assert {context[-3:] for context in contexts} == {b"-01"}
    assert len({context[36:52] for context in contexts} - {TRACE[36:52]}) == 4
    assert first == second


def test_a_record_without_a_trace_has_that_of_its_event_id(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(source(1, swatch(1)))
        await scene.drained()

    traces = acting(tmp_path, act).tray.traces
    expected = of_event(source(1)["event_id"]) or b""
    assert {(context or b"")[:36] for _, context in traces} == {expected[:36]}


SCHEMA = """syntax = "proto3"; package test;
message Item { string event_id = 1; string kind = 2; int64 occurred_at = 3; optional string media = 4; }"""


def test_records_of_a_registry_s_schema_are_enriched(tmp_path: Path) -> None:
    asked = {"event_id": "7f3ak00001-000000000001", "kind": "born", "occurred_at": 7}
    message = message_class(SCHEMA)(**asked, media=orjson.dumps(swatch(1)).decode())

    async def act(scene: Scene) -> None:
        await scene.admit(framing(9) + b"\0" + message.SerializeToString())
        await scene.admit(framing(9) + b"\0" + message.SerializeToString()[:-3])
        await scene.drained()

    scene = acting(tmp_path, act, reader=Reader({9: ("PROTOBUF", SCHEMA)}.__getitem__))
    (enriched,) = scene.tray.records("catalog.enriched")
    assert enriched["event_id"] == asked["event_id"]
    assert enriched["media"] == swatch(1)
    assert len(enriched["assets"]) == 1
    (letter,) = scene.tray.records("dead_letters")
    assert letter["reason"] == "malformed"
    assert base64.b64decode(letter["original"]).startswith(framing(9))


def test_without_the_registry_that_is_needed_the_desk_fails_with_the_remedy(tmp_path: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.admit(framing(9) + b"\0abc")
        with pytest.raises(UsageError, match="--registry URL"):
            await scene.desk.failed

    assert acting(tmp_path, act).acknowledged == []
