"""What a first start makes: database, static files, the first editor, the starter network."""

from hashlib import sha256
from pathlib import Path

import click
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from stepwell import __version__
from stepwell.apps.accounts.actions import create_first_editor
from stepwell.importers.places import load_shipped
from stepwell.importers.starter import load as load_listings
from stepwell.web import indexing


def prepare_site(var: Path) -> str | None:
    """Bring everything up to date; return the password of a login that was made.

    What was done for this version and these migrations is remembered in a stamp, so
    that a second start only looks at it.
    """
    call_command("check")
    stamp = var / f"ready-{__version__}-{known_migrations()}"
    if stamp.exists():
        return None
    click.echo("Preparing the database ...")
    call_command("migrate", verbosity=0)
    click.echo("Collecting static files ...")
    call_command("collectstatic", verbosity=0, interactive=False)
    password = create_first_editor()
    click.echo("Loading the names of places ...")
    load_shipped(timezone.now)
    click.echo("Loading the starter network ...")
    call_command("load_starter_articles", verbosity=0)
    call_command("settle_newsroom", verbosity=0)
    load_listings()
    indexing.renew(lambda done: None)
    stamp.touch()
    return password


def known_migrations() -> str:
    """Return a short hash of the names of our migrations: code that is newer may bring some."""
    ours = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("stepwell.")]
    names = (f"{path.parent.parent.name} {path.name}" for folder in ours
             for path in folder.glob("migrations/*.py"))  # fmt: skip
    return sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]
