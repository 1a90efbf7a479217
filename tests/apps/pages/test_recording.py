"""What is noted of a page while it is made."""

import pytest

from stepwell.apps.directory.models import ListingTerm, Place
from stepwell.apps.pages.recording import recording
from stepwell.lib import replicas
from stepwell.lib.replicas import Router, Watch, may_lag


@pytest.mark.django_db
def test_a_union_is_noted_on_both_databases():
    with recording() as noted:
        list(Place.objects.values_list("country").union(ListingTerm.objects.values_list("value")))

    assert noted.uncovered() == {"directory_place", "directory_listingterm"}


def test_a_page_that_is_made_for_the_store_reads_from_the_primary(monkeypatch):
    watch = Watch(())
    watch.good = ("replica1",)
    monkeypatch.setattr(replicas, "watch", lambda: watch)

    with may_lag():
        assert Router().db_for_read(None) == "replica1"
        with recording(), may_lag():
            assert Router().db_for_read(None) == "default"
