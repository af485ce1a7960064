"""Words for the user: what is told on stderr, and times as people read them."""

from datetime import UTC, datetime

import typer

__all__ = ["moment", "said"]


def said(words: str) -> None:
    """Tell the user something on stderr."""
    typer.echo(f"greenroom: {words}", err=True)


def moment(at: int) -> str:
    """A simulated time as people read it.

    >>> moment(1767571200000)
    '2026-01-05T00:00:00.000Z'
    """
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
