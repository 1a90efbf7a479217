"""Reads the host's own copy of the code list. Its names are not ours to ship."""

import csv
import re
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.db import transaction

from stepwell.apps.registers.models import MirrorRun, Part, RunState, TaxonomyTerm
from stepwell.importers.columns import decode
from stepwell.importers.fetch import LARGEST_BYTES
from stepwell.importers.mirror.runs import Clock, Outcome, counts_of
from stepwell.importers.mirror.side import done
from stepwell.importers.records import ImportRefused

SOURCE = "nucc"
CODE = re.compile(r"[0-9A-Z]{9}X")
NEEDED = ("Code", "Classification", "Specialization", "Notes")
INACTIVE = re.compile(r"marked inactive", re.IGNORECASE)
INSTEAD = re.compile(r"\buse\s+(?:value\s+)?([0-9A-Z]{9}X)")


def load_terms(path: Path, *, clock: Clock, dry: bool) -> Outcome:
    """Replace the names of the codes and return what became of them; raise ImportRefused."""
    if path.stat().st_size > LARGEST_BYTES:
        raise ImportRefused(f"{path.name}: it is too large for a code list. Check the path.")
    raw = path.read_bytes()
    told = sha256(raw).hexdigest()
    version = f"{path.stem[:40]} {told[:12]}"
    terms = {term.code: term for term in terms_of(raw, path.name, version)}
    held = dict(TaxonomyTerm.objects.values_list("code", "name"))
    run = MirrorRun(
        source=SOURCE, part=Part.TERMS, file=path.name[:200], fingerprint=told, full=True,
        state=RunState.READING, started_at=clock(), read=len(terms),
        new=len(terms.keys() - held.keys()), withdrawn=len(held.keys() - terms.keys()),
    )  # fmt: skip
    run.changed = sum(held.get(code, term.name) != term.name for code, term in terms.items())
    run.unchanged = run.read - run.new - run.changed
    if not dry:
        with transaction.atomic():
            TaxonomyTerm.objects.all().delete()
            TaxonomyTerm.objects.bulk_create(terms.values(), batch_size=500)
            done(run, clock())
    return Outcome(path.name, Part.TERMS, True, "dry run" if dry else "merged", counts_of(run), {})


def terms_of(raw: bytes, file: str, version: str) -> Iterator[TaxonomyTerm]:
    """Yield the terms of a file; raise ImportRefused."""
    text, _ = decode(raw.removeprefix(b"\xef\xbb\xbf"))
    rows = csv.DictReader(StringIO(text, newline=""))
    header = rows.fieldnames or []
    for name in NEEDED:
        if name not in header:
            raise ImportRefused(
                f"{file}: line 1: the column {name!r} is missing. Use the CSV file."
            )
    for row in rows:
        code = (row["Code"] or "").strip()
        if not CODE.fullmatch(code):
            raise ImportRefused(
                f"{file}: line {rows.line_num}: the code has not the form of one. Get it again."
            )
        parts = filter(None, ((row[name] or "").strip() for name in NEEDED[1:3]))
        notes = row["Notes"] or ""
        instead = INSTEAD.search(notes)
        yield TaxonomyTerm(
            version=version,
            code=code,
            name=((row.get("Display Name") or "").strip() or ", ".join(parts))[:200],
            inactive=bool(INACTIVE.search(notes)),
            replaced_by=instead.group(1) if instead and INACTIVE.search(notes) else "",
        )
