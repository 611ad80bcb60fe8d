"""Booked at the stand, for who is there; whose badge is read. On SQLite and PostgreSQL."""

from datetime import date, timedelta

import pytest

from salon.appointments.models import (
    Outcome,
    StepKind,
)
from salon.appointments.queries.appointments import count_live_for
from salon.appointments.queries.counter import counter_slots
from salon.appointments.queries.meetings import (
    meetings_for,
    meetings_of_same_place,
    people_of_same_place,
)
from salon.appointments.rules import booking
from salon.appointments.rules.booking import Limit, LimitsToAccept
from salon.appointments.services.booking import Choice, VisitorQuestion
from salon.appointments.services.counter import book_at_counter
from salon.appointments.services.meeting import (
    Account,
    MeetingPromise,
)
from salon.appointments.services.placing import BookingAttempt
from salon.badges.engine.matching import Affiliation
from salon.fair.models import Edition
from salon.platform.database.act import Act
from tests.appointments.agents.made import AGENT, alone, here
from tests.appointments.make import book, check_invariants, make_fair, make_visitor
from tests.factories import new_key

MINUTE = timedelta(minutes=1)
VISIT = MeetingPromise(StepKind.VISIT, "Le pont du Pioch", "Agnès Roqueblave")
CALL = MeetingPromise(StepKind.CALL, "", "Le secrétariat", date(2100, 1, 1))
ANSWERED = Account(Outcome.ANSWERED, "Tout est dit.")


@pytest.mark.on_both
def test_who_is_there_is_received_at_once(edition: Edition) -> None:
    fair, agent = alone(edition)
    key, visitor = new_key(), make_visitor(edition)
    appointment = here(fair, agent, fair.at(10, 3), visitor, key)
    assert (appointment.starts_at, appointment.arrived_at) == (fair.at(10), fair.at(10, 3))
    check_invariants(edition)
    choice = Choice(fair.theme_id(), fair.at(10), agent.id)
    again = book_at_counter(
        Act(AGENT, fair.at(10, 4)),
        agent,
        choice,
        visitor,
        VisitorQuestion("L’école"),
        BookingAttempt(key),
    )
    assert again.id == appointment.id
    slots = counter_slots(edition, fair.theme_id(), [agent], fair.at(10, 4))
    assert slots[0].slot.starts_at == fair.at(10, 25)
    free = counter_slots(edition, fair.theme_id(), [agent], fair.at(14))
    assert [slot.is_now for slot in free[:2]] == [True, False]


@pytest.mark.on_both
def test_the_limits_of_the_public_are_passed_knowingly(edition: Edition) -> None:
    fair = make_fair(edition, kept_free=1, per_visitor=1, per_commune=1)
    agent, colleague = fair.agents["Département"]
    visitor = make_visitor(edition)
    book(fair, at=fair.at(9), visitor=visitor, agent=agent)
    now = fair.at(9, 2)
    with pytest.raises(LimitsToAccept) as refused:
        here(fair, colleague, now, visitor, acting_agent=agent)
    assert set(refused.value.limits) == set(Limit)
    with pytest.raises(booking.VisitorElsewhere):
        here(fair, colleague, now, visitor, accepted=tuple(Limit), acting_agent=agent)
    other_attendee = make_visitor(edition)
    appointment = here(
        fair,
        colleague,
        now,
        other_attendee,
        accepted=(Limit.PER_COMMUNE, Limit.COVER),
        acting_agent=colleague,
    )
    assert appointment.agent_id == colleague.id
    check_invariants(edition)


def test_an_agent_who_is_taken_cannot_be_booked_whatever_is_accepted(edition: Edition) -> None:
    fair, agent = alone(edition)
    book(fair, at=fair.at(9))
    choice = Choice(fair.theme_id(), fair.at(9, 5), agent.id)
    accepted = tuple(Limit)
    with pytest.raises(booking.SlotNotFree):
        attendee = make_visitor(edition)
        book_at_counter(
            Act(AGENT, fair.at(9, 6)),
            agent,
            choice,
            attendee,
            VisitorQuestion("L’eau"),
            BookingAttempt(new_key(), accepted=accepted),
        )
    past = Choice(fair.theme_id(), fair.at(9), agent.id)
    with pytest.raises(booking.SlotTooSoon):
        attendee = make_visitor(edition)
        book_at_counter(
            Act(AGENT, fair.at(11)),
            agent,
            past,
            attendee,
            VisitorQuestion("L’eau"),
            BookingAttempt(new_key(), accepted=accepted),
        )


@pytest.mark.on_both
def test_another_bodys_agent_is_not_booked_from_the_stand(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    stranger = fair.agents["SDIS 34"][0]
    choice = Choice(fair.theme_id("SDIS 34"), fair.at(10), stranger.id)
    attendee = make_visitor(edition)
    with pytest.raises(booking.NotThisAgent):
        book_at_counter(
            Act(AGENT, fair.before),
            fair.agents["Département"][0],
            choice,
            attendee,
            VisitorQuestion("Le feu"),
            BookingAttempt(new_key()),
        )


@pytest.mark.on_both
def test_a_badge_finds_its_own_appointment_then_that_of_its_commune(edition: Edition) -> None:
    fair, agent = alone(edition)
    mayor, clerk = make_visitor(edition), make_visitor(edition)
    stranger = make_visitor(edition, commune="34032")
    later = book(fair, at=fair.at(15), visitor=mayor)
    sooner = book(fair, at=fair.at(9, 30), visitor=mayor)
    now = fair.at(9, 20)
    assert meetings_for(edition, agent, mayor, now) == ([sooner, later], [])
    assert meetings_for(edition, agent, clerk, now) == ([], [sooner, later])
    assert meetings_for(edition, agent, stranger, now) == ([], [])
    assert meetings_for(edition, agent, mayor, fair.before) == ([], [])
    assert list(meetings_of_same_place(sooner)) == [later]


MONS, BEZIERS = (Affiliation(f"Commune {code}", code) for code in ("34160", "34032"))
MINERVOIS = Affiliation("CC du Minervois au Caroux", epci_siren="200066348")
ORB = Affiliation("CC Grand Orb", epci_siren="200042646")


@pytest.mark.parametrize(
    ("place", "other_place"),
    [(MONS, BEZIERS), (MINERVOIS, ORB), (Affiliation("CAUE 30"), Affiliation("CAUE 34"))],
    ids=["commune", "EPCI", "organisation"],
)
def test_who_comes_for_the_same_place_has_the_same_meetings(
    edition: Edition, place: Affiliation, other_place: Affiliation
) -> None:
    fair, _ = alone(edition)
    first, second, _ = (
        book(fair, at=fair.at(hour), visitor=make_visitor(edition, place=of))
        for hour, of in ((9, place), (10, place), (11, other_place))
    )
    assert list(meetings_of_same_place(first)) == [second]
    assert first.attendee is not None
    assert count_live_for(first.attendee, fair.theme_id()) == 2
    assert count_live_for(first.attendee, fair.theme_id(), without=first.id) == 1
    people, hidden = people_of_same_place(first.attendee)
    assert ([person.id for person in people], hidden) == ([second.attendee_id], 0)
