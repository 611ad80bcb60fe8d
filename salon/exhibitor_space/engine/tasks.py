"""Tasks of an accepted exhibitor: the fixed ones, computed from its data, and the added ones."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from salon.billing.engine.ledger import balance_due, credits_of
from salon.billing.models import SalesDocument, SalesKind
from salon.exhibitor_space.engine.facts import TaskFacts
from salon.exhibitors.models import (
    AddedTask,
    AnswerKind,
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    ExhibitorTerms,
    Task,
    TaskAnswer,
)
from salon.platform.settings.clock import local
from salon.platform.words import formats
from salon.platform.words.labels import LabelledEnum

REMINDER_STEPS = (-14, -3, 1, 7)
"""Days from a deadline on which an open task is recalled."""
DAYS_TO_ACT = 7
"""An exhibitor accepted after a deadline, or just before, has that many days all the same."""
AnyTask = Task | AddedTask
DatedTask = tuple[AnyTask, date | None]
PAPERS = {Task.CONTRACT: DocumentKind.CONTRACT, Task.INSURANCE: DocumentKind.INSURANCE}


class TaskStatus(LabelledEnum):
    """TO_REDO, LATE and TO_DO wait for the exhibitor; SENT and NOT_YET for the organiser."""

    TO_REDO = "to_redo", "À refaire"
    LATE = "late", "En retard"
    TO_DO = "to_do", "À faire"
    SENT = "sent", "Envoyé, à vérifier"
    NOT_YET = "not_yet", "Facture à venir"
    DONE = "done", "Fait"

    @property
    def colour(self) -> str:
        return {
            "to_redo": "danger",
            "late": "danger",
            "to_do": "warning",
            "sent": "info",
            "not_yet": "neutral",
            "done": "ok",
        }[self.value]


OPEN = (TaskStatus.TO_REDO, TaskStatus.LATE, TaskStatus.TO_DO)


class TaskState(NamedTuple):
    """A task of one exhibitor on one day. `note` says why it is to redo, or how it is done."""

    task: AnyTask
    status: TaskStatus
    deadline: date | None = None
    days_left: int | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_late(self) -> bool:
        """Return whether its day is over and it is still open; the day itself is in time."""
        return self.is_open and self.days_left is not None and self.days_left < 0


def tasks_of(exhibitor: TaskFacts, terms: ExhibitorTerms, today: date) -> list[TaskState]:
    """Return the tasks that concern the exhibitor, in the order of Task, then the added ones."""
    return states_of(exhibitor, dated_tasks(terms), today)


def dated_tasks(terms: ExhibitorTerms) -> list[DatedTask]:
    """Return every task with the day set for it, in the order of Task, then the added ones."""
    tasks = (*Task, *terms.live_tasks)
    asked = (task for task in tasks if task != Task.REGULATIONS or terms.regulations)
    return [(task, terms.deadline(task)) for task in asked]


def states_of(exhibitor: TaskFacts, dated: Iterable[DatedTask], today: date) -> list[TaskState]:
    """Return the states of those of the tasks that concern the exhibitor, in their order."""
    earliest = _earliest_deadline(exhibitor)
    return [
        _task_of(exhibitor, task, _deadline(set_on, earliest), today)
        for task, set_on in dated
        if concerns(task, exhibitor)
    ]


def concerns(task: AnyTask, exhibitor: TaskFacts) -> bool:
    """Return whether a task is asked of an exhibitor.

    A pavilion has no stand of its own to make safe; whoever applied before there were regulations
    is not asked to agree to them; an added task may be for one stand category. Whom another pays
    for has neither contract to sign nor invoice to pay.
    """
    if task == Task.REGULATIONS:
        return bool(exhibitor.entered_by or exhibitor.accepted_regulations_on)
    if not isinstance(task, AddedTask):
        if task in (Task.CONTRACT, Task.INVOICE):
            return not exhibitor.is_paid_by_another
        return not (task == Task.SAFETY and exhibitor.is_pavilion)
    stand = exhibitor.stand
    return task.stand_category is None or (
        stand is not None and stand.category == task.stand_category
    )


def _earliest_deadline(exhibitor: TaskFacts) -> date | None:
    """Return the day DAYS_TO_ACT days after the acceptance; None before it."""
    if exhibitor.status != ApplicationStatus.ACCEPTED:
        return None
    return local(exhibitor.status_at).date() + timedelta(days=DAYS_TO_ACT)


def _deadline(set_on: date | None, earliest: date | None) -> date | None:
    return set_on if set_on is None or earliest is None else max(set_on, earliest)


def days_to_fair(days: Sequence[date], today: date, closed: bool = False) -> int:
    """Return the days left before the next one of the fair, 0 on it; negative once it is over.
    `closed`: the fair has closed today."""
    left = [(day - today).days for day in days]
    ahead = [count for count in left if count > 0 or (count == 0 and not closed)]
    return ahead[0] if ahead else min(left[-1], 0)


def next_task(states: Sequence[TaskState]) -> TaskState | None:
    """Return the open task to do first: refused documents, then the earliest deadline."""
    open_states = [state for state in states if state.is_open]
    return min(
        open_states,
        key=lambda state: (state.status != TaskStatus.TO_REDO, state.deadline or date.max),
        default=None,
    )


def reminder_step(state: TaskState) -> int | None:
    """Return the latest step whose day has come; None before the first, or if nothing is asked.

    A late invoice has reminders of its own: this one is silent, unless the task has a note.
    """
    if not state.is_open or state.days_left is None:
        return None
    if state.task == Task.INVOICE and state.is_late and not state.note:
        return None
    return max((step for step in REMINDER_STEPS if step <= -state.days_left), default=None)


def _task_of(exhibitor: TaskFacts, task: AnyTask, deadline: date | None, today: date) -> TaskState:
    match task:
        case AddedTask(expects=AnswerKind.DOCUMENT):
            status, note = _paper(documents_for(exhibitor, task))
        case AddedTask():
            status, note = _done(answer_of(exhibitor, task)), ""
        case Task.PROFILE:
            status, note = _done(exhibitor.presentation.strip()), ""
        case Task.REGULATIONS:
            status, note = _done(exhibitor.accepted_regulations_on), ""
        case Task.LOGO:
            status, note = _done(exhibitor.logo_file), ""
        case Task.CONTRACT if (order := agreed_order(exhibitor)) is not None:
            status = TaskStatus.DONE
            note = f"Accord enregistré le {formats.day(order.issued_on)}."
        case Task.CONTRACT | Task.INSURANCE:
            kind = PAPERS[task]
            status, note = _paper([file for file in exhibitor.documents if file.kind == kind])
        case Task.SAFETY:
            status, note = _done(exhibitor.safety and exhibitor.safety.completed_at), ""
        case Task.STAFF:
            status, note = _done(exhibitor.staff), ""
        case Task.INVOICE:
            invoices = live_invoices(exhibitor)
            unpaid = unpaid_invoices(invoices, exhibitor.sales)
            status, note = _money(exhibitor, invoices, unpaid)
            due = [invoice.due_on for invoice in unpaid if invoice.due_on]
            deadline = min(due, default=deadline)
    days_left = (deadline - today).days if deadline else None
    if status == TaskStatus.TO_DO and days_left is not None and days_left < 0:
        status = TaskStatus.LATE
    return TaskState(task, status, deadline, days_left, note)


def _done(is_present: object) -> TaskStatus:
    return TaskStatus.DONE if is_present else TaskStatus.TO_DO


def answer_of(exhibitor: TaskFacts, task: AddedTask) -> TaskAnswer | None:
    """Return what an exhibitor answered to an added task, other than a document."""
    return next((answer for answer in exhibitor.task_answers if answer.task_id == task.id), None)


def documents_for(exhibitor: TaskFacts, task: AddedTask) -> list[Document]:
    """Return the documents sent for an added task."""
    return [document for document in exhibitor.documents if document.task_id == task.id]


def _paper(sent_papers: Sequence[Document]) -> tuple[TaskStatus, str]:
    """Done as soon as one document is accepted; otherwise the state of the last one sent."""
    if not sent_papers:
        return TaskStatus.TO_DO, ""
    if any(document.status == DocumentStatus.ACCEPTED for document in sent_papers):
        return TaskStatus.DONE, ""
    last = max(sent_papers, key=lambda document: document.id)
    if last.status == DocumentStatus.WAITING:
        return TaskStatus.SENT, ""
    return TaskStatus.TO_REDO, last.reason


def _money(
    exhibitor: TaskFacts, invoices: Sequence[SalesDocument], unpaid: Sequence[SalesDocument]
) -> tuple[TaskStatus, str]:
    """Done when paid; for a public body, once it gave its references: it pays after *service fait*.

    Without an invoice, a quote waits for an agreement, also one that replaces an agreed one, and
    nothing else for a payment.
    """
    if invoices and not unpaid:
        return TaskStatus.DONE, ""
    if not invoices and _awaits_agreement(exhibitor.sales):
        return TaskStatus.TO_DO, "Votre devis attend votre accord."
    if exhibitor.is_public_body:
        orders = [
            document
            for document in exhibitor.sales
            if document.kind in (SalesKind.ORDER, SalesKind.INVOICE)
        ]
        if any(document.engagement_number or document.purchase_order for document in orders):
            return TaskStatus.DONE, "En règle : paiement après service fait."
        return TaskStatus.TO_DO, "Donnez votre numéro d’engagement ou votre bon de commande."
    return (TaskStatus.TO_DO if invoices else TaskStatus.NOT_YET), ""


def _awaits_agreement(sales: Sequence[SalesDocument]) -> bool:
    """Return whether the latest quote comes after every order."""
    last = max(
        (document for document in sales if document.kind in (SalesKind.QUOTE, SalesKind.ORDER)),
        key=lambda document: document.id,
        default=None,
    )
    return last is not None and last.kind == SalesKind.QUOTE


def agreed_order(exhibitor: TaskFacts) -> SalesDocument | None:
    """Return the latest order that the exhibitor agreed to."""
    orders = [document for document in exhibitor.sales if document.kind == SalesKind.ORDER]
    return max(orders, key=lambda order: order.id, default=None)


def live_invoices(exhibitor: TaskFacts) -> list[SalesDocument]:
    """Return the invoices that no credit note cancels."""
    cancelled = {
        document.cancels_id for document in exhibitor.sales if document.cancels_id is not None
    }
    return [
        document
        for document in exhibitor.sales
        if document.kind == SalesKind.INVOICE and document.id not in cancelled
    ]


def unpaid_invoices(
    invoices: Iterable[SalesDocument], sales: Sequence[SalesDocument]
) -> list[SalesDocument]:
    """Return those of the live invoices that payments and credit notes do not cover."""
    return [invoice for invoice in invoices if balance_due(invoice, credits_of(invoice, sales)) > 0]
