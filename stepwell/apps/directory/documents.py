"""Listings as search finds them. Whether one is shown is asked anew at every search."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from stepwell.apps.directory.models import Listing
from stepwell.apps.search.documents import Document
from stepwell.domain import support

FAMILY = "listing"


def documents(listings: QuerySet[Listing]) -> Iterator[Document]:
    """Yield one document for each listing."""
    kinds = support.kinds()
    for listing in listings.select_related("place", "provider").iterator(chunk_size=500):
        kind = kinds[listing.kind].name if listing.kind in kinds else listing.kind
        where = f" · {listing.place.town}" if listing.place else ""
        yield Document(
            family=FAMILY,
            key=str(listing.pk),
            title=listing.name,
            summary=f"{kind}{where}",
            body=f"{listing.provider.name} {listing.about}",
            url=reverse("directory:listing", args=[listing.pk]),
        )
