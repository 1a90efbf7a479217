"""What the pages on shared drafts show. No queries but those of rendering a draft."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from stepwell.apps.magazine import presenters, rendering
from stepwell.apps.magazine.models import PreviewLink


def address(token: str) -> str:
    """Return the path of a shared draft."""
    return reverse("magazine:preview", args=[token])


def preview(link: PreviewLink) -> dict[str, Any]:
    """Return the article as it would be published, and until when the link works."""
    row, text = rendering.draft(link.revision.as_object())
    return {**presenters.article(row, text), "link": link}


def links(found: Iterable[PreviewLink], now: datetime) -> list[dict[str, Any]]:
    """Return the links of an article, each with its state."""
    return [
        {
            "key": link.pk,
            "made_at": link.made_at,
            "made_by": link.made_by,
            "expires_at": link.expires_at,
            "revoked_at": link.revoked_at,
            "opens": link.opens(now),
        }
        for link in found
    ]
