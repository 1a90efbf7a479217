"""Reads for stewards: rows whatever their standing."""

from uuid import UUID

from stepwell.apps.directory.models import Credential, Listing


def find_for_steward(listing_id: UUID) -> Listing | None:
    """Return one listing whatever its standing, or None."""
    return Listing.objects.filter(pk=listing_id).first()


def find_credential(credential_id: int) -> Credential | None:
    """Return one credential, or None."""
    return Credential.objects.filter(pk=credential_id).first()
