"""`manage write_help_pages DIR`: the help pages as static files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from stepwell.apps.crisis.static_pages import write_pages


class Command(BaseCommand):
    """Writes every help page and its gzip copy below a folder. Run it daily."""

    help = "Write the help-now pages as static files that stand without the application."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder that the web server hands out."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write the files and say how many there are and how large the largest is."""
        written = write_pages(folder, timezone.localdate())
        largest = max(path.with_name(f"{path.name}.gz").stat().st_size for path in written)
        self.stdout.write(f"{len(written)} pages, the largest {largest} bytes compressed")
