"""Invented countries and what is true about them, so that a claim can be checked against a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sim.adversaries.near import patterns_asked, patterns_kept
from sim.catalog.titles import invented_name
from sim.seeds import Picks, digest64

__all__ = ["COUNTRIES", "Country", "countries", "other_value", "true_value"]

COUNTRIES = 32


@dataclass(frozen=True)
class Country:
    """An invented country.

    >>> country = countries()[0]
    >>> true_value(country, "seats") == str(country.seats)
    True
    """

    name: str
    capital: str
    seats: int
    """Seats in its parliament."""
    turnout: int
    """Turnout of its last election, per cent."""
    closing: int
    """Hour at which its polling stations close."""
    age: int
    """Age from which one may vote."""


@cache
def countries() -> tuple[Country, ...]:
    """All invented countries; no two names or capitals are within two edits of each other."""
    names = _names(2 * COUNTRIES)
    return tuple(
        _country(name, capital, Picks(digest64("facts", number)))
        for number, (name, capital) in enumerate(zip(names[::2], names[1::2], strict=True))
    )


def true_value(country: Country, fact: str) -> str:
    """What the table says."""
    return str(getattr(country, fact))


def other_value(country: Country, fact: str, bits: int) -> str:
    """A value that the table contradicts."""
    others = _values()[fact]
    place = others.index(true_value(country, fact))
    return others[(place + 1 + bits % (len(others) - 1)) % len(others)]


@cache
def _values() -> Mapping[str, tuple[str, ...]]:
    facts = ("capital", "seats", "turnout", "closing", "age")
    return {fact: tuple(dict.fromkeys(true_value(c, fact) for c in countries())) for fact in facts}


def _country(name: str, capital: str, picks: Picks) -> Country:
    return Country(
        name,
        capital,
        101 + 2 * picks.below(150),
        41 + picks.below(50),
        16 + picks.below(7),
        16 + picks.below(6),
    )


def _names(many: int) -> tuple[str, ...]:
    found: list[str] = []
    near: set[str] = set()
    number = 0
    while len(found) < many:
        name = invented_name(Picks(digest64("country", number)), syllables=3)
        number += 1
        if 6 <= len(name) <= 9 and near.isdisjoint(patterns_asked(name)):
            found.append(name)
            near.update(patterns_kept(name))
    return tuple(found)
