"""Values that are missing for a while are null in Parquet, in columns of the type that they have at other times."""

from pathlib import Path

import polars as pl
import pytest

from sim.durations import HOUR
from sim.testing import tiny_scenario
from streams.publish.sinks.parquet import Parquet
from streams.publish.sinks.shelf import Shelf
from tests.streams.publish.conftest import codec_of, run_of


@pytest.mark.parametrize(
    ("topic", "record", "field"),
    [
        ("content", "comment", "text"),
        ("catalog", "born", "media"),
        ("journeys", "session_start", "device"),
        ("journeys", "complete", "watched_ms"),
    ],
)
def test_what_is_missing_for_an_hour_is_null(topic: str, record: str, field: str, tmp_path: Path) -> None:
    gaps = {"kind": "missing_values", "name": "gaps", "at": "0s", "lasts": "1h", "rate": 1.0}
    scenario = tiny_scenario(shifts=[{**gaps, "topic": topic, "records": [record], "field": field}])
    codec = codec_of(scenario)
    sink = Parquet(Shelf(str(tmp_path)), codec.tag, codec.vocabularies)
    run_of(sink, scenario=scenario, span=3 * HOUR).play()
    found = pl.read_parquet(tmp_path / topic / record / "*.parquet").with_columns(
        gap=pl.col("occurred_at").dt.epoch("ms") < scenario.start_ms + HOUR
    )
    assert found["gap"].any()
    assert found.filter("gap")[field].null_count() == found["gap"].sum()
    assert found.filter(~pl.col("gap"))[field].is_not_null().any()
