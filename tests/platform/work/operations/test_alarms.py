"""Alarms of several machines: what each worker sees, and that one of them writes of it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.dashboard.services.alarms import raise_alarms, watch_over
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, post
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import ROOT, Settings
from salon.platform.web.access import settings as settings_of
from salon.platform.work.alarms import Alarm, AlarmKind, RaisedAlarm, alarm_words, alarms_of
from salon.platform.work.heartbeat import FILE, beat
from salon.platform.work.machines import (
    MachineReport,
    Report,
    forget_machine,
    is_report_due,
    save_report,
    saved_reports,
)
from salon.platform.work.operations import FailingTask, Failures
from tests.factories import sign_in
from tests.processes import PATIENCE_S, tied
from tests.races import ROUNDS, race

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
GIGABYTE = 1_000_000_000
DISK = Alarm(AlarmKind.DISK, "machine-a", "Il ne reste que 12\u00a0Mo.")
LATE = Alarm(AlarmKind.OUTBOX, "", "Des courriels attendent.")
WORKERS = 4


def report(
    machine: str = "machine-a",
    ago_s: float = 0,
    done: int = 100,
    failed: int = 0,
    disk_free: int = GIGABYTE,
    tasks: tuple[FailingTask, ...] = (),
) -> Report:
    failures = Failures(done, failed, {"page": failed} if failed else {}, tasks)
    return Report(machine, NOW - timedelta(seconds=ago_s), failures, disk_free)


BROKEN = FailingTask("purger", NOW - timedelta(hours=2))
SAME_TASK = FailingTask("purger", NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("reports", "oldest_message_at", "alarms"),
    [
        ([report()], None, []),
        ([report(failed=2)], None, []),
        ([report(failed=3)], None, [(AlarmKind.FAILURES, "")]),
        ([report(failed=2), report("machine-b", failed=1)], None, [(AlarmKind.FAILURES, "")]),
        ([report(failed=3), report("machine-b", done=1000)], None, []),
        ([report(), report("machine-b", ago_s=120, failed=50)], None, []),
        ([report(tasks=(BROKEN,)), report("machine-b", tasks=(SAME_TASK,))], None, "purger"),
        ([report(), report("machine-b", ago_s=299)], None, []),
        ([report(), report("machine-b", ago_s=301)], None, [(AlarmKind.WORKER, "machine-b")]),
        ([report(disk_free=499_000_000)], None, [(AlarmKind.DISK, "machine-a")]),
        ([report(), report("machine-b", disk_free=0)], None, [(AlarmKind.DISK, "machine-b")]),
        ([report()], NOW - timedelta(minutes=9), []),
        ([report()], NOW - timedelta(minutes=11), [(AlarmKind.OUTBOX, "")]),
    ],
    ids=[
        *("all is well", "two failures", "three of a hundred", "three of two machines"),
        *("one percent of both is not passed", "failures of long ago", "one task, two machines"),
        *("a report that is late", "a silent machine", "a full disk", "the other's disk"),
        *("mail of nine minutes", "mail of eleven minutes"),
    ],
)
def test_what_is_wrong_is_judged_on_all_machines_together(
    app: Flask,
    reports: list[Report],
    oldest_message_at: datetime | None,
    alarms: list[tuple[AlarmKind, str]] | str,
) -> None:
    raised = alarms_of(reports, oldest_message_at, NOW)
    expected = [(AlarmKind.TASK, alarms)] if isinstance(alarms, str) else alarms
    assert [(alarm.kind, alarm.subject) for alarm in raised] == expected
    if isinstance(alarms, str):
        assert "depuis le 01/10/2026 à 8\u00a0h." in raised[0].words, "since the first"


def alarm_mails() -> list[Message]:
    current_session().rollback()
    return list(current_session().scalars(select(Message).where(Message.kind == "alarm")))


def raised(*alarms: Alarm, at: datetime = NOW) -> bool:
    with transaction() as session:
        return raise_alarms(session, alarms, at)


@pytest.mark.on_both
def test_an_alarm_is_written_of_twice_an_hour_at_most(app: Flask, edition: Edition) -> None:
    sign_in(app, Role.ORGANISER)
    minute = timedelta(minutes=1)
    assert raised() is False
    assert raised(DISK) is True
    assert raised(DISK, at=NOW + 29 * minute) is False
    assert raised(DISK, LATE, at=NOW + 29 * minute) is True, "another one is not held up"
    assert raised(at=NOW + 30 * minute) is False, "it is over"
    assert raised(DISK, at=NOW + 31 * minute) is True
    assert raised(at=NOW + 32 * minute) is False
    assert raised(DISK, at=NOW + 33 * minute) is False, "back and forth is no flood"
    mails = alarm_mails()
    assert [mail.context["sentences"] for mail in mails] == [
        [DISK.words],
        [LATE.words],
        [DISK.words],
    ]
    assert DISK.words in words_of(mails[0])[1]
    entries = select(JournalEntry).where(JournalEntry.action == "alarm.raised")
    assert len(current_session().scalars(entries).all()) == 3
    rows = {row.kind: row for row in current_session().scalars(select(RaisedAlarm))}
    assert rows[AlarmKind.DISK].raised_at == NOW + 33 * minute
    assert rows[AlarmKind.OUTBOX].ended_at == NOW + 30 * minute


@pytest.mark.race
def test_of_several_workers_that_see_one_alarm_one_writes(app: Flask, edition: Edition) -> None:
    sign_in(app, Role.ORGANISER)
    for number in range(ROUNDS):
        at = NOW + number * timedelta(hours=1)
        results = race(app, [lambda at=at: raised(DISK, LATE, at=at)] * WORKERS)  # type: ignore[misc]
        assert sorted(results) == [*[False] * (WORKERS - 1), True]
        assert len(alarm_mails()) == number + 1


@pytest.mark.race
def test_without_the_row_each_worker_writes(app: Flask, edition: Edition) -> None:
    """Control: whoever looks for an earlier message first, then writes, writes beside others."""
    sign_in(app, Role.ORGANISER)
    looked = Barrier(WORKERS)

    def look_then_write() -> None:
        is_written = bool(alarm_mails())
        current_session().rollback()
        looked.wait()
        with transaction() as session:
            if not is_written:
                post(session, "alarm", "organisation@salon.example", sentences=[DISK.words])

    race(app, [look_then_write] * WORKERS)
    assert len(alarm_mails()) == WORKERS


WATCH = """
import sys, time
from pathlib import Path
from app import app
from salon.dashboard.services.alarms import watch_over
from salon.platform.web.access import settings
from salon.platform.settings.clock import real_now
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(5):
        watch_over(settings(), real_now())
