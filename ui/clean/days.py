"""Days as cuts hold them: seconds since 1970 in UTC."""

from datetime import UTC, date, datetime

END_OF_DAY = 86_399.999
"""Seconds after its beginning at which a day that is included ends."""


def day(seconds: float) -> date | None:
    """The day of a moment; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def day_words(seconds: float) -> str:
    """A moment as a day; the few that no calendar has stay seconds."""
    found = day(seconds)
    return found.isoformat() if found else f"{seconds:,.0f} s"


def beginning(of: date) -> float:
    """When a day begins."""
    return datetime(of.year, of.month, of.day, tzinfo=UTC).timestamp()
