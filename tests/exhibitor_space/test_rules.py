"""Tasks, their reminders and what may still be sent: without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from salon.billing.models import Allocation, Payment, PaymentMethod, SalesDocument, SalesKind
from salon.exhibitor_space.engine.lateness import overview
from salon.exhibitor_space.engine.tasks import (
    TaskState,
    TaskStatus,
    days_to_fair,
    next_task,
    reminder_step,
    tasks_of,
)
from salon.exhibitor_space.rules import (
    AlreadyAnswered,
    TooManyDocuments,
    TooMuchSent,
    check_answer,
    check_quota,
)
from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
    ExhibitorTerms,
    OrganisationKind,
    Task,
)
from salon.platform.words.errors import ReasonMissing
from salon.safety.models import SafetyForm

DEADLINE = date(2021, 9, 17)
TERMS = ExhibitorTerms(
    deadlines={task.value: DEADLINE.isoformat() for task in Task},
    regulations=[{"title": "Montage", "text": "La veille."}],
)
NOW = datetime(2021, 9, 1, 10, tzinfo=UTC)


def exhibitor(**values: Any) -> Exhibitor:
    """Return one with nothing done."""
    defaults = {"presentation": "", "logo_file": "", "area": 9, "kind": OrganisationKind.COMPANY}
    row = Exhibitor(**{**defaults, **values}, name="Éclairage", name_key="eclairage")
    set_committed_value(row, "staff", [])
    return row


def document(
    status: DocumentStatus, number: int, reason: str = "", kind: str = "contract"
) -> Document:
    return Document(id=number, kind=DocumentKind(kind), status=status, reason=reason)


def sale(kind: SalesKind, number: int, gross: str = "1200.00", **values: Any) -> SalesDocument:
    defaults = {
        "engagement_number": "",
        "purchase_order": "",
        "cancels_id": None,
        "due_on": None,
        "issued_on": date(2021, 9, 6),
    }
    return SalesDocument(id=number, kind=kind, gross=Decimal(gross), **{**defaults, **values})


def paid(amount: str, cancelled: bool = False) -> Allocation:
    payment = Payment(
        amount=Decimal(amount),
        method=PaymentMethod.TRANSFER,
        received_on=DEADLINE,
        cancelled_at=NOW if cancelled else None,
    )
    return Allocation(amount=payment.amount, payment=payment)


def state_of(candidate: Exhibitor, task: Task, today: date = DEADLINE) -> TaskState:
    return next(state for state in tasks_of(candidate, TERMS, today) if state.task == task)


def test_who_is_accepted_late_has_a_week_for_everything() -> None:
    accepted_at = datetime(2021, 9, 20, 10, tzinfo=UTC)
    last_day = date(2021, 9, 27)
    assert accepted_at.date() > DEADLINE
    accepted = exhibitor(status=ApplicationStatus.ACCEPTED, status_at=accepted_at)
    for today in (accepted_at.date(), last_day):
        for state in tasks_of(accepted, TERMS, today):
            assert (state.deadline, state.is_late) == (last_day, False)
    assert state_of(accepted, Task.CONTRACT, last_day + timedelta(days=1)).is_late


def test_who_is_accepted_early_has_until_the_day_that_was_set() -> None:
    accepted = exhibitor(status=ApplicationStatus.ACCEPTED, status_at=NOW)
    assert {state.deadline for state in tasks_of(accepted, TERMS, NOW.date())} == {DEADLINE}


def test_an_agreement_given_online_closes_the_contract() -> None:
    agreed = exhibitor(sales=[sale(SalesKind.QUOTE, 1), sale(SalesKind.ORDER, 2)])
    state = state_of(agreed, Task.CONTRACT)
    assert (state.status, state.note) == (
        TaskStatus.DONE,
        "Accord enregistré le lundi 6\u00a0septembre 2021.",
    )


def test_a_new_exhibitor_has_everything_to_do() -> None:
    states = tasks_of(exhibitor(entered_by="Claire Organise"), TERMS, DEADLINE)
    assert [state.task for state in states] == list(Task)
    assert {state.status for state in states if state.task != Task.INVOICE} == {TaskStatus.TO_DO}


def test_the_regulations_are_agreed_to_online_or_in_the_space() -> None:
    online = exhibitor(accepted_regulations_on=DEADLINE)
    assert state_of(online, Task.REGULATIONS).status == TaskStatus.DONE
    of_before = [state.task for state in tasks_of(exhibitor(), TERMS, DEADLINE)]
    assert of_before == [task for task in Task if task != Task.REGULATIONS]


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ({"presentation": "Nous éclairons."}, Task.PROFILE),
        ({"logo_file": "a.webp"}, Task.LOGO),
        ({"safety": SafetyForm(completed_at=NOW)}, Task.SAFETY),
    ],
)
def test_what_is_there_is_done(values: dict[str, Any], task: Task) -> None:
    assert state_of(exhibitor(**values), task).status == TaskStatus.DONE


def test_a_safety_form_begun_is_not_done() -> None:
    assert state_of(exhibitor(safety=SafetyForm()), Task.SAFETY).status == TaskStatus.TO_DO


def test_a_blank_presentation_is_none() -> None:
    assert state_of(exhibitor(presentation=" \n"), Task.PROFILE).status == TaskStatus.TO_DO


def test_a_pavilion_has_no_stand_to_make_safe() -> None:
    tasks = [state.task for state in tasks_of(exhibitor(area=0), TERMS, DEADLINE)]
    assert Task.SAFETY not in tasks


def test_one_person_named_is_a_team() -> None:
    other_exhibitor = exhibitor()
    set_committed_value(other_exhibitor, "staff", [object()])
    assert state_of(other_exhibitor, Task.STAFF).status == TaskStatus.DONE


WAITING, ACCEPTED, REFUSED = DocumentStatus


@pytest.mark.parametrize(
    ("sent", "status", "note"),
    [
        ([], TaskStatus.TO_DO, ""),
        ([WAITING], TaskStatus.SENT, ""),
        ([ACCEPTED], TaskStatus.DONE, ""),
        ([REFUSED], TaskStatus.TO_REDO, "illisible"),
        ([REFUSED, WAITING], TaskStatus.SENT, ""),
        ([REFUSED, ACCEPTED], TaskStatus.DONE, ""),
        ([ACCEPTED, REFUSED], TaskStatus.DONE, ""),
        ([ACCEPTED, WAITING], TaskStatus.DONE, ""),
    ],
)
def test_a_paper_is_what_became_of_the_last_one_sent(
    sent: list[DocumentStatus], status: TaskStatus, note: str
) -> None:
    reason = "illisible"
    documents = [document(item, number, reason) for number, item in enumerate(sent)]
    state = state_of(exhibitor(documents=documents[::-1]), Task.CONTRACT)
    assert (state.status, state.note) == (status, note)


def test_another_paper_does_not_count() -> None:
    other_exhibitor = exhibitor(documents=[document(ACCEPTED, 1, kind="other")])
    assert state_of(other_exhibitor, Task.INSURANCE).status == TaskStatus.TO_DO


@pytest.mark.parametrize(
    ("sales", "status"),
    [
        ([], TaskStatus.NOT_YET),
        ([sale(SalesKind.QUOTE, 1)], TaskStatus.TO_DO),
        ([sale(SalesKind.QUOTE, 1), sale(SalesKind.ORDER, 2)], TaskStatus.NOT_YET),
        ([sale(SalesKind.INVOICE, 1)], TaskStatus.TO_DO),
        ([sale(SalesKind.INVOICE, 1, allocations=[paid("1199.99")])], TaskStatus.TO_DO),
        ([sale(SalesKind.INVOICE, 1, allocations=[paid("1200.00")])], TaskStatus.DONE),
        ([sale(SalesKind.INVOICE, 1, allocations=[paid("700"), paid("500")])], TaskStatus.DONE),
        (
            [sale(SalesKind.INVOICE, 1, allocations=[paid("1200", cancelled=True)])],
            TaskStatus.TO_DO,
        ),
        (
            [sale(SalesKind.INVOICE, 1), sale(SalesKind.CREDIT_NOTE, 2, cancels_id=1)],
            TaskStatus.NOT_YET,
        ),
        (
            [
                sale(SalesKind.INVOICE, 1, allocations=[paid("1200")]),
                sale(SalesKind.INVOICE, 2, "60.00"),
            ],
            TaskStatus.TO_DO,
        ),
    ],
)
def test_money_is_done_when_every_live_invoice_is_covered(
    sales: list[SalesDocument], status: TaskStatus
) -> None:
    assert state_of(exhibitor(sales=sales), Task.INVOICE).status == status


@pytest.mark.parametrize("kind", OrganisationKind)
def test_a_quote_that_replaces_an_agreed_one_waits_for_an_agreement(kind: OrganisationKind) -> None:
    """No invoice can be issued until then."""
    agreed = [
        sale(SalesKind.QUOTE, 1),
        sale(SalesKind.ORDER, 2, from_id=1, engagement_number="ENG-2021-44"),
    ]
    replaced = exhibitor(kind=kind, sales=[*agreed, sale(SalesKind.QUOTE, 3)])
    state = state_of(replaced, Task.INVOICE)
    assert (state.status, state.note) == (TaskStatus.TO_DO, "Votre devis attend votre accord.")
    again = [*replaced.sales, sale(SalesKind.ORDER, 4, from_id=3, engagement_number="ENG-2021-44")]
    state = state_of(exhibitor(kind=kind, sales=again), Task.INVOICE)
    assert "attend votre accord" not in state.note


def test_a_public_body_is_in_order_with_its_engagement_number() -> None:
    town = {"kind": OrganisationKind.PUBLIC_BODY}
    assert state_of(exhibitor(**town), Task.INVOICE).status == TaskStatus.TO_DO
    for reference in ({"engagement_number": "ENG-2021-44"}, {"purchase_order": "BC 12"}):
        order = sale(SalesKind.ORDER, 1, **reference)
        state = state_of(exhibitor(**town, sales=[order]), Task.INVOICE)
        assert state.status == TaskStatus.DONE
        assert "service fait" in state.note
    bare = exhibitor(**town, sales=[sale(SalesKind.ORDER, 1)])
    assert state_of(bare, Task.INVOICE).status == TaskStatus.TO_DO


def test_an_invoice_is_awaited_on_its_own_day() -> None:
    due = DEADLINE + timedelta(days=20)
    state = state_of(exhibitor(sales=[sale(SalesKind.INVOICE, 1, due_on=due)]), Task.INVOICE)
    assert state.deadline == due


@pytest.mark.parametrize(
    ("days", "status"), [(-1, TaskStatus.TO_DO), (0, TaskStatus.TO_DO), (1, TaskStatus.LATE)]
)
def test_the_day_itself_is_in_time(days: int, status: TaskStatus) -> None:
    state = state_of(exhibitor(), Task.LOGO, DEADLINE + timedelta(days=days))
    assert (state.status, state.is_late) == (status, status == TaskStatus.LATE)


def test_what_waits_for_the_organiser_is_not_late() -> None:
    late = DEADLINE + timedelta(days=9)
    sent = state_of(exhibitor(documents=[document(WAITING, 1)]), Task.CONTRACT, late)
    assert not sent.is_late
    to_redo = state_of(exhibitor(documents=[document(REFUSED, 1)]), Task.CONTRACT, late)
    assert to_redo.is_late


def test_a_task_without_a_day_is_never_late() -> None:
    [profile, *_] = tasks_of(exhibitor(), ExhibitorTerms(deadlines={}), DEADLINE)
    assert (profile.status, profile.days_left) == (TaskStatus.TO_DO, None)
    assert reminder_step(profile) is None


def test_the_next_task_is_the_refused_one_then_the_soonest() -> None:
    soon = {**TERMS.deadlines, "staff": "2021-09-01"}
    terms = ExhibitorTerms(deadlines=soon)
    task_state = next_task(tasks_of(exhibitor(), terms, DEADLINE))
    assert task_state is not None
    assert task_state.task == Task.STAFF
    refused = exhibitor(documents=[document(REFUSED, 1)])
    following_task = next_task(tasks_of(refused, terms, DEADLINE))
    assert following_task is not None
    assert following_task.task == Task.CONTRACT
    assert next_task([]) is None


@pytest.mark.parametrize(
    ("days", "step"),
    [(-30, None), (-15, None), (-14, -14), (-13, -14), (-4, -14), (-3, -3), (0, -3), (1, 1),
     (6, 1), (7, 7), (90, 7)],
)  # fmt: skip
def test_the_latest_step_is_the_one_that_speaks(days: int, step: int | None) -> None:
    state = state_of(exhibitor(), Task.LOGO, DEADLINE + timedelta(days=days))
    assert reminder_step(state) == step


def test_nothing_is_recalled_once_done_or_sent() -> None:
    done = state_of(exhibitor(logo_file="a.webp"), Task.LOGO, DEADLINE + timedelta(days=1))
    assert reminder_step(done) is None
    assert (
        reminder_step(state_of(exhibitor(documents=[document(WAITING, 1)]), Task.CONTRACT)) is None
    )


def test_an_invoice_that_is_late_has_reminders_of_its_own() -> None:
    """Before its day it is recalled with the rest; after, the invoice's own reminders go out."""
    waiting = exhibitor(sales=[sale(SalesKind.INVOICE, 1)])
    steps = {
        days: reminder_step(state_of(waiting, Task.INVOICE, DEADLINE + timedelta(days=days)))
        for days in (-3, 1, 7)
    }
    assert steps == {-3: -3, 1: None, 7: None}
    quoted = state_of(
        exhibitor(sales=[sale(SalesKind.QUOTE, 1)]), Task.INVOICE, DEADLINE + timedelta(days=1)
    )
    assert reminder_step(quoted) == 1


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 9, 1), 30), (date(2026, 9, 30), 1), (date(2026, 10, 1), 0), (date(2026, 10, 2), 0),
     (date(2026, 10, 3), -1)],
)  # fmt: skip
def test_days_are_counted_to_the_fair_and_from_its_end(day: date, left: int) -> None:
    assert days_to_fair([date(2026, 10, 1), date(2026, 10, 2)], day) == left


