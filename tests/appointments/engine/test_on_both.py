"""Several want the same minutes at the same moment, on SQLite and PostgreSQL."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import Appointment, AppointmentStatus, Hold, WaitingEntry
from salon.appointments.queries.rescue import read_rescue, untended_appointments
from salon.appointments.services.booking import (
    cancel_appointment,
    hold_slot,
    move_appointment,
    release_hold,
)
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.rescue import apply_rescue
from salon.appointments.services.waiting import accept_offer, join_waiting, run_waiting_lists
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.staffing.models import ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.engine.made import (
    answers_too,
    booked,
    booking,
    choice_of,
    holding,
    saying,
    visitor_ids,
    wipe,
)
from tests.appointments.make import PUBLIC, book, check_invariants, make_fair
from tests.factories import act_in, new_key
from tests.races import ROUNDS, race
from tests.staffing.make import ORGANISER, shifts

pytestmark = pytest.mark.race

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("clients", [2, 20])
def test_of_many_on_one_slot_one_wins(app: Flask, edition: Edition, clients: int) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    people, choice = visitor_ids(fair, clients), choice_of(fair, fair.at(9))
    for _ in range(ROUNDS):
        answers = race(app, [booking(fair, person, choice) for person in people])
        assert Counter(answers) == {"booked": 1, "SlotNotFree": clients - 1}
        check_invariants(edition)
        wipe()


@pytest.mark.parametrize("clients", [20])
def test_of_two_durations_that_overlap_one_wins(app: Flask, edition: Edition, clients: int) -> None:
    """Twenty minutes on one theme, forty-five on another, the same agent."""
    fair = make_fair(edition, agents={"Département": 1})
    answers_too(fair, fair.agents["Département"][0], "SDIS 34", 45)
    short, long = choice_of(fair, fair.at(9, 15)), choice_of(fair, fair.at(9, 30), "SDIS 34")
    people = visitor_ids(fair, clients)
    for _ in range(ROUNDS):
        choices = (short, long) * (clients // 2)
        answers = race(
            app,
            [booking(fair, person, choice) for person, choice in zip(people, choices, strict=True)],
        )
        assert Counter(answers) == {"booked": 1, "SlotNotFree": clients - 1}
        check_invariants(edition)
        wipe()


@pytest.mark.parametrize("clients", [20])
def test_with_any_agent_as_many_win_as_there_are_agents(
    app: Flask, edition: Edition, clients: int
) -> None:
    fair = make_fair(edition, agents={"Département": 3})
    people, choice = visitor_ids(fair, clients), choice_of(fair, fair.at(9))
    for _ in range(ROUNDS):
        answers = race(app, [booking(fair, person, choice) for person in people])
        assert Counter(answers) == {"booked": 3, "SlotNotFree": clients - 3}
        assert len({appointment.agent_id for appointment in booked()}) == 3
        check_invariants(edition)
        wipe()


def test_the_minimum_of_the_stand_stays_free(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 3}, kept_free=2)
    people, choice = visitor_ids(fair, 4), choice_of(fair, fair.at(9))
    for _ in range(ROUNDS):
        answers = race(app, [booking(fair, person, choice) for person in people])
        assert Counter(answers) == {"booked": 1, "SlotNotFree": 3}
        wipe()


def test_a_visitor_who_takes_two_stands_at_once_has_one(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    (person,) = visitor_ids(fair, 1)
    first_choice, other_choice = (
        choice_of(fair, fair.at(9)),
        choice_of(fair, fair.at(9, 10), "SDIS 34"),
    )
    for _ in range(ROUNDS):
        answers = race(
            app, [booking(fair, person, first_choice), booking(fair, person, other_choice)]
        )
        assert Counter(answers) == {"booked": 1, "VisitorElsewhere": 1}
        check_invariants(edition)
        wipe()


def test_a_time_given_back_is_taken_once(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    first, *people = visitor_ids(fair, 3)
    choice = choice_of(fair, fair.at(9))
    for _ in range(ROUNDS):
        assert booking(fair, first, choice)() == "booked"
        former, now = booked()[0].id, fair.before
        cancelling = saying(
            lambda former=former, now=now: cancel_appointment(
                Act(PUBLIC, now), current_session().get_one(Appointment, former)
            ),
            "cancelled",
        )
        answers = race(app, [cancelling, *(booking(fair, person, choice) for person in people)])
        count = Counter(answers)
        assert count["cancelled"] == 1
        assert count["booked"] <= 1
        assert count["booked"] + count["SlotNotFree"] == 2
        assert len(booked()) == count["booked"]
        check_invariants(edition)
        wipe()


def test_of_two_who_choose_a_time_one_keeps_it(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    calls = [holding(fair, choice_of(fair, fair.at(9, minute))) for minute in (0, 15)]
    for _ in range(ROUNDS):
        assert Counter(race(app, calls)) == {"held": 1, "SlotNotFree": 1}
        assert current_session().scalar(select(func.count()).select_from(Hold)) == 1
        wipe()


def test_a_choice_is_confirmed_once(app: Flask, edition: Edition) -> None:
    """By two people who have its link, by one who sends the form twice, while it is given back."""
    fair = make_fair(edition, agents={"Département": 1})
    first_number, other_number = visitor_ids(fair, 2)
    choice, key = choice_of(fair, fair.at(9)), new_key()
    for _ in range(ROUNDS):
        token = hold_slot(act_in(edition, PUBLIC, fair.before), choice).token
        calls = [booking(fair, person, choice, token) for person in (first_number, other_number)]
        assert Counter(race(app, calls)) == {"booked": 1, "SlotNotFree": 1}
        wipe()
        token, key = hold_slot(act_in(edition, PUBLIC, fair.before), choice).token, new_key()
        giving_back = saying(lambda token=token: release_hold(token), "given back")
        calls = [booking(fair, first_number, choice, token, key)] * 2
        assert Counter(race(app, [*calls, giving_back])) == {"booked": 2, "given back": 1}
        assert len(booked()) == 1
        check_invariants(edition)
        wipe()


def test_who_moves_and_who_books_do_not_both_have_the_time(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    mover, person = visitor_ids(fair, 2)
    choice, target = choice_of(fair, fair.at(9)), choice_of(fair, fair.at(9, 30))
    for _ in range(ROUNDS):
        assert booking(fair, mover, choice)() == "booked"
        own, now = booked()[0].id, fair.before
        moving = saying(
            lambda own=own, now=now: move_appointment(
                Act(PUBLIC, now), current_session().get_one(Appointment, own), target
            ),
            "moved",
        )
        count = Counter(race(app, [moving, booking(fair, person, target)]))
        assert count["moved"] + count["booked"] == count["SlotNotFree"] == 1
        check_invariants(edition)
        wipe()


def test_two_secretaries_of_a_commune_do_not_pass_its_limit(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 4}, per_commune=2)
    people, choice = visitor_ids(fair, 4), choice_of(fair, fair.at(9))
    for _ in range(ROUNDS):
        answers = race(app, [booking(fair, person, choice) for person in people])
        assert Counter(answers) == {"booked": 2, "LimitReached": 2}
        wipe()


def test_a_visitor_does_not_pass_the_limit_of_a_person(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, per_visitor=1)
    (person,) = visitor_ids(fair, 1)
    choices = [choice_of(fair, fair.at(hour)) for hour in (9, 10, 11)]
    for _ in range(ROUNDS):
        answers = race(app, [booking(fair, person, choice) for choice in choices])
        assert Counter(answers) == {"booked": 1, "LimitReached": 2}
        wipe()


def test_a_rescue_and_a_visitor_who_cancels_wait_for_one_another(
    app: Flask, edition: Edition
) -> None:
    """Neither ends in a deadlock, and the plan that was read is done or refused whole."""
    fair = make_fair(edition, agents={"Département": 2})
    absent_agent = fair.agents["Département"][0]
    people, now = visitor_ids(fair, 3), fair.at(8, 50)
    for _ in range(ROUNDS):
        for hour, person in zip((9, 10, 11), people, strict=True):
            choice = choice_of(fair, fair.at(hour))
            assert booking(
                fair, person, type(choice)(choice.theme_id, choice.starts_at, absent_agent.id)
            )()
        note_absence(Act(ORGANISER, now), shifts(absent_agent, ShiftStatus.PUBLISHED)[0].id)
        stamp, own = read_rescue(edition, now).stamp, booked()[2].id
        calls = [
            saying(
                lambda stamp=stamp: apply_rescue(
                    act_in(get_public_edition(), ORGANISER, now), stamp, None
                ),
                "done",
            ),
            saying(
                lambda own=own: cancel_appointment(
                    Act(PUBLIC, now), current_session().get_one(Appointment, own)
                ),
                "cancelled",
            ),
        ]
        rescued, cancelled = race(app, calls)
        assert cancelled == "cancelled"
        assert rescued in ("done", "PlanChanged")
        assert len(untended_appointments(edition, now)) == (0 if rescued == "done" else 2)
        assert current_session().get_one(Appointment, own).status == AppointmentStatus.CANCELLED
        check_invariants(edition)
        wipe()


def test_what_is_freed_is_offered_once_and_taken_once(app: Flask, edition: Edition) -> None:
    """Two workers, then the same person twice."""
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    people = visitor_ids(fair, 5)
    now = fair.before
    for _ in range(ROUNDS):
        for chosen_person, at in zip(people, ((9, 0), (9, 50), (10, 40)), strict=False):
            assert booking(fair, chosen_person, choice_of(fair, fair.at(*at)))() == "booked"
        taken = [appointment.id for appointment in booked()]
        entries = [
            join_waiting(
                act_in(edition, PUBLIC, now),
                WaitingChoice(fair.theme_id(), HalfDay.MORNING, "L’eau"),
                person,
                new_key(),
            ).id
            for person in people[-2:]
        ]
        cancel_appointment(Act(PUBLIC, now), current_session().get_one(Appointment, taken[0]))
        race(app, [lambda: run_waiting_lists(now + 15 * MINUTE)] * 2)
        holds = list(current_session().scalars(select(Hold.waiting_id)))
        assert holds == [entries[1]]
        accepting = saying(
            lambda second=entries[1], later=now + 16 * MINUTE: accept_offer(
                Act(PUBLIC, later), current_session().get_one(WaitingEntry, second)
            ),
            "served",
        )
        assert Counter(race(app, [accepting] * 2)) == {"served": 1, "NoLongerWaiting": 1}
        check_invariants(edition)
        wipe()


def test_booking_for_a_person_in_two_ways_keeps_the_first(app: Flask, edition: Edition) -> None:
    """The same form sent twice at once is one appointment and one message."""
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    (person,) = visitor_ids(fair, 1)
    key = new_key()
    answers = race(app, [booking(fair, person, choice_of(fair, fair.at(10)), key=key)] * 4)
    assert answers == ["booked"] * 4
    assert [appointment.attendee_id for appointment in booked()] == [
        appointment.attendee_id,
        person,
    ]
