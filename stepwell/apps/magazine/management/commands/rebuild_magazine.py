"""Makes the rows of the magazine again from its published pages."""

from typing import Any

from django.core.management.base import BaseCommand

from stepwell.apps.magazine import actions


class Command(BaseCommand):
    """`rebuild_magazine`."""

    help = "Make what readers are shown again from the published pages."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how many articles there are."""
        self.stdout.write(f"{actions.rebuild()} articles")
