"""The ledger of records in work: acknowledges each partition's records in their order.

Records are finished out of order, and Faust 0.15 commits past a record that is still in work when the one
after it is acknowledged first (its search for gaps leaves out the head of the queue). Acknowledging a
record only after all before it keeps every commit behind the first unfinished record, so that a crash loses
none.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

__all__ = ["Entry", "Ledger"]


@dataclass(eq=False)
class Entry:
    """A record in work."""

    partition: Hashable
    acknowledge: Callable[[], object]
    finished: bool = False


class Ledger:
    """Who is in work in which partition.

    >>> ledger, seen = Ledger(), []
    >>> first = ledger.open("catalog/0", lambda: seen.append("first"))
    >>> second = ledger.open("catalog/0", lambda: seen.append("second"))
    >>> ledger.close(second)
    >>> seen
    []
    >>> ledger.close(first)
    >>> seen
    ['first', 'second']
    """

    def __init__(self) -> None:
        self._queues: dict[Hashable, deque[Entry]] = {}

    def open(self, partition: Hashable, acknowledge: Callable[[], object]) -> Entry:
        """Enter a record, in reading order; ``acknowledge`` is called when it and all before are finished."""
        entry = Entry(partition, acknowledge)
        self._queues.setdefault(partition, deque()).append(entry)
        return entry

    def close(self, entry: Entry) -> None:
        """Finish a record, and acknowledge what it held up."""
        entry.finished = True
        queue = self._queues[entry.partition]
        while queue and queue[0].finished:
            queue.popleft().acknowledge()
        if not queue:
            del self._queues[entry.partition]

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._queues.values())
