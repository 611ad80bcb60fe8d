"""Late tasks of the accepted exhibitors: counts, and the rows that pass a filter."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from salon.exhibitor_space.engine.facts import TaskFacts
from salon.exhibitor_space.engine.tasks import TaskState, TaskStatus, dated_tasks, states_of
from salon.exhibitors.models import ExhibitorTerms


@dataclass(frozen=True)
class LateRow:
    """An exhibitor with the states of its tasks, by value of the task; `late` of them are."""

    exhibitor: TaskFacts
    states: dict[str, TaskState]
    late: int


@dataclass(frozen=True)
class Overview:
    """`late` and `sent` count tasks; `late_by_task` exhibitors by value of the task."""

    rows: list[LateRow]
    total: int
    late_exhibitors: int
    late: int
    sent: int
    ready: int
    late_by_task: Counter[str]

    def to_remind(self, reminded_ids: Container[int]) -> list[TaskFacts]:
        """Return the exhibitors of the rows that have an open task and were not written to."""
        return [
            row.exhibitor
            for row in self.rows
            if row.exhibitor.id not in reminded_ids
            and any(state.is_open for state in row.states.values())
        ]


def overview(
    exhibitors: Sequence[TaskFacts],
    terms: ExhibitorTerms,
    today: date,
    task: str = "",
    show: str = "",
) -> Overview:
    """Return the rows, most late tasks first, then by name.

    `show`: "" is late, "open", "sent", "all".
    """
    rows, late_by_task, sent_count, ready_count = [], Counter[str](), 0, 0
    dated = dated_tasks(terms)
    for exhibitor in exhibitors:
        states = {state.task.value: state for state in states_of(exhibitor, dated, today)}
        late = [value for value, state in states.items() if state.is_late]
        statuses = [state.status for state in states.values()]
        late_by_task.update(late)
        sent_count += statuses.count(TaskStatus.SENT)
        ready_count += statuses.count(TaskStatus.DONE) == len(statuses)
        rows.append(LateRow(exhibitor, states, len(late)))
    shown_rows = [row for row in rows if _is_shown(row, task, show)]
    shown_rows.sort(key=lambda row: (-row.late, row.exhibitor.name_key))
    return Overview(
        rows=shown_rows,
        total=len(rows),
        late_exhibitors=sum(row.late > 0 for row in rows),
        late=late_by_task.total(),
        sent=sent_count,
        ready=ready_count,
        late_by_task=late_by_task,
    )


def _is_shown(row: LateRow, task: str, show: str) -> bool:
    if show == "all":
        return True
    if show == "" and not task:
        return row.late > 0
    states = [state for value, state in row.states.items() if not task or value == task]
    if show == "sent":
        return any(state.status == TaskStatus.SENT for state in states)
    return any(state.is_open if show == "open" else state.is_late for state in states)
