"""The phone inventory: for each IPA symbol its articulation, formant targets and length.

Formant frequencies are those of an average adult male vocal tract in hertz (vowels after Peterson and Barney
1952 and Hillenbrand et al. 1995, diphthongs and consonants after Klatt 1980); an identity scales them.
Lengths are inherent and minimal durations in milliseconds in the sense of Klatt 1979.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sim.names import UnknownNameError

__all__ = ["PAUSE", "NoisePeak", "Phone", "phone_of"]

PAUSE = "_"
"""The symbol of silence between phrases and at both ends of an utterance."""

Manner = Literal[
    "vowel", "glide", "liquid", "trill", "tap", "nasal", "fricative", "stop", "affricate", "breath", "pause"
]
Place = Literal[
    "none",
    "labial",
    "labiodental",
    "dental",
    "alveolar",
    "retroflex",
    "postalveolar",
    "palatal",
    "velar",
    "uvular",
]
Formants = tuple[float, float, float]
NoisePeak = tuple[float, float, float]
"""A band of turbulence noise: centre in Hz, bandwidth in Hz, level in dB re a stressed vowel's voicing."""


@dataclass(frozen=True)
class Phone:
    """One speech sound as the synthesiser sees it.

    >>> phone_of("s").manner, phone_of("eɪ").glide_to
    ('fricative', (330.0, 2020.0, 2600.0))
    """

    ipa: str
    manner: Manner
    place: Place
    formants: Formants
    inherent_ms: float
    minimum_ms: float
    voicing: float = 1.0
    glide_to: Formants | None = None
    noise: tuple[NoisePeak, ...] = ()
    nasal: bool = False

    @property
    def is_vowel(self) -> bool:
        """Whether it is the nucleus of a syllable."""
        return self.manner == "vowel"

    @property
    def is_obstruent(self) -> bool:
        """Whether the airflow is stopped or made turbulent."""
        return self.manner in ("fricative", "stop", "affricate")

    @property
    def is_voiceless(self) -> bool:
        """Whether the vocal folds rest."""
        return self.voicing == 0.0


