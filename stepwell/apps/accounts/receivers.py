"""Which signal calls what."""

from allauth.account import signals as account
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.db.models import signals as models

from stepwell.apps.accounts import factors, sessions, watching
from stepwell.apps.accounts.models import Person
from stepwell.lib import sealing


def connect() -> None:
    """Connect the receivers; called once, at the start."""
    models.post_init.connect(factors.know, sender=Authenticator)
    models.pre_save.connect(factors.bind, sender=Authenticator)
    models.post_save.connect(watching.step_added, sender=Authenticator)
    models.post_delete.connect(watching.step_removed, sender=Authenticator)
    sealing.add_store(factors.Secrets())
    models.pre_save.connect(watching.before_saving, sender=Person)
    models.post_save.connect(watching.after_saving, sender=Person)
    for through in (Person.groups.through, Person.user_permissions.through):
        models.m2m_changed.connect(watching.rights_changed, sender=through)
    auth.user_logged_in.connect(sessions.begin)
    auth.user_logged_in.connect(watching.signed_in)
    auth.user_logged_out.connect(watching.signed_out)
    account.authentication_step_completed.connect(watching.proved_again)
    factor.authentication_failed.connect(watching.step_failed)
    factor.authenticator_used.connect(watching.step_used)
