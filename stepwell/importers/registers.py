"""The imports of registers there are, by name."""

from collections.abc import Sequence
from pathlib import Path

from stepwell.apps.directory.stewards import register_changes
from stepwell.apps.registers.models import MirrorRun, Part, RunState
from stepwell.importers.leie.fetch import Scope
from stepwell.importers.leie.fetch import recognise as recognise_exclusions
from stepwell.importers.leie.load import load_exclusions
from stepwell.importers.mirror.archive import Member, members_of
from stepwell.importers.mirror.runs import Clock, Outcome, Progress, loaded_already, silent
from stepwell.importers.nppes.fetch import File, recognise
from stepwell.importers.nppes.load import SOURCE, load_main
from stepwell.importers.nppes.side_files import load_side
from stepwell.importers.nucc.load import load_terms
from stepwell.importers.records import ImportRefused

# The main file first: the others add to its entries.
ORDER = (Part.MAIN, Part.NAMES, Part.PLACES, Part.ENDPOINTS, Part.DEACTIVATED)


def import_nppes(
    path: Path,
    *,
    clock: Clock,
    dry_run: bool = False,
    full: bool = False,
    resume: bool = False,
    rejects: Path | None = None,
    progress: Progress = silent,
) -> list[Outcome]:
    """Import the files of NPPES in a folder or a zip; return what became of each.

    `rejects` is the folder for reject files. A killed run goes on by itself; with
    `resume` it is an error when there is none to go on with. Raises ImportRefused.
    """
    waiting = MirrorRun.objects.filter(source=SOURCE, state=RunState.READING)
    if resume and not waiting.exists():
        raise ImportRefused("There is no unfinished import to go on with. Leave --resume away.")
    with members_of(path) as members:
        files = recognised(members, path, full=full)
        outcomes = [
            outcome_of(file, clock=clock, dry=dry_run, rejects=rejects, progress=progress)
            for file in files
        ]
    if not dry_run:
        register_changes.compare_with_register(now=clock())
    return outcomes


def recognised(members: Sequence[Member], path: Path, *, full: bool) -> list[File]:
    """Return the files of NPPES among these, in the order in which they are read."""
    found = [file for member in members if (file := recognise(member, full=full))]
    if not found:
        raise ImportRefused(
            f"{path.name}: no file in it has the header of an NPPES file. "
            "Give the folder or the zip as it was downloaded."
        )
    return sorted(found, key=lambda file: (ORDER.index(file.part), file.member.name))


def outcome_of(
    file: File, *, clock: Clock, dry: bool, rejects: Path | None, progress: Progress
) -> Outcome:
    """Import one file, unless this very file was the last one."""
    name = file.member.name
    if not dry and loaded_already(SOURCE, file.part, file.member.fingerprint()):
        return Outcome(name, file.part, file.full, "loaded already", {}, {})
    load = load_main if file.part is Part.MAIN else load_side
    told = rejects / f"{name}.rejects.csv" if rejects else None
    return load(file, clock=clock, dry=dry, rejects=told, progress=progress)


def import_leie(
    path: Path,
    *,
    clock: Clock,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress = silent,
) -> list[Outcome]:
    """Import the exclusion list: full lists first, then additions, then returns."""
    with members_of(path) as members:
        found = [file for member in members if (file := recognise_exclusions(member))]
        if not found:
            raise ImportRefused(f"{path.name}: no file in it has the header of the exclusion list.")
        files = sorted(found, key=lambda one: (list(Scope).index(one.scope), one.member.name))
        outcomes = [
            load_exclusions(
                file,
                clock=clock,
                dry=dry_run,
                rejects=rejects / f"{file.member.name}.rejects.csv" if rejects else None,
                progress=progress,
            )
            for file in files
        ]
    if not dry_run:
        register_changes.compare_with_exclusions(now=clock())
    return outcomes


def import_nucc(path: Path, *, clock: Clock, dry_run: bool = False) -> list[Outcome]:
    """Import the host's own copy of the code list."""
    return [load_terms(path, clock=clock, dry=dry_run)]
