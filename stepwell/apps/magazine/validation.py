"""What may be typed into links, tags and identifiers of publications."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from stepwell.domain import tags
from stepwell.domain.errors import UnknownFact

is_doi = RegexValidator(r"^10\.\d{4,9}/\S+$", "Write the DOI alone, such as 10.1000/182.")
is_pmid = RegexValidator(r"^\d{1,9}$", "Write the number alone, such as 12345678.")

_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\]*")


def check_link(address: str) -> None:
    """Raise ValidationError unless `address` is a path on this site or an http(s) address."""
    if not _OWN_PATH.fullmatch(address) and not _is_web_address(address):
        raise ValidationError(
            "Start with / for a page of this site, or with https:// for another site."
        )


def check_web_address(address: str) -> None:
    """Raise ValidationError unless `address` is a whole http(s) address."""
    if not _is_web_address(address):
        raise ValidationError("Write the whole address, starting with https://.")


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    blank = re.search(r"\s", address)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not blank


def check_tags(chosen: Iterable[str]) -> None:
    """Raise ValidationError at the first tag that is not in the vocabulary."""
    for tag_id in chosen:
        try:
            tags.tag(tag_id)
        except UnknownFact as error:
            raise ValidationError(f"{error} Use a tag from facts/tags.toml.") from error
