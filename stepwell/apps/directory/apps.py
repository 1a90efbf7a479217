"""The room's name for Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """stepwell.apps.directory."""

    name = "stepwell.apps.directory"
    label = "directory"

    def ready(self) -> None:
        """Have the calendar, the registers and the providers asked in time."""
        from stepwell.apps.directory.freshness import tasks as freshness  # models exist only now
        from stepwell.apps.directory.stewards import tasks as stewards

        freshness.register_tasks()
        stewards.register_tasks()
