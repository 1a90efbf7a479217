"""The dates of an export: two of each, often one of them zero, in a zone the file does not name."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

EARLIEST = datetime(1990, 1, 2, tzinfo=UTC)  # zero dates and 1970 stand for "never"


def moment(gmt: str, local: str, published: str, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """Return the moment, and whether the zone of the map was needed to know it.

    The GMT value counts most; then the local one in `zone`; then pubDate.
    """
    found = _read(gmt)
    if found is not None:
        return found.replace(tzinfo=UTC), False
    found = _read(local)
    if found is not None:
        return found.replace(tzinfo=zone).astimezone(UTC), True
    try:
        sent = parsedate_to_datetime(published)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None, False
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    return (sent.astimezone(UTC), False) if sent >= EARLIEST else (None, False)


def not_later(found: datetime | None, now: datetime) -> datetime | None:
    """Return the moment unless it lies ahead: nothing was first published in the future."""
    return found if found is not None and found <= now + timedelta(hours=14) else None


def _read(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return found if found >= EARLIEST.replace(tzinfo=None) else None
