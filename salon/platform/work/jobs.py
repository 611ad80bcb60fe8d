"""Jobs: long work that somebody asks for on a page and the worker does (print runs, rotas…).

A job is a row of a table with the columns of `Job`. A worker leases it, makes its result outside
any transaction, and saves the result in the transaction that ends the job. The lease is renewed
while the worker lives; a job whose worker died is taken again when it is over, and has failed after
MOST_ATTEMPTS. What the worker does by the clock is in `scheduler`.

Celery, RQ and Dramatiq want a broker beside the database; here a job is asked for, and its result
saved, in the transaction of the act.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from tempfile import TemporaryFile
from typing import Any, BinaryIO, ClassVar, Generic, Self, TypeVar

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Select, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.act import Act
from salon.platform.database.db import UtcDateTime, current_session, transaction
from salon.platform.database.edition_scope import in_edition
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import action_named, write_entry
from salon.platform.files.uploads import delete_unnamed
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings

log = logging.getLogger("salon")

LEASE = timedelta(minutes=1)
RENEW_EVERY_S = 1.0
MOST_ATTEMPTS = 5


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


IN_HAND = (JobStatus.WAITING, JobStatus.RUNNING)


class Job:
    """Columns of every table of jobs."""

    __tablename__: Any
    progress_columns: ClassVar[tuple[str, ...]] = ()

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_in_hand(self) -> bool:
        return self.status in IN_HAND

    @property
    def must_end(self) -> bool:
        """Return whether the worker should stop here and save what it has."""
        return False

    @property
    def subject(self) -> str:
        """Return the job's name in the journal."""
        return f"{self.__tablename__.removesuffix('s')}:{self.id}"

    @property
    def state(self) -> dict[str, Any]:
        """Return the JSON that a page follows: the status and the progress."""
        progress = {name: getattr(self, name) for name in self.progress_columns}
        return {"status": self.status, **progress}

    def begin(self) -> None:
        self.status, self.leased_until = JobStatus.RUNNING, real_now() + LEASE
        self.attempts += 1

    def end(self, status: JobStatus) -> None:
        self.status, self.leased_until, self.finished_at = status, None, real_now()


class FileJob(Job):
    """Columns of a job that writes a PDF; its progress is `done` of `total`."""

    progress_columns = ("done", "total")

    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(default="")

    def begin(self) -> None:
        """Begin an attempt, whose file has a name of its own: it never replaces another's."""
        super().begin()
        self.done = 0
        self.file_name = f"{secrets.token_hex(16)}.pdf"


J = TypeVar("J", bound=Job)
R = TypeVar("R")


@dataclass(frozen=True)
class JobKind(Generic[J, R]):
    """A kind of jobs. `name` and `lane` are those of the worker's task, `act` begins its actions
    in the journal.

    `make` returns the result; it runs outside any transaction. `save` writes the result in the
    transaction that ends the job. A job that `is_cut_short` waits again when its worker ends;
    others are finished first.
    """

    table: type[J]
    name: str
    lane: str
    act: str
    make: "Callable[[J, JobRun[J]], R]"
    save: Callable[[Session, J, R], None]
    is_cut_short: bool = False


