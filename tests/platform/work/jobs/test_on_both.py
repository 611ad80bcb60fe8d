"""Jobs are made once, whoever dies, and stop when they are discarded."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from salon.badges.models import PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import entries
from salon.platform.settings.clock import real_now
from salon.platform.work import jobs
from salon.platform.work.jobs import JobKind, JobRun, JobStatus
from tests.jobs import run
from tests.processes import PATIENCE_S, wait_for
from tests.races import ROUNDS, race


class Maker:
    """A kind of jobs that records what was made and what was saved."""

    def __init__(self, make: Callable[[PrintRun, JobRun[PrintRun]], Any], **kind: Any) -> None:
        self.made: list[int] = []
        self.saved: list[Any] = []

        def counted(job: PrintRun, attempt: JobRun[PrintRun]) -> Any:
            self.made.append(attempt.attempt)
            return make(job, attempt)

        def save(session: Session, job: PrintRun, result: Any) -> None:
            self.saved.append(result)

        self.kind = JobKind(PrintRun, "faire", "papers", "print_run.", counted, save, **kind)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renew leases at once."""
    monkeypatch.setattr(jobs, "RENEW_EVERY_S", 0.01)


def ask(edition: Edition) -> int:
    kind = Maker(lambda job, attempt: None).kind
    columns = {"edition_id": edition.id, "layout": Layout.A4}
    with transaction() as session:
        return jobs.ask(Act(SYSTEM, real_now()), session, kind, {"badges": 3}, **columns).id


def job_of(job_id: int) -> PrintRun:
    current_session().rollback()
    return current_session().get_one(PrintRun, job_id, populate_existing=True)


def end_lease(job_id: int) -> None:
    with transaction() as session:
        session.get_one(PrintRun, job_id).leased_until = real_now() - timedelta(seconds=1)


def actions() -> list[tuple[str, str]]:
    current_session().rollback()
    rows = current_session().scalars(entries()).all()
    return [(entry.action, entry.subject) for entry in reversed(rows)]


def test_jobs_are_run_oldest_first_and_once(app: Flask, edition: Edition) -> None:
    first, second = ask(edition), ask(edition)
    in_hand = jobs.find_in_hand(PrintRun, edition.id)
    assert in_hand is not None
    assert in_hand.id == first
    maker = Maker(lambda job, attempt: job.id)
    assert run(maker.kind) == 2
    assert maker.saved == [first, second]
    assert run(maker.kind) == 0
    job = job_of(first)
    assert (job.status, job.attempts, job.leased_until) == (JobStatus.DONE, 1, None)
    assert job.finished_at is not None
    assert jobs.find_in_hand(PrintRun, edition.id) is None
    assert actions() == [
        ("print_run.asked", f"print_run:{first}"),
        ("print_run.asked", f"print_run:{second}"),
    ]


def printed(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "print_runs").glob("*")}


def test_a_job_whose_worker_died_is_taken_again_when_its_lease_is_over(
    app: Flask, edition: Edition
) -> None:
    job_id = ask(edition)
    maker = Maker(lambda job, attempt: "made")
    assert jobs.lease_next(maker.kind) is not None
    assert run(maker.kind) == 0
    end_lease(job_id)
    assert run(maker.kind) == 1
    assert (maker.made, maker.saved) == ([2], ["made"])


def test_a_result_and_the_end_of_its_job_are_saved_together(app: Flask, edition: Edition) -> None:
    job_id = ask(edition)

    def save(session: Session, job: PrintRun, result: object) -> None:
        raise ZeroDivisionError

    maker = Maker(lambda job, attempt: "made")
    with pytest.raises(ZeroDivisionError):
        run(JobKind(PrintRun, "faire", "papers", "print_run.", maker.kind.make, save))
    assert job_of(job_id).status == JobStatus.RUNNING
    end_lease(job_id)
    assert run(maker.kind) == 1
    assert maker.saved == ["made"]


