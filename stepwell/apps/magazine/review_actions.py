"""Writes: signing a review, and carrying one over a typing error."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Revision, TaskState, WorkflowState

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.magazine import access, rendering, reviewing
from stepwell.apps.magazine.models import (
    ArticlePage,
    ArticleRow,
    ClinicalReviewTask,
    ReviewEvent,
    TypingErrorEvent,
)
from stepwell.domain.reviews import NoSignature, Outcome, Scope, check_due, newest_approval
from stepwell.domain.text_changes import Change, differences, may_be_typing_errors


@dataclass(frozen=True)
class Verdict:
    """What a clinician says of the text they read."""

    outcome: Outcome
    scope: Scope
    parts: str = ""
    interests: str = ""
    note: str = ""
    review_due: date | None = None


@dataclass(frozen=True)
class Draft:
    """The newest text of an article, as an editor left it."""

    revision: Revision
    article: ArticlePage
    written: str
    hash: str


def newest_draft(page: ArticlePage) -> Draft:
    """Return the newest text of `page`; raise NoSignature where there is none."""
    revision = page.get_latest_revision()
    if revision is None:
        raise NoSignature("This article has no saved text. Save it once, then sign.")
    article = revision.as_object()
    written = rendering.written_as(article)
    return Draft(revision, article, written, rendering.hash_of_written(written))


@transaction.atomic
def sign(
    *, page: ArticlePage, by: Person, seen_hash: str, verdict: Verdict, today: date
) -> ReviewEvent:
    """Write down what a clinician found in exactly the text they saw.

    Raises NoSignature where the text is another one by now, or waits for somebody else
    first. In the workflow an approval of the whole text ends the step; so does a wish for
    changes, which sends the text back.
    """
    access.check_can_sign(by)
    draft = newest_draft(_locked(page))
    _check_seen(draft, seen_hash)
    task_state = _waiting_task(draft.article)
    if verdict.outcome is Outcome.APPROVED:
        due = verdict.review_due or today
        check_due(today, due, settings.REVIEW_MONTHS)
    event = _write_review(draft, by, verdict, today)
    record(by=by, verb=f"review: {verdict.outcome}", thing=f"article:{page.pk}", reason=draft.hash)
    settle_review(page)
    _settle_task(task_state, by, verdict)
    return event


@transaction.atomic
def confirm_typing_error(*, page: ArticlePage, by: Person, seen_hash: str) -> TypingErrorEvent:
    """Let the newest review hold for a text that differs from it by typing errors only.

    Raises NoSignature where there is more to it, or where whoever changed it confirms it.
    """
    access.check_can_confirm_typing_error(by)
    draft = newest_draft(_locked(page))
    _check_seen(draft, seen_hash)
    review = review_to_carry(draft)
    reason = may_be_typing_errors(differences(review.text, draft.written))
    if reason:
        raise NoSignature(f"{reason} This needs a new review.")
    changers = who_changed(review, draft)
    if by.pk in changers:
        raise NoSignature("You changed this text yourself. Ask a second person to confirm.")
    old_hash = _last_covered(review).text_hash
    event: TypingErrorEvent = TypingErrorEvent.objects.create(
        page_id=page.pk,
        revision_id=draft.revision.pk,
        text_hash=draft.hash,
        text=draft.written,
        review=review,
        old_hash=old_hash,
        changed_by_id=changers[-1],
        confirmed_by=by,
    )
    hashes = f"{old_hash} {draft.hash}"
    record(by=by, verb="review: typing error only", thing=f"article:{page.pk}", reason=hashes)
    settle_review(page)
    return event


def since_approval(draft: Draft) -> list[Change] | None:
    """Return what is different since the newest approval; None where there is none."""
    events = reviewing.events_of(draft.article.pk)
    found = newest_approval([reviewing.signed(event) for event in events])
    event = next((one for one in events if found and one.pk == found.id), None)
    return None if event is None else differences(event.text, draft.written)


def review_to_carry(draft: Draft) -> ReviewEvent:
    """Return the newest approval, where it does not hold for the text yet; else NoSignature."""
    events = reviewing.events_of(draft.article.pk)
    found = newest_approval([reviewing.signed(event) for event in events])
    if found is None:
        raise NoSignature("No review has approved this article as a whole yet.")
    if draft.hash in found.covers:
        raise NoSignature("The newest review holds for this text already.")
    return next(event for event in events if event.pk == found.id)


def who_changed(review: ReviewEvent, draft: Draft) -> list[int]:
    """Return the ids of those who changed the text since it was last covered, the last one last.

    Raises NoSignature where it is not known who did: then nobody can be a second person.
    """
    covered = _last_covered(review)
    later = Revision.objects.for_instance(draft.article).filter(pk__gt=covered.revision_id)
    before, found = covered.text_hash, []
    for revision in later.order_by("pk"):
        after = rendering.hash_of(revision.as_object())
        if after != before:
            found.append(revision.user_id)
        before = after
    if not found or None in found:
        raise NoSignature("It is not known who changed this text. It needs a new review.")
    return found


@transaction.atomic
def settle_review(page: ArticlePage) -> None:
    """Let the row of a published article say what the reviews say now; its text stays."""
    row = ArticleRow.objects.select_related("text", "page__dates").filter(pk=page.pk).first()
    if row is None:
        return
    reviewing.mark(row, row.text, rendering.written_as(row.page), row.page.dates.text_hash)
    row.save(update_fields=["review_state", "reviewer", "reviewed_on", "review_due"])
    row.text.save(update_fields=["review"])


def _locked(page: ArticlePage) -> ArticlePage:
    found: ArticlePage = ArticlePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    return found


def _check_seen(draft: Draft, seen_hash: str) -> None:
    if draft.hash != seen_hash:
        raise NoSignature("The text was changed while you read it. Read it again, then sign.")


def _waiting_task(article: ArticlePage) -> TaskState | None:
    """Return the step that waits for this signature; None outside of a workflow."""
    if not article.workflow_in_progress:
        return None
    if not isinstance(article.current_workflow_task, ClinicalReviewTask):
        raise NoSignature("This text waits for an editor first. Sign it once they passed it on.")
    found: TaskState = article.current_workflow_task_state
    return found


def _settle_task(task_state: TaskState | None, by: Person, verdict: Verdict) -> None:
    """End the step of the workflow; approving parts alone leaves it open."""
    if task_state is None:
        return
    if verdict.outcome is Outcome.CHANGES_ASKED:
        task_state.reject(user=by, comment=verdict.note)
    elif verdict.scope is Scope.WHOLE:
        task_state.approve(user=by, comment=verdict.note, update=False)
        _go_on(task_state.workflow_state)


def _go_on(workflow_state: WorkflowState) -> None:
    """Take the next step. After the last one the editor publishes, not the clinician.

    It is published in the name of the editor who passed the text on, or else of whoever
    handed it in; where neither may publish, the approved text waits as a draft.
    """
    publisher = _publisher(workflow_state)
    if workflow_state.get_next_task() or publisher:
        workflow_state.update(user=publisher)
        return
    workflow_state.status = WorkflowState.STATUS_APPROVED
    workflow_state.save()


def _publisher(workflow_state: WorkflowState) -> Person | None:
    approved = workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED)
    people: list[Person | None] = [one.finished_by for one in approved.order_by("-pk")]
    page = workflow_state.content_object
    people.append(workflow_state.requested_by)
    for person in people:
        if person is not None and page.permissions_for_user(person).can_publish():
            return person
    return None


def _write_review(draft: Draft, by: Person, verdict: Verdict, today: date) -> ReviewEvent:
    profile = by.clinician
    approved = verdict.outcome is Outcome.APPROVED
    told: dict[str, Any] = {
        "outcome": verdict.outcome,
        "scope": verdict.scope,
        "parts": verdict.parts,
        "interests": verdict.interests,
        "note": verdict.note,
        "review_due": verdict.review_due if approved else None,
    }
    event: ReviewEvent = ReviewEvent.objects.create(
        page_id=draft.article.pk,
        revision_id=draft.revision.pk,
        text_hash=draft.hash,
        text=draft.written,
        reviewer=by,
        shown_name=profile.shown_name,
        title=profile.title,
        register=profile.register_name,
        registration_number=profile.registration_number,
        reviewed_on=today,
        **told,
    )
    return event


def _last_covered(review: ReviewEvent) -> ReviewEvent | TypingErrorEvent:
    """Return the last event whose text the review holds for."""
    carried = sorted(review.carried.all(), key=lambda one: one.pk)
    return carried[-1] if carried else review
