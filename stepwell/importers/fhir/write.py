"""An instrument as the two files that a folder of FACTS_DIRS holds."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from stepwell.domain.instruments import DEFINITION, ENGLISH, FOLDER
from stepwell.importers.fhir.complete import Whole
from stepwell.importers.records import ImportRefused
from stepwell.lib import toml


class Fate(StrEnum):
    """What became of the two files."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    WOULD_BE_WRITTEN = "would_be_written"


def files_of(whole: Whole) -> Mapping[str, str]:
    """Return the content of both files by name."""
    return {DEFINITION: _toml(whole.one), ENGLISH: _toml(whole.text)}


def folder_of(whole: Whole, out: Path) -> Path:
    """Return the folder of an instrument below a folder of FACTS_DIRS."""
    return out / FOLDER / whole.one.id


def write(whole: Whole, out: Path, *, dry_run: bool) -> Fate:
    """Write both files, unless they are there and alike.

    Raises ImportRefused where other files are there: somebody may have worked on them.
    """
    folder, files = folder_of(whole, out), files_of(whole)
    there = {name: _content(folder / name) for name in files}
    if there == files:
        return Fate.UNCHANGED
    changed = [name for name, content in there.items() if content not in {None, files[name]}]
    if changed:
        raise ImportRefused(
            f"{folder / changed[0]}: is there already and says something else. "
            "Nothing was changed. Move that folder away, or choose another --out."
        )
    if dry_run:
        return Fate.WOULD_BE_WRITTEN
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return Fate.WRITTEN


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _toml(value: BaseModel) -> str:
    return toml.dumps(value.model_dump(by_alias=True, exclude_defaults=True))
