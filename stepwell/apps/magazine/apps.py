"""The room's name for Django."""

from django.apps import AppConfig


class MagazineConfig(AppConfig):
    """stepwell.apps.magazine."""

    name = "stepwell.apps.magazine"
    label = "magazine"

    def ready(self) -> None:
        """Keep the rows equal to the pages from now on, and have dated articles published."""
        from stepwell.apps.magazine import keys, signals, tasks  # models exist only now

        signals.follow_pages()
        keys.speak_for_tables()
        tasks.register_tasks()
