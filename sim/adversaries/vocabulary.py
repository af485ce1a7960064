"""The closed vocabulary: what may stand in each slot of a template, and where it comes from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sim.adversaries import reserved
from sim.adversaries.countries import countries, other_value, true_value
from sim.adversaries.grammar import folk, lexemes, plural
from sim.adversaries.reserved import link
from sim.catalog.titles import invented_name
from sim.names import UnknownNameError
from sim.seeds import Picks, Stream, digest64

__all__ = ["LURES", "PLACES", "Place", "brand", "drawn", "link", "place_named"]

LURES = (
    "voucher",
    "tablet",
    "gift card",
    "season pass",
    "headset",
    "premium month",
    "prize box",
    "ticket pack",
)
_SUFFIXES = ("Rewards", "Direct", "Bonus", "Club", "Prime Deals", "Support")
_NAME = r"[A-Z][a-z]{2,13}"


@dataclass(frozen=True)
class Place:
    """A sort of slot: how a value is drawn from 64 bits, and which values it takes.

    Places with the same ``key`` are drawn from the same bits, so that they speak of the same thing (a country and
    its capital, a word and its plural).
    """

    draw: Callable[[int], str]
    accepts: Callable[[str], bool]
    key: str
    invented: bool = False
    """True where an insult or a group would stand: dictionary words and what is near the block list are refused."""


def brand(bits: int) -> str:
    """An invented brand.

    >>> brand(0)
    'Baba Rewards'
    """
    picks = Picks(bits)
    return f"{invented_name(picks)} {picks.one(_SUFFIXES)}"


def _handle(bits: int) -> str:
    picks = Picks(bits)
    return f"@{invented_name(picks).lower()}_{picks.below(1000):03d}"


def _person(bits: int) -> str:
    picks = Picks(bits)
    return f"{invented_name(picks)} {invented_name(picks, syllables=3)}"


def _street(bits: int) -> str:
    picks = Picks(bits)
    return f"{1 + picks.below(99)} {invented_name(picks)} Street, {picks.one(countries()).capital}"


def _glyph(bits: int) -> str:
    picks = Picks(bits)
    return "".join(picks.one("◬◭◮⬖⬗⬘⬙⯌⯎⌖") for _ in range(3))


def _one_of(options: tuple[str, ...]) -> tuple[Callable[[int], str], Callable[[str], bool]]:
    return lambda bits: options[bits % len(options)], frozenset(options).__contains__


def _formed(draw: Callable[[int], str], pattern: str) -> tuple[Callable[[int], str], Callable[[str], bool]]:
    compiled = re.compile(pattern)
    return draw, lambda value: compiled.fullmatch(value) is not None


def _coined(
    sort: str, form: Callable[[str], str] = str
) -> tuple[Callable[[int], str], Callable[[str], bool]]:
    def draw(bits: int) -> str:
        words = lexemes(sort)
        return form(words[bits % len(words)])

    return draw, lambda value: value in {form(word) for word in lexemes(sort)}


def _fact(name: str, *, true: bool) -> tuple[Callable[[int], str], Callable[[str], bool]]:
    def draw(bits: int) -> str:
        country = countries()[bits % len(countries())]
        return true_value(country, name) if true else other_value(country, name, bits >> 8)

    return draw, lambda value: any(value == true_value(country, name) for country in countries())


PLACES: dict[str, Place] = {
    "title": Place(
        *_formed(lambda bits: brand(bits).split()[0] + " River", r"[A-Za-z]+( [A-Za-z]+){0,3}"), "title"
    ),
    "brand": Place(*_formed(brand, rf"{_NAME} ({'|'.join(_SUFFIXES)})"), "brand"),
    "lure": Place(*_one_of(LURES), "lure"),
    "link": Place(*_formed(link, r"https://[a-z]+-\d{3}\.test/\d{6}"), "link"),
    "hashtag": Place(*_formed(lambda bits: "#" + brand(bits).split()[0], r"#[A-Za-z]+"), "hashtag"),
    "handle": Place(*_formed(_handle, r"@[a-z]+_\d{3}"), "handle"),
    "person": Place(*_formed(_person, rf"{_NAME} {_NAME}"), "person"),
    "star": Place(*_formed(_person, rf"{_NAME} {_NAME}"), "star"),
    "email": Place(*_formed(reserved.email, r"[a-z]+@[a-z]+\.example"), "email"),
    "phone": Place(*_formed(reserved.phone, r"\d{3}-555-01\d\d"), "phone"),
    "address": Place(*_formed(reserved.address, r"[\d.]+"), "address"),
    "street": Place(*_formed(_street, rf"\d+ {_NAME} Street, {_NAME}"), "street"),
    "card": Place(*_formed(reserved.card, r"0000( \d{4}){3}"), "card"),
    "wallet": Place(*_formed(reserved.wallet, r"1\w{33}"), "wallet"),
    "insult": Place(*_coined("insult"), "insult", invented=True),
    "insults": Place(*_coined("insult", plural), "insult", invented=True),
    "group": Place(*_coined("group", folk), "group", invented=True),
    "harmless": Place(*_coined("harmless"), "harmless", invented=True),
    "order": Place(*_coined("order", str.capitalize), "order", invented=True),
    "glyph": Place(*_formed(_glyph, r"[◬◭◮⬖⬗⬘⬙⯌⯎⌖]{3}"), "order"),
    "verb": Place(*_coined("verb"), "verb", invented=True),
    "marker": Place(*_coined("marker"), "marker", invented=True),
    "product": Place(*_coined("product"), "product", invented=True),
    "country": Place(*_formed(lambda bits: countries()[bits % len(countries())].name, _NAME), "country"),
    **{
        fact: Place(*_fact(fact, true=True), "country")
        for fact in ("capital", "seats", "turnout", "closing", "age")
    },
    **{
        f"false_{fact}": Place(*_fact(fact, true=False), "country")
        for fact in ("capital", "seats", "turnout", "closing", "age")
    },
}


def place_named(name: str) -> Place:
    """The place of this name."""
    try:
        return PLACES[name]
    except KeyError:
        raise UnknownNameError("slot", name, PLACES) from None


@lru_cache(maxsize=256)
def _salt(key: str) -> int:
    return digest64("place", key)


def drawn(name: str, bits: int) -> str:
    """The value of a place for 64 bits that stand for the whole text.

    >>> drawn("lure", 5) == drawn("lure", 5)
    True
    """
    place = place_named(name)
    return place.draw(Stream(bits).at(_salt(place.key)).bits())
