"""Italian: read by rules; stress falls on the last syllable but one unless the ending says otherwise."""

import re
from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import stressed_at

__all__ = ["ITALIAN"]

_CLITICS = (
    "il lo la i gli le un uno una e o di del della dello dei delle a al alla ai alle da dal in nel nella "
    "con su per tra fra che non si mi ti ci vi ne se ma"
)
_EXCEPTIONS = {
    "è": "ˈɛ", "perché": "p e r k ˈe", "poiché": "p o i k ˈe", "né": "n ˈe", "sé": "s ˈe",
}  # fmt: skip
_THIRD_FROM_LAST = re.compile(
    r"(issim[oaie]|[aiu]bil[ei]|evol[ei]|olog[oiae]|ograf[oiae]|(?<!am)(?<!nem)(?<!ant)(?<!fat)ic[oaie]|ich[ei]"
    r"|esim[oaie]|tavol[oaie]|popol[oi]|secol[oi]|numer[oi]|camer[ae]|liber[oaie]|ultim[oaie]|prossim[oaie]"
    r"|subito|essere|facil[ei]|difficil[ei]|giovan[ei]|albero|alberi|macchin[ae]|pagin[ae]|anim[ae]|isol[ae]"
    r"|[ao]ndici|[aeio]dici)$"
)

_RULES = LetterRules(
    """
    [à] > ˈa
    [è] > ˈɛ
    [é] > ˈe
    [ì] > ˈi
    [ò] > ˈɔ
    [ù] > ˈu
    [a] > a
    [e] > e
    [o] > o
    [i] V > j
    [i] > i
    [u] V > w
    [u] > u
    [bb] > bː
    [b] > b
    [cch] > kː
    [ch] > k
    [cqu] > kː w
    [cci] V > tʃː
    [cc] E > tʃː
    [cc] > kː
    [ci] A > tʃ
    [c] E > tʃ
    [c] > k
    [dd] > dː
    [d] > d
    [ff] > fː
    [f] > f
    [ggh] > ɡː
    [gh] > ɡ
    [ggi] V > dʒː
    [gg] E > dʒː
    [gg] > ɡː
    [gli] V > ʎː
    [gli] $ > ʎ i
    [gn] > ɲː
    [gi] A > dʒ
    [g] E > dʒ
    [g] > ɡ
    [h] >
    [j] > j
    [k] > k
    [ll] > lː
    [l] > l
    [mm] > mː
    [m] > m
    [nn] > nː
    [n] K > ŋ
    [n] > n
    [pp] > pː
    [p] > p
    [qu] > k w
    [q] > k
    [rr] > rː
    ^ [r] > r
    [r] C > r
    [r] > ɾ
    [sci] A > ʃː
    [sc] E > ʃː
    [ss] > sː
    V [s] V > z
    [s] Z > z
    [s] > s
    [tt] > tː
    [t] > t
    [v] > v
    [w] > w
    [x] > k s
    [y] > i
    [zz] > tsː
    ^ [z] > dz
    [z] > ts
    """,
    {
        "V": "[aeiouàèéìòù]",
        "E": "[eièéì]",
        "A": "[aouàòùe]",
        "K": "[kgcq]",
        "C": "[bcdfghjklmnpqstvwxz]",
        "Z": "[bdglmnrv]",
    },
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _EXCEPTIONS:
        return tuple(_EXCEPTIONS[word].split())
    return stressed_at(_RULES(word), -3 if _THIRD_FROM_LAST.search(word) else -2)


ITALIAN = Language(
    code="it",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyzàèéìòù'",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "a bi ci di e effe gi acca i i_lunga cappa elle emme enne o pi cu erre esse ti u vu doppia_vu "
        "ics ipsilon zeta",
    ),
    symbols=names("%&+=@#$€£°", "per_cento e più uguale chiocciola numero dollari euro sterline gradi"),
    decimal_word="virgola",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.82, final=1.3, aspiration_ms=16.0, tempo=1.0, accent=3.2),
)
