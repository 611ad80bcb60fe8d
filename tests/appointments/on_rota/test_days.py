"""Appointments and the rota follow a change of days, on both databases."""

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import AgentClaim, AppointmentStatus, VisitorClaim
from salon.fair.models import Edition, EditionDay
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.database.act import Act
from salon.platform.database.consequences import Fate
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, paris
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.agents import remove_agent
from salon.staffing.services.layers import LAYERS
from tests.appointments.make import Fair, book, check_invariants, make_fair, make_visitor
from tests.factories import act_in
from tests.staffing.make import publish, put

pytestmark = pytest.mark.on_both


@pytest.fixture
def fair(app: Flask, edition: Edition) -> Fair:
    return make_fair(edition)


def change(edition: Edition, *days: DayHours) -> dict[tuple[Fate, str], int]:
    changes = {"days": days, "words": ""}
    consequences = services.change_days(
        act_in(edition, SYSTEM), changes, stamp_of(services.days_of(edition))
    )
    current_session().expire_all()
    return {
        (consequence.fate, consequence.label): consequence.count
        for consequence in consequences
        if consequence.count
    }


def claimed() -> set[datetime]:
    """Return the days claimed by agents and visitors."""
    statements = select(AgentClaim.starts_at), select(VisitorClaim.starts_at)
    session = current_session()
    return {local(at).date() for statement in statements for at in session.scalars(statement)}


def test_a_night_that_becomes_too_short_is_named_before_the_days_change(fair: Fair) -> None:
    """Two days that were a week apart follow one another, the first until 22 h."""
    edition, agent = fair.edition, fair.agents["Département"][0]
    first = edition.days[0]
    week_later = first.day_on + timedelta(days=7)
    with transaction() as session:
        session.add(
            EditionDay(edition_id=edition.id, day_on=week_later, opens=time(8), closes=time(20))
        )
    stand_id = fair.village.bodies["Département"].stand_id
    morning = PlannedShift(stand_id, paris(week_later, time(8)), paris(week_later, time(10)))
    put(fair.village, agent, morning)
    publish(fair.village)
    day_after = first.day_on + timedelta(days=1)
    late = DayHours(first.day_on, first.opens, time(22)), DayHours(day_after, time(7), time(20))
    change(edition, late[0], DayHours(week_later, time(8), time(20)))
    put(
        fair.village,
        agent,
        morning,
        PlannedShift(stand_id, paris(first.day_on, time(20)), paris(first.day_on, time(22))),
    )
    publish(fair.village)
    consequences = change(edition, *late)
    assert consequences[Fate.LEFT_TO_DO, "Vacations publiées, temps de travail"] == 1
    assert consequences[Fate.LEFT_TO_DO, "Vacations préparées, temps de travail"] == 1


def test_two_days_move_by_one_without_meeting_each_other(fair: Fair) -> None:
    edition = fair.edition
    first = edition.days[0]
    with transaction() as session:
        session.add(
            EditionDay(
                edition_id=edition.id,
                day_on=first.day_on + timedelta(days=1),
                opens=first.opens,
                closes=first.closes,
            )
        )
    current_session().expire_all()
    booked = book(fair, at=fair.at(10))
    sequence, start = booked.sequence, local(booked.starts_at)
    days = [DayHours(day.day_on + timedelta(days=1), day.opens, day.closes) for day in edition.days]
    consequences = change(edition, *days)
    assert consequences[Fate.MOVED, "Rendez-vous"] == 1
    assert booked.sequence == sequence + 1
    assert local(booked.starts_at) == start + timedelta(days=1)
    assert claimed() == {start.date() + timedelta(days=1)}
    check_invariants(edition)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    current_session().expire_all()
    assert local(booked.starts_at) == start
    assert claimed() == {start.date()}
    check_invariants(edition)


def test_a_first_day_given_up_leaves_the_second_as_it_is(fair: Fair) -> None:
    edition, first = fair.edition, fair.edition.days[0]
    former = DayHours(first.day_on, first.opens, first.closes)
    second = DayHours(first.day_on + timedelta(days=1), first.opens, first.closes)
    change(edition, former, second)
    booked = book(fair, at=fair.at(10))
    consequences = change(edition, second)
    assert consequences[Fate.ASKED, "Rendez-vous hors des heures"] == 1
    assert booked.status == AppointmentStatus.TO_CHOOSE
    check_invariants(edition)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    current_session().expire_all()
    assert [day.day_on for day in edition.days] == [former.day_on, second.day_on]
    assert (booked.status, booked.starts_at) == (AppointmentStatus.BOOKED, fair.at(10))
    check_invariants(edition)


def test_an_afternoon_that_closes_asks_and_is_given_back(fair: Fair) -> None:
    edition, day = fair.edition, fair.edition.days[0]
    booked = book(fair, at=fair.at(15))
    session = current_session()
    published = select(func.count(Shift.id)).where(Shift.status == ShiftStatus.PUBLISHED)
    shifts_before = session.scalar(published)
    consequences = change(edition, DayHours(day.day_on, day.opens, time(12)))
    assert consequences[Fate.ASKED, "Rendez-vous hors des heures"] == 1
    assert consequences[Fate.REMOVED, "Vacations publiées"] > 0
    assert booked.status == AppointmentStatus.TO_CHOOSE
    check_invariants(edition)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    session.expire_all()
    assert (booked.status, booked.starts_at) == (AppointmentStatus.BOOKED, fair.at(15))
    assert session.scalar(published) == shifts_before
    check_invariants(edition)


def test_shifts_of_an_agent_who_left_meanwhile_do_not_come_back(fair: Fair) -> None:
    edition, (agent, *_) = fair.edition, fair.agents["Département"]
    first = edition.days[0]
    change(edition, DayHours(first.day_on, first.opens, time(12)))
    assert shifts_of(edition, ShiftStatus.DRAFT, [agent.id])
    current_session().refresh(agent)
    remove_agent(Act(SYSTEM, fair.before), agent, agent.version, True)
    entry = services.last_change(edition)
    assert entry is not None
    consequences = services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    assert not [shift for layer, _ in LAYERS for shift in shifts_of(edition, layer, [agent.id])]
    names = [
        name
        for consequence in consequences
        if consequence.fate == Fate.LEFT_OUT
        for name in consequence.names
    ]
    assert any(name.startswith(agent.full_name) for name in names)


def test_nobody_is_told_of_a_fair_that_is_over(fair: Fair) -> None:
    edition = fair.edition
    make_visitor(edition)
    past = edition.days[0].day_on - timedelta(days=3_000)
    change(edition, DayHours(past, time(9), time(17)))
    latest = current_session().scalar(select(func.max(Message.id)))
    consequences = change(edition, DayHours(past, time(9), time(18)))
    assert current_session().scalar(select(func.max(Message.id))) == latest
    assert not [label for _, label in consequences if label == "Badges"]
