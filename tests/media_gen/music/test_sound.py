import numpy as np
import pytest

from media_gen.music.composition import Brief, compose
from media_gen.music.mixing import mix_down
from media_gen.music.pitch import frequency
from media_gen.music.style import STYLES
from media_gen.music.synth.instruments import INSTRUMENTS
from media_gen.music.synth.kits import KITS
from media_gen.music.synth.room import impulse_response, reverberate
from media_gen.music.synth.voice import SAMPLE_RATE
from media_gen.music.tempo import TempoMap, bars_that_fit, slowed_beats
from sim.seeds import rng_for


@pytest.mark.parametrize("genre", sorted(STYLES.classes()))
@pytest.mark.parametrize("channels", [1, 2])
def test_stems_sum_to_the_mix_and_none_clips(genre, channels):
    style = STYLES.named(genre)()
    score = compose(Brief(style, 12), seed=4)
    mix = mix_down(score, style, channels=channels, stems=True, seed=4)
    assert set(mix.stems) == set(score.stems)
    assert mix.master.shape == (12 * SAMPLE_RATE, channels)
    assert np.abs(sum(mix.stems.values()) - mix.master).max() < 1e-6
    assert all(np.abs(stem).max() < 1 for stem in mix.stems.values())
    assert all(np.sqrt((stem**2).mean()) > 1e-3 for stem in mix.stems.values())


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
@pytest.mark.parametrize("pitch", [45, 60, 76])
def test_voices_sound_their_pitch(name, pitch):
    """The strongest period of the tone's autocorrelation is the note's, to within 20 cents."""
    tone = INSTRUMENTS[name].voice.tone(frequency(pitch), 1.0, rng=rng_for(1))
    assert len(tone) == SAMPLE_RATE
    assert np.isfinite(tone).all()
    steady = tone[SAMPLE_RATE // 4 : 3 * SAMPLE_RATE // 4]
    if name in ("kalimba", "vibraphone"):  # bars have no harmonics: their first partial is the note
        spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), 1 << 18))
        heard = np.argmax(spectrum) * SAMPLE_RATE / (1 << 18)
    else:
        power = np.abs(np.fft.rfft(steady, 1 << 18)) ** 2
        fine = np.fft.irfft(np.concatenate((power, np.zeros(7 * (len(power) - 1)))))  # eight times finer lags
        near = np.arange(
            round(8 * SAMPLE_RATE / frequency(pitch) / 1.5), round(8 * SAMPLE_RATE / frequency(pitch) * 1.5)
        )
        heard = 8 * SAMPLE_RATE / near[np.argmax(fine[near])]
    assert abs(1200 * np.log2(heard / frequency(pitch))) < 20


@pytest.mark.parametrize("kit", sorted(KITS))
def test_drums_die_away(kit):
    for drum in KITS[kit].values():
        hit = drum.hit(rng=rng_for(1))
        assert 0.03 < np.abs(hit).max() < 3
        assert np.abs(hit[-50:]).max() < 0.02 * np.abs(hit).max()


def test_rooms_decay_by_60_db_in_their_time():
    response = impulse_response(1.0, rng=rng_for(1))
    remaining = np.cumsum(response[::-1] ** 2)[::-1]  # Schroeder (1965)
    level = 10 * np.log10(remaining / remaining[0])
    slope = np.polyfit(np.arange(5000, 15000) / SAMPLE_RATE, level[5000:15000], 1)[0]
    assert slope == pytest.approx(-60, rel=0.1)


def test_convolution_in_blocks_is_convolution():
    rng = rng_for(2)
    sound, response = rng.standard_normal(150_000), rng.standard_normal(500)
    assert np.allclose(reverberate(sound, response), np.convolve(sound, response)[:150_000])


def test_bars_that_fit_are_the_most():
    for seconds, bpm, meter, ritard in [(30, 100, 4, 1.2), (5, 120, 3, 1.0), (60, 77.3, 4, 1.1)]:
        bars = bars_that_fit(seconds, bpm, meter, ritard)
        assert slowed_beats(bars, meter, ritard).sum() * 60 / bpm <= seconds
        assert slowed_beats(bars + 1, meter, ritard).sum() * 60 / bpm > seconds


def test_tempo_changes_tell_every_beat():
    tempo = TempoMap((500_000, 500_000, 600_000, 700_000))
    assert tempo.changes() == [(0, 500_000), (2, 600_000), (3, 700_000)]
    assert tempo.seconds([0, 2, 3, 4]).tolist() == [0, 1, 1.6, 2.3]
