"""The room's name for Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """stepwell.apps.audit."""

    name = "stepwell.apps.audit"
    label = "audit"
