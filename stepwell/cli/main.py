"""The `stepwell` command: one group, a file per subject."""

import os
import sys
from pathlib import Path

import click

from stepwell import __version__
from stepwell.domain import loading
from stepwell.domain.errors import DomainError
from stepwell.lib.env import EnvError, env_paths, read_env_file

FINDINGS, MISUSE = 1, 2


class Stepwell(click.Group):
    """Loads a subject's file only when it is asked for, so that each command starts fast."""

    subjects = {
        "run": ("stepwell.cli.running", "run"),
        "tasks": ("stepwell.cli.tasks", "tasks"),
        "manage": ("stepwell.cli.running", "manage"),
        "check": ("stepwell.cli.checking", "check"),
        "index": ("stepwell.cli.indexing", "index"),
        "publish": ("stepwell.cli.publish", "publish"),
        "snapshot": ("stepwell.cli.snapshot", "snapshot"),
        "plan": ("stepwell.cli.plan", "plan"),
        "compare": ("stepwell.cli.compare", "compare"),
        "score": ("stepwell.cli.score", "score"),
        "backup": ("stepwell.cli.backup", "backup"),
        "restore": ("stepwell.cli.restoring", "restore"),
        "doctor": ("stepwell.cli.doctor", "doctor"),
        "private": ("stepwell.cli.private", "private"),
        "audit": ("stepwell.cli.auditing", "audit"),
        "rehearse-breach": ("stepwell.cli.rehearsing", "rehearse_breach"),
        "rotate-keys": ("stepwell.cli.rotating", "rotate_keys"),
        "listings": ("stepwell.cli.listings", "listings"),
        "import": ("stepwell.cli.importing", "import_"),
        "export": ("stepwell.cli.exporting", "export"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subjects in the order of a working day."""
        return list(self.subjects)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one subject's command."""
        if cmd_name not in self.subjects:
            return None
        module, name = self.subjects[cmd_name]
        command: click.Command = getattr(_load(module), name)
        return command


def _load(module: str) -> object:
    __import__(module)
    return sys.modules[module]


@click.group(cls=Stepwell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stepwell")
def stepwell() -> None:
    """A mental health network: run it, check it, and do its main job from a terminal."""


def main() -> None:
    """Run the command; say what is wrong, where, and the repair."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
    try:
        read_env_file(Path(os.environ.get("STEPWELL_VAR", "var")) / ".env")
        loading.use_folders(env_paths("FACTS_DIRS"))
        stepwell(standalone_mode=True)
    except DomainError as error:
        click.echo(f"stepwell: {error}", err=True)
        sys.exit(FINDINGS)
    except EnvError as error:
        click.echo(f"stepwell: {error}", err=True)
        sys.exit(MISUSE)


if __name__ == "__main__":
    main()
