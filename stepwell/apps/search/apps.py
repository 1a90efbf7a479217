"""The room's name for Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """stepwell.apps.search."""

    name = "stepwell.apps.search"
    label = "search"

    def ready(self) -> None:
        """Have the index forget what was removed."""
        from stepwell.apps.search import tasks  # models exist only now

        tasks.register_tasks()
