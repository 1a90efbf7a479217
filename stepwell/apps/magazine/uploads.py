"""Pictures on their way in: every writer stores what was written anew (TRUST I1)."""

import secrets
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.images.models import AbstractImage

from stepwell.apps.magazine import actions
from stepwell.lib.pictures import PictureRefused, written_anew


class CleanPicture(ContentFile):  # type: ignore[type-arg]
    """Bytes that `written_anew` returned, under a name that tells nothing."""


def clean(content: bytes) -> CleanPicture:
    """Return the picture written anew; raise PictureRefused with the reason."""
    pixels, ending = written_anew(content)
    return CleanPicture(pixels, name=f"{secrets.token_hex(16)}.{ending}")


class WholePictureField(WagtailImageField):
    """Refuses a picture that breaks off, where the library's own field would fail."""

    def to_python(self, data: Any) -> Any:
        """Return the file as a picture."""
        try:
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid_image"], "invalid_image") from error


class PictureForm(BaseImageForm):
    """The form of an uploaded picture: refuses in words, and keeps nothing but the pixels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = self.fields["file"]
        self.fields["file"] = WholePictureField(
            label=plain.label, required=plain.required, widget=plain.widget
        )

    def clean_file(self) -> Any:
        """Return the new file written anew, or the old one where none was sent."""
        sent = self.cleaned_data["file"]
        if not sent or "file" not in self.changed_data:
            return sent
        try:
            sent.seek(0)
            return clean(sent.read())
        except PictureRefused as error:
            raise ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Any:
        """Store the picture; articles that show it show the new file from now on."""
        stored = super().save(commit=commit)
        if commit and "file" in self.changed_data and self.original_file:
            actions.show_picture(stored, before=PurePosixPath(self.original_file.name).stem)
        return stored


def keep_clean(instance: AbstractImage, **kwargs: Any) -> None:
    """Before a picture is stored: write a new file anew, whoever brings it."""
    new = instance.file and not instance.file._committed
    if not new or kwargs.get("raw") or isinstance(instance.file.file, CleanPicture):
        return
    instance.file.seek(0)
    instance.file = clean(instance.file.read())
    instance._set_image_file_metadata()
