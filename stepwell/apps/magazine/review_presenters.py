"""What readers and machines are told of an article's review. No queries."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stepwell.apps.magazine.models.rows import ArticleRow, ArticleText
from stepwell.domain.reviews import Badge, Standing


def badge(row: ArticleRow, text: ArticleText, standing: Standing) -> dict[str, Any]:
    """Return what design/components/_review.html shows."""
    shown = {"badge": standing.badge.value, "starter": row.starter}
    if standing.badge is Badge.CHANGED:
        return {**shown, **_earlier(text.review)}
    return {
        **shown,
        "reviewer": standing.reviewer,
        "reviewed_on": standing.reviewed_on,
        "review_due": standing.review_due,
        "interests": text.review.get("interests", ""),
    }


def _earlier(difference: Mapping[str, Any]) -> dict[str, Any]:
    """Return which text was reviewed, and what is different now."""
    return {
        "earlier_reviewer": difference["reviewer"],
        "earlier_on": date.fromisoformat(difference["reviewed_on"]),
        "changes": difference["changes"],
        "more": difference["more"],
    }
