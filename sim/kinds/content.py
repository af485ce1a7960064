"""What is posted, benign and adversarial alike."""

from sim.kinds.record_kind import Field, RecordKind
from sim.kinds.shared_fields import TARGET, WRITTEN

__all__ = ["CONTENT"]

CONTENT = (
    *(
        RecordKind("content", name, about, WRITTEN)
        for name, about in (
            ("comment", "A comment under an item."),
            ("post", "A post on a profile, about an item."),
            ("profile", "What a viewer says about themselves, and their favourite item."),
            ("live_chat", "A message in the chat beside an item that many watch at once."),
        )
    ),
    RecordKind(
        "content",
        "upload",
        "A clip, picture, voice note or song put up by a viewer, about an item.",
        (
            *WRITTEN,
            Field("medium", "text", "What it is: image, clip, voice_note or song."),
            Field(
                "signals", "json", "Hashes by which platforms match known media; absent where none is made."
            ),
        ),
    ),
    RecordKind(
        "content",
        "direct_message",
        "A message from one viewer to another, about an item.",
        (*WRITTEN, TARGET),
    ),
    RecordKind(
        "content",
        "report",
        "A viewer reports another one.",
        (
            *WRITTEN,
            TARGET,
            Field("reason", "text", "The policy that the reporter says is violated."),
        ),
    ),
)
