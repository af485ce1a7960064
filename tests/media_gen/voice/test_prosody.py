"""Pitch, timing and mood: the truth is in the sound."""

import numpy as np
import pytest

from tests.media_gen.voice.listening import formants_at, level_db, pitch_at, samples, spoken

SENTENCE = "Our new channel has many more viewers than the old one, and nobody knows why."


def _semitones(ratio: float) -> float:
    return float(12 * np.log2(ratio))


@pytest.mark.parametrize("language", ["en", "es", "de"])
@pytest.mark.parametrize("voice", [1, 2, 9])
def test_pitch_measured_in_the_audio_is_the_annotated_pitch(language: str, voice: int) -> None:
    rendition = spoken(text=SENTENCE, language=language, voice=voice)
    audio, f0 = samples(rendition), np.array(rendition.annotations["f0"]["hz"])
    steady = [i for i in range(3, len(f0) - 3) if (f0[i - 3 : i + 4] > 0).all()]
    errors = [abs(_semitones(pitch_at(audio, i * 0.01, f0[i]) / f0[i])) for i in steady]
    assert len(errors) > 100
    assert np.median(errors) < 0.3


@pytest.mark.parametrize(
    ("text", "low", "high"), [("Is it ready?", 1.5, 20.0), ("It is ready.", -20.0, -1.0)]
)
def test_questions_rise_and_statements_fall(text: str, low: float, high: float) -> None:
    f0 = np.array(spoken(text=text, voice=4).annotations["f0"]["hz"])
    f0 = f0[f0 > 0]
    assert low < _semitones(f0[-3:].mean() / f0[-20:-15].mean()) < high


def test_pitch_expressiveness_and_style_move_the_contour() -> None:
    def contour(**params: object) -> np.ndarray:
        f0 = np.array(spoken(text=SENTENCE, voice=4, **params).annotations["f0"]["hz"])
        return f0[f0 > 0]

    plain = contour()
    assert _semitones(np.median(contour(pitch=5.0)) / np.median(plain)) == pytest.approx(5.0, abs=0.2)
    assert contour(expressiveness=0.0).std() < 0.2 * plain.std()
    assert contour(style="happy").std() > 1.2 * plain.std()


def test_rate_and_style_change_the_tempo() -> None:
    plain = spoken(text=SENTENCE, voice=4).annotations["duration"]
    assert spoken(text=SENTENCE, voice=4, rate=2.0).annotations["duration"] == pytest.approx(
        plain / 2, rel=0.05
    )
    assert spoken(text=SENTENCE, voice=4, style="sad").annotations["duration"] > 1.1 * plain


def test_stressed_and_final_vowels_last_longer() -> None:
    phones = spoken(text="Banana. Banana.", voice=4).annotations["phones"]
    first, stressed, last = (p["end"] - p["start"] for p in phones[:6] if p["ipa"] in "əæ")
    assert first < last < stressed


@pytest.mark.parametrize("voice", [1, 2, 3])
@pytest.mark.parametrize(("word", "ipa"), [("see", "i"), ("paw", "ɔ"), ("pack", "æ"), ("set", "ɛ")])
def test_vowels_have_the_formants_of_their_phone_and_speaker(word: str, ipa: str, voice: int) -> None:
    from media_gen.voice.phones import phone_of

    rendition = spoken(text=f"{word}.", voice=voice, rate=0.5, pitch=-4.0)
    vowel = next(p for p in rendition.annotations["phones"] if p["ipa"] == ipa)
    middle, who = 0.5 * (vowel["start"] + vowel["end"]), rendition.annotations["voice"]
    measured = formants_at(samples(rendition), middle - 0.03, middle + 0.03)
    for k in (0, 1):
        truth = phone_of(ipa).formants[k] * who["tract_scale"] * (1 + who["formant_offsets"][k])
        assert min(abs(f / truth - 1) for f in measured) < 0.17


def test_sound_starts_where_the_first_word_does() -> None:
    for text in ("Nobody.", "Apples.", "Shoes."):
        rendition = spoken(text=text, voice=4)
        audio, start = samples(rendition), rendition.annotations["words"][0]["start"]
        assert level_db(audio, start - 0.04, start - 0.012) < -70.0
        assert level_db(audio, start, start + 0.03) > -50.0


def test_hissing_is_high_and_voiceless_and_stops_are_closed() -> None:
    rendition = spoken(text="The sea took it.", voice=4)
    audio, phones = samples(rendition), rendition.annotations["phones"]
    hiss = next(p for p in phones if p["ipa"] == "s")
    part = audio[round(hiss["start"] * 24_000) + 480 : round(hiss["end"] * 24_000) - 480]
    power = np.abs(np.fft.rfft(part)) ** 2
    frequencies = np.fft.rfftfreq(len(part), 1 / 24_000)
    assert power[frequencies > 3500].sum() > 20 * power[frequencies < 3500].sum()
    stop = next(p for p in phones if p["ipa"] == "t")
    closure = level_db(audio, stop["start"] + 0.02, stop["start"] + 0.035)
    assert closure < rendition.annotations["speech_level_dbfs"] - 25
