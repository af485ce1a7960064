"""Traces: off by default; on by the standard environment, and sent to whoever speaks OTLP."""

import subprocess
import sys

import pytest

from streams.exits import UsageError
from streams.tracing import asked_for, current_traceparent, exemplar, span, tracing
from tests.streams.publish.conftest import Memory, run_of
from tests.streams.spans import Collector, collector

__all__ = ["collector"]

CAUSE = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"


def test_nothing_is_traced_unless_asked() -> None:
    with tracing("run", {}), span("publish tick", CAUSE, greenroom__tick=1):
        assert current_traceparent() is None
        assert exemplar() is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, None),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_the_standard_environment_decides(environ: dict[str, str], expected: str | None) -> None:
    assert asked_for(environ) == expected


def test_an_unknown_exporter_is_told() -> None:
    with pytest.raises(UsageError, match="OTEL_TRACES_EXPORTER='jaeger' must be one of: otlp, console, none"):
        asked_for({"OTEL_TRACES_EXPORTER": "jaeger"})


def test_without_opentelemetry_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("opentelemetry.sdk.resources", "opentelemetry.sdk.trace"):
        monkeypatch.setitem(sys.modules, name, None)
    with (
        pytest.raises(UsageError, match=r"pip install 'greenroom\[otel\]'"),
        tracing("run", {"OTEL_TRACES_EXPORTER": "console"}),
    ):
        pass


def test_a_span_goes_on_where_its_cause_ended(collector: Collector) -> None:
    with (
        tracing("enrich"),
        span("enrich record", CAUSE, messaging__destination__name="content", nothing=None),
    ):
        told = exemplar()
        assert told is not None
        assert told["trace_id"] == "a" * 32
        assert current_traceparent() == b"00-" + b"a" * 32 + b"-" + told["span_id"].encode() + b"-01"
    (sent,) = collector.spans
    assert (sent.name, sent.trace_id.hex(), sent.parent_span_id.hex()) == (
        "enrich record",
        "a" * 32,
        "b" * 16,
    )
    assert [(one.key, one.value.string_value) for one in sent.attributes] == [
        ("messaging.destination.name", "content")
    ]
    assert collector.services == {"greenroom-enrich"}


def test_a_run_tells_of_its_ticks_and_commits(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "mine")
    with tracing("run"):
        run_of(Memory()).play()
    names = [one.name for one in collector.spans]
    assert names.count("publish tick") == 12
    assert names.count("commit") >= 12
    assert collector.services == {"mine"}


def test_importing_it_costs_nothing() -> None:
    program = (
        "import streams.tracing, sys; print(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
