"""The room's name for Django."""

from django.apps import AppConfig


class SelfTestsConfig(AppConfig):
    """stepwell.apps.selftests."""

    name = "stepwell.apps.selftests"
    label = "selftests"
