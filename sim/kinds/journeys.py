"""What viewers do: sessions, slates, plays, reactions."""

from sim.kinds.record_kind import Field, RecordKind
from sim.kinds.shared_fields import AT_ITEM, DEVICE, IN_SLATE, LENGTH, PLAYED, POSITION, REGION, SESSION, USER

__all__ = ["JOURNEYS"]

JOURNEYS = (
    RecordKind("journeys", "session_start", "A viewer opens the service.", (USER, SESSION, REGION, DEVICE)),
    RecordKind(
        "journeys",
        "impression",
        "An item is shown at a rank of a slate.",
        (
            *IN_SLATE,
            Field("propensity", "share", "Probability that the policy shows this item at this rank."),
            Field("policy", "label", "The policy that chose the slate.", vocabulary="policy"),
        ),
    ),
    RecordKind("journeys", "select", "A viewer picks an item of a slate.", IN_SLATE),
    RecordKind(
        "journeys",
        "search",
        "A viewer searches; what is found and opened is the next play, of origin 'search'.",
        (
            USER,
            SESSION,
            Field("genre", "label", "Genre searched for.", vocabulary="genre"),
            Field("results", "count", "Items found; with none, nothing is played.", digits=7),
        ),
    ),
    RecordKind(
        "journeys",
        "play",
        "Playback starts.",
        (
            *AT_ITEM,
            LENGTH,
            Field(
                "origin",
                "label",
                "Where the item came from: 'slate' (the select before it), 'search', 'repeat' (played before, and "
                "picked again by the viewer without being shown).",
                vocabulary="origin",
            ),
        ),
    ),
    RecordKind(
        "journeys",
        "pause",
        "Playback goes on after a pause.",
        (*AT_ITEM, POSITION, Field("lasted_ms", "count", "Length of the pause, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "seek",
        "A viewer jumps back to see something again.",
        (*AT_ITEM, POSITION, Field("to_ms", "count", "Where to, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "stall",
        "Playback goes on after it had to wait for data.",
        (*AT_ITEM, POSITION, Field("lasted_ms", "count", "Time lost, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "progress",
        "Playback passes a quarter of the item.",
        (*AT_ITEM, POSITION),
    ),
    RecordKind("journeys", "skip", "Playback is skipped within the first seconds.", PLAYED),
    RecordKind(
        "journeys",
        "abandon",
        "Playback ends before the item does; without a play and with nothing watched, it took too long to start.",
        PLAYED,
    ),
    RecordKind("journeys", "complete", "Playback reaches the end.", PLAYED),
    RecordKind("journeys", "like", "A viewer likes an item.", AT_ITEM),
    RecordKind("journeys", "dislike", "A viewer dislikes an item.", AT_ITEM),
    RecordKind(
        "journeys",
        "rate",
        "A viewer rates an item.",
        (
            *AT_ITEM,
            Field("stars", "count", "Whole stars, 0 to 5.", digits=1),
            Field("half", "count", "1 if half a star more.", digits=1),
        ),
    ),
    RecordKind("journeys", "list_add", "A viewer puts an item on a list.", AT_ITEM),
    RecordKind("journeys", "share", "A viewer shares an item.", AT_ITEM),
    RecordKind(
        "journeys",
        "follow",
        "A viewer follows the creator of an item.",
        (*AT_ITEM, Field("creator_id", "user", "Who is followed.")),
    ),
    RecordKind(
        "journeys",
        "session_end",
        "A viewer leaves.",
        (
            USER,
            SESSION,
            Field("lasted_ms", "count", "Length of the session, milliseconds.", digits=10),
            Field("slates", "count", "Slates shown.", digits=3),
            Field("plays", "count", "Items played.", digits=4),
        ),
    ),
)
