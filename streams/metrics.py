"""The metrics of every process: names by Prometheus conventions, base units, and buckets that fit the work."""

from prometheus_client import Counter, Gauge, Histogram

__all__ = [
    "ACKNOWLEDGED", "ASSETS", "ASSET_BYTES", "AUDIT", "AUDITED", "BYTES_PUBLISHED", "CONSUMER_LAG",
    "CONTROL_BAD_MESSAGES", "CONTROL_MESSAGES", "DEAD_LETTERS", "DRIFT", "DRIFT_DETECTED", "ENRICHED",
    "ENRICHMENT_SECONDS", "INTENDED_RATE", "LATENESS_SECONDS", "PUBLISHED", "PUBLISH_SECONDS",
    "SIMULATED_TIME", "SINK_WAIT_SECONDS",
]  # fmt: skip

_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

PUBLISHED = Counter("greenroom_events_published", "Events handed to the broker client.", ["topic", "kind"])
BYTES_PUBLISHED = Counter(
    "greenroom_published_bytes", "Bytes of keys and values handed to the broker client.", ["topic"]
)
ACKNOWLEDGED = Counter("greenroom_events_acknowledged", "Events that the brokers acknowledged.")
PUBLISH_SECONDS = Histogram(
    "greenroom_publish_seconds", "From handing a record over to its acknowledgement.", buckets=_LATENCY
)
SINK_WAIT_SECONDS = Counter(
    "greenroom_sink_wait_seconds", "Time for which a sink held the run back.", ["sink"]
)
LATENESS_SECONDS = Histogram(
    "greenroom_lateness_seconds", "Sent later than intended, a chunk of records.", buckets=_LATENCY
)
INTENDED_RATE = Gauge("greenroom_intended_events_per_second", "Events per second that the schedule asks for.")
SIMULATED_TIME = Gauge("greenroom_simulated_time_seconds", "The simulated clock, in seconds since the epoch.")

ENRICHED = Counter("greenroom_records_enriched", "Records published with their renditions.", ["topic"])
ENRICHMENT_SECONDS = Histogram(
    "greenroom_enrichment_seconds",
    "From reading a record to publishing it with its renditions.",
    ["medium"],
    buckets=(*_LATENCY, 60),
)
ASSETS = Counter("greenroom_assets_rendered", "Assets rendered and stored.", ["medium", "generator"])
ASSET_BYTES = Histogram(
    "greenroom_asset_size_bytes",
    "Size of each file of a rendered asset.",
    ["medium"],
    buckets=[1024 * 4**power for power in range(9)],
)
DEAD_LETTERS = Counter("greenroom_dead_letters", "Records that could not be processed.", ["topic", "reason"])

CONTROL_MESSAGES = Counter("greenroom_control_messages", "Messages heard on the topic control.", ["kind"])
CONTROL_BAD_MESSAGES = Counter(
    "greenroom_control_bad_messages", "Records on the topic control that are no messages."
)

CONSUMER_LAG = Gauge(
    "greenroom_consumer_lag_records", "Records between a group's offset and the end.", ["group", "topic"]
)
AUDITED = Counter("greenroom_events_audited", "Distinct events read back.", ["topic"])
AUDIT = Gauge("greenroom_audit_events", "Delivery verdict so far.", ["verdict"])
DRIFT = Gauge("greenroom_drift", "Distance of the last window from the reference.", ["feature", "measure"])
DRIFT_DETECTED = Gauge(
    "greenroom_drift_detected", "1 from the moment that a detector fired.", ["feature", "detector"]
)
