"""Reminders of tasks, posted once each."""

from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from salon.badges.models import Attendee
from salon.exhibitor_space.rules import (
    NothingToRecall,
    RemindedToday,
)
from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.reminders import post_reminders, remind_now, remind_several
from salon.exhibitors.models import (
    ApplicationStatus,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
    Reminder,
)
from salon.fair.models import Edition, EditionDay
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.outbox import Message
from salon.safety.models import SafetyForm
from tests.badges.people import register_one
from tests.exhibitor_space.records import (
    DEADLINE,
    LAST_TASKS,
    NOW,
    ORGANISER,
    accepted,
    actions,
    at,
    give,
    mails,
)
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in, make_edition, make_places


def done_safely() -> SafetyForm:
    return SafetyForm(completed_at=NOW)


def register_staff(edition: Edition, exhibitor: Exhibitor) -> None:
    """One person of the stand."""
    attendee = register_one()
    with transaction() as session:
        session.execute(
            update(Attendee).where(Attendee.id == attendee.id).values(exhibitor_id=exhibitor.id)
        )


def tasks_in(mail: Message) -> list[str]:
    return [task["label"] for task in mail.context["tasks"]]


@pytest.mark.on_both
def test_one_message_groups_the_tasks_of_an_exhibitor(autumn: Edition) -> None:
    exhibitor = accepted(autumn, email="elise@exposant.example")
    assert post_reminders(at(-14)) == 1
    [mail] = mails("exhibitor_reminder")
    assert mail.recipient == "elise@exposant.example"
    assert tasks_in(mail) == ["Logo", "Contrat signé"]
    assert not mail.context["late"]
    assert mail.about == f"exhibitor:{exhibitor.id}"
    assert actions() == ["exhibitor.reminded"]


@pytest.mark.on_both
def test_each_step_is_posted_once_as_days_go_by(autumn: Edition) -> None:
    accepted(autumn)
    days = {day: post_reminders(at(day)) for day in range(-20, 13)}
    assert [day for day, posted in days.items() if posted] == [-14, -3, 1, 7]
    assert [mail.context["late"] for mail in mails()] == [False, False, True, True]


def test_a_worker_that_runs_all_day_posts_once(autumn: Edition) -> None:
    accepted(autumn)
    assert [post_reminders(at(1, hour)) for hour in range(24)] == [0] * 8 + [1] + [0] * 15


def test_nobody_is_woken_up(autumn: Edition) -> None:
    """A worker started in the evening waits for the morning."""
    accepted(autumn)
    assert [post_reminders(at(-3, hour)) for hour in (20, 22, 23)] == [0, 0, 0]
    assert [post_reminders(at(-2, hour)) for hour in (0, 5, 7, 8)] == [0, 0, 0, 1]


@pytest.mark.on_both
def test_a_worker_that_was_off_posts_the_latest_step_only(autumn: Edition) -> None:
    accepted(autumn)
    assert [post_reminders(at(day)) for day in (5, 6, 7, 8, 9)] == [1, 0, 1, 0, 0]
    current_session().rollback()
    steps = current_session().scalars(
        select(Reminder.step).where(Reminder.subject == "task:logo").order_by(Reminder.id)
    )
    assert list(steps) == [1, 7]


def test_what_is_done_or_sent_is_not_recalled(autumn: Edition, tmp_path: Path) -> None:
    exhibitor = accepted(autumn, logo_file="0" * 32 + ".webp")
    document = give(exhibitor, tmp_path)
    assert post_reminders(at(1)) == 0
    services.answer_document(Act(ORGANISER, NOW), document, 1, DocumentStatus.REFUSED, "Illisible.")
    assert post_reminders(at(2)) == 1
    [mail] = mails("exhibitor_reminder")
    assert mail.context["tasks"][0]["note"] == "Illisible."


@pytest.mark.parametrize(
    "status",
    [status for status in ApplicationStatus if status != ApplicationStatus.ACCEPTED],
)
def test_only_the_accepted_are_recalled(autumn: Edition, status: ApplicationStatus) -> None:
    accepted(autumn, status=status)
    assert post_reminders(at(1)) == 0


