"""Indonesian: a phonemic spelling; stress on the last syllable but one, unless that is a schwa."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import nuclei, stressed_at

__all__ = ["INDONESIAN"]

_CLITICS = "di ke dari dan yang untuk dengan pada itu ini akan tidak atau oleh"

# The spelling writes schwa and e alike: schwa stands in the prefixes and in most first syllables.
_RULES = LetterRules(
    """
    [ai] $ > aɪ
    [au] $ > aʊ
    [a] > a
    [b] > b
    [c] > tʃ
    [d] > d
    [e] V > e
    ^C+ [e] C+V > ə
    ^ [e] C+V > ə
    ^(memp|men|mem|meng|pen|pem|peng|ber|ter|per).* [e] CV > ə
    [e] > e
    [f] > f
    [g] > ɡ
    [h] > h
    [i] V > j
    [i] > i
    [j] > dʒ
    [kh] > x
    [k] > k
    [l] > l
    [m] > m
    [ngg] > ŋ ɡ
    [ng] > ŋ
    [ny] > ɲ
    [n] > n
    [o] > o
    [p] > p
    [q] > k
    [r] > r
    [sy] > ʃ
    [s] > s
    [t] > t
    [u] V > w
    [u] > u
    [v] > f
    [w] > w
    [x] > k s
    [y] > j
    [z] > z
    """,
    {"V": "[aeiou]", "C": "[bcdfghjklmnpqrstvwxyz]"},
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    phones = _RULES(word)
    vowels = nuclei(phones)
    return stressed_at(phones, -1 if len(vowels) > 1 and phones[vowels[-2]] == "ə" else -2)


INDONESIAN = Language(
    code="id",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyz",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "a be ce de e ef ge ha i je ka el em en o pe ki er es te u fe we eks ye zet",
    ),
    symbols=names("%&+=@#$€£°", "persen dan tambah sama_dengan at nomor dolar euro paun derajat"),
    decimal_word="koma",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.9, final=1.35, aspiration_ms=14.0, tempo=1.0, accent=2.4),
)
