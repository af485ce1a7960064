import io

import mido
import pytest

from media_gen.music.song import Song
from media_gen.music.style import STYLES
from sim.seeds import rng_for


def read_back(data):
    """{stem: [(pitch, start, end, velocity)]} in seconds, by the file's own tempo map."""
    file = mido.MidiFile(file=io.BytesIO(data), charset="utf-8")
    tempi, now, seconds = [], 0, 0.0
    for message in file.tracks[0]:
        if tempi:
            seconds += mido.tick2second(message.time, file.ticks_per_beat, tempi[-1][2])
        now += message.time
        if message.type == "set_tempo":
            tempi.append((now, seconds, message.tempo))

    def at(tick):
        start, passed, tempo = max(change for change in tempi if change[0] <= tick)
        return passed + mido.tick2second(tick - start, file.ticks_per_beat, tempo)

    stems = {}
    for track in file.tracks[1:]:
        now, sounding, notes = 0, {}, []
        for message in track:
            now += message.time
            if message.type == "note_on":
                assert message.note not in sounding, "a key struck while it is down"
                sounding[message.note] = now, message.velocity
            elif message.type == "note_off":
                start, velocity = sounding.pop(message.note)
                notes.append((message.note, at(start), at(now), velocity))
        assert not sounding
        stems[track.name] = sorted(notes, key=lambda note: (note[1], note[0]))
    return file, stems


@pytest.mark.parametrize("genre", sorted(STYLES.classes()))
def test_the_file_holds_exactly_the_annotated_notes(genre):
    rendition = Song(genre=genre, seconds=20).render(rng=rng_for(3, genre))
    _, stems = read_back(rendition.file("midi").data)
    truth = rendition.annotations["notes"]
    assert list(stems) == list(truth)
    for stem, notes in truth.items():
        annotated = [(note["pitch"], note["start"], note["end"], note["velocity"]) for note in notes]
        annotated.sort(key=lambda note: (note[1], note[0]))
        for read, told in zip(stems[stem], annotated, strict=True):
            assert read == pytest.approx(told, abs=2e-6)


def test_the_conductor_track_tells_title_metre_key_and_sections():
    rendition = Song(genre="waltz", key="B", mode="minor", title="Ποταμός").render(rng=rng_for(5))
    file, _ = read_back(rendition.file("midi").data)
    meta = {message.type: message for message in file.tracks[0]}
    assert meta["track_name"].name == "Ποταμός"
    assert (meta["time_signature"].numerator, meta["time_signature"].denominator) == (3, 4)
    assert meta["key_signature"].key == "Bm"
    markers = [message.text for message in file.tracks[0] if message.type == "marker"]
    assert markers == [section["label"] for section in rendition.annotations["sections"]]


def test_drums_play_on_the_percussion_channel():
    file, _ = read_back(Song(seconds=10).render(rng=rng_for(5)).file("midi").data)
    channels = {track.name: {m.channel for m in track if not m.is_meta} for track in file.tracks[1:]}
    assert channels.pop("drums") == {9}
    assert len(set.union(*channels.values())) == len(channels)
    assert 9 not in set.union(*channels.values())
