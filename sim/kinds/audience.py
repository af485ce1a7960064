"""Who viewers are, and what becomes of them."""

from sim.kinds.record_kind import Field, RecordKind
from sim.kinds.shared_fields import DEVICE, LANGUAGE, REGION, USER

__all__ = ["AUDIENCE"]

AUDIENCE = (
    RecordKind(
        "audience",
        "registered",
        "A viewer is seen for the first time.",
        (
            USER,
            REGION,
            DEVICE,
            LANGUAGE,
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
            USER,
            Field("tenure_days", "count", "Days since it began.", digits=5),
            Field("subscription", "count", "The how-manyth of this viewer it was.", digits=2),
        ),
    ),
    RecordKind(
        "audience",
        "resubscribed",
        "A viewer who had cancelled subscribes again.",
        (
            USER,
            Field("away_days", "count", "Days since the viewer cancelled.", digits=5),
            Field("subscription", "count", "The how-manyth of this viewer it is.", digits=2),
        ),
    ),
    RecordKind(
        "audience",
        "consent_changed",
        "A viewer agrees to something else than before.",
        (
            USER,
            Field("consent", "label", "What the viewer agrees to now.", vocabulary="consent"),
            Field("before", "label", "What the viewer had agreed to.", vocabulary="consent"),
        ),
    ),
    RecordKind(
        "audience",
        "erasure_requested",
        "A viewer asks to be forgotten.",
        (USER, Field("grace_ms", "count", "Time until that is done, milliseconds.", digits=11)),
    ),
    RecordKind("audience", "erased", "A viewer is forgotten.", (USER,), tombstone=True),
)
