"""The newsroom's pages on reviews: what is due, signing, and confirming a typing error."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.magazine import access, review_actions, review_forms, review_queries
from stepwell.apps.magazine import newsroom_presenters as presenters
from stepwell.apps.magazine.models import ArticlePage
from stepwell.domain.reviews import Due, NoSignature

PER_PAGE = 50


def overview(request: HttpRequest) -> HttpResponse:
    """Show what has to be reviewed, and what the coming months bring."""
    person = _person(request)
    access.check_can_see_reviews(person)
    today = timezone.localdate()
    due, section = _chosen(request)
    found = review_queries.articles_in(due, today, section)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    shown = {
        "counts": presenters.counts(review_queries.counts_by_section(today)),
        "forecast": presenters.forecast(review_queries.forecast(today), today),
        "waiting": presenters.waiting(review_queries.waiting()),
        "page": page,
        **presenters.chosen(due, section, may_sign=access.can_sign(person)),
    }
    return render(request, "magazine/admin/reviews.html", shown)


def sign(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the newest text of an article, and take a clinician's signature under it."""
    person = _person(request)
    access.check_can_sign(person)
    page = _page(page_id)
    draft = review_actions.newest_draft(page)
    today, months = timezone.localdate(), settings.REVIEW_MONTHS
    start = review_forms.first_signature(draft.hash, person.clinician.interests, today, months)
    form = review_forms.SignatureForm(request.POST or None, initial=start)
    if form.is_valid() and _signed(request, page, form):
        return redirect("magazine_reviews")
    shown = presenters.reading(draft.article, review_actions.since_approval(draft))
    shown = {**shown, "form": form, "profile": person.clinician}
    return render(request, "magazine/admin/sign.html", shown)


def confirm(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what was changed since the review, and let a second person say: typing errors only."""
    person = _person(request)
    access.check_can_confirm_typing_error(person)
    page = _page(page_id)
    draft = review_actions.newest_draft(page)
    form = review_forms.SeenForm(request.POST or None, initial={"seen_hash": draft.hash})
    if form.is_valid() and _confirmed(request, page, form):
        return redirect("magazine_reviews")
    shown = presenters.reading(draft.article, review_actions.since_approval(draft))
    return render(request, "magazine/admin/confirm.html", {**shown, "form": form})


def _signed(request: HttpRequest, page: ArticlePage, form: review_forms.SignatureForm) -> bool:
    try:
        review_actions.sign(
            page=page,
            by=_person(request),
            seen_hash=form.cleaned_data["seen_hash"],
            verdict=form.verdict(),
            today=timezone.localdate(),
        )
    except NoSignature as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"Your review of “{page.title}” is signed.")
    return True


def _confirmed(request: HttpRequest, page: ArticlePage, form: review_forms.SeenForm) -> bool:
    seen, person = form.cleaned_data["seen_hash"], _person(request)
    try:
        review_actions.confirm_typing_error(page=page, by=person, seen_hash=seen)
    except NoSignature as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"The review of “{page.title}” holds on.")
    return True


def _chosen(request: HttpRequest) -> tuple[Due, str]:
    """Return the group and the section that are looked at."""
    asked = request.GET.get("due", "")
    due = Due(asked) if asked in set(Due) else Due.OVERDUE
    return due, request.GET.get("section", "")


def _page(page_id: int) -> ArticlePage:
    page = review_queries.find_page(page_id)
    if page is None:
        raise Http404
    return page


def _person(request: HttpRequest) -> Person:
    """Return who is signed in; the admin lets nobody else come this far."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
