import orjson
import pytest

from sim.seeds import rng_for
from streams.watch.monitor import Monitor
from tests.streams.watch.drifting_run import ONSET, WATCH, drifting_run
from tests.streams.watch.recorded_run import Record, RecordedRun, chunks, progress_chunk


def unevenly(run: RecordedRun) -> list[Record]:
    """The records as if one partition had been read ahead of the others."""
    return sorted(run.records, key=lambda row: row.timestamp + (0 if row.partition else 5_000_000))


def watched(run: RecordedRun, records: list[Record], *, size: int = 200) -> Monitor:
    monitor = Monitor(WATCH)
    parts = chunks(records, size=size)
    for number, chunk in enumerate(parts):
        monitor.take(chunk)
        if number == len(parts) // 2:
            monitor.take(progress_chunk(run.progress(closed=False)))
        monitor.advance()
    monitor.take(progress_chunk(run.progress()))
    monitor.advance()
    return monitor


@pytest.mark.parametrize("shards", [1, 2])
def test_the_shift_is_found_and_delivery_proven(shards: int) -> None:
    run = drifting_run(1, shards=shards)
    report = watched(run, run.records).report(settled=True)
    assert report.audit.proven, report.audit.reasons
    (shift,) = report.drift
    assert (shift["shift"], shift["feature"], shift["onset_ms"]) == ("evening", "watched", ONSET)
    assert 0 < shift["detected_after_s"] <= 3600
    assert report.false_alarms == 0
    assert report.records == len(run.records)
    assert report.readings == 14, "seven complete windows after the reference for each of two features"


def test_reading_partitions_unevenly_gives_the_same_readings() -> None:
    run = drifting_run(2)
    even, uneven = watched(run, run.records), watched(run, unevenly(run), size=333)
    assert [reading.record() for reading in even.readings] == [
        reading.record() for reading in uneven.readings
    ]


def test_duplicates_do_not_count_as_drift_values() -> None:
    run = drifting_run(3)
    rng = rng_for(3, "repeats")
    repeated = [row for record in run.records for row in [record] * int(rng.integers(1, 3))]
    single, double = watched(run, run.records), watched(run, repeated)
    assert [reading.record() for reading in single.readings] == [
        reading.record() for reading in double.readings
    ]
    assert double.report(settled=True).audit.total.duplicated == len(repeated) - len(run.records)


def test_report_and_pages_are_json() -> None:
    run = drifting_run(4)
    monitor = watched(run, run.records)
    report = orjson.loads(orjson.dumps(monitor.report(settled=True).as_json()))
    assert set(report) == {
        "audit", "drift", "false_alarms", "readings", "records", "elapsed_s", "records_per_s",
    }  # fmt: skip
    page = orjson.loads(orjson.dumps(monitor.drift_page()))
    assert set(page["features"]) == {"watched", "device"}
    assert page["features"]["watched"]["kind"] == "reading"