def test_reminders_go_on_until_the_last_day_of_the_fair(autumn: Edition) -> None:
    second_day = date(2026, 10, 2)
    with transaction() as session:
        session.add(
            EditionDay(edition_id=autumn.id, day_on=second_day, opens=time(9), closes=time(17))
        )
    accepted(autumn)
    days_after_deadline = (second_day - DEADLINE).days
    assert post_reminders(at(days_after_deadline + 1)) == 0
    assert post_reminders(at(days_after_deadline)) == 1


def test_an_acceptance_is_left_two_days_in_peace(autumn: Edition) -> None:
    make_exhibitor(autumn, status_at=at(-5))
    assert [post_reminders(at(day)) for day in (-5, -4, -3, -2)] == [0, 0, 1, 0]


def test_nothing_is_recalled_after_the_fair_nor_without_terms(app: Flask) -> None:
    assert post_reminders(at(1)) == 0
    make_places()
    edition = make_edition(day=DEADLINE)
    accepted(edition)
    assert post_reminders(at(-3)) == 0
    make_terms(edition, deadlines=LAST_TASKS)
    assert post_reminders(at(-3)) == 1
    assert post_reminders(at(1)) == 0


@pytest.mark.on_both
def test_an_organiser_recalls_now_and_the_worker_does_not_again(autumn: Edition) -> None:
    exhibitor = accepted(autumn)
    remind_now(act_in(get_public_edition(), ORGANISER, at(2)), exhibitor.id)
    with pytest.raises(RemindedToday):
        remind_now(act_in(get_public_edition(), ORGANISER, at(2, 17)), exhibitor.id)
    assert [post_reminders(at(day)) for day in (2, 3, 4)] == [0, 0, 0]
    assert post_reminders(at(7)) == 1


def test_a_recall_before_any_step_leaves_the_steps_to_come(autumn: Edition) -> None:
    exhibitor = accepted(autumn)
    remind_now(act_in(get_public_edition(), ORGANISER, at(-40)), exhibitor.id)
    assert len(mails()) == 1
    assert post_reminders(at(-14)) == 1


@pytest.mark.on_both
def test_nobody_is_recalled_nothing(autumn: Edition, tmp_path: Path) -> None:
    exhibitor = accepted(autumn, logo_file="0" * 32 + ".webp", safety=done_safely())
    register_staff(autumn, exhibitor)
    for kind in (DocumentKind.CONTRACT, DocumentKind.INSURANCE):
        document = give(exhibitor, tmp_path, kind=kind)
        services.answer_document(Act(ORGANISER, NOW), document, 1, DocumentStatus.ACCEPTED, "")
    with pytest.raises(NothingToRecall):
        remind_now(act_in(get_public_edition(), ORGANISER, at(1)), exhibitor.id)
    with pytest.raises(NoResultFound):
        remind_now(act_in(get_public_edition(), ORGANISER, at(1)), exhibitor.id + 1)
    assert mails("exhibitor_reminder") == []


@pytest.mark.on_both
def test_several_are_recalled_at_once_and_nobody_else(autumn: Edition) -> None:
    late, other_exhibitor, left_out = accepted(autumn), accepted(autumn), accepted(autumn)
    remind_now(act_in(get_public_edition(), ORGANISER, at(2)), other_exhibitor.id)
    assert (
        remind_several(
            act_in(get_public_edition(), ORGANISER, at(2)), [late.id, other_exhibitor.id]
        )
        == 1
    )
    assert (
        remind_several(
            act_in(get_public_edition(), ORGANISER, at(2)), [late.id, other_exhibitor.id]
        )
        == 0
    )
    abouts = [mail.about for mail in mails()]
    assert abouts == [f"exhibitor:{other_exhibitor.id}", f"exhibitor:{late.id}"]
    assert f"exhibitor:{left_out.id}" not in abouts
