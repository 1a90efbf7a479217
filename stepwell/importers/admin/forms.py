"""What an editor uploads."""

from typing import Any

from django import forms


class SeveralFiles(forms.ClearableFileInput):
    """A field for more than one file."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as a list."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """Exports, and what goes with them."""

    export = FilesField(
        label="Exports",
        help_text="XML files from Tools, Export, All content. Several files are read as one.",
        widget=SeveralFiles(attrs={"accept": ".xml,text/xml,application/xml"}),
    )
    pictures = forms.FileField(
        required=False,
        label="Pictures",
        help_text="A zip of wp-content/uploads. Without it the texts come without pictures.",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    map = forms.FileField(
        required=False,
        label="Map",
        help_text="Where categories go. Leave it empty first: you will get one to fill in.",
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )
