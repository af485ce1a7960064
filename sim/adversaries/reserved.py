"""Reserved ranges: links, numbers and addresses that belong to nobody, and the check that a text has no others."""

import hashlib
import re
from functools import lru_cache

from sim.adversaries.wordlists import is_blocked
from sim.catalog.titles import invented_name
from sim.seeds import Picks

__all__ = ["address", "card", "email", "link", "outside_reserved", "phone", "wallet"]

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DOMAIN = re.compile(r"(?<![\w-])(?:[a-z0-9-]+\.)+([a-z]{2,24})(?![\w-])", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_DOTTED = re.compile(r"\w\.[a-z]", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_RESERVED_TLDS = ("test", "invalid", "example")
_SCHEME = re.compile(r"\w+://(\S+)")
_DIGITS = re.compile(r"\+?\d(?:[ .()-]{0,2}\d){6,}(?!\w)")
_PHONE = re.compile(r"\d{3}-555-01\d\d|555-01\d\d")
_EXAMPLE_NET = re.compile(r"(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}")
_CARD = re.compile(r"0000(?: \d{4}){3}")
_WALLET = re.compile(
    r"(?<![A-Za-z0-9])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[a-z0-9]{20,}|0x[0-9a-fA-F]{40})(?!\w)"
)


def link(bits: int) -> str:
    """A link in the domain .test, which is reserved and never resolves (RFC 2606)."""
    picks = Picks(bits)
    return f"https://{invented_name(picks).lower()}-{100 + picks.below(900)}.test/{picks.below(10**6):06d}"


def email(bits: int) -> str:
    """A mail address in the domain .example (RFC 2606)."""
    picks = Picks(bits)
    return f"{invented_name(picks).lower()}@{invented_name(picks).lower()}.example"


def phone(bits: int) -> str:
    """A telephone number from the range 555-0100 to 555-0199, kept for fiction in North America."""
    picks = Picks(bits)
    return f"{200 + picks.below(800)}-555-01{picks.below(100):02d}"


def address(bits: int) -> str:
    """An IPv4 address from the ranges for documentation (RFC 5737)."""
    picks = Picks(bits)
    return f"{picks.one(('192.0.2', '198.51.100', '203.0.113'))}.{1 + picks.below(254)}"


def card(bits: int) -> str:
    """A card number of an issuer that cannot exist (0000), whose check digit is wrong (ISO/IEC 7812)."""
    digits = f"0000{bits % 10**11:011d}"
    wrong = (_luhn(digits) + 1 + bits % 9) % 10
    number = f"{digits}{wrong}"
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))


def wallet(bits: int) -> str:
    """Looks like a Bitcoin address; its checksum is wrong, so that no wallet takes it.

    >>> outside_reserved(wallet(7))
    []
    """
    while True:
        digest = hashlib.blake2b(bits.to_bytes(16, "big"), digest_size=33).digest()
        found = "1" + "".join(_BASE58[byte % 58] for byte in digest)
        spelt = any(map(is_blocked, _LETTERS.findall(found)))
        # One in four thousand million would be right by chance.
        if not spelt and not _checksum_is_right(found):
            return found
        bits += 1


def outside_reserved(text: str) -> list[str]:
    """Domains, numbers and addresses in a text that are not from a range reserved for examples.

    >>> outside_reserved("https://a-1.test/2, 202-555-0199, 192.0.2.7")
    []
    >>> outside_reserved("see www.shop.com or 202 555 1234")
    ['www.shop.com', '202 555 1234']
    """
    found: list[str] = []
    if _DOTTED.search(text):
        found += [m[0] for m in _DOMAIN.finditer(text) if m[1].lower() not in _RESERVED_TLDS]
    if "://" in text:
        found += [m[0] for m in _SCHEME.finditer(text) if not _DOMAIN.match(m[1])]
    if _DIGIT.search(text):
        found += [m[0] for m in _DIGITS.finditer(text) if not _reserved_number(m[0])]
        found += [m[0] for m in _WALLET.finditer(text) if m[0][0] in "b0" or _checksum_is_right(m[0])]
    return found


def _reserved_number(digits: str) -> bool:
    if _CARD.fullmatch(digits):
        number = digits.replace(" ", "")
        return int(number[-1]) != _luhn(number[:-1])
    return bool(_PHONE.fullmatch(digits) or _EXAMPLE_NET.fullmatch(digits))


def _luhn(digits: str) -> int:
    """The check digit of Luhn (ISO/IEC 7812-1)."""
    doubled = [int(d) * (2 - place % 2) for place, d in enumerate(reversed(digits))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10


@lru_cache(maxsize=1024)
def _checksum_is_right(found: str) -> bool:
    number = 0
    for letter in found:
        number = number * 58 + _BASE58.index(letter)
    raw = number.to_bytes(40, "big")[-25:]
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]
