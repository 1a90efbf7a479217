"""The stewards' pages in the admin: read the request, call an action, go back to the list."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.directory import access, actions, claims
from stepwell.apps.directory.models import Case, Cause
from stepwell.apps.directory.stewards import cases, consent, queries
from stepwell.apps.directory.stewards.doing import Deed, is_done, sent, steward_of
from stepwell.apps.directory.stewards.forms import ConsentForm, ReasonForm, SettleCaseForm
from stepwell.domain.offers import Standing

PER_PAGE = 50
WHAT_TO_DO = {
    Cause.PROBLEM: "Read the report, ask the provider or call, correct or hide the listing.",
    Cause.EXCLUDED: "Compare on the list's own site. Lift the exclusion only if it is not them.",
    Cause.DEACTIVATED: "Ask the provider what happened; check another licence if they have one.",
    Cause.DUPLICATE: "Compare the two rows on the provider's page and merge them, or say why not.",
    Cause.REGISTER: "Look the number up in the register itself and record what it says.",
    Cause.EXPIRY: "Ask for the renewal and record it before the end; after it nothing is shown.",
    Cause.CONFIRMATION: "Call, or send a new link; hide the listing if nobody is there.",
}


def claims_page(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show which listings promise more than stands behind them, a page at a time."""
    access.check_can_settle_listing(steward_of(request))
    page = claims.page(number)
    checked = claims.checked(page, timezone.localdate())
    shown = {"title": "What listings promise", "page": page, "checked": checked}
    return render(request, "directory/admin/claims.html", shown)


def settle_listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Hide a listing or show it again, and write down on whose word it is shown."""
    access.check_can_settle_listing(steward_of(request))
    listing = queries.find_for_steward(listing_id)
    if listing is None or listing.standing == Standing.WITHDRAWN:
        raise Http404
    hidden = listing.standing == Standing.HIDDEN
    act = actions.show_listing if hidden else actions.hide_listing
    form = ReasonForm(sent(request, "standing"))
    agreed = ConsentForm(sent(request, "consent"), initial={"consent": listing.consent})
    agree = partial(consent.record_consent, today=timezone.localdate())
    deeds: dict[str, Deed] = {
        "standing": (form, act, f"{listing.name} is {'shown' if hidden else 'hidden'}."),
        "consent": (agreed, agree, "The consent is written down."),
    }
    if is_done(request, deeds, listing=listing):
        return redirect("directory_listings:index")
    shown = {"listing": listing, "form": form, "agreed": agreed, "hidden": hidden}
    return render(request, "directory/admin/listing.html", shown)


def case_list(request: HttpRequest) -> HttpResponse:
    """List what stewards have to look at, by cause, the oldest first."""
    access.check_can_settle_case(steward_of(request))
    cause = request.GET.get("cause", "")
    counts = queries.case_counts()
    page = Paginator(queries.open_cases(cause), PER_PAGE).get_page(request.GET.get("p"))
    causes = [(one, counts.get(one, 0)) for one in Cause]
    rows = [{"case": case, "todo": WHAT_TO_DO[Cause(case.cause)]} for case in page]
    shown = {"causes": causes, "cause": cause, "page": page, "rows": rows}
    return render(request, "directory/admin/cases.html", {"title": "To look at", **shown})


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show one case, and settle it."""
    access.check_can_settle_case(steward_of(request))
    found = queries.find_case(case_id)
    if found is None:
        raise Http404
    form = SettleCaseForm(sent(request, "settle"))
    act = partial(cases.settle_case, at=timezone.now())
    if is_done(request, {"settle": (form, act, "The case is settled.")}, case=found):
        return redirect("directory_cases")
    return render(request, "directory/admin/case.html", shown_of(found, form))


def shown_of(found: Case, form: SettleCaseForm) -> dict[str, Any]:
    """Return what the page of a case shows."""
    todo = WHAT_TO_DO[Cause(found.cause)]
    events = queries.history([f"case:{found.pk}"])
    return {"case": found, "form": form, "todo": todo, "events": events}


def due(request: HttpRequest) -> HttpResponse:
    """List the checks and the confirmations that are due."""
    access.check_can_settle_case(steward_of(request))
    today, number = timezone.localdate(), request.GET.get("p")
    shown = {
        "title": "Due",
        "checks": Paginator(queries.credentials_due(today), PER_PAGE).get_page(number),
        "confirmations": Paginator(queries.confirmations_due(today), PER_PAGE).get_page(number),
        "today": today,
    }
    return render(request, "directory/admin/due.html", shown)
