"""MIDI: a score as a standard MIDI file, with tempo, metre, key, markers and a track for each stem."""

import io
from collections.abc import Iterable, Mapping

from mido import Message, MetaMessage, MidiFile, MidiTrack

from media_gen.music.pitch import Key
from media_gen.music.score import TICKS, Note, Score

__all__ = ["midi_bytes"]

_DRUM_CHANNEL = 9

Timed = list[tuple[int, Message | MetaMessage]]


def midi_bytes(score: Score, programs: Mapping[str, int], *, title: str) -> bytes:
    """A type 1 file on the score's ticks; `programs` gives each pitched stem's General MIDI program."""
    tracks = [_track(_conductor(score, title))]
    for channel, (stem, notes) in enumerate(score.stems.items()):
        drums = stem == "drums"
        head: Timed = [(0, MetaMessage("track_name", name=stem))]
        place = _DRUM_CHANNEL if drums else channel
        if not drums:
            head.append((0, Message("program_change", channel=place, program=programs[stem])))
        tracks.append(_track(head + _note_messages(notes, place)))
    buffer = io.BytesIO()
    MidiFile(type=1, ticks_per_beat=TICKS, charset="utf-8", tracks=tracks).save(file=buffer)
    return buffer.getvalue()


def _conductor(score: Score, title: str) -> Timed:
    return [
        (0, MetaMessage("track_name", name=title)),
        (0, MetaMessage("time_signature", numerator=score.meter, denominator=4)),
        (0, MetaMessage("key_signature", key=_signature(score.key))),
        *((beat * TICKS, MetaMessage("set_tempo", tempo=length)) for beat, length in score.tempo.changes()),
        *((section.start * TICKS, MetaMessage("marker", text=section.label)) for section in score.sections),
    ]


def _signature(key: Key) -> str:
    return key.tonic_name + ("m" if key.mode == "minor" else "")


def _note_messages(notes: Iterable[Note], channel: int) -> Timed:
    messages: Timed = []
    for note in notes:
        sound = {"channel": channel, "note": note.pitch}
        messages.append((round(note.start * TICKS), Message("note_on", velocity=int(note.velocity), **sound)))
        messages.append((round(note.end * TICKS), Message("note_off", velocity=0, **sound)))
    return messages


def _track(messages: Timed) -> MidiTrack:
    """Messages in time order, releases before onsets of the same tick, their times made relative."""
    track, now = MidiTrack(), 0
    for tick, message in sorted(messages, key=lambda timed: (timed[0], timed[1].type == "note_on")):
        track.append(message.copy(time=tick - now))
        now = tick
    return track
