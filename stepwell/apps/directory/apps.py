"""The room's name for Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """stepwell.apps.directory."""

    name = "stepwell.apps.directory"
    label = "directory"

    def ready(self) -> None:
        """Have the calendar and registers kept, providers asked, and snapshots renewed in time."""
        from stepwell.apps.directory.freshness import tasks as freshness  # models exist only now
        from stepwell.apps.directory.snapshot import tasks as snapshot
        from stepwell.apps.directory.stewards import tasks as stewards

        freshness.register_tasks()
        snapshot.register_tasks()
        stewards.register_tasks()
