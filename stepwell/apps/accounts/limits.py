"""How often one network may try something at the sign-in, by the name of the route."""

from datetime import timedelta

from stepwell.lib.limits import Limit

SIGN_INS = Limit("sign-ins", at_once=20, one_every=timedelta(seconds=10))
MAILS = Limit("reset-mails", at_once=5, one_every=timedelta(minutes=3))
TRIES = {
    "account_login": SIGN_INS,
    "mfa_login_webauthn": SIGN_INS,
    "mfa_authenticate": SIGN_INS,
    "account_reauthenticate": SIGN_INS,
    "mfa_reauthenticate": SIGN_INS,
    "mfa_reauthenticate_webauthn": SIGN_INS,
    "account_reset_password": MAILS,
    "account_reset_password_from_key": SIGN_INS,
}
