"""Voice identities: invented speakers, each a point in a space of vocal tracts and speaking habits."""

from dataclasses import asdict, dataclass

from sim.seeds import rng_for

__all__ = ["Identity", "identity_of"]


@dataclass(frozen=True)
class Identity:
    """An invented speaker; no recording of any person stands behind it.

    ``tract_scale`` multiplies all formant frequencies (1 is a tract of about 17 cm, 1.18 one of about 14.5
    cm); ``formant_offsets`` are this speaker's relative deviations of F1 to F4; ``pitch_hz`` is the middle of
    the register and ``pitch_range`` a factor on every pitch movement; ``open_quotient`` and ``tilt_hz`` shape
    the glottal pulse; ``breath_db`` is the level of breath noise under the voice; ``rate`` is a factor on
    tempo; ``declination`` is the fall of pitch in semitones per second.
    """

    tract_scale: float
    formant_offsets: tuple[float, float, float, float]
    bandwidth_scale: float
    pitch_hz: float
    pitch_range: float
    declination: float
    flutter: float
    open_quotient: float
    tilt_hz: float
    breath_db: float
    rate: float

    def annotation(self) -> dict[str, object]:
        """The parameters as JSON values, rounded to what can be heard."""
        values = asdict(self) | {"formant_offsets": [round(x, 4) for x in self.formant_offsets]}
        return {name: round(x, 4) if isinstance(x, float) else x for name, x in values.items()}


def identity_of(voice: int) -> Identity:
    """The speaker of a number: the same number is the same voice in every language and on every run.

    >>> identity_of(3) == identity_of(3), identity_of(3) == identity_of(4)
    (True, False)
    """
    rng = rng_for(voice, "voice identity")
    build = rng.uniform()  # from a long tract and low pitch to a short tract and high pitch, as bodies go
    tract = 0.94 + 0.26 * build + rng.normal(0.0, 0.025)
    first, second, third, fourth = (float(x) for x in rng.normal(0.0, (0.03, 0.03, 0.025, 0.04)))
    return Identity(
        tract_scale=float(tract),
        formant_offsets=(first, second, third, fourth),
        bandwidth_scale=float(rng.uniform(0.85, 1.25)),
        pitch_hz=float(95.0 * 2.0 ** (1.15 * build + rng.normal(0.0, 0.13))),
        pitch_range=float(rng.uniform(0.75, 1.35)),
        declination=float(rng.uniform(0.6, 1.6)),
        flutter=float(rng.uniform(0.3, 1.0)),
        open_quotient=float(rng.uniform(0.5, 0.72)),
        tilt_hz=float(rng.uniform(2200.0, 5200.0) * (1.15 - 0.3 * build)),
        breath_db=float(rng.uniform(-46.0, -32.0) + 4.0 * build),
        rate=float(rng.uniform(0.9, 1.12)),
    )
