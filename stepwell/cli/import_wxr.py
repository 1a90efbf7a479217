"""`stepwell import wxr`: WordPress exports, as drafts of the magazine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import django
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from stepwell.importers.article_runs import ArticleReport, Told
    from stepwell.importers.article_undo import Undone

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ANY_FILE = click.Path(dir_okay=False, path_type=Path)
EITHER = click.Path(exists=True, path_type=Path)
MOST_SHOWN = 12


@click.command()
@click.argument("paths", nargs=-1, type=FILE)
@click.option("--map", "map_path", type=ANY_FILE, help="Where categories go. Proposed if missing.")
@click.option("--media", "media_path", type=EITHER, help="A copy of uploads/, or its zip.")
@click.option("--undo", "undo_id", type=int, help="Take back the import with this number.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report, item by item, as JSON.")
def wxr(
    paths: tuple[Path, ...],
    map_path: Path | None,
    media_path: Path | None,
    undo_id: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import WordPress exports as drafts. Several files of one site are read as one."""
    set_up()
    if undo_id is not None:
        show_undone(import_undo(undo_id), as_json)
        return
    if not paths:
        raise click.UsageError("Name at least one export, or an import to --undo.")
    proposed = propose_to(map_path, dry_run)
    lines: list[str] = []
    with progress_shown(paths, as_json) as told:
        report = import_module("stepwell.importers.article_runs").import_wxr(
            list(paths),
            clock=timezone.now,
            map_path=None if proposed else map_path,
            media_path=media_path,
            dry_run=dry_run,
            told=told,
            on_items=print_items if as_json else None,
        )
    if proposed:
        proposed.write_text(report.proposal, encoding="utf-8")
        lines.append(f"A map to fill in was written to {proposed}.")
    if as_json:
        click.echo('"report": ' + json.dumps(report.as_document(), ensure_ascii=False, indent=1))
        click.echo("}")
    else:
        show(report, lines)


def set_up() -> None:
    """Set Django up; models can only be imported after that."""
    django.setup()
    if "magazine_importeditem" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )


def import_undo(run_id: int) -> "Undone":
    """Undo an import."""
    undone: Undone = import_module("stepwell.importers.article_undo").undo(
        run_id, by=None, clock=timezone.now
    )
    return undone


def propose_to(map_path: Path | None, dry_run: bool) -> Path | None:
    """Return where a map is to be proposed: in a dry run, under a name that is still free."""
    if map_path is None or map_path.exists():
        return None
    if not dry_run:
        raise click.UsageError(f"There is no {map_path}. A dry run writes one to fill in.")
    return map_path


@contextmanager
def progress_shown(paths: tuple[Path, ...], as_json: bool) -> "Iterator[Told]":
    """Show how far it is, on a terminal; plain steps elsewhere, on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        said: set[str] = set()

        def plainly(step: str, read: int) -> None:
            if step not in said and not as_json:
                said.add(step)
                click.echo(f"{step} ...", err=True)

        yield plainly
        return
    total = sum(path.stat().st_size for path in paths)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(),
                  console=console) as bar:  # fmt: skip
        tasks = {step: bar.add_task(step, total=total) for step in ("Checking", "Importing")}
        yield lambda step, read: bar.advance(tasks[step], read)


def print_items(items: "Iterator[Any]") -> None:
    """Print the fate of every item, one at a time."""
    click.echo('{"items": [')
    before = ""
    for one in items:
        told = {
            name: getattr(one, name)
            for name in ("number", "kind", "post_id", "key", "fate", "reason", "file", "line")
        }
        click.echo(before + json.dumps(told, ensure_ascii=False), nl=False)
        before = ",\n"
    click.echo("\n],")


def show_undone(undone: "Undone", as_json: bool) -> None:
    """Say what an undo took back and what it left."""
    if as_json:
        click.echo(json.dumps(undone.as_document(), indent=1))
        return
    click.echo(
        f"Taken back: {undone.articles} articles, {undone.redirects} redirects, "
        f"{undone.pictures} pictures, {undone.authors} authors."
    )
    for one in undone.left:
        click.echo(f"left: {one}")


def show(report: "ArticleReport", lines: list[str]) -> None:
    """Print the report as tables."""
    told, console = report.as_document(), Console()
    table = Table(title=f"{told['items']} items of {told['source']}", title_justify="left")
    fates = list(told["fates"])
    for heading in ("kind", *fates):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    for kind, by in told["kinds"].items():
        table.add_row(kind, *(str(by.get(fate, 0)) for fate in fates))
    table.add_row("all", *(str(told["fates"][fate]) for fate in fates))
    console.print(table)
    for title, counts in sections_of(told):
        print_counts(title, counts)
    for menu, entries in told["menus"].items():
        click.echo(f"\nMenu {menu!r} had: {', '.join(entries[:MOST_SHOWN])}")
    number = told["import"]
    lines.append(
        "Nothing was changed: this was a dry run."
        if report.dry_run
        else f"Import {number}. All of it are drafts; `stepwell import wxr --undo {number}` takes "
        "them back."
    )
    click.echo("\n" + "\n".join(lines))


def sections_of(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the lists of a report with their titles."""
    yield "Why not, or not only", told["reasons"]
    yield "Mended in the file", {f"{k} (first: {at})": n for k, (n, at) in told["repairs"].items()}
    yield "Never imported", told["never_imported"]
    yield "Removed from texts", told["removed"]
    yield "Changed to fit", told["changed"]
    yield "Blocks we do not know: their text was kept", told["blocks"]
    yield "Shortcodes we do not know: their text was kept", told["shortcodes"]
    yield "Pictures that are missing", told["media"]
    yield "Words that became no tag", told["words"]["dropped"]


def print_counts(title: str, counts: dict[str, int]) -> None:
    """Print one list, the most frequent first."""
    shown = [(what, n) for what, n in sorted(counts.items(), key=lambda one: -one[1]) if n]
    if not shown:
        return
    click.echo(f"\n{title}")
    for what, n in shown[:MOST_SHOWN]:
        click.echo(f"  {n:>6}  {what}")
    if len(shown) > MOST_SHOWN:
        click.echo(f"          and {len(shown) - MOST_SHOWN} more; --json lists all")
