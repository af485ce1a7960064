"""French: letter-to-sound rules with silent endings, common exceptions, and stress on the last full vowel."""

from functools import lru_cache

from media_gen.voice.language import Language, Rhythm, names
from media_gen.voice.languages.letter_rules import LetterRules
from media_gen.voice.languages.stress import nuclei, stressed_at

__all__ = ["FRENCH"]

_CLITICS = (
    "le la les un une des du de et ou à au aux en dans sur pour par avec sans que qui ne se me te je tu "
    "il elle on nous vous ils elles ce cet cette ces mon ton son ma ta sa mes tes ses leur mais si y lui"
)
_EXCEPTIONS = {
    "les": "l e", "des": "d e", "mes": "m e", "tes": "t e", "ses": "s e", "ces": "s e", "et": "e",
    "est": "ɛ", "es": "ɛ", "le": "l ə", "de": "d ə", "ne": "n ə", "se": "s ə", "me": "m ə", "te": "t ə",
    "je": "ʒ ə", "ce": "s ə", "que": "k ə", "femme": "f a m", "femmes": "f a m", "monsieur": "m ə s j ø",
    "messieurs": "m e s j ø", "ville": "v i l", "villes": "v i l", "mille": "m i l",
    "tranquille": "t ʁ ɑ̃ k i l", "second": "s ə ɡ ɔ̃", "seconde": "s ə ɡ ɔ̃ d", "hier": "j ɛ ʁ",
    "mer": "m ɛ ʁ", "hiver": "i v ɛ ʁ", "fier": "f j ɛ ʁ", "cher": "ʃ ɛ ʁ", "fils": "f i s",
    "six": "s i s", "dix": "d i s", "sept": "s ɛ t", "huit": "ɥ i t", "neuf": "n œ f", "cinq": "s ɛ̃ k",
    "vingt": "v ɛ̃", "et-un": "e œ̃", "temps": "t ɑ̃", "longtemps": "l ɔ̃ t ɑ̃", "corps": "k ɔ ʁ",
    "bus": "b y s", "sens": "s ɑ̃ s", "tous": "t u s", "plus": "p l y", "août": "u t", "œil": "œ j",
    "yeux": "j ø", "œuf": "œ f", "œufs": "ø", "eu": "y", "pays": "p e i", "oignon": "ɔ ɲ ɔ̃",
    "automne": "o t ɔ n", "album": "a l b ɔ m", "net": "n ɛ t", "concert": "k ɔ̃ s ɛ ʁ", "ils": "i l",
    "elles": "ɛ l", "club": "k l œ b", "film": "f i l m", "avec": "a v ɛ k", "donc": "d ɔ̃ k",
    "parc": "p a ʁ k", "examen": "ɛ ɡ z a m ɛ̃", "aujourd'hui": "o ʒ u ʁ d ɥ i", "ouest": "w ɛ s t",
    "merci": "m ɛ ʁ s i", "zéro": "z e ʁ o",
}  # fmt: skip

