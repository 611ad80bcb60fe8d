"""Answers of the exhibitors to one added task."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from salon.exhibitor_space.engine.facts import TaskFacts
from salon.exhibitor_space.engine.tasks import (
    TaskState,
    answer_of,
    concerns,
    documents_for,
    tasks_of,
)
from salon.exhibitors.models import AddedTask, Document, ExhibitorTerms, TaskAnswer


@dataclass(frozen=True)
class AnswerRow:
    """An exhibitor's answer to a task, with the state of the task."""

    exhibitor: TaskFacts
    state: TaskState
    answer: TaskAnswer | None
    documents: Sequence[Document]


def answers_to(
    task: AddedTask, exhibitors: Iterable[TaskFacts], terms: ExhibitorTerms, today: date
) -> list[AnswerRow]:
    """Return a row for each exhibitor that the task concerns, in their order."""
    return [
        AnswerRow(exhibitor, state, answer_of(exhibitor, task), documents_for(exhibitor, task))
        for exhibitor in exhibitors
        if concerns(task, exhibitor)
        for state in tasks_of(exhibitor, terms, today)
        if state.task == task
    ]
