"""The look's name for Django."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """stepwell.design."""

    name = "stepwell.design"
    label = "design"
