"""Alarms: what is wrong now on any machine, and which alarms organisers were told of.

Their state is in the database, so that of several workers that see one alarm, one writes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model, UtcDateTime, current_session, upsert
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.words.formats import number, short_moment
from salon.platform.work.heartbeat import SILENT_AFTER, last_beat
from salon.platform.work.machines import Report
from salon.platform.work.operations import FailingTask, Failures, recent_failures

LATE_MAIL = timedelta(minutes=10)
LEAST_FREE_MB = 500
POSTED_AGAIN = timedelta(minutes=30)


class AlarmKind(StrEnum):
    FAILURES = "failures"
    TASK = "task"
    WORKER = "worker"
    OUTBOX = "outbox"
    DISK = "disk"


@dataclass(frozen=True, order=True)
class Alarm:
    """`subject`: the machine or the task it is about. `words`: a sentence for an organiser."""

    kind: AlarmKind
    subject: str
    words: str


class RaisedAlarm(Model):
    """An alarm that was raised; the row stays when it ends, to know when it was last written of."""

    __tablename__ = "alarms"

    kind: Mapped[AlarmKind] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def alarms_of(
    reports: Sequence[Report], oldest_message_at: datetime | None, now: datetime
) -> list[Alarm]:
    """Return what is wrong at `now`, the world's time, in the order of kinds and subjects.

    `oldest_message_at`: since when the oldest message that is due waits.
    """
    failures = joined_failures([report.failures for report in reports if report.is_fresh(now)])
    alarms = _alarms_of_failures(failures)
    if oldest_message_at is not None and now - oldest_message_at > LATE_MAIL:
        since = short_moment(oldest_message_at)
        words = f"Des courriels attendent de partir depuis le {since}."
        alarms.append(Alarm(AlarmKind.OUTBOX, "", words))
    for report in reports:
        if now - report.reported_at > SILENT_AFTER:
            words = _silence(f" de la machine {report.machine}", report.reported_at)
            alarms.append(Alarm(AlarmKind.WORKER, report.machine, words))
        elif report.disk_free < LEAST_FREE_MB * 1_000_000:
            free_text = number(report.disk_free // 1_000_000)
            words = (
                f"Il ne reste que {free_text}\u00a0Mo sur le disque de la machine {report.machine}."
            )
            alarms.append(Alarm(AlarmKind.DISK, report.machine, words))
    return sorted(alarms)


def joined_failures(parts: Sequence[Failures]) -> Failures:
    """Return the failures of several machines as those of one."""
    kinds: dict[str, int] = {}
    tasks: dict[str, FailingTask] = {}
    for part in parts:
        for kind, count in part.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
        for task in part.tasks:
            earlier_task = tasks.get(task.name)
            tasks[task.name] = (
                task if earlier_task is None or task.since < earlier_task.since else earlier_task
            )
    done, failed = sum(part.done for part in parts), sum(part.failed for part in parts)
    return Failures(done, failed, kinds, tuple(tasks.values()))


def _alarms_of_failures(failures: Failures) -> list[Alarm]:
    alarms = [Alarm(AlarmKind.TASK, task.name, task.words) for task in failures.tasks]
    if failures.is_share_alarm:
        alarms.append(Alarm(AlarmKind.FAILURES, "", failures.share_words))
    return alarms


def _silence(of_machine: str, since: datetime) -> str:
    return f"Le travail de fond{of_machine} ne donne plus signe depuis le {short_moment(since)}."


def open_alarms() -> Sequence[RaisedAlarm]:
    """Return the alarms that hold, as the workers saw them last."""
    statement = select(RaisedAlarm).where(RaisedAlarm.ended_at.is_(None))
    return (
        current_session().scalars(statement.order_by(RaisedAlarm.kind, RaisedAlarm.subject)).all()
    )


def alarm_words(settings: Settings) -> str:
    """Return what is wrong now, for the pages of organisers; empty when all is well.

    A page sees the failures of its own machine at once, and the silence of its worker, who cannot
    say so; what the workers saw comes from the database.
    """
    alarms = _alarms_of_failures(recent_failures(settings.data))
    beat = last_beat(settings.data)
    if beat is not None and real_now() - beat > SILENT_AFTER:
        alarms.append(Alarm(AlarmKind.WORKER, settings.machine, _silence("", beat)))
    open_keys = {(alarm.kind, alarm.subject) for alarm in alarms}
    sentences = [alarm.words for alarm in alarms]
    sentences += [
        alarm.words for alarm in open_alarms() if (alarm.kind, alarm.subject) not in open_keys
    ]
    return " ".join(sentences)


def are_settled(alarms: Sequence[Alarm], now: datetime) -> bool:
    """Return whether the database already says so, and nothing is to be written of again."""
    rows = open_alarms()
    is_posted = all(row.posted_at and row.posted_at > now - POSTED_AGAIN for row in rows)
    return is_posted and [Alarm(row.kind, row.subject, row.words) for row in rows] == alarms


def settle_alarms(session: Session, alarms: Sequence[Alarm], now: datetime) -> list[Alarm]:
    """Record which alarms hold at `now`; return those that the caller has to write of.

    An alarm is returned to one caller in POSTED_AGAIN, whoever sees it: its row is locked by the
    update, which looks at `posted_at` again after the wait.
    """
    due = []
    for alarm in alarms:
        _record(session, alarm, now)
        if _take(session, alarm, now):
            due.append(alarm)
    holding = [(alarm.kind, alarm.subject) for alarm in alarms]
    session.execute(
        update(RaisedAlarm)
        .where(
            RaisedAlarm.ended_at.is_(None),
            tuple_(RaisedAlarm.kind, RaisedAlarm.subject).not_in(holding),
        )
        .values(ended_at=now)
    )
    return due


def _record(session: Session, alarm: Alarm, now: datetime) -> None:
    statement = upsert(RaisedAlarm).values(
        kind=alarm.kind, subject=alarm.subject, words=alarm.words, raised_at=now
    )
    began_again = case((RaisedAlarm.ended_at.is_(None), RaisedAlarm.raised_at), else_=now)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject"],
            set_={"words": alarm.words, "raised_at": began_again, "ended_at": None},
        )
    )


def _take(session: Session, alarm: Alarm, now: datetime) -> bool:
    """Mark an alarm as written of; return False when somebody did within POSTED_AGAIN."""
    is_due = RaisedAlarm.posted_at.is_(None) | (RaisedAlarm.posted_at <= now - POSTED_AGAIN)
    statement = (
        update(RaisedAlarm)
        .where(RaisedAlarm.kind == alarm.kind, RaisedAlarm.subject == alarm.subject, is_due)
        .values(posted_at=now)
        .returning(RaisedAlarm.kind)
    )
    return session.scalar(statement) is not None
