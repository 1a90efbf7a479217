"""Settings from the environment: typed, and loud when something is missing or odd."""

import os
from pathlib import Path


class EnvError(Exception):
    """A setting is missing or cannot be read. The message names it and the repair."""


def env(name: str, default: str | None = None) -> str:
    """Return the variable; without a default it must be set and not empty."""
    value = os.environ.get(name, default)
    if value is None:
        raise EnvError(f"{name} is not set. Set it in the environment or in .env.")
    return value


def env_int(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    raw = os.environ.get(name, str(default))
    try:
        return int(raw)
    except ValueError:
        raise EnvError(f"{name} is {raw!r}, which is no whole number. Write digits only.") from None


def env_flag(name: str, default: bool) -> bool:
    """Return the variable as yes or no: 1, true, yes, on or 0, false, no, off."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise EnvError(f"{name} is {raw!r}. Write yes or no.")


def env_list(name: str, default: str = "") -> list[str]:
    """Return the variable split at commas, blanks dropped."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_paths(name: str) -> list[Path]:
    """Return the variable as folders; each must exist."""
    found = [Path(part) for part in env_list(name)]
    for path in found:
        if not path.is_dir():
            raise EnvError(f"{name} names {path}, which is no folder. Correct or remove it.")
    return found


def read_env_file(path: Path) -> None:
    """Put NAME=value lines of a file into the environment; what is set already wins."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise EnvError(f"{path}, line {number}: no '='. Write NAME=value.")
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))
