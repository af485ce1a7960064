"""The topics: their names, keys, partitions, retention and cleanup policy, in one place."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sim.names import UnknownNameError

__all__ = ["TOPICS", "Topic", "qualified", "topic_named"]

Cleanup = Literal["delete", "compact"]


@dataclass(frozen=True)
class Topic:
    """One topic: what it carries, what keys it, and how long the cluster keeps it."""

    name: str
    key: str
    about: str
    partitions: int = 8
    retention: timedelta | None = timedelta(days=7)
    cleanup: Cleanup = "delete"

    def config(self) -> dict[str, str]:
        """The topic's settings in Kafka's words."""
        retention_ms = -1 if self.retention is None else int(self.retention.total_seconds() * 1000)
        return {"cleanup.policy": self.cleanup, "retention.ms": str(retention_ms)}


TOPICS: tuple[Topic, ...] = (
    Topic("catalog", "item_id", "Items born, launched in a region, taken down.", 4, None, "compact"),
    Topic("audience", "user_id", "Viewers registered, changed, erased.", 8, None, "compact"),
    Topic("journeys", "user_id", "What viewers do: sessions, impressions, plays, reactions."),
    Topic("content", "user_id", "What is posted: comments, posts, uploads, benign and adversarial alike."),
    Topic("truth", "subject", "Labels of events, and planted shifts: never shown to the system under test."),
    Topic("catalog.enriched", "item_id", "Catalogue records with their renditions.", 4),
    Topic("journeys.enriched", "user_id", "Journey records with their renditions."),
    Topic("content.enriched", "user_id", "Content records with their renditions."),
    Topic(
        "assets",
        "asset_id",
        "Every rendition: address, digests, annotations, provenance.",
        8,
        None,
        "compact",
    ),
    Topic("drift", "feature", "Drift readings, a window and feature each.", 1),
    Topic("audit", "shard", "What each shard published: counts and digests by topic and partition.", 1, None),
    Topic("control", "shard", "Changes proposed to the running fleet, and what its shards answer.", 1, None),
    Topic(
        "dead_letters",
        "source",
        "Records that could not be processed, with the reason and their bytes.",
        1,
        None,
    ),
)


def topic_named(name: str) -> Topic:
    """The topic with this unqualified name."""
    for topic in TOPICS:
        if topic.name == name:
            return topic
    raise UnknownNameError("topic", name, [topic.name for topic in TOPICS])


def qualified(run: str, name: str) -> str:
    """The topic's name on the cluster: runs share a cluster by their prefix.

    >>> qualified("greenroom", "journeys")
    'greenroom.journeys'
    """
    return f"{run}.{topic_named(name).name}"
