"""How long somebody stays signed in, and what a session keeps: moments, never where from.

TRUST A4 and A5. Sessions lie in the database, their contents sealed (`SealedSerializer`).
Each carries a fingerprint of the password and of `Person.epoch`; raising the epoch ends all.
"""

import json
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.lib import sealing

KEEP = "staff"  # the one key of ours in a session
ASKED_SHARED = "staff-shared"  # ticked at the password, until the second step is done
IDLE = 30 * 60  # seconds without a click
IDLE_SHARED = 20 * 60  # on a computer that others use too
LONGEST = 12 * 60 * 60  # seconds, however busy
FRESH = 5 * 60  # seconds for which somebody has proven who they are
SEEN_EVERY = 60  # seconds; a click sooner is not written down


class SealedSerializer:
    """What a session holds, unreadable in the database: it may hold a secret for a moment."""

    def dumps(self, obj: Any) -> bytes:
        """Return the sealed form."""
        return sealing.seal(json.dumps(obj), "django_session:session_data").encode()

    def loads(self, data: bytes) -> Any:
        """Return what was sealed; Django takes an error for an empty session."""
        return json.loads(sealing.unseal(data.decode(), "django_session:session_data"))


class Open(NamedTuple):
    """One session as its person may see it."""

    began: float
    seen: float
    shared: bool
    here: bool


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in; call it only where somebody is."""
    if not isinstance(request.user, Person):
        raise TypeError("Nobody is signed in on this request.")
    return request.user


def begin(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write down when somebody signed in (a receiver of Django's signal)."""
    now = time.time()
    before = request.session.get(KEEP, {})
    request.session[KEEP] = {
        "began": now,
        "seen": now,
        "shared": request.session.pop(ASKED_SHARED, False),
        "factor": before.get("factor"),
    }


def say_shared(request: HttpRequest, *, shared: bool) -> None:
    """Keep for the moment of signing in whether others use the computer too."""
    request.session[ASKED_SHARED] = shared


def pass_factor(request: HttpRequest, person: Person) -> None:
    """Write down that this person proved a second step in this session."""
    kept = request.session.get(KEEP, {})
    request.session[KEEP] = {**kept, "factor": str(person.pk)}


def lacks_factor(request: HttpRequest) -> bool:
    """Say whether who is signed in has yet to choose or prove a second step."""
    if not settings.STAFF_SECOND_FACTOR:
        return False
    return bool(request.session.get(KEEP, {}).get("factor") != str(request.user.pk))


def is_over(request: HttpRequest, now: float) -> bool:
    """Say whether the session has ended by the clock."""
    kept = request.session.get(KEEP)
    if kept is None:
        return True
    idle = IDLE_SHARED if kept.get("shared") else IDLE
    began, seen = kept.get("began", 0), kept.get("seen", 0)
    return bool(now - began >= LONGEST or now - seen >= idle)


def touch(request: HttpRequest, now: float) -> None:
    """Write down that somebody clicked, at most once a minute."""
    kept = request.session[KEEP]
    if now - kept["seen"] >= SEEN_EVERY:
        request.session[KEEP] = {**kept, "seen": now}


def is_fresh(request: HttpRequest, records: Iterable[dict[str, Any]]) -> bool:
    """Say whether somebody proved just now who they are."""
    moments = [record["at"] for record in records]
    moments.append(request.session.get(KEEP, {}).get("began", 0))
    return bool(time.time() - max(moments) < FRESH)


def end_all(person: Person, *, but: HttpRequest | None = None) -> None:
    """End every session of somebody, but for the one of this request."""
    person.epoch += 1
    Person.objects.filter(pk=person.pk).update(epoch=person.epoch)
    if but is not None:
        update_session_auth_hash(but, person)


def keep(request: HttpRequest) -> None:
    """Let the session of this request go on after a change that ended all of its person."""
    person = person_of(request)
    person.refresh_from_db(fields=["password", "epoch"])
    update_session_auth_hash(request, person)


def of(person: Person, request: HttpRequest) -> list[Open]:
    """Return the open sessions of somebody, the newest first."""
    found = []
    for row in Session.objects.filter(expire_date__gt=timezone.now()):
        data = row.get_decoded()
        kept = data.get(KEEP)
        if kept and data.get(SESSION_KEY) == str(person.pk) and _holds(data, person):
            here = row.session_key == request.session.session_key
            found.append(Open(kept["began"], kept["seen"], kept["shared"], here))
    return sorted(found, key=lambda one: -one.began)


def _holds(data: dict[str, Any], person: Person) -> bool:
    return data.get("_auth_user_hash") == person.get_session_auth_hash()
