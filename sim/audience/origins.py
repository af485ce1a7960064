"""Origins of a play: where its item came from."""

__all__ = ["AUTOPLAY", "ORIGINS", "REPEAT", "SEARCH", "SLATE"]

ORIGINS = ("slate", "search", "repeat", "autoplay")
SLATE, SEARCH, REPEAT, AUTOPLAY = range(len(ORIGINS))