def test_the_draft_of_a_worker_that_was_killed_has_no_name(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    job_id = ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> None:
        before = set(tmp_path.rglob("*"))
        with attempt.draft_of(f"print_runs/{job.file_name}") as stream:
            stream.write(b"whole")
            stream.flush()
            assert set(tmp_path.rglob("*")) == before

    maker = Maker(make)
    assert run(maker.kind) == 1
    assert printed(tmp_path) == {job_of(job_id).file_name: b"whole"}


def test_a_lease_is_renewed_and_the_progress_saved_while_a_job_is_made(
    app: Flask, edition: Edition, soon: None
) -> None:
    job_id = ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> None:
        end_lease(job_id)
        attempt.report(done=2, total=3)
        progress = {"status": "running", "done": 2, "total": 3}
        wait_for(lambda: job_of(job_id).state == progress, "two of three")
        assert job_of(job_id).leased_until > real_now()  # type: ignore[operator]

    assert run(Maker(make).kind) == 1


def test_a_discard_is_heard_and_nothing_is_saved(app: Flask, edition: Edition, soon: None) -> None:
    job_id = ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> str:
        with transaction() as session:
            jobs.discard(Act(SYSTEM), session, maker.kind, session.get_one(PrintRun, job_id))
        wait_for(attempt.is_stopped, "the end")
        return "made"

    maker = Maker(make)
    run(maker.kind)
    assert job_of(job_id).status == JobStatus.DISCARDED
    assert maker.saved == []
    assert actions()[-1] == ("print_run.discarded", f"print_run:{job_id}")


def test_only_a_job_that_may_be_cut_short_ends_with_its_worker(
    app: Flask, edition: Edition, soon: None
) -> None:
    job_id = ask(edition)
    is_ending = threading.Event()

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> str:
        is_ending.set()
        if maker.kind.is_cut_short:
            wait_for(attempt.is_stopped, "the end")
        return "made"

    maker = Maker(make, is_cut_short=True)
    assert run(maker.kind, is_ending.is_set) == 1
    job = job_of(job_id)
    assert (job.status, job.attempts, job.leased_until) == (JobStatus.WAITING, 0, None)
    assert run(maker.kind, is_ending.is_set) == 0
    assert maker.saved == []
    is_ending.clear()
    ask(edition)
    maker = Maker(make)
    assert run(maker.kind, is_ending.is_set) == 1, "the next job waits for the next worker"
    assert maker.saved == ["made"]


def test_an_attempt_that_was_replaced_saves_nothing(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    job_id = ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> int:
        with attempt.draft_of(f"print_runs/{job.file_name}") as stream:
            stream.write(b"%d" % attempt.attempt)
        if attempt.attempt == 1:  # The worker sleeps, and another one makes the job meanwhile.
            end_lease(job_id)
            assert run(maker.kind) == 1
        return attempt.attempt

    maker = Maker(make)
    run(maker.kind)
    assert (maker.made, maker.saved) == ([1, 2], [2])
    assert printed(tmp_path) == {job_of(job_id).file_name: b"2"}
    (path,) = (tmp_path / "print_runs").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_job_that_ends_its_worker_each_time_has_failed_at_last(
    app: Flask, edition: Edition
) -> None:
    job_id, healthy_id = ask(edition), ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> int:
        return 1 // (job.id - job_id)

    maker = Maker(make)
    for _ in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            run(maker.kind)
        end_lease(job_id)
    assert run(maker.kind) == 1
    assert maker.made == [1, 2, 3, 4, 5, 1]
    assert job_of(job_id).status == JobStatus.FAILED
    assert job_of(healthy_id).status == JobStatus.DONE
    assert ("print_run.failed", f"print_run:{job_id}") in actions()


def test_a_full_disk_fails_a_job_at_once_and_leaves_no_draft(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    job_id = ask(edition)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> None:
        with attempt.draft_of(f"print_runs/{job.file_name}") as stream:
            stream.write(b"half")
            raise OSError("no space left")

    maker = Maker(make)
    assert run(maker.kind) == 1
    assert run(maker.kind) == 0
    job = job_of(job_id)
    assert (job.status, job.leased_until) == (JobStatus.FAILED, None)
    assert printed(tmp_path) == {}
    assert actions()[-1] == ("print_run.failed", f"print_run:{job_id}")


@pytest.mark.race
def test_two_workers_make_a_job_once(app: Flask, edition: Edition) -> None:
    for _ in range(ROUNDS):
        ask(edition)
        maker = Maker(lambda job, attempt: "made")
        assert sum(race(app, [lambda kind=maker.kind: run(kind)] * 2)) == 1
        assert (maker.made, maker.saved) == ([1], ["made"])


@pytest.mark.race
def test_without_leases_two_workers_make_a_job_twice(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control of the race above. Even so, the result is saved once at most."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=-1))
    ask(edition)
    barrier = threading.Barrier(2)

    def make(job: PrintRun, attempt: JobRun[PrintRun]) -> None:
        if attempt.attempt <= 2:
            barrier.wait(PATIENCE_S)

    def work() -> None:
        while len(maker.made) < 2:
            run(maker.kind)

    maker = Maker(make)
    race(app, [work] * 2)
    assert len(maker.made) >= 2
    assert len(maker.saved) <= 1