_RULES = LetterRules(
    """
    [aient] $ > ɛ
    [ail] $ > a j
    [aille] > a j
    [aî] > ɛ
    [ain] N > ɛ̃
    [aim] P > ɛ̃
    [ai] ll > a
    [ai] > ɛ
    [aï] > a i
    [an] N > ɑ̃
    [am] P > ɑ̃
    [aon] $ > ɑ̃
    [au] > o
    [ay] V > ɛ j
    [ay] > ɛ
    [a] > a
    [à] > a
    [â] > ɑ
    [bb] > b
    [b] s?$ >
    [b] > b
    [ch] R > k
    [chœu] > k œ
    [ch] > ʃ
    [cc] E > k s
    [cc] > k
    [cqu] > k
    [c] E > s
    [ç] > s
    c [k] > k
    [ck] > k
    n [c] s?$ >
    [ct] s$ >
    [c] > k
    [dd] > d
    [d] s?$ >
    [d] > d
    [eaux] $ > o
    [eau] > o
    [ein] N > ɛ̃
    [eim] P > ɛ̃
    [eil] $ > ɛ j
    [eille] > ɛ j
    [ei] > ɛ
    [ement] $ > ə m ɑ̃
    [ment] $ > m ɑ̃
    [ent] $ > ɑ̃
    i [en] N > ɛ̃
    é [en] N > ɛ̃
    [emm] > ɑ̃ m
    [en] N > ɑ̃
    [em] P > ɑ̃
    [eux] $ > ø
    [euse] s?$ > ø z
    [eu] s?$ > ø
    [eu] > œ
    [er] $ > e
    [ers] $ > e
    [ez] $ > e
    [et] s?$ > ɛ
    [e] s?$ >
    [e] xC > ɛ
    [e] xV > ɛ
    [e] C[tfcl]?$ > ɛ
    [e] S > ə
    [e] CC > ɛ
    [e] > ə
    [é] > e
    [è] > ɛ
    [ê] > ɛ
    [ë] > ɛ
    [ff] > f
    [f] > f
    [gn] > ɲ
    [gu] E > ɡ
    [ge] O > ʒ
    [g] E > ʒ
    n [g] s?$ >
    [gg] > ɡ
    [g] > ɡ
    [h] >
    C [ill] V > i j
    [ill] V > j
    [ien] N > j ɛ̃
    [ier] $ > j e
    [iers] $ > j e
    [in] N > ɛ̃
    [im] P > ɛ̃
    V [il] $ > j
    [i] e?s?$ > i
    CL [i] V > i j
    [i] V > j
    [i] > i
    [î] > i
    [ï] > i
    [j] > ʒ
    [k] > k
    [ll] > l
    [l] > l
    [mm] > m
    [m] > m
    [nn] > n
    [n] > n
    [oin] N > w ɛ̃
    [oi] > w a
    [oî] > w a
    [oy] V > w a j
    [oy] > w a
    [on] N > ɔ̃
    [om] P > ɔ̃
    [oo] > ɔ
    [ou] V > w
    [où] > u
    [ou] > u
    [oû] > u
    [œu] > œ
    [œ] > œ
    [o] s?$ > o
    [o] t$ > o
    [o] ts$ > o
    [o] sV > o
    [o] > ɔ
    [ô] > o
    [ph] > f
    [pp] > p
    [p] s?$ >
    [p] > p
    [qu] > k
    [q] > k
    [rr] > ʁ
    [r] > ʁ
    [sch] > ʃ
    [sc] E > s
    [stion] > s t j ɔ̃
    [ss] > s
    V [s] V > z
    [s] $ >
    [s] > s
    [tion] > s j ɔ̃
    [tiel] > s j ɛ l
    s [t] s?$ >
    [th] > t
    [tt] > t
    [t] s?$ >
    [t] > t
    [un] N > œ̃
    [um] P > œ̃
    [ui] > ɥ i
    [ue] s?$ > y
    [u] V > ɥ
    [u] > y
    [û] > y
    [ù] > u
    [ü] > y
    [v] > v
    [w] > w
    e [x] V > ɡ z
    [x] $ >
    [x] > k s
    [yn] N > ɛ̃
    [ym] P > ɛ̃
    [y] V > j
    [y] > i
    [z] $ >
    [z] > z
    """,
    {
        "V": "[aeiouyàâéèêëîïôùûœ]",
        "E": "[eéèêëiîïy]",
        "O": "[aouâôû]",
        "C": "[bcdfghjklmnpqrstvwxz]",
        "S": "(?:[bcdfghjklmnpqrstvwxz][aeiouyàâéèêœ]|[bcdfgkptv][rl])",
        "R": "r",
        "L": "[lr]",
        "N": "(?=$|[bcdfgjklpqrstvxz])",
        "P": "(?=$|[bp])",
    },
)


@lru_cache(maxsize=65536)
def _pronounce(word: str) -> tuple[str, ...]:
    if word in _EXCEPTIONS:
        phones: tuple[str, ...] = tuple(_EXCEPTIONS[word].split())
    else:
        elided, apostrophe, rest = word.partition("'")
        phones = (
            (*_RULES(elided + "e")[: len(elided)], *_pronounce(rest)) if apostrophe and rest else _RULES(word)
        )
    bare = tuple(symbol.strip("ˈ") for symbol in phones)
    vowels = nuclei(bare)
    return stressed_at(bare, -2 if len(vowels) > 1 and bare[vowels[-1]] == "ə" else -1)


FRENCH = Language(
    code="fr",
    pronounce=_pronounce,
    letters="abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœ'",
    letter_names=names(
        "abcdefghijklmnopqrstuvwxyz",
        "a bé cé dé euh effe gé ache i ji ka elle ème ène o pé ku erre esse té u vé double_vé ixe "
        "i_grèque zède",
    ),
    symbols=names("%&+=@#$€£°", "pour_cent et plus égale arobase numéro dollars euros livres degrés"),
    decimal_word="virgule",
    clitics=frozenset(_CLITICS.split()),
    rhythm=Rhythm(unstressed=0.9, final=1.45, aspiration_ms=22.0, tempo=1.02, accent=2.6),
)
