"""Addresses of the sign-in and of one's own account. allauth asks for its names, so no space.

Of allauth only these views are routed: no sign-up, no addresses to confirm, no codes by mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path

from stepwell.apps.accounts import passkeys, views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-step/", factor.authenticate, name="mfa_authenticate"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("forgotten/", account.password_reset, name="account_reset_password"),
    path("forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "forgotten/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("", views.own_account, name="mfa_index"),
    path("sessions/end/", views.end_other_sessions, name="staff_end_sessions"),
    path("address/", views.change_address, name="staff_address"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),
    path("app/", app.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/add/", passkeys.add, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove, name="mfa_remove_webauthn"),
]
