"""A publish that the checks refuse ends in the editor, with the reasons."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from stepwell.apps.magazine.checking import PublishRefused


class BackToTheEditor:
    """Turns PublishRefused within the admin into a message above the article, which is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Send the editor to the article; leave every other error alone."""
        inside = request.path_info.startswith(reverse("wagtailadmin_home"))
        if not isinstance(error, PublishRefused) or not inside:
            return None
        messages.error(request, str(error))
        return redirect("wagtailadmin_pages:edit", error.page_id)
