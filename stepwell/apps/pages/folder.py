"""Which folder the pages of this release lie in: another release, setting or fact, another one."""

import os
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time
from types import ModuleType

from django.conf import settings

import stepwell
from stepwell.apps.pages.store import Store

DAY = 86_400  # seconds
PACKAGE = Path(stepwell.__file__).parent
# Not shown by any page, or secret.
LEFT_OUT = {
    *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SEALING_KEYS", "DATABASES", "LOGGING", "VAR"),
    *("DATABASE_REPLICAS", "DATABASE_ROUTERS", "CACHE_URL", "CACHES", "DRAIN_SECONDS"),
    *("BACKUP_KEEP_DAYS", "TOMBSTONES_FILE", "PRIVATE_PORT"),
}


@cache
def store() -> Store | None:
    """Return this process's store, or None where pages are not kept."""
    return Store(root()) if settings.KEEP_PAGES else None


def root() -> Path:
    """Return the folder of the pages that this code makes under these settings and facts."""
    return Path(settings.PAGES_ROOT) / release()


@cache
def release() -> str:
    """Return a name that changes with every file of the package, fact and setting."""
    told = sha256()
    for folder in (PACKAGE, *map(Path, settings.FACTS_DIRS)):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                seen = file.stat()
                told.update(f"{file}:{seen.st_size}:{seen.st_mtime_ns}\n".encode())
    for name, value in sorted(_settings().items()):
        told.update(f"{name}={value!r}\n".encode())
    return told.hexdigest()[:16]


def _settings() -> dict[str, object]:
    module: ModuleType | None = getattr(settings, "_wrapped", None)
    names = [name for name in dir(module) if name.isupper() and name not in LEFT_OUT]
    return {name: getattr(settings, name) for name in names}


def point_here() -> None:
    """Let the name `current` mean this release's folder, for web servers in front."""
    base, here = Path(settings.PAGES_ROOT), root()
    draft = base / f".current.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(here.name)
    draft.replace(base / "current")


def remove_old() -> None:
    """Delete the folders of other releases that no process has looked after for a day."""
    base = Path(settings.PAGES_ROOT)
    for other in base.iterdir() if base.exists() else ():
        watched = other / "watched"
        if other.is_symlink() or other == root() or not other.is_dir():
            continue
        if not watched.exists() or time() - watched.stat().st_mtime > DAY:
            shutil.rmtree(other, ignore_errors=True)
