"""The room's name for Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """stepwell.apps.search."""

    name = "stepwell.apps.search"
    label = "search"