def test_the_evening_of_the_first_day_leads_to_the_second() -> None:
    days = [date(2026, 10, 1), date(2026, 10, 2)]
    assert days_to_fair(days, days[0], closed=True) == 1
    assert days_to_fair(days, days[1], closed=True) == 0, "it was today"


def test_the_overview_puts_the_latest_first() -> None:
    first_exhibitor, other_exhibitor = exhibitor(), exhibitor(presentation="x", logo_file="y")
    late = DEADLINE + timedelta(days=1)
    summary = overview([other_exhibitor, first_exhibitor], TERMS, late)
    assert [row.exhibitor for row in summary.rows] == [first_exhibitor, other_exhibitor]
    assert (summary.total, summary.late_exhibitors, summary.late) == (2, 2, 10)
    assert summary.ready == 0, "the other has done two tasks of all"
    assert summary.late_by_task[Task.LOGO] == 1
    assert [
        row.exhibitor
        for row in overview([first_exhibitor, other_exhibitor], TERMS, late, "logo").rows
    ] == [first_exhibitor]
    assert overview([first_exhibitor], TERMS, DEADLINE).rows == []
    assert len(overview([first_exhibitor], TERMS, DEADLINE, show="open").rows) == 1
    assert overview([first_exhibitor], TERMS, DEADLINE, show="sent").rows == []
    assert len(overview([first_exhibitor], TERMS, DEADLINE, show="all").rows) == 1


@pytest.mark.parametrize(
    ("files", "size", "adding", "error"),
    [
        (39, 0, 10, None),
        (40, 0, 10, TooManyDocuments),
        (1, 90, 10, None),
        (1, 90, 11, TooMuchSent),
    ],
)
def test_the_quota_counts_files_and_bytes(
    files: int, size: int, adding: int, error: type[Exception] | None
) -> None:
    if error is None:
        check_quota(files, size, adding, 40, 100)
    else:
        with pytest.raises(error) as refusal:
            check_quota(files, size, adding, 40, 100)
        assert refusal.value.status == 400  # type: ignore[attr-defined]


def test_a_refusal_is_explained_and_given_once() -> None:
    check_answer(WAITING, ACCEPTED, "")
    check_answer(ACCEPTED, REFUSED, "Elle est périmée.")
    with pytest.raises(ReasonMissing):
        check_answer(WAITING, REFUSED, "  ")
    with pytest.raises(AlreadyAnswered):
        check_answer(ACCEPTED, ACCEPTED, "")
