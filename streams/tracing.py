"""Traces: spans for OpenTelemetry, off unless the standard OTEL_* environment asks for them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from streams.exits import UsageError
from streams.traceparent import TRACEPARENT

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Tracer

__all__ = ["asked_for", "current_traceparent", "exemplar", "span", "tracing"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_EXPORTERS = ("otlp", "console", "none")

_tracers: "list[Tracer]" = []
"""The tracer of this process, while there is one."""


def asked_for(environ: Mapping[str, str] = os.environ) -> str | None:
    """The exporter that the environment asks for: "otlp" or "console"; None for no traces.

    As OpenTelemetry has it, ``OTEL_TRACES_EXPORTER`` names it and ``OTEL_SDK_DISABLED`` turns everything off; an
    endpoint alone (``OTEL_EXPORTER_OTLP_ENDPOINT``) means otlp.

    >>> asked_for({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    'otlp'
    """
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    name = environ.get("OTEL_TRACES_EXPORTER", "otlp" if any(map(environ.get, _ENDPOINTS)) else "none")
    if name not in _EXPORTERS:
        raise UsageError(f"OTEL_TRACES_EXPORTER={name!r} must be one of: {', '.join(_EXPORTERS)}")
    return None if name == "none" else name


@contextmanager
def tracing(role: str, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Send spans for as long as the block lasts, if the environment asks for it; ``role`` is the verb of the process.

    Raises :class:`.UsageError` if it asks, and OpenTelemetry is not installed.
    """
    wanted = asked_for(environ)
    if wanted is None:
        yield
        return
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter(wanted)
    except ImportError as error:
        raise UsageError(
            f"the environment asks for traces (OTEL_*), and {error.name} is not installed; "
            "pip install 'greenroom[otel]', or set OTEL_SDK_DISABLED=true"
        ) from error
    named = Resource.create({SERVICE_NAME: f"greenroom-{role}"})
    provider = TracerProvider(resource=named.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracers.append(provider.get_tracer("greenroom"))
    try:
        yield
    finally:
        _tracers.pop()
        provider.shutdown()


def _exporter(name: str) -> "SpanExporter":
    if name == "console":
        import sys

        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def span(name: str, parent: bytes | None = None, **attributes: Any) -> AbstractContextManager[object]:
    """A span around a block; ``parent`` is the header ``traceparent`` of what caused it. Nothing, without tracing.

    Double underscores in the names of attributes stand for dots.
    """
    if not _tracers:
        return nullcontext()
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = None
    if parent is not None:
        context = TraceContextTextMapPropagator().extract({TRACEPARENT: parent.decode("latin-1")})
    told = {key.replace("__", "."): value for key, value in attributes.items() if value is not None}
    return _tracers[-1].start_as_current_span(name, context=context, attributes=told)


def current_traceparent() -> bytes | None:
    """The header ``traceparent`` of what the present span causes; None without one."""
    context = _context()
    return None if context is None else b"00-%032x-%016x-%02x" % context


def exemplar() -> dict[str, str] | None:
    """What links a measurement to the present span, in the words of OpenMetrics; None without one."""
    context = _context()
    if context is None or not context[2] & 1:
        return None
    return {"trace_id": f"{context[0]:032x}", "span_id": f"{context[1]:016x}"}


def _context() -> tuple[int, int, int] | None:
    if not _tracers:
        return None
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    return (context.trace_id, context.span_id, int(context.trace_flags)) if context.is_valid else None
