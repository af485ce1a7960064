"""Fields that records of several kinds have."""

from sim.kinds.record_kind import Field

__all__ = [
    "AT_ITEM",
    "DEVICE",
    "IN_SLATE",
    "ITEM",
    "LANGUAGE",
    "LENGTH",
    "MEDIA",
    "PLAYED",
    "POSITION",
    "RANK",
    "REGION",
    "SESSION",
    "SLATE",
    "TARGET",
    "TEXT",
    "USER",
    "WATCHED",
    "WRITTEN",
]

USER = Field("user_id", "user", "The viewer.")
SESSION = Field("session_id", "session", "The viewer's session.")
SLATE = Field("slate_id", "slate", "The slate, within its session.")
ITEM = Field("item_id", "item", "The item.")
RANK = Field("rank", "count", "Position in the slate, from 1.", digits=2)
REGION = Field("region", "label", "Region of the viewer.", vocabulary="region")
DEVICE = Field("device", "label", "Device of the session.", vocabulary="device")
LANGUAGE = Field("language", "label", "Language, BCP 47.", vocabulary="language")
WATCHED = Field(
    "watched_ms",
    "count",
    "Time played, milliseconds, without pauses, stalls and what was seen again after jumping back; longer than the "
    "item where it began again at its end.",
    digits=8,
)
POSITION = Field("position_ms", "count", "Position, milliseconds.", digits=8)
LENGTH = Field("duration_ms", "count", "Length of the item, milliseconds.", digits=8)
MEDIA = Field("media", "json", "Media specs that the studio is asked for; absent where none is.")
TEXT = Field("text", "text", "What is written.")
TARGET = Field("target_id", "user", "The viewer to whom it is written, or about whom.")
AT_ITEM = (USER, SESSION, ITEM)
IN_SLATE = (USER, SESSION, SLATE, ITEM, RANK)
WRITTEN = (USER, ITEM, LANGUAGE, TEXT, MEDIA)
PLAYED = (*AT_ITEM, WATCHED, LENGTH)
