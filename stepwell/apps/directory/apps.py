"""The room's name for Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """stepwell.apps.directory."""

    name = "stepwell.apps.directory"
    label = "directory"

    def ready(self) -> None:
        """Have providers asked in time, and old reports emptied."""
        from stepwell.apps.directory.freshness import tasks  # models exist only now

        tasks.register_tasks()
