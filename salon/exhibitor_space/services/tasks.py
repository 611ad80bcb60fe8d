"""Tasks that the organisers add to those of the exhibitors, and their answers."""

from sqlalchemy.orm import Session

from salon.exhibitor_space import queries, rules
from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitor_space.engine.tasks import answer_of
from salon.exhibitors.models import AddedTask, Exhibitor, ExhibitorTerms, TaskAnswer
from salon.exhibitors.services.lifecycle import refuse_unless_accepted
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.pages.lists.order import put_at, renumber

TASK_FIELDS = ("title", "explanation", "due_on", "stand_category", "expects")


def task_values(task: AddedTask) -> dict[str, object]:
    """Return what a page of settings shows of a task; `place` is from 1."""
    values = {name: getattr(task, name) for name in TASK_FIELDS}
    return {**values, "place": task.rank + 1, "is_withdrawn": task.is_withdrawn}


def add_task(act: FairAct, terms: ExhibitorTerms, values: Values, key: str) -> AddedTask:
    """Ask one more thing of the exhibitors. Idempotent by `key`.

    Raises TaskAfterFair, TooManyTasks.
    """
    with act.transaction(terms) as session:
        if earlier := earlier_row(session, AddedTask, key, {"task": terms.id, **values}):
            return earlier
        rules.check_task_is_before_fair(values["due_on"], act.edition.days[0].day_on)
        rules.check_room_for_task(len(terms.live_tasks))
        task = AddedTask(terms=terms, **{name: values[name] for name in TASK_FIELDS})
        put_at(values["place"], task, terms.live_tasks)
        save_new_row(session, key, task)
        _journal(act, session, SpaceAction.EXHIBITOR_TASK_ADDED, task)
    return task


def change_task(act: FairAct, task: AddedTask, changes: Values, stamp: str) -> None:
    """Change a task and its place. Raises StaleVersion, TaskAfterFair, TaskAnswered."""
    with act.transaction(task.terms, task) as session, session.no_autoflush:
        check_version(stamp, stamp_of(task_values(task)))
        rules.check_task_is_before_fair(changes["due_on"], act.edition.days[0].day_on)
        answers = queries.answering_exhibitors(task.terms).get(task.id, 0)
        rules.check_answers_hold(task.expects, changes["expects"], answers)
        for name in TASK_FIELDS:
            setattr(task, name, changes[name])
        put_at(changes["place"], task, task.terms.live_tasks)
        _journal(act, session, SpaceAction.EXHIBITOR_TASK_CHANGED, task)


def withdraw_task(act: FairAct, task: AddedTask, stamp: str) -> None:
    """Ask a task no longer; the answers stay with it. Raises StaleVersion."""
    with act.transaction(task.terms, task) as session:
        check_version(stamp, stamp_of(task_values(task)))
        task.is_withdrawn = True
        renumber(task.terms.live_tasks)
        _journal(act, session, SpaceAction.EXHIBITOR_TASK_WITHDRAWN, task)


def restore_task(act: FairAct, task: AddedTask, stamp: str) -> None:
    """Ask a withdrawn task again, at the end of the list. Raises StaleVersion, TaskAfterFair,
    TooManyTasks."""
    with act.transaction(task.terms, task) as session:
        check_version(stamp, stamp_of(task_values(task)))
        rules.check_task_is_before_fair(task.due_on, act.edition.days[0].day_on)
        rules.check_room_for_task(len(task.terms.live_tasks))
        put_at(len(task.terms.live_tasks) + 1, task, task.terms.live_tasks)
        task.is_withdrawn = False
        _journal(act, session, SpaceAction.EXHIBITOR_TASK_RESTORED, task)


def answer_values(exhibitor: Exhibitor, task: AddedTask) -> dict[str, object]:
    """Return an exhibitor's answer as its page shows it."""
    answer = answer_of(exhibitor, task)
    return {
        "is_done": answer is not None,
        "text": answer.text if answer else "",
        "answered_at": answer.answered_at if answer else None,
    }


def give_answer(
    act: Act, exhibitor: Exhibitor, task: AddedTask, text: str | None, stamp: str
) -> None:
    """Save the answer of an exhibitor to a task; `text` None takes it back.

    Raises StaleVersion, TaskWithdrawn, NoLongerAccepted.
    """
    with act.transaction(exhibitor, task) as session:
        refuse_unless_accepted(exhibitor)
        rules.check_is_still_asked(task)
        check_version(stamp, stamp_of(answer_values(exhibitor, task)))
        answer = answer_of(exhibitor, task)
        if text is None:
            if answer is not None:
                session.delete(answer)
        else:
            if answer is None:
                answer = TaskAnswer(exhibitor_id=exhibitor.id, task_id=task.id)
            session.add(answer)
            answer.text, answer.answered_at, answer.answered_by = text, act.now, act.actor.key
        session.flush()
        session.expire(exhibitor, ["task_answers"])
        action = (
            SpaceAction.EXHIBITOR_TASK_ANSWERED
            if text is not None
            else SpaceAction.EXHIBITOR_TASK_REOPENED
        )
        write_entry(session, act.actor, action, f"exhibitor:{exhibitor.id}", title=task.title)


def _journal(act: FairAct, session: Session, action: JournalAction, task: AddedTask) -> None:
    write_entry(session, act.actor, action, f"edition:{act.edition.id}", title=task.title)
