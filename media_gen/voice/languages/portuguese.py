"""Portuguese (Brazilian): read by rules, with nasal vowels and the weak final vowels of everyday speech."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["PORTUGUESE"]

_CLITICS = (
    "o a os as um uma e ou de do da dos das em no na nos nas por pelo pela para com sem que se me te lhe "
    "ao à mas seu sua"
)
_EXCEPTIONS = {
    "muito": "m ˈu j n t u", "muita": "m ˈu j n t ɐ", "e": "i", "de": "dʒ i", "que": "k i", "se": "s i",
    "me": "m i", "o": "u", "os": "u s", "a": "a", "do": "d u", "dos": "d u s", "no": "n u", "nos": "n u s",
}  # fmt: skip

_RULES = LetterRules(
    """
    [ão] > ˈɑ̃ w
    [ãe] > ˈɑ̃ j
    [õe] > ˈɔ̃ j
    [ã] > ˈɑ̃
    [õ] > ˈɔ̃
    [á] > ˈa
    [à] > ˈa
    [â] > ˈɐ
    [é] > ˈɛ
    [ê] > ˈe
    [í] > ˈi
    [ó] > ˈɔ
    [ô] > ˈo
    [ú] > ˈu
    [am] $ > ɑ̃ w
    [em] $ > ˈe j n
    [ens] $ > ˈe j n s
    [am] P > ɑ̃ m
    [an] N > ɑ̃ n
    [a] S$ > ɐ
    [a] $ > ɐ
    [a] > a
    [e] S$ > i
    [e] $ > i
    [e] > e
    [om] $ > ɔ̃
    [om] P > ɔ̃ m
    [on] N > ɔ̃ n
    [o] S$ > u
    [o] $ > u
    [ou] > o
    [o] > o
    [i] V > j
    A [i] > j
    [i] > i
    q [u] E >
    g [u] E >
    [u] V > w
    A [u] > w
    [u] > u
    [b] > b
    [ch] > ʃ
    [ç] > s
    [c] E > s
    [c] > k
    [d] I > dʒ
    [d] e$ > dʒ
    [d] > d
    [f] > f
    [g] E > ʒ
    [g] > ɡ
    [h] >
    [j] > ʒ
    [k] > k
    [lh] > ʎ
    V [l] C > w
    V [l] $ > w
    [l] > l
    [m] > m
    [nh] > ɲ
    [n] > n
    [p] > p
    [q] > k
    [rr] > h
    ^ [r] > h
    N [r] > h
    [r] > ɾ
    [sc] E > s
    [ss] > s
    V [s] V > z
    [s] Z > z
    [s] > s
    [t] I > tʃ
    [t] e$ > tʃ
    [t] > t
    [v] > v
    [w] > w
    ^ [x] > ʃ
    e [x] V > z
    [x] > ʃ
    [y] > i
    [z] $ > s
    [z] > z
    """,
    {
        "A": "[aeoáâéêóôãõ]",
        "V": "[aeiouáâàãéêíóôõú]",
        "E": "[eiéêí]",
        "I": "[ií]",
        "P": "[pb]",
        "N": "[ntdcgqszfvjlr]",
        "S": "[s]",
        "C": "[bcdfgjkmnpqrstvxz]",
        "Z": "[bdgmnrv]",
    },
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _EXCEPTIONS:
        return tuple(_EXCEPTIONS[word].split())
    return stressed_at(
        _RULES(word), -2 if word.removesuffix("s")[-1:] in ("a", "e", "o") or word.endswith("am") else -1
    )


PORTUGUESE = Language(
    code="pt",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyzáâàãçéêíóôõú",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "á bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê",
    ),
    symbols=names("%&+=@#$€£°", "por_cento e mais igual arroba número dólares euros libras graus"),
    decimal_word="vírgula",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.72, final=1.3, aspiration_ms=16.0, tempo=1.0, accent=3.0),
)
