from streams.watch.audit import DeliveryAudit
from streams.watch.intake import take, take_progress
from streams.watch.watermarks import Watermarks
from tests.streams.watch.recorded_run import RecordedRun, chunks, progress_chunk


def run_of_two_partitions() -> RecordedRun:
    run = RecordedRun(shards=2)
    for step in range(40):
        run.emit("journeys", step % 2, step % 4 // 2, 1000 + step, "play")
    return run


def test_the_slowest_partition_holds_the_topic_back() -> None:
    run = run_of_two_partitions()
    audit = DeliveryAudit()
    marks = Watermarks(audit)
    take_progress(audit, progress_chunk(run.progress()))
    first = [row for row in run.records if row.partition == 0]
    second = [row for row in run.records if row.partition == 1][:3]
    for chunk in chunks([*first, *second]):
        take(audit, chunk)
        marks.note(chunk.topic, chunk.partition, int(chunk.timestamps.max()))
    assert marks.of_topics() == {"journeys": second[-1].timestamp}
    assert marks.newest == first[-1].timestamp


def test_a_partition_never_read_holds_back_too() -> None:
    run = run_of_two_partitions()
    audit = DeliveryAudit()
    marks = Watermarks(audit)
    take_progress(audit, progress_chunk(run.progress()))
    for chunk in chunks([row for row in run.records if row.partition == 0]):
        take(audit, chunk)
        marks.note(chunk.topic, chunk.partition, int(chunk.timestamps.max()))
    assert marks.of_topics() == {"journeys": 0}


def test_when_all_is_read_the_shards_say_how_far_they_are() -> None:
    run = run_of_two_partitions()
    audit = DeliveryAudit()
    marks = Watermarks(audit)
    for chunk in chunks(run.records):
        take(audit, chunk)
        marks.note(chunk.topic, chunk.partition, int(chunk.timestamps.max()))
    assert marks.of_topics() == {}, "nobody has reported"
    take_progress(audit, progress_chunk(run.progress()[:1]))
    assert marks.of_topics() == {}, "shard 1/2 has not reported"
    take_progress(audit, progress_chunk(run.progress()))
    assert marks.of_topics() == {"journeys": 1040}
