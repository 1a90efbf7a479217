"""The stewards' download of all listings as a table: after the password again, and noted."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stepwell.apps.audit import actions as audit
from stepwell.apps.directory import access, spreadsheets


class DownloadForm(forms.Form):
    """For whom, and who asks."""

    machine = forms.ChoiceField(
        choices=[("", "people: words, safe in a spreadsheet"), ("yes", "programs: codes and ids")],
        required=False,
        label="For",
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        said = str(self.cleaned_data["password"])
        if not self.person.check_password(said):
            raise forms.ValidationError("That is not your password.")
        return ""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest) -> HttpResponseBase:
    """Ask for the password again, then give the listings that are shown today."""
    access.check_can_settle_listing(request.user)
    form = DownloadForm(request.user, request.POST or None)
    if not form.is_valid():
        return render(request, "importers/listings_download.html", {"form": form})
    machine = bool(form.cleaned_data["machine"])
    audit.record(by=request.user, verb="export", thing="directory:listings")
    response = StreamingHttpResponse(lines(machine=machine), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="table.csv"'
    return response


def lines(*, machine: bool) -> Iterator[str]:
    """Yield the table line by line, so that it is never held as a whole."""
    if not machine:
        yield "\ufeff"  # without it spreadsheets misread accents
    yield from spreadsheets.lines(timezone.localdate(), machine=machine)
