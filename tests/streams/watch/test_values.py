import pytest

from streams.watch.drift.values import field_columns

FIELDS = {"rank": "numeric", "device": "categorical"}


def rows(lines: list[bytes]) -> tuple[list[float | None], list[str | None], int]:
    columns, malformed = field_columns(lines, FIELDS)
    (has_rank, rank), (has_device, device) = columns["rank"], columns["device"]
    ranks = [float(value) if has else None for has, value in zip(has_rank, rank, strict=True)]
    devices = [str(value) if has else None for has, value in zip(has_device, device, strict=True)]
    return ranks, devices, malformed


def test_records_of_all_sorts_in_one_go() -> None:
    lines = [b'{"rank":  3,"device":"tv","more":{"a":[1]}}', b'{"device":null}', b'{"rank":2.5}']
    assert rows(lines) == ([3.0, None, 2.5], ["tv", None, None], 0)


@pytest.mark.parametrize("bad", [b"", b"?", b"[1]", b"null", b'{"rank":1}{"rank":2}', b"\xff"])
def test_a_malformed_record_costs_only_itself(bad: bytes) -> None:
    assert rows([b'{"rank":1,"device":"tv"}', bad, b'{"rank":2}']) == (
        [1.0, None, 2.0],
        ["tv", None, None],
        1,
    )


@pytest.mark.parametrize(
    "odd", [b'{"rank":"x"}', b'{"rank":true}', b'{"rank":{"a":1}}', b'{"rank":[1]}', b'{"rank":1e200}']
)
def test_a_value_of_another_type_is_absent(odd: bytes) -> None:
    assert rows([b'{"rank":1}', odd]) == ([1.0, None], [None, None], 0)


def test_two_records_in_one_line_are_not_one() -> None:
    assert rows([b'{"rank":1}\n{"rank":2}', b'{"rank":3}'])[2] == 1
