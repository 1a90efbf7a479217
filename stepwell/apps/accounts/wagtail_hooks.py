"""The superuser's side: what clinicians sign with. No role may change it, least of all its own."""

from typing import Any

from django import forms
from wagtail import hooks
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.viewsets.model import ModelViewSet

from stepwell.apps.accounts.models import Clinician
from stepwell.domain.professions import professions
from stepwell.domain.registers import registers


class ClinicianForm(WagtailAdminModelForm):
    """A profile; profession and register are chosen, never typed."""

    profession = forms.ChoiceField(
        choices=lambda: [(one.id, one.name) for one in professions().values()]
    )
    register = forms.ChoiceField(
        choices=lambda: [(one.id, f"{one.name} ({one.region})") for one in registers().values()]
    )

    class Meta:
        model = Clinician
        fields: Any = (
            "person",
            "shown_name",
            "profession",
            "register",
            "registration_number",
            "interests",
        )


class ClinicianViewSet(ModelViewSet):
    """Profiles of clinicians. The stock permissions are in no role, so superusers only."""

    model = Clinician
    name = "clinicians"
    menu_label = "Clinicians"
    icon = "user"
    menu_order = 700
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ("shown_name", "profession", "register", "registration_number")
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> type[ClinicianForm]:
        """Return the one form."""
        return ClinicianForm


@hooks.register("register_admin_viewset")
def add_the_clinicians() -> ClinicianViewSet:
    """Add the profiles to the settings menu."""
    return ClinicianViewSet()
