"""What people type about their own account."""

from django import forms


class AddressForm(forms.Form):
    """A new mail address."""

    email = forms.EmailField(max_length=254)
