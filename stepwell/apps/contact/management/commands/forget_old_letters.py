"""Delete letters that are past their time. Run it daily; `stepwell run` does it at each start."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from stepwell.apps.contact.actions import forget_old_letters


class Command(BaseCommand):
    """Delete old letters and say how many."""

    help = "Delete letters that were kept for as long as CONTACT_KEEP_DAYS says."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them."""
        self.stdout.write(f"{forget_old_letters(now=timezone.now())} letters deleted.")
