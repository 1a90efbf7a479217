"""The room's name for Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """stepwell.apps.directory."""

    name = "stepwell.apps.directory"
    label = "directory"

    def ready(self) -> None:
        """Have calendar, registers and snapshots kept in time, providers asked, pages kept."""
        from stepwell.apps.directory import keys  # models exist only now
        from stepwell.apps.directory.finding import blocks
        from stepwell.apps.directory.freshness import tasks as freshness
        from stepwell.apps.directory.snapshot import tasks as snapshot
        from stepwell.apps.directory.stewards import tasks as stewards

        blocks.follow_deletions()
        keys.speak_for_tables()
        freshness.register_tasks()
        snapshot.register_tasks()
        stewards.register_tasks()
