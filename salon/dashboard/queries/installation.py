"""State of the whole installation, for those who watch over it: no row of a person is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from salon.badges.models import PrintRun
from salon.entrance.queries.stations import count_stations_in_service
from salon.fair.queries import find_public_edition
from salon.paper.models import PaperPack
from salon.placement.models import PlanProposal
from salon.platform.database.db import current_session, db, is_on_sqlite
from salon.platform.database.marks import BACKUP, DRILL, find_mark
from salon.platform.mail.outbox import counts_by_status, oldest_waiting
from salon.platform.work.jobs import IN_HAND, JobStatus
from salon.staffing.models import RotaRun

JOB_TABLES = (PrintRun, PaperPack, PlanProposal, RotaRun)
RECENT = timedelta(days=1)


@dataclass(frozen=True)
class InstallationState:
    """State of the installation at a moment, read from the database."""

    messages: dict[str, int]
    oldest_message_at: datetime | None
    jobs: dict[tuple[str, str], int]
    """Jobs in hand, and those that failed within RECENT, by table and status."""
    stations_answering: int
    stations_silent: int
    is_fair_open: bool
    database_bytes: int
    backup_at: datetime | None
    drill_at: datetime | None


def state_of_installation(now: datetime, fair_time: datetime) -> InstallationState:
    """Return the state at `now`, the world's time; `fair_time` is the fair's, in local time."""
    edition = find_public_edition()
    answering, silent = count_stations_in_service(now)
    return InstallationState(
        messages=counts_by_status(),
        oldest_message_at=oldest_waiting(),
        jobs=_jobs(now),
        stations_answering=answering,
        stations_silent=silent,
        is_fair_open=edition is not None
        and edition.is_as_planned
        and any(day.opens_at <= fair_time < day.closes_at for day in edition.days),
        database_bytes=database_size(),
        backup_at=_written_at(BACKUP),
        drill_at=_written_at(DRILL),
    )


def _written_at(name: str) -> datetime | None:
    mark = find_mark(name)
    return mark.written_at if mark else None


def _jobs(now: datetime) -> dict[tuple[str, str], int]:
    counts = {}
    for table in JOB_TABLES:
        for status in (*IN_HAND, JobStatus.FAILED):
            statement = select(func.count()).select_from(table).where(table.status == status)
            if status == JobStatus.FAILED:
                statement = statement.where(table.finished_at > now - RECENT)
            count = current_session().scalar(statement) or 0
            counts[table.__tablename__, status.value] = count
    return counts


def database_size() -> int:
    """Return the bytes of the database on its disk; SQLite's with its write-ahead log."""
    if not is_on_sqlite():
        size = current_session().scalar(text("SELECT pg_database_size(current_database())"))
        return int(size or 0)
    path = Path(db.engine.url.database or "")
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())
