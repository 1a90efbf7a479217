"""`stepwell run`: from an empty folder to a running site, and again in seconds."""

import os
import secrets
import sys
from importlib import import_module
from pathlib import Path

import click
import django
from django.conf import settings
from django.core.management import execute_from_command_line
from granian.constants import Interfaces
from granian.server import Server

from stepwell.cli import leaving, private
from stepwell.cli.tasks import beside
from stepwell.lib.env import read_env_file
from stepwell.lib.folders import write_secret
from stepwell.lib.key_rings import add_key

THREADS_FOR_URGENT = 4  # beside those that may make pages: help now always finds one
FIRST_SETTINGS = """\
# Settings of this installation. docs/hosting/settings.md explains each.
SECRET_KEY={key}
# No clinician of your organisation has signed off the rules and the crisis numbers yet.
# Every plan says so. Have them reviewed, then remove this line.
UNSIGNED_ACKNOWLEDGED=yes
"""


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--prepare-only", is_flag=True, help="Make everything ready, then stop.")
def run(port: int, host: str, prepare_only: bool) -> None:
    """Make what is missing (database, starter network, login) and serve the site."""
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    var = prepare_folder()
    django.setup()
    # Models can only be imported after the set-up.
    password = import_module("stepwell.cli.preparing").prepare_site(var)
    click.echo(f"\n  The site:    http://localhost:{port}/")
    click.echo(f"  The editors: http://localhost:{port}/admin/")
    if password:
        click.echo(f"\n  Login made for you (shown once):  editor  {password}")
        click.echo("  You choose a second step there (without one: STAFF_SECOND_FACTOR=no).")
    click.echo("\n  Plain http on this machine only: cookies are not marked secure.")
    click.echo("  Stop with Ctrl-C.\n")
    if not prepare_only:
        serve(host, port)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, such as `stepwell manage changepassword editor`."""
    prepare_folder()
    execute_from_command_line(["stepwell manage", *arguments])


def prepare_folder() -> Path:
    """Return the folder of this installation, with its first settings and its keys."""
    var = Path(os.environ.get("STEPWELL_VAR", "var")).resolve()
    os.environ["STEPWELL_VAR"] = str(var)
    file = var / ".env"
    if not file.exists() and "SECRET_KEY" not in os.environ:
        write_secret(file, FIRST_SETTINGS.format(key=secrets.token_urlsafe(48)))
        click.echo(f"Wrote the first settings to {file}")
    read_env_file(file)
    _make_sealing_key(Path(os.environ.get("SEALING_KEYS_FILE", var / "keys" / "sealing")))
    return var


def _make_sealing_key(path: Path) -> None:
    """Make the file of keys where there is none and the keys are not in the environment."""
    if path.exists() or os.environ.get("SEALING_KEYS"):
        return
    add_key(path)
    click.echo(f"Made a key for sealed texts in {path}. Keep a copy apart from your backups.")
    click.echo("If there was one before, stop and put it back: a new key opens nothing old.")


def serve(host: str, port: int) -> None:
    """Start the web server in this process, with the regular work as its child, and stay."""
    sys.stdout.flush()
    server = Server(
        "stepwell.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.MOST_AT_ONCE + THREADS_FOR_URGENT,
        log_access=False,
    )
    leaving.make_it_graceful(server, port)
    with beside(), private.beside(host, port):
        server.serve()
