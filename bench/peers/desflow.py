"""desflow: the nearest simulator of event streams, publishing a comparable journey to the same broker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition

from bench.figure import Figure, children_cpu_s
from streams.cluster.embedded import EmbeddedBroker
from streams.settings import ClusterSettings

VERSION = "0.25.0"
_HOME = Path(".venv-peers")
_TOPIC = "sim-events"


def figures(events_per_cpu_second: float) -> Iterator[Figure]:
    """Our events per CPU-second over desflow's; it is installed into an environment of its own, once."""
    _install()
    with EmbeddedBroker() as broker:
        rate = _rate(broker.settings)
    yield Figure(
        "cpu_vs_desflow",
        events_per_cpu_second,
        "events/CPU-s",
        f"desflow {VERSION} to the same kind of broker ({rate:,.0f} events/CPU-s)",
        events_per_cpu_second / rate,
        ">= 25",
    )


def _install() -> None:
    if (_HOME / "bin" / "desflow").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(_HOME)], check=True)
    subprocess.run(
        [_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", f"desflow[kafka]=={VERSION}"],
        check=True,
    )


def _rate(settings: ClusterSettings) -> float:
    model = Path(__file__).with_name("desflow.yaml")
    before = children_cpu_s()
    environ = {**os.environ, "BOOTSTRAP": settings.bootstrap}
    subprocess.run(
        [_HOME / "bin" / "desflow", "run", str(model)], check=True, env=environ, capture_output=True
    )
    spent = children_cpu_s() - before
    return _delivered(settings) / spent


def _delivered(settings: ClusterSettings) -> int:
    consumer = KafkaConsumer(**settings.kafka_python())
    try:
        numbers = consumer.partitions_for_topic(_TOPIC) or set()
        ends: dict[TopicPartition, int] = consumer.end_offsets(
            [TopicPartition(_TOPIC, number) for number in numbers]
        )
        return sum(ends.values())
    finally:
        consumer.close()
