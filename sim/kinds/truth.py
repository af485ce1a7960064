"""What is true about the other records."""

from sim.kinds.record_kind import Field, RecordKind
from sim.kinds.shared_fields import USER

__all__ = ["TRUTH"]

TRUTH = (
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
            USER,
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
