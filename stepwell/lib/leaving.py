"""Whether this web process is about to stop: a file says so to it and to those beside it."""

import os

SIGN = "STEPWELL_LEAVING"  # names the file that stands while the process leaves


def is_leaving() -> bool:
    """Say whether the web process that this one is, or stands beside, is about to stop."""
    sign = os.environ.get(SIGN)
    return bool(sign) and os.path.exists(str(sign))
