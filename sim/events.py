"""Every kind of record: its topic, its fields, their types and units. All schemas derive from this page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.names import UnknownNameError

__all__ = ["ENVELOPE", "KINDS", "Field", "FieldType", "Holds", "RecordKind", "kind_named"]

Holds = Literal["any", "boolean", "number", "instant", "strings"]
FieldType = Literal["user", "item", "session", "slate", "instant", "count", "share", "label", "text", "json"]


@dataclass(frozen=True)
class Field:
    """One field of a record.

    Types: ``user``, ``item``, ``session`` and ``slate`` are identifiers kept as numbers until they are encoded;
    ``instant`` is epoch milliseconds; ``count`` a whole number of at most ``digits`` digits; ``share`` a number from 0
    to 1 with six decimals; ``label`` a word of a small vocabulary, kept as its index; ``text`` free text; ``json``
    any JSON value.
    """

    name: str
    type: FieldType
    about: str
    digits: int = 4
    vocabulary: str = ""
    holds: Holds = "any"
    """What a ``json`` value is, where it is always of one sort."""


@dataclass(frozen=True, eq=False)
class RecordKind:
    """One kind of record on a topic, with the fields that follow the envelope.

    There is one object of each kind, so that kinds are compared and looked up by identity. A ``tombstone`` has no value
    on a compacted topic: it ends what the topic says of its key. A kind whose fields have changed in the middle of a
    run is a new object that names the ``previous`` one.
    """

    topic: str
    name: str
    about: str
    fields: tuple[Field, ...]
    tombstone: bool = False
    previous: "RecordKind | None" = None

    def __reduce__(self) -> tuple[Callable[..., "RecordKind"], tuple[object, ...]]:
        if self.previous:
            return RecordKind, (
                self.topic,
                self.name,
                self.about,
                self.fields,
                self.tombstone,
                self.previous,
            )
        return kind_named, (self.topic, self.name)

    @property
    def version(self) -> int:
        """The version of its fields, from 1: what records tell as ``schema_version``."""
        return 1 + (self.previous.version if self.previous else 0)

    @property
    def original(self) -> "RecordKind":
        """The kind as it was at first."""
        return self.previous.original if self.previous else self

    @property
    def columnar(self) -> bool:
        """True if no field is free text or JSON, so that records of this kind are all of one width."""
        return all(field.type not in ("text", "json") for field in self.fields)


ENVELOPE = (
    ("event_id", "Unique; names the source and its running number (see streams.delivery)."),
    ("kind", "Kind of record."),
    ("occurred_at", "Simulated time, epoch milliseconds."),
    ("schema_version", "Version of the record's fields."),
    ("synthetic", "Always true: nothing in this record happened."),
)

_USER = Field("user_id", "user", "The viewer.")
_SESSION = Field("session_id", "session", "The viewer's session.")
_SLATE = Field("slate_id", "slate", "The slate, within its session.")
_ITEM = Field("item_id", "item", "The item.")
_RANK = Field("rank", "count", "Position in the slate, from 1.", digits=2)
_REGION = Field("region", "label", "Region of the viewer.", vocabulary="region")
_DEVICE = Field("device", "label", "Device of the session.", vocabulary="device")
_LANGUAGE = Field("language", "label", "Language, BCP 47.", vocabulary="language")
_WATCHED = Field(
    "watched_ms",
    "count",
    "Time played, milliseconds, without pauses, stalls and what was seen again after jumping back; longer than the "
    "item where it began again at its end.",
    digits=8,
)
_POSITION = Field("position_ms", "count", "Position, milliseconds.", digits=8)
_LENGTH = Field("duration_ms", "count", "Length of the item, milliseconds.", digits=8)
_MEDIA = Field("media", "json", "Media specs that the studio is asked for; absent where none is.")
_TEXT = Field("text", "text", "What is written.")
_TARGET = Field("target_id", "user", "The viewer to whom it is written, or about whom.")
_AT_ITEM = (_USER, _SESSION, _ITEM)
_IN_SLATE = (_USER, _SESSION, _SLATE, _ITEM, _RANK)
_WRITTEN = (_USER, _ITEM, _LANGUAGE, _TEXT, _MEDIA)
_PLAYED = (*_AT_ITEM, _WATCHED, _LENGTH)

KINDS: tuple[RecordKind, ...] = (
    RecordKind(
        "journeys", "session_start", "A viewer opens the service.", (_USER, _SESSION, _REGION, _DEVICE)
    ),
    RecordKind(
        "journeys",
        "impression",
        "An item is shown at a rank of a slate.",
        (
            *_IN_SLATE,
            Field("propensity", "share", "Probability that the policy shows this item at this rank."),
            Field("policy", "label", "The policy that chose the slate.", vocabulary="policy"),
        ),
    ),
    RecordKind("journeys", "select", "A viewer picks an item of a slate.", _IN_SLATE),
    RecordKind(
        "journeys",
        "search",
        "A viewer searches; what is found and opened is the next play, of origin 'search'.",
        (
            _USER,
            _SESSION,
            Field("genre", "label", "Genre searched for.", vocabulary="genre"),
            Field("results", "count", "Items found; with none, nothing is played.", digits=7),
        ),
    ),
    RecordKind(
        "journeys",
        "play",
        "Playback starts.",
        (
            *_AT_ITEM,
            _LENGTH,
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
        (*_AT_ITEM, _POSITION, Field("lasted_ms", "count", "Length of the pause, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "seek",
        "A viewer jumps back to see something again.",
        (*_AT_ITEM, _POSITION, Field("to_ms", "count", "Where to, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "stall",
        "Playback goes on after it had to wait for data.",
        (*_AT_ITEM, _POSITION, Field("lasted_ms", "count", "Time lost, milliseconds.", digits=8)),
    ),
    RecordKind(
        "journeys",
        "progress",
        "Playback passes a quarter of the item.",
        (*_AT_ITEM, _POSITION),
    ),
    RecordKind("journeys", "skip", "Playback is skipped within the first seconds.", _PLAYED),
    RecordKind(
        "journeys",
        "abandon",
        "Playback ends before the item does; without a play and with nothing watched, it took too long to start.",
        _PLAYED,
    ),
    RecordKind("journeys", "complete", "Playback reaches the end.", _PLAYED),
    RecordKind("journeys", "like", "A viewer likes an item.", _AT_ITEM),
    RecordKind("journeys", "dislike", "A viewer dislikes an item.", _AT_ITEM),
    RecordKind(
        "journeys",
        "rate",
        "A viewer rates an item.",
        (
            *_AT_ITEM,
            Field("stars", "count", "Whole stars, 0 to 5.", digits=1),
            Field("half", "count", "1 if half a star more.", digits=1),
        ),
    ),
    RecordKind("journeys", "list_add", "A viewer puts an item on a list.", _AT_ITEM),
    RecordKind("journeys", "share", "A viewer shares an item.", _AT_ITEM),
    RecordKind(
        "journeys",
        "follow",
        "A viewer follows the creator of an item.",
        (*_AT_ITEM, Field("creator_id", "user", "Who is followed.")),
    ),
    RecordKind(
        "journeys",
        "session_end",
        "A viewer leaves.",
        (
            _USER,
            _SESSION,
            Field("lasted_ms", "count", "Length of the session, milliseconds.", digits=10),
            Field("slates", "count", "Slates shown.", digits=3),
            Field("plays", "count", "Items played.", digits=4),
        ),
    ),
    RecordKind(
        "audience",
        "registered",
        "A viewer is seen for the first time.",
        (
            _USER,
            _REGION,
            _DEVICE,
            _LANGUAGE,
            Field("age_band", "label", "Age band, years.", vocabulary="age_band"),
            Field("accessibility", "label", "What the viewer needs to follow.", vocabulary="accessibility"),
            Field("consent", "label", "What the viewer agreed to.", vocabulary="consent"),
            Field("tenure_days", "count", "Days since the viewer joined; 0 for a newcomer.", digits=5),
        ),
    ),
    RecordKind(
        "audience",
        "cancelled",
        "A viewer ends a subscription.",
        (
            _USER,
            Field("tenure_days", "count", "Days since it began.", digits=5),
            Field("subscription", "count", "The how-manyth of this viewer it was.", digits=2),
        ),
    ),
    RecordKind(
        "audience",
        "resubscribed",
        "A viewer who had cancelled subscribes again.",
        (
            _USER,
            Field("away_days", "count", "Days since the viewer cancelled.", digits=5),
            Field("subscription", "count", "The how-manyth of this viewer it is.", digits=2),
        ),
    ),
    RecordKind(
        "audience",
        "consent_changed",
        "A viewer agrees to something else than before.",
        (
            _USER,
            Field("consent", "label", "What the viewer agrees to now.", vocabulary="consent"),
            Field("before", "label", "What the viewer had agreed to.", vocabulary="consent"),
        ),
    ),
    RecordKind(
        "audience",
        "erasure_requested",
        "A viewer asks to be forgotten.",
        (_USER, Field("grace_ms", "count", "Time until that is done, milliseconds.", digits=11)),
    ),
    RecordKind("audience", "erased", "A viewer is forgotten.", (_USER,), tombstone=True),
    *(
        RecordKind(
            "catalog",
            name,
            about,
            (
                _ITEM,
                Field("title", "text", "Invented title."),
                Field("genre", "label", "Genre.", vocabulary="genre"),
                _LANGUAGE,
                _LENGTH,
                Field("creator_id", "user", "Who published it."),
                Field("regions", "json", "Regions where it can be seen from now on.", holds="strings"),
                _MEDIA,
                Field("format", "label", "Sort of item.", vocabulary="format"),
                Field("maturity", "label", "Maturity rating.", vocabulary="maturity"),
                Field("collection_id", "item", "First item of its series or album; itself, if it is alone."),
                Field("season", "count", "Season, from 1; 0 where there are none."),
                Field("position", "count", "Place in its series or album, from 1.", digits=5),
                Field("available_until", "json", "When rights end, by region; absent where they do not."),
            ),
        )
        for name, about in (
            ("listed", "An item that was there when the run began."),
            ("born", "A new item."),
            ("launched", "An item becomes available in further regions."),
            ("premiered", "A new item opens everywhere at one moment, awaited by many."),
            ("rereleased", "An old item comes back as if it were new."),
            ("expired", "Rights end: an item cannot be seen any more in some regions."),
            ("removed", "An item is taken down, everywhere or in some regions."),
        )
    ),
    RecordKind("catalog", "purged", "A removed item is forgotten.", (_ITEM,), tombstone=True),
    *(
        RecordKind("content", name, about, _WRITTEN)
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
            *_WRITTEN,
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
        (*_WRITTEN, _TARGET),
    ),
    RecordKind(
        "content",
        "report",
        "A viewer reports another one.",
        (
            *_WRITTEN,
            _TARGET,
            Field("reason", "text", "The policy that the reporter says is violated."),
        ),
    ),
    RecordKind(
        "truth",
        "label",
        "What is true about a content record.",
        (
            Field("subject", "text", "Event id of the record."),
            Field("topic", "text", "Topic of the record."),
            Field("policy", "text", "Policy it violates, or seems to violate; 'none' for plain benign."),
            Field("function", "text", "What it does: its template."),
            Field("operators", "json", "Operators that disguise it, in order, with their strength."),
            Field("campaign", "text", "Campaign it belongs to; empty for organic."),
            Field("role", "text", "Role of its author in the campaign."),
            Field(
                "violating",
                "json",
                "True if it violates the policy; false for hard negatives and benign.",
                holds="boolean",
            ),
            Field("pair", "text", "Shared by the two texts of a minimal pair; empty for others."),
            Field("tier", "text", "How real the proxy is, T0 to T3; empty for benign."),
            Field("dialect", "text", "Invented dialect it is written in; empty for none."),
        ),
    ),
    RecordKind(
        "truth",
        "takedown",
        "A text is taken down.",
        (
            Field("subject", "text", "The viewer who posted it."),
            Field("posted_at", "json", "When it was posted, epoch milliseconds.", holds="instant"),
            Field("posted_as", "text", "Kind of content record: with the other two it tells which one."),
            Field("policy", "text", "Policy that it speaks of; 'none' for plain talk."),
            Field(
                "violating",
                "json",
                "Whether it violated that policy: a false positive if not.",
                holds="boolean",
            ),
            Field("campaign", "text", "Campaign it belongs to; empty for others."),
        ),
    ),
    RecordKind(
        "truth",
        "household",
        "Who it is that opens a session of an account that several people share.",
        (
            Field("subject", "session", "The session."),
            _USER,
            Field("member", "count", "The member of the household, from 0: who holds the account.", digits=1),
            Field("members", "count", "How many they are.", digits=1),
            Field("role", "label", "Who that is: holder, partner, teenager or child.", vocabulary="role"),
        ),
    ),
    RecordKind(
        "truth",
        "shift",
        "A planted shift takes effect.",
        (
            Field("subject", "text", "shift:<name>."),
            Field("shift", "text", "Name of the shift."),
            Field("shift_kind", "text", "Kind of shift."),
            Field(
                "dial", "text", "What it changes: a dial, arrivals by an attribute, or a field of records."
            ),
            Field(
                "factor",
                "json",
                "What the dial is multiplied by; absent where no dial is turned.",
                holds="number",
            ),
            Field("features", "json", "Drift features that should show it.", holds="strings"),
            Field(
                "size",
                "json",
                "Size of the whole change: a factor, share, rate or correlation.",
                holds="number",
            ),
            Field(
                "level",
                "json",
                "Part of the change in effect from now on: 0 none, 1 all; of waves, -1 to 1.",
                holds="number",
            ),
            Field(
                "onset_ms", "json", "When this change began, epoch milliseconds, simulated.", holds="instant"
            ),
            Field("end_ms", "json", "When it will be over; absent where it is for good.", holds="instant"),
        ),
    ),
    RecordKind(
        "truth",
        "mess",
        "What was planted on a record's way to its topic; the record itself is as it should be.",
        (
            Field("subject", "text", "Event id of the record."),
            Field("topic", "text", "Topic of the record."),
            Field("mess", "text", "Kind of mess."),
            Field(
                "form", "text", "Which form of it, such as truncated or garbled; empty where there is one."
            ),
            Field(
                "amount",
                "json",
                "How much: milliseconds by which it, or its copy, leaves later, or by which its device's clock is "
                "ahead; bytes of an oversized record; absent for others.",
            ),
        ),
    ),
    RecordKind(
        "truth",
        "schema_change",
        "Records of a kind gain or lose a field from now on.",
        (
            Field("subject", "text", "schema:<topic>.<kind>."),
            Field("change", "text", "Name of the change."),
            Field("topic", "text", "Topic of the records."),
            Field("record", "text", "Kind of the records."),
            Field("version", "json", "Their schema_version from now on.", holds="number"),
            Field("added", "text", "The field that they gain; empty if none."),
            Field("removed", "text", "The field that they lose; empty if none."),
        ),
    ),
    RecordKind(
        "truth",
        "steering",
        "Somebody changes the running world.",
        (
            Field("subject", "text", "steering:<name>."),
            Field("change", "text", "Kind of change."),
            Field("name", "text", "What is changed: a dial, a campaign, the speed or the clock."),
            Field("value", "json", "What to."),
        ),
    ),
    RecordKind(
        "truth",
        "policy_change",
        "A policy changes: what is posted from now on is labelled by the new rule.",
        (
            Field("subject", "text", "policy:<policy>.<function>."),
            Field("change", "text", "Name of the change."),
            Field("policy", "text", "The policy."),
            Field("function", "text", "What a text does of which the rule changes."),
            Field("violating", "json", "Whether that violates the policy from now on.", holds="boolean"),
        ),
    ),
)

_BY_NAME = {(kind.topic, kind.name): kind for kind in KINDS}


def kind_named(topic: str, name: str) -> RecordKind:
    """The kind of record with this name on this topic."""
    try:
        return _BY_NAME[topic, name]
    except KeyError:
        raise UnknownNameError(f"{topic} record", name, [k for t, k in _BY_NAME if t == topic]) from None