"""


@pytest.mark.on_both
def test_two_machines_raise_one_alarm_once(
    app: Flask, edition: Edition, settings: Settings, tmp_path: Path
) -> None:
    sign_in(app, Role.ORGANISER)
    with transaction() as session:
        post(session, "mail_check", "a@b.example", sent_at="")
    with transaction() as session:
        hour_ago = real_now() - timedelta(hours=1)
        session.execute(update(Message).values(created_at=hour_ago, held_until=None))
    machines = []
    for name in ("machine-a", "machine-b"):
        environ = {
            **os.environ,
            "SALON_DATA": str(tmp_path / name),
            "SALON_MACHINE": name,
            "SALON_DEMONSTRATION": "0",
            "DATABASE_URL": settings.database_url.replace("postgresql+psycopg", "postgresql"),
            "SECRET_KEY": settings.secret_key,
        }
        command = tied(sys.executable, "-c", WATCH)
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        machine = subprocess.Popen(command, cwd=ROOT, env=environ, text=True, **streams)  # type: ignore[call-overload]
        machines.append(machine)
    for machine in machines:
        assert machine.stdout.readline() == "ready\n"
    for machine in machines:
        machine.stdin.write("go\n")
        machine.stdin.close()
    assert [machine.wait(PATIENCE_S) for machine in machines] == [0, 0]
    for machine in machines:
        machine.stdout.close()
    (mail,) = alarm_mails()
    assert mail.context["sentences"][0].startswith("Des courriels attendent de partir depuis")
    assert [row.machine for row in saved_reports()] == ["machine-a", "machine-b"]


@pytest.mark.on_both
def test_reports_replace_each_other_and_forgotten_machines_go(app: Flask) -> None:
    with transaction() as session:
        save_report(session, report("old", ago_s=90_000))
        save_report(session, report("machine-b", failed=2, tasks=(BROKEN,)))
        save_report(session, report("machine-b", failed=3, tasks=(BROKEN,)))
    assert saved_reports() == [report("machine-b", failed=3, tasks=(BROKEN,))]
    forget_machine("machine-b")
    assert saved_reports() == []


def test_a_report_that_says_nothing_new_wakes_nobody(app: Flask) -> None:
    assert is_report_due(report(), [])
    assert is_report_due(report(), [report("machine-b")])
    assert not is_report_due(report(), [report(ago_s=59)])
    assert is_report_due(report(), [report(ago_s=60)])
    assert is_report_due(report(failed=50), [report(ago_s=5)])
    assert is_report_due(report(), [report(ago_s=5, failed=50)]), "that it is over, too"


def test_a_watch_that_finds_nothing_new_writes_nothing(app: Flask, edition: Edition) -> None:
    moment = real_now()
    watch_over(settings_of(), moment)
    watch_over(settings_of(), moment + timedelta(seconds=10))
    current_session().rollback()
    (row,) = current_session().scalars(select(MachineReport))
    assert row.reported_at == moment


def test_pages_show_what_other_machines_and_a_dead_worker_cannot(
    app: Flask, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert 'role="alert"' not in organiser.get("/organisation/journal").text
    raised(DISK)
    assert DISK.words in organiser.get("/organisation/journal").text
    data = settings_of().data
    beat(data)
    os.utime(data / FILE, (0, 0))
    words = alarm_words(settings_of())
    assert words.startswith("Le travail de fond ne donne plus signe depuis le 01/01/1970")
    assert words.endswith(DISK.words)
    assert organiser.get("/organisation/entrees.json").json["alarm"] == words
    raised(at=NOW + timedelta(minutes=1))
    beat(data)
    assert alarm_words(settings_of()) == ""
