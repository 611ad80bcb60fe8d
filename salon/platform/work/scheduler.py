"""Tasks of the worker: each on its own, run after a write or when its time has come.

An exception in a task never reaches another one: it is logged with its traceback, the task is tried
again after a pause of its own, and organisers are notified once it has failed ALARM_AFTER times.

APScheduler runs tasks at given times; most of these run as soon as any process has committed.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from flask import Flask

from salon.platform.database.commit_watch import CommitWatch
from salon.platform.database.db import db
from salon.platform.settings.clock import clock, real_now
from salon.platform.settings.logs import log
from salon.platform.work.heartbeat import beat
from salon.platform.work.operations import FailingTask, count_operation, record_failing_tasks
from salon.platform.work.sentry import report_failure

LOOK_S = 0.5
"""Seconds between two checks for new writes."""
PAUSES_S = (1, 2, 5, 15, 30, 60)
ALARM_AFTER = 3
RECORD_EVERY_S = 30


@dataclass(frozen=True)
class ScheduledTask:
    """`run` is called after a commit, at most every `gap_s`, at least `every_s`.

    `name` is shown to organisers. Tasks of one lane run one after the other. A task may wait for
    others when the worker starts.
    """

    name: str
    run: Callable[[], object]
    lane: str
    every_s: float
    gap_s: float = 0.0
    after_writes: bool = True
    waits_at_start_s: float = 0.0


class _Schedule:
    """Time of a task's next run, and its failures in a row."""

    def __init__(self, task: ScheduledTask) -> None:
        self.task = task
        self.work: Future[object] | None = None
        self.started_at = -float("inf")
        self.retry_at = -float("inf")
        self.mark: str | None = None
        self.failures = 0
        self.failing_since: datetime | None = None

    def is_due(self, mark: str, at: float) -> bool:
        if self.work is not None or at < self.retry_at:
            return False
        elapsed = at - self.started_at
        is_written = self.failures > 0 or (self.task.after_writes and mark != self.mark)
        return elapsed >= self.task.every_s or (is_written and elapsed >= self.task.gap_s)

    def settle(self, error: BaseException | None, at: float) -> None:
        """Record how a run ended."""
        self.work = None
        count_operation("task", error is not None)
        if error is None:
            self.failures, self.failing_since = 0, None
            return
        pause = PAUSES_S[min(self.failures, len(PAUSES_S) - 1)]
        self.failures += 1
        self.failing_since = self.failing_since or real_now()
        self.retry_at = at + pause
        log.error("task %r failed, again in %d s", self.task.name, pause, exc_info=error)
        report_failure(error, self.task.name)

    def forget_pause(self) -> None:
        self.retry_at = -float("inf")
        self.mark = None


class Supervisor:
    """Runs tasks, each lane in a thread of its own, until it is told to stop."""

    def __init__(self, app: Flask, tasks: Sequence[ScheduledTask]) -> None:
        self._app = app
        self._schedules = [_Schedule(task) for task in tasks]
        self._lanes = {
            task.lane: ThreadPoolExecutor(1, thread_name_prefix=task.lane) for task in tasks
        }
        self._began_at: float | None = None
        self._has_database = True
        self._recorded: tuple[float, tuple[FailingTask, ...]] = (-float("inf"), ())

    def run(self, stop: threading.Event) -> None:
        """Run the due tasks until `stop` is set; then end after the running ones."""
        with CommitWatch(db.engine) as watch:
            while not stop.is_set():
                beat(self._app.config["SALON"].data)
                self.turn(watch.mark(), monotonic())
                stop.wait(LOOK_S)
        for lane in self._lanes.values():
            lane.shutdown(cancel_futures=True)
        self._record(monotonic(), ())

    def run_once(self) -> int:
        """Run each task once, in their order; return how many failed."""
        for schedule in self._schedules:
            work = self._start(schedule)
            schedule.settle(work.exception(), monotonic())
        for lane in self._lanes.values():
            lane.shutdown()
        return sum(schedule.failures for schedule in self._schedules)

    @property
    def in_hand(self) -> list[Future[object]]:
        """Return the runs that were started and not settled."""
        return [schedule.work for schedule in self._schedules if schedule.work is not None]

    def turn(self, mark: str | None, at: float) -> None:
        """Settle the runs that ended and start those that are due. `mark`: see CommitWatch."""
        for schedule in self._schedules:
            if schedule.work is not None and schedule.work.done():
                schedule.settle(schedule.work.exception(), at)
        self._note_database(mark is not None)
        if self._began_at is None:
            self._began_at = at
        if mark is not None:
            moment = f"{mark} {clock.offset}"
            for schedule in self._schedules:
                has_waited = at - self._began_at >= schedule.task.waits_at_start_s
                if has_waited and schedule.is_due(moment, at):
                    schedule.started_at, schedule.mark = at, moment
                    schedule.work = self._start(schedule)
        self._record(at, self._failing())

    def _start(self, schedule: _Schedule) -> Future[object]:
        return self._lanes[schedule.task.lane].submit(self._run, schedule.task)

    def _run(self, task: ScheduledTask) -> object:
        with self._app.app_context():
            return task.run()

    def _note_database(self, answers: bool) -> None:
        """After an absence every task is due at once: no mail waits for the end of a pause."""
        if answers == self._has_database:
            return
        self._has_database = answers
        if answers:
            log.warning("the database answers again")
            for schedule in self._schedules:
                schedule.forget_pause()
        else:
            log.error("the database does not answer: the tasks wait for it")

    def _failing(self) -> tuple[FailingTask, ...]:
        failing = {
            schedule.task.name: FailingTask(schedule.task.name, schedule.failing_since)
            for schedule in self._schedules
            if schedule.failing_since is not None and schedule.failures >= ALARM_AFTER
        }
        return tuple(failing.values())

    def _record(self, at: float, failing: tuple[FailingTask, ...]) -> None:
        recorded_at, recorded = self._recorded
        if failing != recorded or at - recorded_at >= RECORD_EVERY_S:
            self._recorded = (at, failing)
            record_failing_tasks(failing)
