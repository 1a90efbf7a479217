"""Signing out, and the page of one's own account. The rest of the sign-in is allauth's."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from stepwell.apps.accounts import actions, presenters, sessions
from stepwell.apps.accounts.forms import AddressForm


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser drop what it kept; a GET asks first."""
    if request.method != "POST":
        return render(request, "account/logout.html")
    logout(request)
    response = redirect("account_login")
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead from the addresses of other sign-ins to the one there is."""
    response = redirect("account_login")
    query = request.GET.urlencode()
    response["Location"] += f"?{query}" if query else ""
    return response


@login_required
def own_account(request: HttpRequest) -> HttpResponse:
    """Show second steps, password, address and open sessions."""
    return render(request, "mfa/index.html", presenters.own_account(request))


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    sessions.end_all(sessions.person_of(request), but=request)
    return redirect("mfa_index")


@login_required
@reauthentication_required(app="accounts")
def change_address(request: HttpRequest) -> HttpResponse:
    """Change one's own mail address; the old and the new one are told."""
    person = sessions.person_of(request)
    form = AddressForm(request.POST or None, initial={"email": person.email})
    if request.method == "POST" and form.is_valid():
        actions.change_address(person=person, address=form.cleaned_data["email"])
        sessions.keep(request)
        return redirect("mfa_index")
    return render(request, "accounts/address.html", {"form": form})
