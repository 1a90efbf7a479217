"""A draft shown to somebody outside, and the newsroom's page that makes and ends such links."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.magazine import (
    access,
    preview_actions,
    preview_forms,
    preview_presenters,
    preview_queries,
    review_queries,
)


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show a draft as it was saved; a link that is wrong, over or revoked is no page."""
    link = preview_queries.find_preview(token, timezone.now())
    if link is None:
        raise Http404
    shown = preview_presenters.preview(link)
    response = render(request, "magazine/preview.html", shown)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def links(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the links of an article's drafts; make one, or end one."""
    page = review_queries.find_page(page_id)
    if page is None or not isinstance(request.user, Person):
        raise Http404 if page is None else PermissionDenied
    access.check_can_share_draft(request.user, page)
    if "end" in request.POST:
        return _ended(request, page_id, request.user)
    form = preview_forms.PreviewLinkForm(request.POST or None)
    token = _made(page, request.user, form)
    address = request.build_absolute_uri(preview_presenters.address(token)) if token else ""
    found = preview_presenters.links(preview_queries.links_of(page_id), timezone.now())
    shown = {"page": page, "form": form, "address": address, "links": found}
    return render(request, "magazine/admin/preview_links.html", shown)


def _made(page: Any, person: Person, form: preview_forms.PreviewLinkForm) -> str:
    """Return the token of a new link; nothing where none was asked for or none can be."""
    if not form.is_valid():
        return ""
    days, now = form.cleaned_data["days"], timezone.now()
    try:
        return preview_actions.make_preview_link(page=page, by=person, days=days, now=now)[1]
    except preview_actions.NoDraft as error:
        form.add_error(None, str(error))
        return ""


def _ended(request: HttpRequest, page_id: int, person: Person) -> HttpResponse:
    form = preview_forms.EndForm(request.POST)
    link = preview_queries.find_link(page_id, form.cleaned_data["end"]) if form.is_valid() else None
    if link is None:
        raise Http404
    preview_actions.revoke_preview_link(link=link, by=person)
    messages.success(request, "The link is revoked. It opens nothing now.")
    return redirect("magazine_preview_links", page_id)
