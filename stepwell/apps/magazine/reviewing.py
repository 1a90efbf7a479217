"""From the reviews of an article to what its rows say of them. Saves nothing."""

from collections.abc import Sequence
from typing import Any

from stepwell.apps.magazine.models import ArticleRow, ArticleText, ReviewEvent
from stepwell.domain.reviews import Outcome, ReviewState, Scope, Signed, settled, signature
from stepwell.domain.text_changes import Change, differences

MOST_SHOWN = 100  # passages of a difference; with more, the text is another one


def events_of(page_id: int) -> list[ReviewEvent]:
    """Return the reviews of an article, the newest first, with what carried them over."""
    found = ReviewEvent.objects.filter(page=page_id).prefetch_related("carried")
    return list(found.order_by("-at", "-id"))


def signed(event: ReviewEvent) -> Signed:
    """Return a review as the domain judges it."""
    carried = frozenset(one.text_hash for one in event.carried.all())
    outcome, scope = Outcome(event.outcome), Scope(event.scope)
    return Signed(event.pk, outcome, scope, event.text_hash, carried)


def signature_of(event: ReviewEvent) -> str:
    """Return how readers see who signed."""
    return signature(event.shown_name, event.title, event.register, event.registration_number)


def mark(row: ArticleRow, text: ArticleText, written: str, text_hash: str) -> None:
    """Let row and text say what the reviews say of this text, and nothing more.

    A review of another text leaves no name and no date in the row, so that nothing that
    is drawn from it can claim one; what was different stands beside the text.
    """
    events = events_of(row.page_id)
    state, found = settled(text_hash, [signed(event) for event in events])
    event = next((one for one in events if found and one.pk == found.id), None)
    row.review_state, row.reviewer = state, ""
    row.reviewed_on = row.review_due = None
    text.review = {}
    if event and state is ReviewState.CURRENT:
        row.reviewer = signature_of(event)
        row.reviewed_on, row.review_due = event.reviewed_on, event.review_due
        text.review = {"interests": event.interests}
    elif event:
        text.review = _difference(event, written, withheld=row.heavy)


def _difference(event: ReviewEvent, written: str, *, withheld: bool) -> dict[str, Any]:
    """Return what was reviewed, by whom, and what is different now, as plain data."""
    changes = differences(event.text, written)
    return {
        "reviewer": signature_of(event),
        "reviewed_on": event.reviewed_on.isoformat(),
        "more": max(0, len(changes) - MOST_SHOWN),
        "changes": shown(changes[:MOST_SHOWN], withheld=withheld),
    }


def shown(changes: Sequence[Change], *, withheld: bool) -> list[dict[str, Any]]:
    """Return changes as a template shows them.

    On heavy topics words that were taken out are not shown again: they may have been
    taken out because they could harm.
    """
    return [
        {
            "label": change.label,
            "folded": change.folded,
            "pieces": [
                {"kind": kind, "text": "" if withheld and kind == "gone" else words}
                for kind, words in change.pieces
            ],
        }
        for change in changes
    ]
