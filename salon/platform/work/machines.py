"""The machines that serve one database: the last report of each one's background worker.

A report says what the pages of another machine, and its worker, cannot see: how many operations
fail there, which tasks, how much room its disk has. An orderly end of the worker removes it.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, BigInteger, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import (
    Model,
    UtcDateTime,
    at_least,
    current_session,
    transaction,
    upsert,
)
from salon.platform.settings.logs import log
from salon.platform.work.operations import FailingTask, Failures, recent_failures

REPORT_EVERY = timedelta(minutes=1)
FRESH = timedelta(seconds=90)
"""Age of a report whose counts still speak of the last minute."""
FORGOTTEN_AFTER = timedelta(days=1)
"""A machine that was replaced and never ended in good order is no longer spoken of."""


class MachineReport(Model):
    """Operations of the last minute and free room of a machine, as its worker saw them.

    `kinds`: failures by kind of operation; `tasks`: name → when it first failed (a timestamp).
    """

    __tablename__ = "machine_reports"
    __table_args__ = at_least(0, "done", "failed", "disk_free")

    machine: Mapped[str] = mapped_column(primary_key=True)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[int]
    failed: Mapped[int]
    kinds: Mapped[dict[str, Any]] = mapped_column(JSON)
    tasks: Mapped[dict[str, Any]] = mapped_column(JSON)
    disk_free: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Report:
    """A machine's state, as its worker reported it. `disk_free` is in bytes."""

    machine: str
    reported_at: datetime
    failures: Failures
    disk_free: int

    def is_fresh(self, now: datetime) -> bool:
        return now - self.reported_at <= FRESH


def report_of_this_machine(machine: str, data: Path, now: datetime) -> Report:
    return Report(machine, now, recent_failures(data), shutil.disk_usage(data).free)


def saved_reports() -> list[Report]:
    """Return the last report of each machine."""
    rows = current_session().scalars(select(MachineReport).order_by(MachineReport.machine))
    return [Report(row.machine, row.reported_at, _failures(row), row.disk_free) for row in rows]


def _failures(row: MachineReport) -> Failures:
    tasks = (
        FailingTask(name, datetime.fromtimestamp(since, UTC)) for name, since in row.tasks.items()
    )
    return Failures(row.done, row.failed, row.kinds, tuple(tasks))


def is_report_due(report: Report, known_reports: Sequence[Report]) -> bool:
    """Return whether a report is to be saved: each minute, and at once while something fails.

    Every commit wakes the worker's tasks, so a report that says nothing new waits.
    """
    before = next(
        (saved_report for saved_report in known_reports if saved_report.machine == report.machine),
        None,
    )
    if before is None or report.reported_at - before.reported_at >= REPORT_EVERY:
        return True
    return report.failures.is_alarm or before.failures.is_alarm


def save_report(session: Session, report: Report) -> None:
    """Save a report in place of the machine's last one, and drop those of forgotten machines."""
    failures = report.failures
    values = {
        "reported_at": report.reported_at,
        "done": failures.done,
        "failed": failures.failed,
        "kinds": failures.kinds,
        "tasks": {task.name: task.since.timestamp() for task in failures.tasks},
        "disk_free": report.disk_free,
    }
    statement = upsert(MachineReport).values(machine=report.machine, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["machine"], set_=values))
    oldest = report.reported_at - FORGOTTEN_AFTER
    session.execute(delete(MachineReport).where(MachineReport.reported_at < oldest))


def forget_machine(machine: str) -> None:
    """Remove the report of a machine whose worker ends in good order."""
    try:
        with transaction() as session:
            session.execute(delete(MachineReport).where(MachineReport.machine == machine))
    except DBAPIError as error:
        log.warning("the machine's report is not removed", exc_info=error)
