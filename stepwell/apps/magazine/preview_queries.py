"""Reads: the draft behind a link, and the links of an article."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from stepwell.apps.magazine.models import PreviewLink

SALT = "stepwell.magazine.preview"
SHOWN = 50


def token_of(link: PreviewLink) -> str:
    """Return what stands in the address: the link, its page and its revision, signed."""
    told = f"{link.pk.hex}.{link.page_id}.{link.revision_id}"
    return signing.Signer(salt=SALT).sign(told)


def find_preview(token: str, now: datetime) -> PreviewLink | None:
    """Return the link that works at this moment; None for every other token, whatever is wrong."""
    try:
        key, *told = signing.Signer(salt=SALT).unsign(token).split(".")
    except signing.BadSignature:
        return None
    page_id, revision_id = map(int, told)
    found = PreviewLink.objects.filter(pk=UUID(key), page=page_id, revision=revision_id)
    link = found.select_related("revision").first()
    return link if link is not None and link.opens(now) else None


def links_of(page_id: int) -> "QuerySet[PreviewLink]":
    """Return the links of an article, the newest first."""
    found = PreviewLink.objects.filter(page=page_id).select_related("made_by")
    return found.order_by("-made_at", "pk")[:SHOWN]


def find_link(page_id: int, key: UUID) -> PreviewLink | None:
    """Return a link of this article."""
    return PreviewLink.objects.filter(page=page_id, pk=key).select_related("page").first()
