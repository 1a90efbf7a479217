"""Help now, for every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from stepwell.apps.pages.recording import good_through
from stepwell.domain import crisis


def help_now(request: HttpRequest) -> dict[str, Any]:
    """Return help in the host's home country, or only directories where none is set."""
    today = timezone.localdate()
    good_through(crisis.right_through(settings.HOME_COUNTRY, today=today))
    return {"help_now": crisis.help_for(settings.HOME_COUNTRY, today=today)}
