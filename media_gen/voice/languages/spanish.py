"""Spanish (Latin American): a phonemic spelling, read by rules; stress from the written ending or accent."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["SPANISH"]

_CLITICS = (
    "el la los las un una y o u e de del a al en con por para sin que se me te le les lo nos mi tu su mis "
    "tus sus si"
)
_EXCEPTIONS = {
    "y": "i", "méxico": "m ˈe x i k o", "mexicano": "m e x i k ˈa n o", "mexicana": "m e x i k ˈa n a",
}  # fmt: skip

_RULES = LetterRules(
    """
    [á] > ˈa
    [é] > ˈe
    [í] > ˈi
    [ó] > ˈo
    [ú] > ˈu
    [a] > a
    [e] > e
    [o] > o
    [i] V > j
    A [i] > j
    [i] > i
    q [u] E >
    g [u] E >
    [ü] > w
    [u] V > w
    A [u] > w
    [u] > u
    A [y] $ > j
    [y] $ > i
    [y] > j
    V [b] V > β
    V [v] V > β
    [b] > b
    [v] > b
    [ch] > tʃ
    [cc] E > k s
    [c] E > s
    [c] > k
    V [d] V > ð
    [d] > d
    [f] > f
    [g] E > x
    V [g] V > ɣ
    [g] > ɡ
    [h] >
    [j] > x
    [k] > k
    [ll] > j
    [l] > l
    [m] > m
    [n] K > ŋ
    [n] > n
    [ñ] > ɲ
    [p] > p
    [q] > k
    [rr] > r
    ^ [r] > r
    N [r] > r
    [r] > ɾ
    [sc] E > s
    [s] > s
    [t] > t
    [w] > w
    ^ [x] > s
    [x] > k s
    [z] > s
    """,
    {"A": "[aeoáéó]", "V": "[aeiouáéíóúü]", "E": "[eiéí]", "K": "[kgcqj]", "N": "[nls]"},
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _EXCEPTIONS:
        return tuple(_EXCEPTIONS[word].split())
    return stressed_at(_RULES(word), -2 if word[-1] in "aeiouns" else -1)


SPANISH = Language(
    code="es",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyzáéíóúüñ",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyzñ",
        "a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve doble_uve equis ye "
        "zeta eñe",
    ),
    symbols=names("%&+=@#$€£°", "por_ciento y más igual arroba número dólares euros libras grados"),
    decimal_word="coma",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.88, final=1.3, aspiration_ms=16.0, tempo=1.02, accent=2.8),
)
