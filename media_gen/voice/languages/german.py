"""German: letter-to-sound rules with vowel length, final devoicing and stress by prefix and ending."""

import re
from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["GERMAN"]

_CLITICS = (
    "der die das den dem des ein eine einen einem einer eines und oder aber in im an am auf aus bei mit "
    "nach von vom zu zum zur für um es er sie ich du wir ihr man so als wie dass ob ist sind war hat wird"
)
_EXCEPTIONS = {
    "mädchen": "m ɛː t ç ə n", "das": "d a s", "was": "v a s", "es": "ɛ s", "man": "m a n", "an": "a n",
    "am": "a m", "um": "ʊ m", "in": "ɪ n", "im": "ɪ m", "bis": "b ɪ s", "mit": "m ɪ t", "hat": "h a t",
    "ob": "ɔ p", "von": "f ɔ n", "vom": "f ɔ m", "zum": "ts ʊ m", "zur": "ts uː ɐ", "der": "d eː ɐ",
    "er": "eː ɐ", "wer": "v eː ɐ", "wir": "v iː ɐ", "mir": "m iː ɐ", "dir": "d iː ɐ", "ihr": "iː ɐ",
    "des": "d ɛ s", "weg": "v ɛ k", "bin": "b ɪ n", "ab": "a p", "nach": "n aː x", "hoch": "h oː x",
    "buch": "b uː x", "sprache": "ʃ p ʁ aː x ə", "erst": "eː ɐ s t", "herz": "h ɛ ʁ ts", "welt": "v ɛ l t",
    "fünf": "f ʏ n f", "sieben": "z iː b ə n", "nacht": "n a x t", "musik": "m u z ˈiː k",
    "orange": "o ʁ ˈaː ʒ ə", "team": "t iː m", "computer": "k ɔ m p j ˈuː t ɐ", "hund": "h ʊ n t",
    "mond": "m oː n t", "städte": "ʃ t ɛː t ə", "null": "n ʊ l",
}  # fmt: skip
# A prefix stands before a stem with a full vowel: "Gebäude", "beginnt", but not "geben", "gestern".
_STEM_FOLLOWS = (
    r"(?=[bcdfghjklmnpqrstvwxyzß]{1,3}[aeiouäöüy])"
    r"(?![bcdfghjklmnpqrstvwxyzß]{1,3}e(?:rn|st|[nrlmst])?$)"
)
_UNSTRESSED_PREFIX = re.compile(rf"(be|ge|er|ver|zer|ent|emp){_STEM_FOLLOWS}")
_FINAL_STRESS = re.compile(r"(tion|tät|ant|ent|enz|eur|ell|thek)$")
_LAST_BUT_ONE_STRESS = re.compile(r"(tionen|täten|ieren|ierte|ierten)$")

_RULES = LetterRules(
    """
    [aa] > aː
    [ah] > aː
    [au] > aʊ
    [ai] > aɪ
    [ay] > aɪ
    [ax] > a k s
    [a] K > aː
    [a] > a
    [äu] > ɔʏ
    [äh] > ɛː
    [ä] K > ɛː
    [ä] > ɛ
    [bb] > b
    [b] F > p
    [b] > b
    [chs] > k s
    B [ch] > x
    ^ [ch] R > k
    [ch] > ç
    [ck] > k
    [c] I > ts
    [c] > k
    [dt] > t
    [dd] > d
    [d] F > t
    [d] > d
    [ee] > eː
    [eh] > eː
    [ei] > aɪ
    [ey] > aɪ
    [eu] > ɔʏ
    A.* [er] $ > ɐ
    A.* [ern] $ > ɐ n
    A.* [ers] $ > ɐ s
    A.* [en] $ > ə n
    A.* [el] $ > ə l
    A.* [em] $ > ə m
    A.* [es] $ > ə s
    A.* [et] $ > ə t
    A.* [est] $ > ə s t
    A.* [e] $ > ə
    A.* [ens] $ > ə n s
    A.* [eln] $ > ə l n
    A.* [end] $ > ə n t
    A.* [ende] > ə n d ə
    ^g [e] P > ə
    ^b [e] P > ə
    [e] K > eː
    [e] > ɛ
    [ff] > f
    [f] > f
    [gg] > ɡ
    i [g] $ > ç
    i [g] s?t$ > ç
    n [g] >
    [g] F > k
    [g] > ɡ
    A [h] >
    [h] > h
    [ieh] > iː
    [ie] > iː
    [ih] > iː
    [i] g$ > ɪ
    [i] K > iː
    [i] > ɪ
    [j] > j
    [kk] > k
    [k] > k
    [ll] > l
    [l] > l
    [mm] > m
    [m] > m
    [ng] I > ŋ
    [ng] > ŋ
    [nk] > ŋ k
    [nn] > n
    [n] > n
    [oo] > oː
    [oh] > oː
    [o] K > oː
    [o] > ɔ
    [öh] > øː
    [ö] K > øː
    [ö] > œ
    [pf] > pf
    [ph] > f
    [pp] > p
    [p] > p
    [qu] > k v
    [q] > k
    [rr] > ʁ
    A [r] $ > ɐ
    Aː? [r] C > ʁ
    [rh] > ʁ
    [r] > ʁ
    [sch] > ʃ
    ^ [sp] > ʃ p
    ^ [st] > ʃ t
    [ss] > s
    [ß] > s
    [s] A > z
    [s] > s
    [tion] > ts j oː n
    [tsch] > tʃ
    [tz] > ts
    [th] > t
    [tt] > t
    [t] > t
    [uh] > uː
    [u] K > uː
    [u] > ʊ
    [üh] > yː
    [ü] K > yː
    [ü] > ʏ
    ^ [v] > f
    [v] > v
    [w] > v
    [x] > k s
    [y] K > yː
    [y] > ʏ
    [zz] > ts
    [z] > ts
    """,
    {
        "A": "[aeiouäöüy]",
        "B": "[aou]",
        "C": "[bcdfghjklmnpqrstvwxyzß]",
        "I": "[eiäöüy]",
        "P": _STEM_FOLLOWS,
        "R": "[rlao]",
        "K": "(?=$|[bdgklmnprstvwzfß](?:$|[aeiouäöüy]|s$|st$)|ß|[bdgkpt][lr][aeiouäöü])",
        "F": "(?=$|[bdfgkpstzßn](?![aeiouäöülr])|s|t)",
    },
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _EXCEPTIONS:
        return stressed_at(_EXCEPTIONS[word].split(), 0)
    phones = _RULES(word)
    if _LAST_BUT_ONE_STRESS.search(word):
        return stressed_at(phones, -2)
    if _FINAL_STRESS.search(word) and len(word) > 5:
        return stressed_at(phones, -1)
    return stressed_at(phones, 1 if _UNSTRESSED_PREFIX.match(word) else 0)


GERMAN = Language(
    code="de",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyzäöüß",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyzß",
        "ah beh zeh deh eh eff geh hah ih jott kah ell emm enn oh peh kuh err ess teh uh fau weh ix "
        "üppsilon zett ess_zett",
    ),
    symbols=names("%&+=@#$€£°", "prozent und plus gleich ätt nummer dollar euro pfund grad"),
    decimal_word="komma",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.68, final=1.35, aspiration_ms=45.0, tempo=0.98, accent=3.0),
)
