"""Sees every change of an account, whatever door it came by: writes it down, tells, ends sessions.

TRUST A4, A8, L3. Connected in apps.py to the signals of Django and allauth.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from stepwell.apps.accounts import mails, sessions
from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record

RIGHTS = ("is_superuser", "is_staff", "is_active")
WATCHED = {*RIGHTS, "password", "email"}


def actor() -> Person | None:
    """Return who is signed in on the request that is being answered, if there is one."""
    request = context.request
    user = getattr(request, "user", None)
    return user if isinstance(user, Person) and user.is_authenticated else None


def note(verb: str, person: Person, *, by: Person | None) -> None:
    """Write one event about an account into the log."""
    record(by=by, verb=verb, thing=f"person:{person.pk}")


def before_saving(
    sender: Any, instance: Person, update_fields: Any = None, raw: bool = False, **kwargs: Any
) -> None:
    """Compare an account with what is stored, and remember what is about to change."""
    instance.changing = {}
    if raw or instance.pk is None or (update_fields and not WATCHED & set(update_fields)):
        return
    stored = Person.objects.filter(pk=instance.pk).values(*WATCHED, "epoch").first()
    if stored is None:
        return
    instance.epoch = max(instance.epoch, stored.pop("epoch"))  # it only rises
    new = {name: getattr(instance, name) for name in WATCHED}
    instance.changing = {name: old for name, old in stored.items() if old != new[name]}
    # An older hash is renewed at a sign-in; then nobody chose a new password.
    if "password" in instance.changing and getattr(instance, "_password", None) is None:
        del instance.changing["password"]
    if instance.changing:
        instance.epoch += 1
        if update_fields is not None:
            Person.objects.filter(pk=instance.pk).update(epoch=instance.epoch)


def after_saving(sender: Any, instance: Person, **kwargs: Any) -> None:
    """Write down and tell what was changed."""
    changed = instance.changing
    if "password" in changed:
        note("changed the password of", instance, by=actor())
        mails.leave(mails.Kind.PASSWORD, to=instance.email)
    if "email" in changed:
        note("changed the address of", instance, by=actor())
        for address in {changed["email"], instance.email}:
            mails.leave(mails.Kind.ADDRESS, to=address)
    if set(RIGHTS) & set(changed):
        note("changed the rights of", instance, by=actor())
    instance.changing = {}


def rights_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **kwargs: Any
) -> None:
    """Write down that somebody came into or left a group or right, and end their sessions.

    An account that was just made at the terminal, and was never used, loses nothing.
    """
    if action not in {"post_add", "post_remove", "pre_clear"} or pk_set == set():
        return
    people = [instance] if not reverse else _people_of(instance, pk_set)
    for person in people:
        sessions.end_all(person)
        if actor() is not None or person.last_login is not None:
            note("changed the rights of", person, by=actor())


def _people_of(group: Any, pk_set: set[Any] | None) -> list[Person]:
    chosen = {"pk__in": pk_set} if pk_set is not None else {"groups": group}
    return list(Person.objects.filter(**chosen))


def signed_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write down a sign-in."""
    note("signed in", user, by=user)


def signed_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    """Write down that somebody signed out, or that the clock did it."""
    if user is not None:
        note("signed out", user, by=user)


def step_failed(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write down a wrong second step."""
    note("failed the second step of", user, by=None)


def step_used(
    sender: Any, request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Let somebody in who proved a second step; a recovery code is worth a line of its own."""
    sessions.pass_factor(request, user)
    if kwargs.get("reauthenticated"):
        request.session.cycle_key()
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note("used a recovery code of", user, by=user)
        mails.leave(mails.Kind.FACTOR, to=user.email)


def step_added(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """A new second step was proven before it was stored: it counts for this session."""
    if not created:
        return
    if instance.type == Authenticator.Type.RECOVERY_CODES:
        _step_changed("made recovery codes for", instance.user)
        return
    if actor() == instance.user:
        sessions.pass_factor(context.request, instance.user)
    _step_changed("added a second step to", instance.user)
    mails.leave(mails.Kind.FACTOR, to=instance.user.email)


def step_removed(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    """A second step is gone."""
    _step_changed("took a second step from", instance.user)
    mails.leave(mails.Kind.FACTOR, to=instance.user.email)


def proved_again(sender: Any, request: HttpRequest, method: str, **kwargs: Any) -> None:
    """Give the session a new id when somebody proves again who they are: their rights rise."""
    if kwargs.get("reauthenticated"):
        request.session.cycle_key()


def _step_changed(verb: str, person: Person) -> None:
    """Write it down and end all other sessions."""
    by = actor()
    own = by if by is not None and by.pk == person.pk else None
    sessions.end_all(own or person, but=context.request if own else None)
    note(verb, person, by=by)
