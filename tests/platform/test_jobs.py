"""Jobs that fail, and jobs that have nothing to do: what the worker runs, and when."""

import logging
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from salon.platform.access import settings
from salon.platform.db import current_session
from salon.platform.jobs import ALARM_AFTER, PAUSES_S, Job, Supervisor
from salon.platform.operations import recent_failures


class Recorder:
    """Jobs that note their runs."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def job(self, name: str, lane: str = "quick", every_s: float = 60, gap_s: float = 0) -> Job:
        return Job(name, lambda: self.runs.append(name), lane, every_s, gap_s)

    def failing(self, name: str, fail: Callable[[], object], lane: str = "quick") -> Job:
        def run() -> None:
            self.runs.append(name)
            fail()

        return Job(name, run, lane, every_s=60)

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
def test_a_job_that_fails_keeps_no_other_from_running(
    app: Flask, caplog: pytest.LogCaptureFixture, fail: Callable[[], object]
) -> None:
    recorder = Recorder()
    jobs = [recorder.failing("broken", fail), recorder.job("next"), recorder.job("far", "other")]
    supervisor = Supervisor(app, jobs)
    with caplog.at_level(logging.ERROR, "salon"):
        turn(supervisor, "1", 0)
    assert sorted(recorder.taken()) == ["broken", "far", "next"]
    (record,) = caplog.records
    assert "'broken' failed, again in 1 s" in record.getMessage()
    assert fail.__name__ in (record.exc_text or "")


def test_each_job_has_a_pause_of_its_own_and_an_alarm(app: Flask) -> None:
    recorder = Recorder()
    supervisor = Supervisor(app, [recorder.failing("broken", divide), recorder.job("next")])
    at = 0.0
    for number, pause in enumerate(PAUSES_S, 1):
        turn(supervisor, "same", at)
        assert recorder.taken()[0] == "broken"
        names = [job.name for job in recent_failures(settings().data).jobs]
        assert names == (["broken"] if number >= ALARM_AFTER else [])
        turn(supervisor, "same", at + pause - 0.1)
        assert "broken" not in recorder.taken()
        at += pause


def test_an_alarm_ends_with_the_first_run_that_works(app: Flask) -> None:
    recorder, faults = Recorder(), [1, 1, 1]
    supervisor = Supervisor(app, [recorder.failing("broken", lambda: 1 / (not faults.pop()))])
    for at in (0, 1, 3):
        turn(supervisor, "same", at)
    assert "broken" in recent_failures(settings().data).words
    faults.append(0)
    turn(supervisor, "same", 8)
    assert recent_failures(settings().data).jobs == ()


def test_a_job_runs_after_a_write_and_else_only_in_its_own_time(app: Flask) -> None:
    recorder = Recorder()
    supervisor = Supervisor(app, [recorder.job("mail"), recorder.job("slow", gap_s=5)])
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


def test_a_job_may_wait_for_others_at_the_start(app: Flask) -> None:
    recorder = Recorder()
    slow = replace(recorder.job("slow"), waits_at_start_s=3)
    supervisor = Supervisor(app, [recorder.job("mail"), slow])
    turn(supervisor, "1", 100)
    turn(supervisor, "2", 102.9)
    assert recorder.taken() == ["mail", "mail"]
    turn(supervisor, "2", 103)
    assert recorder.taken() == ["slow"]


def test_everything_is_due_when_the_database_comes_back(app: Flask) -> None:
    recorder = Recorder()
    jobs = [recorder.failing("broken", divide), recorder.job("mail")]
    supervisor = Supervisor(app, jobs)
    for at in (0, 1, 3, 8):
        turn(supervisor, "same", at)
    recorder.taken()
    turn(supervisor, None, 9)
    assert recorder.taken() == []
    turn(supervisor, "same", 9.5)
    assert recorder.taken() == ["broken", "mail"], "before the end of its pause"


def test_once_runs_everything_and_says_what_failed(app: Flask) -> None:
    recorder = Recorder()
    jobs = [recorder.failing("broken", divide), recorder.job("next")]
    assert Supervisor(app, jobs).run_once() == 1
    assert recorder.taken() == ["broken", "next"]