# symbol: F1 F2 F3, inherent ms, minimum ms
_VOWELS: dict[str, tuple[Formants, float, float]] = {
    "i": ((290, 2250, 2960), 155, 55),
    "ɪ": ((410, 1900, 2550), 135, 45),
    "e": ((420, 2050, 2600), 160, 60),
    "ɛ": ((560, 1750, 2500), 150, 65),
    "æ": ((680, 1680, 2450), 215, 80),
    "a": ((740, 1330, 2500), 165, 65),
    "ɐ": ((640, 1300, 2450), 130, 50),
    "ɑ": ((720, 1120, 2500), 220, 80),
    "ɔ": ((580, 920, 2500), 200, 75),
    "o": ((430, 850, 2400), 170, 65),
    "ʊ": ((440, 1080, 2350), 140, 55),
    "u": ((320, 900, 2250), 165, 60),
    "ʌ": ((630, 1220, 2550), 145, 60),
    "ə": ((500, 1420, 2500), 100, 40),
    "ɝ": ((470, 1300, 1600), 195, 80),
    "ɚ": ((480, 1320, 1620), 150, 60),
    "y": ((280, 1900, 2250), 155, 60),
    "ʏ": ((400, 1650, 2250), 130, 50),
    "ø": ((400, 1550, 2250), 165, 65),
    "œ": ((550, 1500, 2350), 150, 65),
    "ɨ": ((320, 1650, 2500), 140, 55),
    "ɯ": ((330, 1250, 2350), 135, 50),
}
# symbol: F1 F2 F3 at the start and at the end, inherent ms, minimum ms
_DIPHTHONGS: dict[str, tuple[Formants, Formants, float, float]] = {
    "eɪ": ((480, 1850, 2520), (330, 2020, 2600), 210, 85),
    "aɪ": ((700, 1220, 2550), (400, 1950, 2550), 240, 100),
    "aʊ": ((690, 1280, 2550), (420, 940, 2350), 250, 100),
    "oʊ": ((540, 1080, 2350), (410, 850, 2300), 215, 85),
    "ɔɪ": ((560, 920, 2400), (370, 1880, 2500), 255, 110),
    "ɔʏ": ((560, 920, 2400), (390, 1700, 2350), 240, 100),
}
_NASAL_VOWELS: dict[str, Formants] = {
    "ɑ̃": (650, 1000, 2500),
    "ɛ̃": (620, 1500, 2500),
    "ɔ̃": (520, 800, 2450),
    "œ̃": (580, 1350, 2400),
}
# symbol: manner, place, F1 F2 F3, inherent ms, minimum ms, voicing amplitude re a stressed vowel
_SONORANTS: dict[str, tuple[Manner, Place, Formants, float, float, float]] = {
    "m": ("nasal", "labial", (300, 1100, 2200), 80, 50, 0.55),
    "n": ("nasal", "alveolar", (300, 1550, 2550), 70, 40, 0.55),
    "ɲ": ("nasal", "palatal", (290, 2050, 2750), 95, 60, 0.5),
    "ŋ": ("nasal", "velar", (300, 1900, 2500), 95, 55, 0.5),
    "l": ("liquid", "alveolar", (350, 1150, 2750), 80, 45, 0.7),
    "ʎ": ("liquid", "palatal", (290, 2000, 2800), 95, 60, 0.65),
    "ɹ": ("liquid", "retroflex", (330, 1120, 1480), 80, 45, 0.7),
    "ʁ": ("liquid", "uvular", (460, 1150, 2450), 85, 50, 0.5),
    "ɾ": ("tap", "alveolar", (380, 1600, 2550), 35, 25, 0.55),
    "r": ("trill", "alveolar", (420, 1400, 2350), 90, 60, 0.7),
    "w": ("glide", "none", (300, 680, 2200), 80, 50, 0.65),
    "ɥ": ("glide", "none", (280, 1850, 2250), 75, 50, 0.65),
    "j": ("glide", "none", (280, 2180, 2980), 80, 45, 0.65),
}
_ALVEOLAR_HISS: tuple[NoisePeak, ...] = (
    (4700.0, 1200.0, -20.0),
    (6600.0, 2600.0, -12.0),
    (9200.0, 2600.0, -17.0),
)
_HUSH: tuple[NoisePeak, ...] = ((2700.0, 700.0, -13.0), (4200.0, 1800.0, -13.0), (6500.0, 3000.0, -20.0))
_LABIODENTAL: tuple[NoisePeak, ...] = ((1500.0, 1800.0, -40.0), (7000.0, 7000.0, -32.0))
_DENTAL: tuple[NoisePeak, ...] = ((1700.0, 1500.0, -42.0), (6500.0, 4500.0, -34.0))
_VELAR: tuple[NoisePeak, ...] = ((1500.0, 700.0, -20.0), (3700.0, 2000.0, -30.0))
_PALATAL: tuple[NoisePeak, ...] = ((3200.0, 900.0, -17.0), (5000.0, 2500.0, -23.0))
# symbol: place, F1 F2 F3, inherent ms, minimum ms, voicing amplitude, noise
_FRICATIVES: dict[str, tuple[Place, Formants, float, float, float, tuple[NoisePeak, ...]]] = {
    "f": ("labiodental", (340, 1050, 2150), 105, 70, 0.0, _LABIODENTAL),
    "v": ("labiodental", (270, 1050, 2150), 65, 45, 0.42, _LABIODENTAL),
    "θ": ("dental", (330, 1350, 2550), 100, 60, 0.0, _DENTAL),
    "ð": ("dental", (280, 1350, 2550), 55, 35, 0.45, _DENTAL),
    "s": ("alveolar", (330, 1600, 2600), 110, 65, 0.0, _ALVEOLAR_HISS),
    "z": ("alveolar", (270, 1600, 2600), 80, 50, 0.3, _ALVEOLAR_HISS),
    "ʃ": ("postalveolar", (320, 1850, 2600), 110, 75, 0.0, _HUSH),
    "ʒ": ("postalveolar", (270, 1850, 2600), 80, 50, 0.3, _HUSH),
    "ç": ("palatal", (320, 2050, 2800), 95, 60, 0.0, _PALATAL),
    "x": ("velar", (380, 1400, 2350), 95, 60, 0.0, _VELAR),
    "β": ("labial", (300, 1000, 2250), 60, 40, 0.5, ()),
    "ɣ": ("velar", (300, 1500, 2300), 60, 40, 0.5, ()),
}
_LABIAL_BURST: tuple[NoisePeak, ...] = ((900.0, 1200.0, -17.0), (2200.0, 3000.0, -28.0))
_ALVEOLAR_BURST: tuple[NoisePeak, ...] = ((4000.0, 1800.0, -10.0), (6000.0, 4000.0, -16.0))
_VELAR_BURST: tuple[NoisePeak, ...] = ((1900.0, 500.0, -6.0), (4200.0, 2500.0, -20.0))
# symbol: manner, place, F1 F2 F3, inherent ms, minimum ms, voicing amplitude, noise of the release
_STOPS: dict[str, tuple[Manner, Place, Formants, float, float, float, tuple[NoisePeak, ...]]] = {
    "p": ("stop", "labial", (330, 900, 2150), 95, 60, 0.0, _LABIAL_BURST),
    "b": ("stop", "labial", (230, 900, 2150), 85, 55, 0.13, _LABIAL_BURST),
    "t": ("stop", "alveolar", (330, 1750, 2650), 90, 55, 0.0, _ALVEOLAR_BURST),
    "d": ("stop", "alveolar", (230, 1750, 2650), 75, 50, 0.13, _ALVEOLAR_BURST),
    "k": ("stop", "velar", (330, 1700, 2300), 95, 60, 0.0, _VELAR_BURST),
    "ɡ": ("stop", "velar", (230, 1700, 2300), 85, 55, 0.13, _VELAR_BURST),
    "c": ("stop", "palatal", (320, 2100, 2800), 95, 60, 0.0, ((3000.0, 900.0, -9.0),)),
    "ɟ": ("stop", "palatal", (230, 2100, 2800), 85, 55, 0.13, ((3000.0, 900.0, -12.0),)),
    "tʃ": ("affricate", "postalveolar", (320, 1800, 2600), 135, 90, 0.0, _HUSH),
    "dʒ": ("affricate", "postalveolar", (250, 1800, 2600), 110, 75, 0.16, _HUSH),
    "ts": ("affricate", "alveolar", (320, 1600, 2600), 130, 85, 0.0, _ALVEOLAR_HISS),
    "dz": ("affricate", "alveolar", (250, 1600, 2600), 110, 75, 0.16, _ALVEOLAR_HISS),
    "pf": ("affricate", "labiodental", (320, 1000, 2150), 130, 90, 0.0, _LABIODENTAL),
}


