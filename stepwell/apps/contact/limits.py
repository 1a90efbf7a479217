"""How many letters and withdrawals one network may send."""

from datetime import timedelta

from stepwell.lib.limits import Limit

LETTERS = Limit("letters", at_once=10, one_every=timedelta(minutes=3))
WITHDRAWALS = Limit("withdrawals", at_once=20, one_every=timedelta(minutes=1))
