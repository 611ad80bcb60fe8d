"""The stored files of every feature: which of them rows name, and the sweep of the others."""

import logging
from datetime import datetime, timedelta

from salon.appointments.queries.appointments import stored_names as appointment_files
from salon.badges.queries import printed_files
from salon.billing.queries.papers import stored_names as sales_files
from salon.exhibitor_space.queries import stored_names as exhibitor_files
from salon.fair.queries import stored_names as fair_files
from salon.paper.queries import stored_names as paper_files
from salon.platform.storage.store import FOLDERS, FileStore

ORPHAN_AFTER = timedelta(days=1)
ORPHANS_AT_ONCE = 10

log = logging.getLogger("salon")


def named_files() -> set[str]:
    """Return the names, without their folder, of the files that a row of any edition refers to."""
    of_people = exhibitor_files() | appointment_files() | sales_files()
    return of_people | paper_files() | fair_files() | printed_files()


def remove_orphans(store: FileStore, now: datetime) -> int:
    """Delete the files without a row that are older than ORPHAN_AFTER; return their number.

    `now` is the real time: a file is dated by its store. Rows are read after the files, so that a
    file just saved is never seen without its row.
    """
    limit = now - ORPHAN_AFTER
    stored_files = (facts for folder in FOLDERS for facts in store.files_in(folder))
    old_names = [facts.name for facts in stored_files if facts.modified_at < limit]
    referenced = named_files() if old_names else set()
    orphans = [name for name in old_names if name.partition("/")[2] not in referenced]
    if len(orphans) > ORPHANS_AT_ONCE and 2 * len(orphans) > len(old_names):
        # A crash leaves a few orphans: this many means that the database is not the files'.
        log.error("%d files of %d have no row: none is removed", len(orphans), len(old_names))
        return 0
    for name in orphans:
        store.delete(name)
    return len(orphans)
