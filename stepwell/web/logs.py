"""What a log line may hold (TRUST L1): an event, never a person's words or traces.

Lines of ours name an event and its fields in `extra={"event": ..., "fields": {...}}`.
Of everybody else's lines only the logger, the level, the kind of exception and
where in the code it happened are kept: their texts hold paths, headers and values.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class EventFormatter(logging.Formatter):
    """One JSON object a line; control characters are escaped by JSON (L2)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
        }
        event = getattr(record, "event", None)
        if event is None:
            line |= {"event": "library", "logger": record.name}
        else:
            line |= {"event": event, **getattr(record, "fields", {})}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"exception": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=True)


def _where(trace: Any) -> str:
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if "stepwell" in frame.filename] or frames[-1:]
    if not ours:
        return ""
    name = ours[-1].filename.rpartition("stepwell/")[2]
    return f"{name}:{ours[-1].lineno}"
