"""Writes: links to a draft for reviewers outside, and their end."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.magazine import access, preview_queries, rendering
from stepwell.apps.magazine.models import ArticlePage, PreviewLink
from stepwell.domain.errors import DomainError

DAYS = (1, 7, 30)


class NoDraft(DomainError):
    """There is no saved text that a link could show."""


@transaction.atomic
def make_preview_link(
    *, page: ArticlePage, by: Person, days: int, now: datetime
) -> tuple[PreviewLink, str]:
    """Make a link to the newest saved text of `page`; return it with its token.

    The token is in no table: whoever needs it later makes another link. Raises NoDraft
    where nothing was saved yet, and ValueError for a time that is not offered.
    """
    access.check_can_share_draft(by, page)
    if days not in DAYS:
        raise ValueError(f"A link holds for one of {DAYS} days, not {days}.")
    revision = page.get_latest_revision()
    if revision is None:
        raise NoDraft("This article has no saved text. Save it once, then make a link.")
    rendering.draft(revision.as_object())  # makes its pictures now: opening a link writes nothing
    link: PreviewLink = PreviewLink.objects.create(
        page=page,
        revision=revision,
        made_at=now,
        made_by=by,
        expires_at=now + timedelta(days=days),
    )
    record(by=by, verb="made preview link", thing=f"article:{page.pk}", reason=str(link.pk))
    return link, preview_queries.token_of(link)


@transaction.atomic
def revoke_preview_link(*, link: PreviewLink, by: Person) -> None:
    """End a link now; one that was ended stays as it is."""
    access.check_can_share_draft(by, link.page)
    ended = PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if ended:
        thing = f"article:{link.page_id}"
        record(by=by, verb="revoked preview link", thing=thing, reason=str(link.pk))
