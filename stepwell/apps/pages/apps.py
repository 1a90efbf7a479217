"""The room's name for Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """stepwell.apps.pages."""

    name = "stepwell.apps.pages"
    label = "pages"

    def ready(self) -> None:
        """Look after what other processes changed, and forget old changes."""
        from stepwell.apps.pages import tasks  # models exist only now

        tasks.register_tasks()
