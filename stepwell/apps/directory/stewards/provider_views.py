"""The page of one provider: what it offers and holds, what was done, and its other rows."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import access
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import Provider
from stepwell.apps.directory.stewards import merging, queries
from stepwell.apps.directory.stewards.doing import Deed, is_done, sent, steward_of
from stepwell.apps.directory.stewards.forms import MergeForm, ReasonForm
from stepwell.apps.directory.stewards.register_changes import lift_exclusion


def provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Show one provider; by POST do one thing about it."""
    access.check_can_settle_listing(steward_of(request))
    found = queries.find_provider(provider_id)
    if found is None:
        raise Http404
    deeds = deeds_of(request, found)
    if is_done(request, deeds, provider=found):
        return redirect("directory_provider", provider_id)
    forms = {name: form for name, (form, _, _) in deeds.items()}
    return render(request, "directory/admin/provider.html", {**known(found), "forms": forms})


def deeds_of(request: HttpRequest, found: Provider) -> dict[str, Deed]:
    """Return what can be done from the page, by name."""
    alike = queries.alike(found)
    return {
        "lift": (
            ReasonForm(sent(request, "lift"), auto_id="lift_%s"),
            partial(lift_exclusion, at=timezone.now()),
            "The exclusion is lifted.",
        ),
        "merge": (MergeForm(sent(request, "merge"), alike=alike), merge, "The rows are one now."),
        "undo": (
            ReasonForm(sent(request, "undo"), auto_id="undo_%s"),
            undo_last,
            "The rows are two again.",
        ),
    }


def merge(*, provider: Provider, other: Provider, by: Person, reason: str) -> None:
    """Merge another row into this one."""
    merging.merge(survivor=provider, other=other, by=by, reason=reason, at=timezone.now())


def undo_last(*, provider: Provider, by: Person, reason: str) -> None:
    """Take back the last merge into this provider."""
    last = queries.merges_of(provider).first()
    if last is None:
        raise NotPossible("Nothing was merged into this row.")
    merging.undo(merge=last, by=by, reason=reason, at=timezone.now())


def known(found: Provider) -> dict[str, Any]:
    """Return what is known of a provider."""
    return {
        "provider": found,
        "listings": queries.listings_of(found),
        "credentials": queries.credentials_of(found),
        "alike": [
            {"row": one, "listings": queries.listings_of(one)} for one in queries.alike(found)
        ],
        "merges": queries.merges_of(found),
        "events": queries.history_of(found),
    }
