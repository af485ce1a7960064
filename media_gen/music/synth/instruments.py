"""The instruments: a voice and a General MIDI program for each name that a style may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from media_gen.music.synth.bowed import Bowed
from media_gen.music.synth.modulated import Modulated
from media_gen.music.synth.struck import Struck
from media_gen.music.synth.voice import Voice

__all__ = ["INSTRUMENTS", "Instrument"]


@dataclass(frozen=True)
class Instrument:
    """A voice, and the General MIDI program (0 to 127) that comes closest."""

    program: int
    voice: Voice


INSTRUMENTS: Mapping[str, Instrument] = {
    "piano": Instrument(
        0, Struck(position=0.12, tilt=0.9, stretch=3e-4, decay=1.1, damping=0.7, detune=(-0.8, 0.8))
    ),
    "electric_piano": Instrument(4, Modulated(index=1.3, fading=2.5, decay=0.8, tine=0.12, tremolo=0.15)),
    "vibraphone": Instrument(
        11, Struck(ratios=(1.0, 4.0, 10.0), tilt=1.1, decay=1.6, damping=1.5, release=0.5)
    ),
    "kalimba": Instrument(
        108, Struck(ratios=(1.0, 2.76, 5.4), tilt=1.4, decay=2.0, damping=4.0, release=0.4)
    ),
    "organ": Instrument(
        16, Bowed(partials=8, tilt=1.2, even=0.8, vibrato=8, rate=6.2, delay=0, attack=0.02, sustain=1)
    ),
    "accordion": Instrument(
        21, Bowed(partials=14, tilt=0.9, even=0.6, vibrato=6, delay=0, attack=0.06, sustain=0.9)
    ),
    "nylon_guitar": Instrument(24, Struck(position=0.2, tilt=1.3, decay=1.8, damping=1.4, release=0.12)),
    "steel_guitar": Instrument(
        25, Struck(partials=20, position=0.13, tilt=0.8, decay=1.3, damping=0.8, stretch=8e-5)
    ),
    "distorted_guitar": Instrument(
        30, Bowed(partials=10, tilt=0.9, drive=1.8, attack=0.004, mellowing=4, sustain=0.6)
    ),
    "upright_bass": Instrument(
        32, Struck(partials=10, position=0.25, tilt=1.2, decay=3.0, damping=2.0, attack=0.008)
    ),
    "finger_bass": Instrument(
        33, Struck(partials=12, position=0.18, tilt=0.9, decay=1.6, damping=1.6, release=0.06)
    ),
    "synth_bass": Instrument(
        38, Bowed(partials=14, tilt=1.0, attack=0.005, mellowing=9, sustain=0.3, release=0.04)
    ),
    "soft_bass": Instrument(39, Bowed(partials=4, tilt=1.8, attack=0.15, sustain=0.8, release=0.5)),
    "violin": Instrument(40, Bowed(partials=18, tilt=0.9, vibrato=22, rate=5.6, attack=0.06, release=0.12)),
    "strings": Instrument(
        48, Struck(detune=(-7, 0, 6), tilt=1.1, decay=0, damping=0.02, attack=0.25, release=0.5)
    ),
    "flute": Instrument(
        73, Bowed(partials=6, tilt=1.9, vibrato=14, rate=5.0, attack=0.05, breath=0.05, sustain=0.9)
    ),
    "square_lead": Instrument(80, Bowed(even=0.12, tilt=1.1, vibrato=10, attack=0.012, sustain=0.6)),
    "saw_lead": Instrument(81, Bowed(partials=20, tilt=0.95, vibrato=9, attack=0.008, sustain=0.65)),
    "synth_pluck": Instrument(
        90, Struck(partials=16, tilt=0.9, decay=4.0, damping=2.5, detune=(-5, 5), release=0.08)
    ),
    "warm_pad": Instrument(
        89, Struck(partials=9, tilt=1.5, decay=0, detune=(-8, 1, 7), attack=0.2, release=0.4)
    ),
}
