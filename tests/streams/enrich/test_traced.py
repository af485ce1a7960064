"""The trace of a record goes on with its enrichment, its renders and what is published because of it."""

import asyncio
from pathlib import Path

import pytest

from streams.tracing import tracing
from tests.streams.enrich.enricher import source, swatch
from tests.streams.enrich.test_desk import Scene
from tests.streams.spans import Collector, collector

__all__ = ["collector"]

CAUSE = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"


@pytest.mark.usefixtures("swatch")
def test_a_record_s_trace_reaches_its_assets(collector: Collector, tmp_path: Path) -> None:
    async def act() -> Scene:
        scene = Scene(tmp_path, 10)
        await scene.admit(source(1, swatch(1)), traceparent=CAUSE)
        await scene.drained()
        return scene

    with tracing("enrich"):
        scene = asyncio.run(act())
    spans = {one.name: one for one in collector.spans}
    assert spans.keys() == {"enrich record", "render asset"}
    assert {one.trace_id.hex() for one in spans.values()} == {"a" * 32}
    assert spans["enrich record"].parent_span_id.hex() == "b" * 16
    assert spans["render asset"].parent_span_id == spans["enrich record"].span_id
    assert [topic for topic, _ in scene.tray.traces] == ["assets", "catalog.enriched"]
    for _, traceparent in scene.tray.traces:
        assert traceparent == b"00-%s-%s-01" % (b"a" * 32, spans["enrich record"].span_id.hex().encode())
