"""Settles who may do what, and the way to a signed review; see stepwell.apps.magazine.newsroom."""

from typing import Any

from django.core.management.base import BaseCommand

from stepwell.apps.magazine import newsroom


class Command(BaseCommand):
    """`settle_newsroom`."""

    help = "Make the groups of the staff and the workflow. Doing it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Settle, and say so."""
        newsroom.settle_newsroom()
        self.stdout.write("The newsroom is settled.")
