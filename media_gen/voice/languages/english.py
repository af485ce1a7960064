"""English (American): dictionary first, then known stems with endings, then letter-to-sound rules."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.lexicon import looked_up
from media_gen.voice.languages.stress import stressed_at

__all__ = ["ENGLISH"]

_WEAK = {
    "a": "ə", "an": "ə n", "the": "ð ə", "and": "ə n d", "of": "ə v", "to": "t ʊ", "for": "f ɚ",
    "from": "f ɹ ə m", "at": "æ t", "as": "æ z", "was": "w ə z", "are": "ɑ ɹ", "that": "ð æ t",
    "than": "ð ə n", "can": "k æ n", "is": "ɪ z", "it": "ɪ t", "in": "ɪ n", "on": "ɑ n", "by": "b aɪ",
    "with": "w ɪ θ", "or": "ɔ ɹ", "but": "b ʌ t", "be": "b i", "been": "b ɪ n", "he": "h i", "she": "ʃ i",
    "we": "w i", "you": "j u", "they": "ð eɪ", "his": "h ɪ z", "her": "h ɚ", "their": "ð ɛ ɹ",
    "your": "j ɔ ɹ", "my": "m aɪ", "our": "aʊ ɚ", "its": "ɪ t s", "were": "w ɚ", "has": "h æ z",
    "had": "h æ d", "have": "h æ v", "will": "w ɪ l", "would": "w ʊ d", "could": "k ʊ d", "i": "aɪ",
    "me": "m i", "them": "ð ə m", "us": "ʌ s", "if": "ɪ f", "so": "s oʊ", "do": "d u", "this": "ð ɪ s",
    "am": "æ m", "into": "ɪ n t ʊ", "not": "n ɑ t", "then": "ð ɛ n", "when": "w ɛ n", "who": "h u",
    "does": "d ʌ z",
}  # fmt: skip
_STRESSED_WEAK = frozenset({"not", "this", "then", "when", "who", "does", "i"})
_PAST = {"t": "ɪ d", "d": "ɪ d"}
_HISSES = ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ")
_VOICELESS = ("p", "t", "k", "f", "θ", "s", "ʃ", "tʃ")
_ENDINGS = {
    "ing": "ɪ ŋ", "er": "ɚ", "ers": "ɚ z", "ly": "l i", "ness": "n ə s", "less": "l ə s", "ful": "f ə l",
    "ish": "ɪ ʃ", "y": "i", "able": "ə b ə l", "ment": "m ə n t", "est": "ɪ s t", "ist": "ɪ s t",
}  # fmt: skip
_PREFIXES = {
    "un": "ʌ n", "re": "ɹ i", "pre": "p ɹ i", "mis": "m ɪ s", "non": "n ɑ n", "over": "oʊ v ɚ",
    "anti": "æ n t i", "sub": "s ʌ b", "super": "s u p ɚ", "de": "d i", "dis": "d ɪ s", "out": "aʊ t",
}  # fmt: skip

_RULES = LetterRules(
    """
    [augh] > ɔ
    [ai] > eɪ
    [ay] > eɪ
    [au] > ɔ
    [aw] > ɔ
    [a] r$ > ɑ
    [a] rC > ɑ
    [ar] V > ɛ ɹ
    [ation] > eɪ ʃ ə n
    [a] CeW? > eɪ
    [a] CV > eɪ
    V.* [al] $ > ə l
    [all] > ɔ l
    ^ [a] $ > ə
    V.* [a] $ > ə
    [a] > æ
    [bb] > b
    m [b] $ >
    [b] > b
    [ch] > tʃ
    [ck] > k
    [cc] I > k s
    [cc] > k
    [ci] V > ʃ
    [c] I > s
    [c] > k
    [dge] > dʒ
    [dd] > d
    [d] > d
    [ee] > i
    [eau] > oʊ
    [ea] > i
    [ei] gh > eɪ
    [eigh] > eɪ
    [ei] > i
    [eu] > j u
    [ew] > j u
    [ey] $ > i
    [ey] > eɪ
    [er] $ > ɚ
    [er] C > ɝ
    [e] $ >
    V.*H [es] $ > ɪ z
    V.* [es] $ > z
    V.*D [ed] $ > ɪ d
    V.* [ed] $ > d
    [e] CeW? > i
    V.* [el] $ > ə l
    V.* [en] $ > ə n
    ^.? [e] $ > i
    [e] > ɛ
    [ff] > f
    [f] > f
    [ght] > t
    V [gh] >
    [gh] > ɡ
    [gg] > ɡ
    [gn] $ > n
    ^ [gn] > n
    [g] I > dʒ
    [g] > ɡ
    [h] $ >
    V [h] C >
    [h] > h
    [igh] > aɪ
    [ie] $ > i
    [ie] > i
    [ir] C > ɝ
    [ir] $ > ɝ
    [ind] $ > aɪ n d
    [ild] $ > aɪ l d
    [i] CeW? > aɪ
    ^C? [i] $ > aɪ
    [i] > ɪ
    [j] > dʒ
    ^ [kn] > n
    [kk] > k
    [k] > k
    C [le] $ > ə l
    [ll] > l
    [l] > l
    [mm] > m
    [m] > m
    [ng] $ > ŋ
    [ng] C > ŋ
    [n] k > ŋ
    [nn] > n
    [n] > n
    [ous] $ > ə s
    [ough] > oʊ
    [ould] > ʊ d
    [oo] k > ʊ
    [oo] > u
    [ou] > aʊ
    [ow] $ > oʊ
    [ow] > aʊ
    [oi] > ɔɪ
    [oy] > ɔɪ
    [oa] > oʊ
    [oe] $ > oʊ
    [or] > ɔ ɹ
    [old] > oʊ l d
    [o] CeW? > oʊ
    [o] CV > oʊ
    [o] $ > oʊ
    V.* [on] $ > ə n
    [o] > ɑ
    [ph] > f
    ^ [ps] > s
    [pp] > p
    [p] > p
    [qu] > k w
    [q] > k
    [rr] > ɹ
    [r] > ɹ
    [sch] > s k
    [sh] > ʃ
    [sion] > ʒ ə n
    [ss] > s
    V [s] V > z
    O [s] $ > z
    [s] > s
    [tch] > tʃ
    [th] > θ
    [tion] > ʃ ə n
    [ture] $ > tʃ ɚ
    [tt] > t
    [t] > t
    [ue] $ > u
    [ui] > u
    [ur] C > ɝ
    [ur] $ > ɝ
    [u] CeW? > u
    [u] CV > u
    [u] $ > u
    [u] > ʌ
    [v] > v
    ^ [wr] > ɹ
    [wh] > w
    V [w] $ >
    [w] > w
    ^ [x] > z
    [x] > k s
    ^ [y] > j
    [y] V > j
    ^C+ [y] $ > aɪ
    [y] $ > i
    [y] > ɪ
    [zz] > z
    [z] > z
    """,
    {
        "V": "[aeiouy]",
        "C": "[bcdfghjklmnpqrstvwxz]",
        "I": "[eiy]",
        "W": "[sdr]",
        "H": "[szxh]",
        "D": "[td]",
        "O": "[bdgvlmnrwaeiouy]",
    },
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _WEAK:
        phones = tuple(_WEAK[word].split())
        return stressed_at(phones, 0) if word in _STRESSED_WEAK else phones
    return _known(word) or _ruled(word)


def _known(word: str) -> tuple[str, ...] | None:
    return looked_up(word) or _inflected(word) or _derived(word) or _compound(word)


def _inflected(word: str) -> tuple[str, ...] | None:
    """Plurals, possessives and past forms of dictionary words."""
    if word.endswith(("'s", "s")) and (stem := looked_up(word.removesuffix("s").removesuffix("'"))):
        return (*stem, *(("ɪ", "z") if stem[-1] in _HISSES else ("s",) if stem[-1] in _VOICELESS else ("z",)))
    if word.endswith("ed"):
        for base in (word[:-2], word[:-1], word[:-3] if word[-3:-2] == word[-4:-3] else ""):
            if base and (stem := looked_up(base)):
                return (*stem, *_PAST.get(stem[-1], "t" if stem[-1] in _VOICELESS else "d").split())
    return None


def _derived(word: str) -> tuple[str, ...] | None:
    """Dictionary words with one ending or prefix more."""
    for ending, phones in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word.removesuffix(ending)
            for candidate in (base, base + "e", base[:-1] if base[-1] == base[-2] else base):
                if stem := looked_up(candidate):
                    return (*stem, *phones.split())
    for prefix, phones in _PREFIXES.items():
        if (
            word.startswith(prefix)
            and len(word) > len(prefix) + 2
            and (stem := _known(word.removeprefix(prefix)))
        ):
            return (*phones.split(), *stem)
    return None


def _compound(word: str) -> tuple[str, ...] | None:
    """Two dictionary words written as one, the longest first part that works."""
    for cut in range(len(word) - 3, 2, -1):
        first, second = looked_up(word[:cut]), looked_up(word[cut:])
        if first and second:
            return (*first, *(symbol.replace("ˈ", "ˌ") for symbol in second))
    return None


def _ruled(word: str) -> tuple[str, ...]:
    phones = _RULES(word.replace("'", ""))
    return stressed_at(phones, -2 if phones[-2:] == ("ə", "n") and "ʃ" in phones else 0)


ENGLISH = Language(
    code="en",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyz'",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "eh bee sea dee ee eff gee aitch eye jay kay ell em en oh pea queue are ess tea you vee "
        "double_you ex why zee",
    ),
    symbols=names("%&+=@#$€£°", "percent and plus equals at number dollars euros pounds degrees"),
    decimal_word="point",
    decimal_point=".",
    clitics=frozenset(_WEAK) - _STRESSED_WEAK,
    rhythm=Rhythm(unstressed=0.62, final=1.35, aspiration_ms=50.0, tempo=1.0, accent=3.2),
)
