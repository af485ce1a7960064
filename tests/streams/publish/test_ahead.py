"""What is prepared ahead comes in order, stays bounded, and ends with its reader."""

import threading
from collections.abc import Iterator
from threading import Event

import pytest

from streams.publish.ahead import Ahead


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "ahead"]


def test_everything_comes_once_and_in_order() -> None:
    assert list(Ahead(iter(range(500)))) == list(range(500))
    assert list(Ahead(iter(()))) == []
    assert not threads()


def test_an_error_is_raised_after_what_came_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError("third")

    reader = iter(Ahead(failing()))
    assert [next(reader), next(reader)] == [1, 2]
    with pytest.raises(LookupError, match="third"):
        next(reader)
    assert not threads()


def test_one_item_more_is_prepared_than_was_asked_for() -> None:
    made: list[int] = []
    second, third = Event(), Event()

    def counted() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            (second if number == 1 else third if number == 2 else Event()).set()
            yield number

    reader = iter(Ahead(counted()))
    assert next(reader) == 0
    assert second.wait(5)
    assert not third.wait(0.2)
    assert made == [0, 1]
    assert next(reader) == 1
    assert third.wait(5)
    reader.close()  # type: ignore[attr-defined]
    assert len(made) <= 4
    assert not threads()


def test_a_reader_that_leaves_ends_the_thread() -> None:
    for item in Ahead(iter(range(10**9))):
        if item == 3:
            break
    assert not threads()


def test_a_reader_that_fails_ends_the_thread() -> None:
    def read() -> None:
        for item in Ahead(iter(range(10**9))):
            if item == 3:
                raise KeyError(item)

    with pytest.raises(KeyError):
        read()
    assert not threads()
