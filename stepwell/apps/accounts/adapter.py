"""How allauth signs the staff in: by name and password or by passkey, and nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from stepwell.apps.accounts import actions, mails, sessions
from stepwell.apps.accounts.models import Person
from stepwell.lib.limits import address_of, hash_of_network


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in for the staff."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: accounts are made by those who look after them."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return what comes after the password: the second step."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the day's hash of the network: allauth's own limits count by it (TRUST F7)."""
        return hash_of_network(address_of(request, settings.TRUSTED_PROXIES), timezone.now())

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Return whose name and password these are.

        Who was switched off is answered like somebody who is unknown (TRUST F8).
        """
        self.pre_authenticate(request, **credentials)
        found = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if not isinstance(found, Person):
            actions.note_failed_sign_in(username=credentials.get("username", ""))
            return None
        self._rollback_login_failed_rl_usage()
        return found

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> None:
        """Keep what was ticked beside the password or the passkey, until the last step."""
        sessions.say_shared(request, shared=bool(request.POST.get("shared")))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Say whether somebody has to prove again who they are; signing in just now is proof."""
        records = get_authentication_records(self.request, self.request.user)
        return not sessions.is_fresh(self.request, records)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where people go who signed in: to the choice of a second step, or to work."""
        if sessions.lacks_factor(request):
            return reverse("mfa_index")
        return reverse("wagtailadmin_home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return to the sign-in."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to one's own page."""
        return reverse("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave the one mail that allauth may send with our own; the task sends it.

        So the answer takes as long whether there is such an address or not (TRUST F8).
        """
        if template_prefix != "account/email/password_reset_key":
            raise ValueError(f"There is no mail for {template_prefix}.")
        mails.leave(mails.Kind.RESET, to=email, link=context["password_reset_url"])

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: changes are seen and told in watching.py, whatever door they came by."""
