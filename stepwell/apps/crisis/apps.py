"""The room's name for Django."""

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    """stepwell.apps.crisis."""

    name = "stepwell.apps.crisis"
    label = "crisis"
