"""The importers' name for Django: they have a page in the admin, and no tables."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """stepwell.importers."""

    name = "stepwell.importers"
    label = "importers"

    def ready(self) -> None:
        """Have the background import what stewards said yes to."""
        from stepwell.importers.admin import tasks  # models exist only now

        tasks.register_tasks()