@cache
def phone_of(ipa: str) -> Phone:
    """The phone of an IPA symbol without stress or length marks; UnknownNameError for an unknown sound."""
    try:
        return _inventory()[ipa]
    except KeyError:
        raise UnknownNameError("phone", ipa, _inventory()) from None


@cache
def _inventory() -> dict[str, Phone]:
    vowels = [Phone(ipa, "vowel", "none", _hz(f), d, m) for ipa, (f, d, m) in _VOWELS.items()]
    vowels += [
        Phone(ipa, "vowel", "none", _hz(f), d, m, glide_to=_hz(g))
        for ipa, (f, g, d, m) in _DIPHTHONGS.items()
    ]
    vowels += [Phone(ipa, "vowel", "none", _hz(f), 185, 80, nasal=True) for ipa, f in _NASAL_VOWELS.items()]
    consonants = [
        Phone(ipa, manner, place, _hz(f), d, m, voicing, nasal=manner == "nasal")
        for ipa, (manner, place, f, d, m, voicing) in _SONORANTS.items()
    ]
    consonants += [
        Phone(ipa, "fricative", place, _hz(f), d, m, voicing, noise=noise)
        for ipa, (place, f, d, m, voicing, noise) in _FRICATIVES.items()
    ]
    consonants += [
        Phone(ipa, manner, place, _hz(f), d, m, voicing, noise=noise)
        for ipa, (manner, place, f, d, m, voicing, noise) in _STOPS.items()
    ]
    neutral = (500.0, 1500.0, 2500.0)
    others = [
        Phone("h", "breath", "none", neutral, 80, 45, 0.0),
        Phone(PAUSE, "pause", "none", neutral, 200, 40, 0.0),
    ]
    return {phone.ipa: phone for phone in (*vowels, *consonants, *others)}


def _hz(formants: Formants) -> Formants:
    first, second, third = formants
    return float(first), float(second), float(third)
