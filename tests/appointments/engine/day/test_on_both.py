"""An absence against a booking, and an offered time against its expiry, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.engine.slots import Slot
from salon.appointments.models import Appointment, Hold, WaitingEntry
from salon.appointments.queries.rescue import untended_appointments
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.placing import WaitingChoice, add_appointment, find_slot
from salon.appointments.services.rescue import notify_untended_appointments
from salon.appointments.services.waiting import accept_offer, join_waiting, run_waiting_lists
from salon.badges.models import Attendee, HalfDay
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.staffing.models import Agent, ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.engine.made import (
    WORDS,
    booked,
    booking,
    choice_of,
    claims_without_keys,
    saying,
    twice_taken,
    visitor_ids,
    wipe,
)
from tests.appointments.make import PUBLIC, Fair, check_invariants, make_fair
from tests.factories import act_in, new_key
from tests.races import ROUNDS, race
from tests.staffing.make import ORGANISER, shifts

pytestmark = pytest.mark.race

OFFERED_FOR = timedelta(minutes=15)


def noting_absence(agent: Agent, at: datetime) -> Callable[[], str]:
    shift_id = shifts(agent, ShiftStatus.PUBLISHED)[0].id
    return saying(lambda: note_absence(Act(ORGANISER, at), shift_id), "absent")


def test_an_absence_and_a_booking_at_once_leave_nobody_forgotten(
    app: Flask, edition: Edition
) -> None:
    """The booking is refused, or its coordinators are told, once, that nobody can hold it."""
    fair = make_fair(edition, agents={"Département": 1})
    agent, choice = fair.agents["Département"][0], choice_of(fair, fair.at(9))
    (person,) = visitor_ids(fair, 1)
    answers: Counter[str] = Counter()
    for _ in range(ROUNDS):
        calls = [noting_absence(agent, fair.at(8, 50)), booking(fair, person, choice)]
        absent, outcomes = race(app, calls)
        assert absent == "absent"
        answers[outcomes] += 1
        forgotten = untended_appointments(edition, fair.before)
        assert forgotten == booked()
        assert len(forgotten) == (outcomes == "booked")
        assert notify_untended_appointments(fair.before) == len(forgotten)
        assert notify_untended_appointments(fair.before) == 0
        check_invariants(edition)
        wipe()
    assert set(answers) <= {"booked", "SlotNotFree"}


def test_without_looking_again_a_booking_passes_an_absence_already_noted(
    app: Flask, edition: Edition
) -> None:
    """The control: the slot is looked for before the absence, and written after it."""
    fair = make_fair(edition, agents={"Département": 1})
    agent, choice = fair.agents["Département"][0], choice_of(fair, fair.at(9))
    (person,) = visitor_ids(fair, 1)
    slot = find_slot(edition, choice, fair.before)
    assert noting_absence(agent, fair.at(8, 50))() == "absent"
    assert booking(fair, person, choice)() == "SlotNotFree"
    write_down(fair.theme_id(), person, slot, fair.before)
    assert [
        untended_appointment.attendee_id
        for untended_appointment in untended_appointments(edition, fair.before)
    ] == [person]


def write_down(theme_id: int, visitor: int, slot: Slot, now: datetime) -> None:
    with transaction() as session:
        attendee = session.get_one(Attendee, visitor)
        add_appointment(Act(PUBLIC, now), session, attendee, theme_id, slot, WORDS)


def make_offer(fair: Fair, people: list[int]) -> tuple[list[int], datetime]:
    """Two people wait, and the time that the first of `people` gives back is offered to one."""
    now = fair.before
    for chosen_person, at in zip(people, ((9, 0), (9, 50), (10, 40)), strict=False):
        assert booking(fair, chosen_person, choice_of(fair, fair.at(*at)))() == "booked"
    entries = [
        join_waiting(
            act_in(fair.edition, PUBLIC, now),
            WaitingChoice(fair.theme_id(), HalfDay.MORNING, "L’eau"),
            person,
            new_key(),
        ).id
        for person in people[-2:]
    ]
    cancel_appointment(Act(PUBLIC, now), current_session().get_one(Appointment, booked()[0].id))
    return entries, now


def accepting(entry_id: int, at: datetime) -> Callable[[], str]:
    def call() -> Appointment:
        return accept_offer(Act(PUBLIC, at), current_session().get_one(WaitingEntry, entry_id))

    return saying(call, "served")


def test_an_offer_accepted_at_its_end_is_one_persons(app: Flask, edition: Edition) -> None:
    """The first says yes while the worker gives the time to the second, who says yes too."""
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    people = visitor_ids(fair, 5)
    outcomes: Counter[tuple[str, str]] = Counter()
    for _ in range(ROUNDS):
        (first, second), now = make_offer(fair, people)
        late = now + OFFERED_FOR
        answer, _ = race(
            app,
            [
                accepting(first, late - timedelta(seconds=1)),
                lambda late=late: run_waiting_lists(late),
            ],
        )
        answers = race(app, [accepting(first, late), accepting(second, late)])
        outcomes[answer, answers[1]] += 1
        served = [answer, *answers].count("served")
        assert served == 1
        assert (
            len([appointment for appointment in booked() if appointment.starts_at == fair.at(9)])
            == 1
        )
        assert current_session().scalar(select(func.count()).select_from(Hold)) == 0
        check_invariants(edition)
        wipe()
    assert {pair.count("served") for pair in outcomes} == {1}, outcomes


def test_without_keys_nor_lock_an_offered_time_is_two_persons(app: Flask, edition: Edition) -> None:
    """The control: each of the two reads that the time is theirs, then writes it."""
    fair = make_fair(edition, agents={"Département": 1})
    people = visitor_ids(fair, 2)
    claims_without_keys()
    choice, before, theme_id = choice_of(fair, fair.at(9)), fair.before, fair.theme_id()
    slots = race(app, [lambda: find_slot(get_public_edition(), choice, before)] * 2)
    race(
        app,
        [
            lambda chosen_person=person, slot=slot: write_down(
                theme_id, chosen_person, slot, before
            )
            for person, slot in zip(people, slots, strict=True)
        ],
    )
    assert (
        len([appointment for appointment in booked() if appointment.starts_at == fair.at(9)]) == 2
    )
    assert twice_taken("agent")
