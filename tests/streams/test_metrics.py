"""Metrics: named as Prometheus would have them, and linked to traces where a reader asks for OpenMetrics."""

import shutil
import subprocess
from itertools import pairwise

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from streams import metrics
from streams.endpoint import Answers

OWN = {name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def test_promtool_finds_nothing_to_say() -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not on the PATH; Debian has it in the package prometheus")
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=generate_latest(), capture_output=True, check=False
    )
    assert checked.returncode == 0, (checked.stdout + checked.stderr).decode()


@pytest.mark.parametrize("name", OWN)
def test_a_metric_is_ours_documented_and_in_base_units(name: str) -> None:
    (family,) = OWN[name].describe()
    assert family.name.startswith("greenroom_")
    assert family.documentation.endswith(".")
    assert not {"ms", "milliseconds", "kb", "kib", "minutes"} & set(family.name.split("_"))
    if isinstance(OWN[name], Histogram):
        assert family.name.endswith(("_seconds", "_bytes"))
    assert name in metrics.__all__


@pytest.mark.parametrize("name", [name for name, metric in OWN.items() if isinstance(metric, Histogram)])
def test_buckets_cover_three_orders_of_magnitude_evenly(name: str) -> None:
    bounds = OWN[name]._upper_bounds[:-1]  # type: ignore[attr-defined]
    assert bounds == sorted(set(bounds))
    assert bounds[-1] / bounds[0] >= 1000
    assert max(high / low for low, high in pairwise(bounds)) <= 4


def test_counters_count_and_gauges_do_not() -> None:
    for metric in OWN.values():
        (family,) = metric.describe()
        if isinstance(metric, Counter):
            assert family.type == "counter"
        elif isinstance(metric, Gauge):
            assert not family.name.endswith(("_total", "_count", "_sum", "_bucket"))


def test_exemplars_are_told_to_those_who_understand_them() -> None:
    registry = CollectorRegistry()
    latency = Histogram("latency_seconds", "Latency.", registry=registry)
    latency.observe(0.3, {"trace_id": "ab" * 16, "span_id": "cd" * 8})
    answers = Answers(lambda: True, registry=registry)
    status, content_type, body = answers.to("/metrics", OPEN_METRICS)
    assert (status, content_type.split(";")[0]) == (200, "application/openmetrics-text")
    (family,) = text_string_to_metric_families(body.decode())
    (exemplar,) = [sample.exemplar for sample in family.samples if sample.exemplar]
    assert exemplar.labels == {"trace_id": "ab" * 16, "span_id": "cd" * 8}
    assert exemplar.value == 0.3
    _, content_type, body = answers.to("/metrics", "text/plain")
    assert content_type.startswith("text/plain")
    assert b"trace_id" not in body
