"""Items from their birth to their end."""

from sim.kinds.record_kind import Field, RecordKind
from sim.kinds.shared_fields import ITEM, LANGUAGE, LENGTH, MEDIA

__all__ = ["CATALOG"]

CATALOG = (
    *(
        RecordKind(
            "catalog",
            name,
            about,
            (
                ITEM,
                Field("title", "text", "Invented title."),
                Field("genre", "label", "Genre.", vocabulary="genre"),
                LANGUAGE,
                LENGTH,
                Field("creator_id", "user", "Who published it."),
                Field("regions", "json", "Regions where it can be seen from now on.", holds="strings"),
                MEDIA,
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
    RecordKind("catalog", "purged", "A removed item is forgotten.", (ITEM,), tombstone=True),
)
