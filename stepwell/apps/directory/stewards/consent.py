"""On whose word a listing is shown, as a steward was told: with a day and a reason."""

from datetime import date

from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.actions import NotPossible, check_reason, make_findable
from stepwell.apps.directory.models import Listing
from stepwell.domain.offers import Consent


@transaction.atomic
def record_consent(
    *, listing: Listing, consent: Consent, on: date, by: Person, reason: str, today: date
) -> None:
    """Write down that a provider agreed, claimed the listing, or took their word back."""
    check_can_settle_listing(by)
    check_reason(reason)
    if on > today:
        raise NotPossible("This day has not come yet. Write down what was said, on its day.")
    now = Listing.objects.select_for_update().get(pk=listing.pk)
    now.consent = consent.value
    now.consent_on = on
    now.claimed_on = on if consent is Consent.CLAIMED else None
    now.save(update_fields=["consent", "consent_on", "claimed_on"])
    record(by=by, verb=f"consent: {consent}", thing=f"listing:{now.pk}", reason=reason)
    make_findable([now.pk])
