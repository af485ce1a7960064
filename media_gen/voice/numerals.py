"""Numerals: digits as the words of a language."""

import unicodedata

from num2words2 import num2words

from media_gen.voice.language import Language

__all__ = ["numeral_words"]

_LONGEST = 15
"""Digits beyond which a number is read digit by digit, as people do with long identifiers."""


def numeral_words(token: str, language: Language) -> str:
    """A numeral of digits, commas and points in words.

    >>> from media_gen.voice.languages import LANGUAGES
    >>> numeral_words("1,984", LANGUAGES["en"]), numeral_words("3,5", LANGUAGES["de"])
    ('one thousand, nine hundred and eighty-four', 'drei komma fünf')
    >>> numeral_words("007", LANGUAGES["en"])
    'zero zero seven'
    """
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token)
    whole, decimals = _grouped(plain, language.decimal_point)
    is_code = len(whole) > _LONGEST or (whole.startswith("0") and len(whole) > 1)
    spoken = _digits(whole, language) if is_code else _words(int(whole), language)
    return f"{spoken} {language.decimal_word} {_digits(decimals, language)}" if decimals else spoken


def _grouped(token: str, decimal_point: str) -> tuple[str, str]:
    """Whole part and decimals without group separators; no digit is lost, even of a date or a version."""
    separator = "," if decimal_point == "." else "."
    whole, _, decimals = token.replace(separator, "").partition(decimal_point)
    return whole, decimals.replace(decimal_point, "")


def _digits(digits: str, language: Language) -> str:
    return " ".join(_words(int(digit), language) for digit in digits)


def _words(number: int, language: Language) -> str:
    return str(num2words(number, lang=language.code))  # type: ignore[no-untyped-call]
