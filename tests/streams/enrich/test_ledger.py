from itertools import permutations

import pytest

from streams.enrich.ledger import Ledger


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_record_is_acknowledged_when_all_before_it_are_finished(order: tuple[int, ...]) -> None:
    ledger, seen = Ledger(), list[int]()
    entries = [ledger.open("p", lambda number=number: seen.append(number)) for number in range(4)]
    finished = set()
    for number in order:
        ledger.close(entries[number])
        finished.add(number)
        unfinished = min(set(range(5)) - finished)
        assert seen == list(range(unfinished))
    assert len(ledger) == 0


def test_partitions_do_not_wait_for_each_other() -> None:
    ledger, seen = Ledger(), list[str]()
    ledger.open("slow", lambda: seen.append("slow"))
    ledger.close(ledger.open("quick", lambda: seen.append("quick")))
    assert seen == ["quick"]
    assert len(ledger) == 1
