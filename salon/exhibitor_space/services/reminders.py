"""Reminders of open tasks: one message a day and exhibitor, each step once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.exhibitor_space.engine.tasks import (
    TaskState,
    dated_tasks,
    reminder_step,
    states_of,
    tasks_of,
)
from salon.exhibitor_space.queries.accepted import accepted_with_tasks, get_with_tasks
from salon.exhibitor_space.rules import NothingToRecall, RemindedToday
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import (
    AddedTask,
    ApplicationStatus,
    Exhibitor,
    ExhibitorTerms,
    Reminder,
)
from salon.exhibitors.queries import exhibitors as exhibitor_queries
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, upsert
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local
from salon.platform.words import formats

FROM_HOUR, UNTIL_HOUR = 8, 20
"""Reminders are sent from the first hour to the second, excluded, by the fair's clock."""
REST_DAYS = 2
"""Days after an acceptance, whose message says everything already."""


@dataclass(frozen=True)
class Due:
    """Tasks to remind one exhibitor of today, and the steps that this covers."""

    exhibitor_id: int
    tasks: list[TaskState]
    steps: list[tuple[str, int]]


def post_reminders(now: datetime) -> int:
    """Post the reminders due today; return the number of messages. Idempotent."""
    moment = local(now)
    if not FROM_HOUR <= moment.hour < UNTIL_HOUR:
        return 0
    return sum(_post_reminders_of(edition, moment.date(), now) for edition in confirmed_editions())


def _post_reminders_of(edition: Edition, today: date, now: datetime) -> int:
    terms = exhibitor_queries.find_terms(edition)
    if terms is None or today > edition.days[-1].day_on:
        return 0
    if not (terms.deadlines or terms.live_tasks):
        return 0
    return sum(post_reminder(Act(SYSTEM, now), due) for due in reminders_due(edition, terms, today))


def reminders_due(edition: Edition, terms: ExhibitorTerms, today: date) -> list[Due]:
    """Return the reminders due today, by exhibitor.

    Steps missed while no worker ran are not posted: the latest one replaces them.
    """
    posted, served = _posted_before(edition, today)
    dues, dated = [], dated_tasks(terms)
    for exhibitor in accepted_with_tasks(edition):
        resting = (today - local(exhibitor.status_at).date()).days < REST_DAYS
        if resting or exhibitor.id in served:
            continue
        states = states_of(exhibitor, dated, today)
        due = _due(exhibitor.id, states, posted.get(exhibitor.id, set()))
        if due.tasks:
            dues.append(due)
    return dues


def remind_now(act: FairAct, exhibitor_id: int) -> None:
    """Remind one exhibitor of every open task. Raises RemindedToday, NothingToRecall."""
    terms = exhibitor_queries.terms_of(act.edition)
    today = local(act.now).date()
    exhibitor = get_with_tasks(exhibitor_id, act.edition)
    left = [state for state in tasks_of(exhibitor, terms, today) if state.is_open]
    if not left:
        raise NothingToRecall
    if not post_reminder(act, _all_open_tasks(exhibitor_id, left)):
        raise RemindedToday


def remind_several(act: FairAct, exhibitor_ids: Collection[int]) -> int:
    """Remind each of these exhibitors, not yet reminded today, of every open task.

    Returns the number of messages.
    """
    dated = dated_tasks(exhibitor_queries.terms_of(act.edition))
    today = local(act.now).date()
    dues = []
    for exhibitor in accepted_with_tasks(act.edition):
        left = [state for state in states_of(exhibitor, dated, today) if state.is_open]
        if left and exhibitor.id in exhibitor_ids:
            dues.append(_all_open_tasks(exhibitor.id, left))
    return sum(post_reminder(act, due) for due in dues)


def _all_open_tasks(exhibitor_id: int, left: list[TaskState]) -> Due:
    """Return every open task, whatever its day, with the steps whose day has come."""
    steps = [
        (_subject(state), step) for state in left if (step := reminder_step(state)) is not None
    ]
    return Due(exhibitor_id, left, steps)


