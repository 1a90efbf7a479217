"""The log as lines of JSON, in the order of the chain: for keeping elsewhere, or for a court."""

import json
from collections.abc import Iterator
from datetime import UTC

from stepwell.apps.audit.models import rows
from stepwell.apps.audit.verifying import FIELDS


def lines() -> Iterator[str]:
    """Yield one line per linked event: all that is needed to check the chain without us."""
    linked = rows().filter(position__isnull=False).order_by("position")
    for row in linked.values(*FIELDS).iterator(chunk_size=2_000):
        at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        yield json.dumps({**row, "at": at})
