"""Reads: letters as they lie in the database, sealed."""

from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from stepwell.apps.contact.models import Letter
from stepwell.domain.letters import State


def letters() -> QuerySet[Letter]:
    """Return all letters: those that wait first, the oldest of them on top."""
    waiting = Case(
        When(state=State.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return Letter.objects.defer("message", "reply_to", "page").order_by(waiting, "written_on", "id")


def find_letter(letter_id: UUID) -> Letter | None:
    """Return one letter, sealed."""
    return Letter.objects.select_related("settled_by").filter(pk=letter_id).first()