def _due(exhibitor_id: int, states: Sequence[TaskState], posted: set[tuple[str, int]]) -> Due:
    """Return the tasks whose latest step was not posted yet."""
    tasks, steps = [], []
    for state in states:
        step = reminder_step(state)
        if step is not None and (_subject(state), step) not in posted:
            tasks.append(state)
            steps.append((_subject(state), step))
    return Due(exhibitor_id, tasks, steps)


def _subject(state: TaskState) -> str:
    return f"task:{state.task.value}"


def day_subject(today: date) -> str:
    """Return the subject of the row that limits an exhibitor to one message a day."""
    return f"day:{today.isoformat()}"


def _posted_before(
    edition: Edition, today: date
) -> tuple[dict[int, set[tuple[str, int]]], set[int]]:
    """Return the steps posted by exhibitor, and the exhibitors already reminded today."""
    rows = current_session().execute(
        select(Reminder.exhibitor_id, Reminder.subject, Reminder.step)
        .join(Exhibitor, Exhibitor.id == Reminder.exhibitor_id)
        .where(Exhibitor.edition_id == edition.id)
    )
    posted: dict[int, set[tuple[str, int]]] = {}
    for exhibitor_id, subject, step in rows:
        posted.setdefault(exhibitor_id, set()).add((subject, step))
    served = {
        exhibitor_id for exhibitor_id, steps in posted.items() if (day_subject(today), 0) in steps
    }
    return posted, served


def post_reminder(act: Act, due: Due) -> bool:
    """Post one message with its steps and its journal entry.

    Returns False when today's was already posted, or when the exhibitor is no longer accepted.
    """
    with act.transaction() as session:
        exhibitor = session.get_one(Exhibitor, due.exhibitor_id, with_for_update=True)
        if exhibitor.status != ApplicationStatus.ACCEPTED:
            return False
        if not claim(session, exhibitor.id, day_subject(local(act.now).date()), 0, act.now):
            return False
        for subject, step in due.steps:
            claim(session, exhibitor.id, subject, step, act.now)
        late = any(state.is_late for state in due.tasks)
        notify_exhibitor(
            session,
            exhibitor,
            "exhibitor_reminder",
            exhibitor_id=exhibitor.id,
            posted_at=act.now.isoformat(),
            late=late,
            tasks=[task_context(state) for state in due.tasks],
        )
        write_entry(
            session,
            act.actor,
            ExhibitorAction.REMINDED,
            f"exhibitor:{exhibitor.id}",
            tasks=[_journaled(state) for state in due.tasks],
        )
    return True


def _journaled(state: TaskState) -> str:
    """Return a task as the journal names it: an added one by its title."""
    return state.task.title if isinstance(state.task, AddedTask) else state.task.value


def claim(session: Session, exhibitor_id: int, subject: str, step: int, now: datetime) -> bool:
    """Insert the reminder; return False if it exists: the unique constraint decides."""
    reminder_id = session.scalar(
        upsert(Reminder)
        .values(exhibitor_id=exhibitor_id, subject=subject, step=step, posted_at=now)
        .on_conflict_do_nothing()
        .returning(Reminder.id)
    )
    return reminder_id is not None


def reset_reminder(session: Session, exhibitor_id: int, posted_at: str) -> None:
    """Make the steps of one reminder, posted at this ISO time, due again."""
    session.execute(
        delete(Reminder).where(
            Reminder.exhibitor_id == exhibitor_id,
            Reminder.posted_at == datetime.fromisoformat(posted_at),
        )
    )


def task_context(state: TaskState) -> dict[str, str]:
    """Return a task as its message shows it."""
    return {
        "label": state.task.label,
        "day": formats.day(state.deadline) if state.deadline else "",
        "late": "oui" if state.is_late else "",
        "note": state.note,
    }
