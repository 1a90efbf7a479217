"""One thing done from a page that offers several: its form, the action, and what is said then."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from stepwell.apps.accounts.models import Person
from stepwell.domain.errors import DomainError

Deed = tuple[forms.Form, Callable[..., object], str]


def steward_of(request: HttpRequest) -> Person:
    """Return who is signed in; the admin lets nobody else come this far."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def is_done(request: HttpRequest, deeds: Mapping[str, Deed], **said: Any) -> bool:
    """Do what the form that was sent asks for; say on it why that cannot be."""
    if request.method != "POST" or request.POST.get("do") not in deeds:
        return False
    form, act, words = deeds[request.POST["do"]]
    if not form.is_valid():
        return False
    try:
        act(by=steward_of(request), **said, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, words)
    return True


def sent(request: HttpRequest, do: str) -> Any:
    """Return what was sent for one of the forms of a page, or None for the others."""
    return request.POST if request.POST.get("do") == do else None
