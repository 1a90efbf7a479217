"""The room's name for Django."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """stepwell.apps.guide."""

    name = "stepwell.apps.guide"
    label = "guide"
