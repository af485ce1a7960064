"""What the processes expose, read off the collectors themselves: names of series, and their labels."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from streams import metrics

SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds to every series."""


def own() -> dict[str, set[str]]:
    """Series of streams.metrics, with their labels."""
    return {
        name: labels
        for collector in vars(metrics).values()
        if isinstance(collector, MetricWrapperBase)
        for name, labels in _series(collector)
    }


def exposed() -> dict[str, set[str]]:
    """Everything that can be asked for: our series, those of the Python client, and Prometheus's own."""
    standard = {
        metric.name for metric in REGISTRY.collect() if metric.name.startswith(("process_", "python_"))
    }
    counters = {f"{metric.name}_total" for metric in REGISTRY.collect() if metric.type == "counter"}
    client = {
        name: set[str]()
        for name in standard | {name for name in counters if name.startswith(("process_", "python_"))}
    }
    prometheus = {"up": set[str](), "ALERTS": {"alertname", "alertstate", "severity"}}
    return {**client, **prometheus, **own()}


def _series(collector: MetricWrapperBase) -> list[tuple[str, set[str]]]:
    (family,) = collector.describe()
    labels = set(collector._labelnames)
    if isinstance(collector, Counter):
        return [(f"{family.name}_total", labels)]
    if isinstance(collector, Histogram):
        parts = [(f"{family.name}_{part}", labels) for part in ("count", "sum")]
        return [(f"{family.name}_bucket", labels | {"le"}), *parts]
    assert isinstance(collector, Gauge), f"no rule yet for the names of {type(collector).__name__}"
    return [(family.name, labels)]
