"""Adding and removing a passkey. Ours signs in alone, so it always asks who holds it."""

from typing import Any

from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.urls import reverse_lazy


class AddPasskey(AddWebAuthnView):
    """Adds a passkey that the device keeps and that asks for a finger, face or PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask the browser for a key that can sign in without a name."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        found["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return found


class RemovePasskey(RemoveWebAuthnView):
    """Removes a passkey and returns to one's own account."""

    success_url = reverse_lazy("mfa_index")


add = AddPasskey.as_view()
remove = RemovePasskey.as_view()
