"""Tasks that fail, and tasks that have nothing to do: what the worker runs, and when."""

import logging
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from salon.platform.database.db import current_session
from salon.platform.web.access import settings
from salon.platform.work.alarms import alarm_words
from salon.platform.work.operations import recent_failures
from salon.platform.work.scheduler import ALARM_AFTER, PAUSES_S, ScheduledTask, Supervisor


class Recorder:
    """Tasks that note their runs."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def task(
        self, name: str, lane: str = "quick", every_s: float = 60, gap_s: float = 0
    ) -> ScheduledTask:
        return ScheduledTask(name, lambda: self.runs.append(name), lane, every_s, gap_s)

    def failing(self, name: str, fail: Callable[[], object], lane: str = "quick") -> ScheduledTask:
        def run() -> None:
            self.runs.append(name)
            fail()

        return ScheduledTask(name, run, lane, every_s=60)

    def taken(self) -> list[str]:
        """Return the runs since the last call."""
        runs, self.runs = self.runs, []
        return runs


def turn(supervisor: Supervisor, mark: str | None, at: float) -> None:
    """Start what is due, wait for it and settle it."""
    supervisor.turn(mark, at)
    wait(supervisor.in_hand)
    supervisor.turn(None if mark is None else mark, at)


def ask_a_table_that_is_gone() -> None:
    current_session().execute(text("SELECT * FROM gone"))


def divide() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("fail", [ask_a_table_that_is_gone, divide])
def test_a_task_that_fails_keeps_no_other_from_running(
    app: Flask, caplog: pytest.LogCaptureFixture, fail: Callable[[], object]
) -> None:
    recorder = Recorder()
    tasks = [recorder.failing("broken", fail), recorder.task("next"), recorder.task("far", "other")]
    supervisor = Supervisor(app, tasks)
    with caplog.at_level(logging.ERROR, "salon"):
        turn(supervisor, "1", 0)
    assert sorted(recorder.taken()) == ["broken", "far", "next"]
    (record,) = caplog.records
    assert "'broken' failed, again in 1 s" in record.getMessage()
    assert fail.__name__ in (record.exc_text or "")


def test_each_task_has_a_pause_of_its_own_and_an_alarm(app: Flask) -> None:
    recorder = Recorder()
    supervisor = Supervisor(app, [recorder.failing("broken", divide), recorder.task("next")])
    at = 0.0
    for number, pause in enumerate(PAUSES_S, 1):
        turn(supervisor, "same", at)
        assert recorder.taken()[0] == "broken"
        names = [task.name for task in recent_failures(settings().data).tasks]
        assert names == (["broken"] if number >= ALARM_AFTER else [])
        turn(supervisor, "same", at + pause - 0.1)
        assert "broken" not in recorder.taken()
        at += pause


def test_an_alarm_ends_with_the_first_run_that_works(app: Flask) -> None:
    recorder, faults = Recorder(), [1, 1, 1]
    supervisor = Supervisor(app, [recorder.failing("broken", lambda: 1 / (not faults.pop()))])
    for at in (0, 1, 3):
        turn(supervisor, "same", at)
    assert "broken" in alarm_words(settings())
    faults.append(0)
    turn(supervisor, "same", 8)
    assert recent_failures(settings().data).tasks == ()


def test_a_task_runs_after_a_write_and_else_only_in_its_own_time(app: Flask) -> None:
    recorder = Recorder()
    supervisor = Supervisor(app, [recorder.task("mail"), recorder.task("slow", gap_s=5)])
    turn(supervisor, "1", 0)
    assert recorder.taken() == ["mail", "slow"]
    turn(supervisor, "1", 1)
    assert recorder.taken() == []
    turn(supervisor, "2", 2)
    assert recorder.taken() == ["mail"]
    turn(supervisor, "2", 5)
    assert recorder.taken() == ["slow"]
    turn(supervisor, "2", 62)
    assert recorder.taken() == ["mail"]
    turn(supervisor, "2", 65)
    assert recorder.taken() == ["slow"]


def test_a_task_may_wait_for_others_at_the_start(app: Flask) -> None:
    recorder = Recorder()
    slow = replace(recorder.task("slow"), waits_at_start_s=3)
    supervisor = Supervisor(app, [recorder.task("mail"), slow])
    turn(supervisor, "1", 100)
    turn(supervisor, "2", 102.9)
    assert recorder.taken() == ["mail", "mail"]
    turn(supervisor, "2", 103)
    assert recorder.taken() == ["slow"]


def test_everything_is_due_when_the_database_comes_back(app: Flask) -> None:
    recorder = Recorder()
    tasks = [recorder.failing("broken", divide), recorder.task("mail")]
    supervisor = Supervisor(app, tasks)
    for at in (0, 1, 3, 8):
        turn(supervisor, "same", at)
    recorder.taken()
    turn(supervisor, None, 9)
    assert recorder.taken() == []
    turn(supervisor, "same", 9.5)
    assert recorder.taken() == ["broken", "mail"], "before the end of its pause"


def test_once_runs_everything_and_says_what_failed(app: Flask) -> None:
    recorder = Recorder()
    tasks = [recorder.failing("broken", divide), recorder.task("next")]
    assert Supervisor(app, tasks).run_once() == 1
    assert recorder.taken() == ["broken", "next"]
