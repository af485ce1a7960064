"""Watermarks: the simulated time up to which a topic has been read, however unevenly its partitions."""

from collections import defaultdict

from streams.watch.audit import DeliveryAudit

__all__ = ["Watermarks"]


class Watermarks:
    """The newest simulated time of each partition, and what follows for the topic.

    A topic has been read up to where its slowest partition is. A partition from which everything was read
    that the shards have told of holds nothing back. No topic is further than the slowest shard, and nothing
    is said before every shard has reported: a silent one may have records that are older than all that was
    read.
    """

    def __init__(self, audit: DeliveryAudit) -> None:
        self._audit = audit
        self._newest: dict[str, dict[int, int]] = defaultdict(dict)

    def note(self, topic: str, partition: int, time_ms: int) -> None:
        """A record of this time was read."""
        known = self._newest[topic]
        known[partition] = max(time_ms, known.get(partition, time_ms))

    @property
    def newest(self) -> int | None:
        """The newest simulated time read from any partition, ms."""
        return max((time for times in self._newest.values() for time in times.values()), default=None)

    def of_topics(self) -> dict[str, int]:
        """The simulated time, ms, up to which each topic was read."""
        reached = self._audit.ledger.at
        if reached is None:
            return {}
        return {topic: self._of(topic, reached) for topic in self._newest}

    def _of(self, topic: str, reached: int) -> int:
        """A partition that was never read from counts as well: what it holds may be old."""
        told = {partition for of_topic, partition in self._audit.ledger.published if of_topic == topic}
        behind = [
            self._newest[topic].get(partition, 0)
            for partition in told | set(self._newest[topic])
            if not self._audit.reached(topic, partition)
        ]
        return min([reached, *behind])
