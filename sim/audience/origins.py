"""Origins of a play: where its item came from."""

__all__ = ["ORIGINS", "REPEAT", "SEARCH", "SLATE"]

ORIGINS = ("slate", "search", "repeat")
SLATE, SEARCH, REPEAT = range(len(ORIGINS))
