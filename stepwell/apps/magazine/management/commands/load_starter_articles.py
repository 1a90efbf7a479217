"""Loads the starter articles; see stepwell.apps.magazine.starter."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stepwell.apps.magazine import starter
from stepwell.domain.errors import FactError


class Command(BaseCommand):
    """`load_starter_articles [--folder FOLDER]`."""

    help = "Load the starter articles. Loading again never undoes an editor's work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder of articles."""
        parser.add_argument("--folder", type=Path, default=starter.FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Load, and say what was done."""
        try:
            done = starter.load(folder)
        except FactError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{count} {what}" for what, count in done.items()))
