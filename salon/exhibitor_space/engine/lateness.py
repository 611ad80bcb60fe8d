"""Late tasks of the accepted exhibitors: counts, and the rows that pass a filter."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from salon.exhibitor_space.engine.tasks import TaskState, TaskStatus, tasks_of
from salon.exhibitors.models import Exhibitor, ExhibitorTerms


@dataclass(frozen=True)
class LateRow:
    """An exhibitor with the states of its tasks, by value of the task."""

    exhibitor: Exhibitor
    states: dict[str, TaskState]

    @property
    def late(self) -> int:
        return sum(state.is_late for state in self.states.values())


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

    def to_remind(self, written: Container[int]) -> list[Exhibitor]:
        """Return the exhibitors of the rows that have an open task and were not written to."""
        return [
            row.exhibitor
            for row in self.rows
            if row.exhibitor.id not in written
            and any(state.is_open for state in row.states.values())
        ]


def overview(
    exhibitors: Sequence[Exhibitor],
    terms: ExhibitorTerms,
    today: date,
    task: str = "",
    show: str = "",
) -> Overview:
    """Return the rows, most late tasks first, then by name.

    `show`: "" is late, "open", "sent", "all".
    """
    rows = [
        LateRow(exhibitor, {state.task.value: state for state in tasks_of(exhibitor, terms, today)})
        for exhibitor in exhibitors
    ]
    everything = [state for row in rows for state in row.states.values()]
    shown_rows = [row for row in rows if show == "all" or any(_matches(row, task, show))]
    shown_rows.sort(key=lambda row: (-row.late, row.exhibitor.name_key))
    return Overview(
        rows=shown_rows,
        total=len(rows),
        late_exhibitors=sum(row.late > 0 for row in rows),
        late=sum(state.is_late for state in everything),
        sent=sum(state.status == TaskStatus.SENT for state in everything),
        ready=sum(
            all(state.status == TaskStatus.DONE for state in row.states.values()) for row in rows
        ),
        late_by_task=Counter(state.task.value for state in everything if state.is_late),
    )


def _matches(row: LateRow, task: str, show: str) -> Iterable[bool]:
    for state in row.states.values():
        if not task or state.task.value == task:
            if show == "sent":
                yield state.status == TaskStatus.SENT
            else:
                yield state.is_open if show == "open" else state.is_late