class JobRun(Generic[J]):
    """An attempt at a job: its lease, which a thread renews within the context, and its draft."""

    def __init__(
        self, kind: JobKind[J, Any], job: J, settings: Settings, is_ending: Callable[[], bool]
    ) -> None:
        app: Any = current_app
        self.kind, self.job_id, self.attempt, self.subject = kind, job.id, job.attempts, job.subject
        self.settings, self.is_ending = settings, is_ending
        self._progress: Mapping[str, object] = {}
        self._file = ""
        self._stop, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(
            target=self._keep_lease, args=(app._get_current_object(),), name=self.subject
        )

    def report(self, **progress: object) -> None:
        """Set the values of the progress columns, which are saved within RENEW_EVERY_S."""
        self._progress = progress

    def is_stopped(self) -> bool:
        """Return whether `make` should return what it has."""
        return self._stop.is_set()

    @contextmanager
    def draft_of(self, name: str) -> Iterator[BinaryIO]:
        """Open a draft, then store it as the file `name`, deleted unless the job ends with it.

        The draft has no name, so that nothing of it stays when the worker is killed. Raises
        OSError.
        """
        with TemporaryFile(dir=self.settings.data) as stream:
            yield stream
            stream.seek(0)
            self.settings.file_store.save(name, stream)
            self._file = name

    def find_job(self, session: Session) -> J | None:
        """Return the job, locked; None when it was discarded or another attempt has begun."""
        job = session.get_one(
            self.kind.table, self.job_id, with_for_update=True, populate_existing=True
        )
        is_held = job.status == JobStatus.RUNNING and job.attempts == self.attempt
        return job if is_held else None

    def end(self, result: object) -> None:
        """Save the result and end the job, unless the attempt was replaced."""
        if not self._save(result) and self._file:
            delete_unnamed(self.settings.file_store, self._file)

    def _save(self, result: object) -> bool:
        """Save the result and end the job; return whether the attempt still held it."""
        with transaction() as session:
            job = self.find_job(session)
            if job is None:
                return False
            if self._is_cut_short() and not job.must_end:
                job.status, job.leased_until = JobStatus.WAITING, None
                job.attempts -= 1
                return False
            job.end(JobStatus.DONE)
            self.kind.save(session, job, result)
        return True

    def fail(self) -> None:
        with transaction() as session:
            job = self.find_job(session)
            if job is not None:
                _fail(session, self.kind, job)

    def _is_cut_short(self) -> bool:
        return self.kind.is_cut_short and self.is_ending()

    def _keep_lease(self, app: Flask) -> None:
        with app.app_context():
            while not self._over.wait(RENEW_EVERY_S):
                try:
                    if self._renew_lease() or self._is_cut_short():
                        self._stop.set()
                except OperationalError as error:
                    log.warning("%s: the lease is not renewed: %s", self.subject, error)

    def _renew_lease(self) -> bool:
        """Save the progress and extend the lease; return whether the job must end."""
        with transaction() as session:
            job = self.find_job(session)
            if job is None:
                return True
            for name, value in self._progress.items():
                setattr(job, name, value)
            job.leased_until = real_now() + LEASE
            return job.must_end

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def ask(
    act: Act,
    session: Session,
    kind: JobKind[J, R],
    details: Mapping[str, object],
    **columns: object,
) -> J:
    """Add a job and its entry in the journal, which holds `details`."""
    table: Any = kind.table
    job: J = table(asked_by=act.actor.display_name, asked_at=act.now, **columns)
    session.add(job)
    session.flush()
    write_entry(session, act.actor, action_named(f"{kind.act}asked"), job.subject, **details)
    return job


def find_in_hand(table: type[J], edition_id: int) -> J | None:
    """Return the oldest job of an edition that waits or runs."""
    in_hand = (table.edition_id == edition_id, table.status.in_(IN_HAND))
    return current_session().scalar(select(table).where(*in_hand).order_by(table.id).limit(1))


def discard(act: Act, session: Session, kind: JobKind[J, R], job: J) -> None:
    job.status = JobStatus.DISCARDED
    write_entry(session, act.actor, action_named(f"{kind.act}discarded"), job.subject)


def run_jobs(
    kind: JobKind[J, R], settings: Settings, is_ending: Callable[[], bool] = lambda: False
) -> int:
    """Run the jobs of a kind that wait, or whose worker died; return their number.

    An exception other than OSError is raised: the job is taken again when its lease is over.
    """
    count = 0
    while not is_ending() and (job := lease_next(kind)) is not None:
        with suppress(OSError):
            run_job(kind, job, settings, is_ending)
        count += 1
    return count


def run_job(
    kind: JobKind[J, R],
    job: J,
    settings: Settings,
    is_ending: Callable[[], bool] = lambda: False,
) -> None:
    """Make the result of a job that has begun, from the rows of its edition, and save it.

    Raises OSError, such as a full disk, for which the job has failed.
    """
    with JobRun(kind, job, settings, is_ending) as run, in_edition(job.edition_id):
        try:
            run.end(kind.make(job, run))
        except OSError:
            log.exception("%s has failed", run.subject)
            run.fail()
            raise


def lease_next(kind: JobKind[J, R]) -> J | None:
    """Begin the oldest job that waits or whose lease is over. Locks nothing when there is none."""
    takeable = _takeable(kind.table)
    if current_session().scalar(takeable.with_only_columns(kind.table.id)) is None:
        return None
    with transaction() as session:
        locked = takeable.with_for_update(skip_locked=True)
        while (job := session.scalar(locked)) is not None:
            if job.attempts < MOST_ATTEMPTS:
                job.begin()
                return job
            _fail(session, kind, job)
    return None


def _takeable(table: type[J]) -> Select[J]:
    is_free = or_(table.leased_until.is_(None), table.leased_until <= real_now())
    in_hand = table.status.in_(IN_HAND)
    return select(table).where(in_hand, is_free).order_by(table.id).limit(1)


def _fail(session: Session, kind: JobKind[J, R], job: J) -> None:
    job.end(JobStatus.FAILED)
    write_entry(session, SYSTEM, action_named(f"{kind.act}failed"), job.subject)
