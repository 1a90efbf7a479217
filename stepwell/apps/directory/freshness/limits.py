"""How many reports and answers one network may send."""

from datetime import timedelta

from stepwell.lib.limits import Limit

REPORTS = Limit("reports", at_once=10, one_every=timedelta(minutes=3))
ANSWERS = Limit("answers", at_once=5, one_every=timedelta(minutes=10))
