"""Swahili: a phonemic spelling; stress on the last syllable but one."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["SWAHILI"]

_CLITICS = "na ya wa za la cha vya kwa katika ni si au"

_RULES = LetterRules(
    """
    [a] > a
    [b] > b
    [ch] > tʃ
    [c] > k
    [dh] > ð
    [d] > d
    [e] > ɛ
    [f] > f
    [gh] > ɣ
    [g] > ɡ
    [h] > h
    [i] > i
    [j] > dʒ
    [kh] > x
    [k] > k
    [l] > l
    [m] > m
    [ng'] > ŋ
    [ng] > ŋ ɡ
    [ny] > ɲ
    [n] > n
    [o] > ɔ
    [p] > p
    [q] > k
    [r] > ɾ
    [sh] > ʃ
    [s] > s
    [th] > θ
    [t] > t
    [u] > u
    [v] > v
    [w] > w
    [x] > k s
    [y] > j
    [z] > z
    """,
    {},
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    return stressed_at(_RULES(word), -2)


SWAHILI = Language(
    code="sw",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyz'",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "a be che de e efu ge he i je ke le me ne o pe ku re se te u ve we eksi ye ze",
    ),
    symbols=names("%&+=@#$€£°", "asilimia na jumlisha sawa at namba dola yuro pauni digrii"),
    decimal_word="nukta",
    decimal_point=".",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.9, final=1.35, aspiration_ms=22.0, tempo=1.0, accent=2.6),
)
