"""Tables of the directory: who offers what where, on whose word, and how it got here.

A listing is one kind of support by one provider at one place or remote. The
meaning of its words (standing, consent, cost) is in stepwell.domain.offers.
"""

from stepwell.apps.directory.models import (
    cases,
    checks,
    credentials,
    freshness,
    imports,
    listings,
    merges,
    place_names,
    providers,
    row_changes,
    search_rows,
    uploads,
)
from stepwell.apps.directory.models.cases import Case, Cause, Outcome
from stepwell.apps.directory.models.checks import CredentialCheck, Evidence, EvidenceType
from stepwell.apps.directory.models.credentials import Credential
from stepwell.apps.directory.models.imports import Fate, ImportRow, ImportRun
from stepwell.apps.directory.models.listings import Family, Listing, ListingTerm
from stepwell.apps.directory.models.merges import Merge, Moved
from stepwell.apps.directory.models.place_names import PlaceName, PlaceSource
from stepwell.apps.directory.models.providers import Place, Provider, ProviderType
from stepwell.apps.directory.models.row_changes import RowChange
from stepwell.apps.directory.models.search_rows import (
    ListingRow,
    ListingRowTerm,
    RowBlock,
    RowWord,
)
from stepwell.apps.directory.models.uploads import ListingUpload, UploadState

# TRUST D1: D is public, C is operational. The directory keeps nothing of those who search.
FIELD_CLASSES = {
    **providers.FIELD_CLASSES,
    **listings.FIELD_CLASSES,
    **credentials.FIELD_CLASSES,
    **checks.FIELD_CLASSES,
    **merges.FIELD_CLASSES,
    **cases.FIELD_CLASSES,
    **imports.FIELD_CLASSES,
    **row_changes.FIELD_CLASSES,
    **search_rows.FIELD_CLASSES,
    **uploads.FIELD_CLASSES,
    **place_names.FIELD_CLASSES,
    **freshness.FIELD_CLASSES,
}

__all__ = [
    "FIELD_CLASSES",
    "Case",
    "Cause",
    "Credential",
    "CredentialCheck",
    "Evidence",
    "EvidenceType",
    "Family",
    "Fate",
    "ImportRow",
    "ImportRun",
    "Listing",
    "ListingRow",
    "ListingRowTerm",
    "ListingTerm",
    "ListingUpload",
    "Merge",
    "Moved",
    "Outcome",
    "Place",
    "PlaceName",
    "PlaceSource",
    "Provider",
    "ProviderType",
    "RowBlock",
    "RowChange",
    "RowWord",
    "UploadState",
]
