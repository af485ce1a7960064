"""Turkish: a phonemic spelling; stress on the last syllable."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["TURKISH"]

_CLITICS = "ve ile de da ki mi mı mu mü bir için gibi ama"

_RULES = LetterRules(
    """
    [aa] > aː
    [ağ] C > aː
    [ağ] $ > aː
    [oğ] C > oː
    [uğ] C > uː
    [a] > a
    [â] > a
    [b] > b
    [c] > dʒ
    [ç] > tʃ
    [d] > d
    [e] > e
    [f] > f
    [g] F > ɟ
    [g] > ɡ
    F [ğ] > j
    [ğ] >
    [h] > h
    [ı] > ɯ
    [i] > i
    [î] > i
    [j] > ʒ
    [k] F > c
    [k] > k
    [l] > l
    [m] > m
    [n] > n
    [o] > o
    [ö] > ø
    [p] > p
    [q] > k
    [r] > ɾ
    [s] > s
    [ş] > ʃ
    [t] > t
    [u] > u
    [û] > u
    [ü] > y
    [v] > v
    [w] > v
    [x] > k s
    [y] > j
    [z] > z
    """,
    {"F": "[eiöü]", "C": "[bcçdfghjklmnprsştvyz]"},
)


def _lower(text: str) -> str:
    """Lower case with the two Turkish i's kept apart."""
    return text.replace("I", "ı").replace("İ", "i").lower()


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    return stressed_at(_RULES(word), -1)


TURKISH = Language(
    code="tr",
    pronounce=_pronounce,
    letters="abcçdefgğhıijklmnoöprsştuüvyzqwxâîû",
    letter_names=names(
        "abcçdefgğhıijklmnoöprsştuüvyzqwx",
        "a be ce çe de e fe ge yumuşak_ge he ı i je ke le me ne o ö pe re se şe te u ü ve ye ze kü "
        "çift_ve iks",
    ),
    symbols=names("%&+=@#$€£°", "yüzde ve artı eşittir et numara dolar avro sterlin derece"),
    decimal_word="virgül",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.88, final=1.3, aspiration_ms=32.0, tempo=1.0, accent=2.4),
    lower=_lower,
)
