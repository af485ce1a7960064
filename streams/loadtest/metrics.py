"""The metrics of a load test, for an endpoint that Prometheus asks while it runs."""

from prometheus_client import Counter, Gauge, Histogram

__all__ = ["BACKLOG", "LATENCY_SECONDS", "LATENESS_SECONDS", "REQUESTS"]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "greenroom_loadtest_requests", "Requests that are over, by what came of them.", ["outcome"]
)
LATENCY_SECONDS = Histogram(
    "greenroom_loadtest_latency_seconds", "From a request's intended time to its end.", buckets=_BUCKETS
)
LATENESS_SECONDS = Histogram(
    "greenroom_loadtest_lateness_seconds", "Messages sent later than intended.", buckets=_BUCKETS
)
BACKLOG = Gauge("greenroom_loadtest_outstanding_messages", "Messages handed over and not over yet.")
