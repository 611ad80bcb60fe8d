"""The races prove something only if these show the double: the same moments, without the guards."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from salon.appointments.engine.slots import Slot
from salon.appointments.queries.appointments import count_live_for
from salon.appointments.rules.booking import SlotNotFree, VisitorElsewhere
from salon.appointments.services.placing import Choice, add_appointment, find_slot
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from tests.appointments.engine.made import (
    WORDS,
    answers_too,
    booked,
    choice_of,
    claims_without_keys,
    twice_taken,
    visitor_ids,
    wipe,
)
from tests.appointments.make import PUBLIC, Fair, make_fair
from tests.races import ROUNDS, is_deadlock, race

pytestmark = pytest.mark.race


def looking(fair: Fair, choice: Choice) -> Callable[[], Slot]:
    """Find the slot, as booking does, without the lock."""
    now = fair.before
    return lambda: find_slot(get_public_edition(), choice, now)


def writing_down(fair: Fair, visitor: int, theme_id: int, slot: Slot) -> Callable[[], str]:
    """Write the appointment that was found free, without the lock."""
    now = fair.before

    def call() -> str:
        try:
            with transaction() as session:
                attendee = session.get_one(Attendee, visitor)
                add_appointment(Act(PUBLIC, now), session, attendee, theme_id, slot, WORDS)
        except (SlotNotFree, VisitorElsewhere) as refusal:
            return type(refusal).__name__
        except OperationalError as error:
            if not is_deadlock(error):
                raise
            return "deadlock"
        return "booked"

    return call


def book_unguarded(app: Flask, fair: Fair, pairs: list[tuple[int, Choice]]) -> list[str]:
    """All look, then all write: what one saw free is no longer."""
    slots = race(app, [looking(fair, choice) for _, choice in pairs])
    calls = [
        writing_down(fair, visitor, choice.theme_id, slot)
        for (visitor, choice), slot in zip(pairs, slots, strict=True)
    ]
    return race(app, calls)


def test_without_keys_nor_lock_a_slot_is_booked_by_all(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    moment = [(visitor_id, choice_of(fair, fair.at(9))) for visitor_id in visitor_ids(fair, 10)]
    claims_without_keys()
    assert book_unguarded(app, fair, moment) == ["booked"] * 10
    assert len(booked()) == 10
    assert twice_taken("agent") == 5


def test_without_keys_nor_lock_durations_overlap(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    answers_too(fair, fair.agents["Département"][0], "SDIS 34", 45)
    first_number, other_number = visitor_ids(fair, 2)
    claims_without_keys()
    moment = [
        (first_number, choice_of(fair, fair.at(9, 15))),
        (other_number, choice_of(fair, fair.at(9, 30), "SDIS 34")),
    ]
    assert book_unguarded(app, fair, moment) == ["booked"] * 2
    assert twice_taken("agent") == 2


def test_without_keys_nor_lock_a_visitor_is_in_two_places(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    (person,) = visitor_ids(fair, 1)
    claims_without_keys()
    choices = choice_of(fair, fair.at(9)), choice_of(fair, fair.at(9), "SDIS 34")
    cases = [(person, choice) for choice in choices]
    assert book_unguarded(app, fair, cases) == ["booked"] * 2
    assert twice_taken("visitor") == 5


def test_without_the_lock_a_commune_passes_its_limit(app: Flask, edition: Edition) -> None:
    """The keys say nothing of a limit: the lock alone holds it."""
    fair = make_fair(edition, agents={"Département": 2}, per_commune=1)
    first, second = visitor_ids(fair, 2)
    theme_id = fair.theme_id()
    counts = race(
        app,
        [
            lambda chosen_person=person: count_live_for(
                current_session().get_one(Attendee, chosen_person), theme_id
            )
            for person in (first, second)
        ],
    )
    assert counts == [0, 0]
    slots = [
        find_slot(edition, Choice(theme_id, fair.at(9), agent.id), fair.before)
        for agent in fair.agents["Département"]
    ]
    calls = [
        writing_down(fair, person, theme_id, slot)
        for person, slot in zip((first, second), slots, strict=True)
    ]
    assert race(app, calls) == ["booked"] * 2
    assert count_live_for(current_session().get_one(Attendee, first), theme_id) == 2


def test_the_keys_alone_let_one_win(app: Flask, edition: Edition) -> None:
    """Whatever forgets the lock: the database refuses the double, of an agent and of a visitor."""
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    first_number, other_number = visitor_ids(fair, 2)
    first, second = choice_of(fair, fair.at(9)), choice_of(fair, fair.at(9, 10))
    elsewhere = choice_of(fair, fair.at(9, 10), "SDIS 34")
    for _ in range(ROUNDS):
        answers = book_unguarded(app, fair, [(first_number, first), (other_number, second)])
        assert sorted(answers) in (["SlotNotFree", "booked"], ["booked", "deadlock"])
        wipe()
        answers = book_unguarded(app, fair, [(first_number, first), (first_number, elsewhere)])
        assert sorted(answers) in (["VisitorElsewhere", "booked"], ["booked", "deadlock"])
        wipe()
