"""The engine that reads a snapshot; the database answers where there is none that can be used."""

import logging
import threading
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from stepwell.apps.directory.finding.answering import answer
from stepwell.apps.directory.finding.database import DatabaseEngine
from stepwell.apps.directory.finding.engine import Found
from stepwell.apps.directory.snapshot import files, journal
from stepwell.apps.directory.snapshot.files import NoSnapshot
from stepwell.apps.directory.snapshot.journal import State
from stepwell.apps.directory.snapshot.source import Fresh, Source
from stepwell.apps.directory.snapshot.table import Columns
from stepwell.domain.offers import Preferences

log = logging.getLogger("stepwell.directory.snapshot")
AGAIN = 2  # tries to open what another process is just replacing


def folder() -> Path:
    """Return where the snapshots of this site lie."""
    return Path(settings.VAR) / "snapshot"


class SnapshotEngine:
    """Answers a search from the current snapshot and from what changed since it was made."""

    def __init__(self) -> None:
        self.columns: Columns | None = None
        self.fresh: tuple[State, Fresh] | None = None
        self.said = ""
        self.lock = threading.Lock()

    def search(self, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
        """Return one page, from 1, of the listings that fit."""
        try:
            source = self.source(timezone.now())
        except NoSnapshot as reason:
            self.tell(str(reason))
            return DatabaseEngine().search(wanted, page=page, today=today, site=site)
        self.said = ""
        return answer(source, wanted, page=page, today=today, site=site)

    def tell(self, reason: str) -> None:
        """Log once why the database answers. The reason knows nothing of the search."""
        if reason != self.said:
            self.said = reason
            log.warning("The database answers searches: %s.", reason)

    def source(self, now: datetime) -> Source:
        """Return the current snapshot with what changed; raise NoSnapshot."""
        with self.lock:
            for _ in range(AGAIN):
                columns = self.opened()
                state = journal.state(columns.snapshot.watermark)
                # Whoever made a new one meanwhile may have forgotten changes that we need.
                if columns.snapshot.name == files.current(folder()):
                    check(columns, state, now)
                    return Source(columns, self.fresh_for(columns, state))
        raise NoSnapshot("the snapshot is being replaced")

    def opened(self) -> Columns:
        """Return the columns of the current snapshot; open them where they are new."""
        name = files.current(folder())
        if self.columns is None or self.columns.snapshot.name != name:
            self.columns = Columns(files.opened(folder(), name))
            self.fresh = None
        return self.columns

    def fresh_for(self, columns: Columns, state: State) -> Fresh:
        """Return what changed since the snapshot; read anew only when the journal went on."""
        if self.fresh is None or self.fresh[0] != state:
            self.fresh = (state, Fresh.read(columns, journal.changed(columns.snapshot.watermark)))
        return self.fresh[1]


def check(columns: Columns, state: State, now: datetime) -> None:
    """Raise NoSnapshot when so much changed that the snapshot is of no use."""
    if state.everything or state.changes > journal.MOST:
        raise NoSnapshot("too much changed since the snapshot was made")
    if now - columns.snapshot.built_at > journal.USED:
        raise NoSnapshot("the snapshot is too old")
