"""A stand-in is looked for: asked in waves, found, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.staffing.models import (
    AgentPeriod,
    PeriodKind,
    ShiftOrigin,
    ShiftStatus,
    StandIn,
    StandInStatus,
)
from salon.staffing.queries.rota import find_publication
from salon.village_day.rules import standins as rules
from salon.village_day.rules.replacing import Obstacle
from salon.village_day.services import standins as services
from salon.village_day.services.asking import process_stand_ins
from tests.factories import act_in, make_account, new_key
from tests.staffing.make import ORGANISER, make_agent, publish, put
from tests.village_day.standins.made import (
    AFTERNOON,
    MORNING,
    as_agent,
    asks_of,
    at,
    fresh,
    give,
    hours_of,
    mails,
    make_team,
    names_of,
    open_for,
    published,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.on_both
def test_the_agent_stays_expected_until_the_first_yes(edition: Edition) -> None:
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now, "Malade")
    assert hours_of(anna) == [("09:00", "11:00")]
    assert names_of(stand_in) == ["Bruno", "Carla"]
    assert mails("standin_asked") == [bruno.email, carla.email]
    carlas = asks_of(stand_in)[1]
    services.take_shift(Act(as_agent(carla), now), carlas.id)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        assert hours_of(anna, status) == []
        assert hours_of(carla, status) == [("09:00", "11:00")]
    assert published(carla)[0].origin == ShiftOrigin.STAND_IN
    assert fresh(stand_in).status == StandInStatus.TAKEN
    assert (stand_in.taken_by_id, stand_in.next_ask_at) == (carla.id, None)
    assert mails("standin_taken") == [bruno.email]
    publication = find_publication(edition)
    assert publication is not None
    assert publication.note == "Carla C remplace Anna A, de 9\u00a0h à 11\u00a0h"
    assert mails("rota_changed")[-2:] == sorted([anna.email, carla.email])


def test_the_second_yes_hears_who_took_it_and_ones_own_is_as_one(edition: Edition) -> None:
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    brunos, carlas = asks_of(stand_in)
    services.take_shift(Act(as_agent(bruno), now), brunos.id)
    services.take_shift(Act(as_agent(bruno), now), brunos.id)
    with pytest.raises(rules.AlreadyTaken, match="Bruno B a déjà pris cette vacation"):
        services.take_shift(Act(as_agent(carla), now), carlas.id)
    assert len(published(bruno)) == 1
    assert published(carla) == []


@pytest.mark.on_both
def test_one_open_request_a_shift_and_one_form_gives_one(edition: Edition) -> None:
    village, (anna, _) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    now, key = at(village, 9, before=10), new_key()
    first = services.ask_stand_in(act_in(edition, as_agent(anna), now), shift, "", key)
    assert (
        services.ask_stand_in(act_in(edition, as_agent(anna), now), shift, "", key).id == first.id
    )
    with pytest.raises(rules.AlreadyLooking):
        services.ask_stand_in(act_in(edition, as_agent(anna), now), shift, "", new_key())
    assert current_session().scalar(select(func.count()).select_from(StandIn)) == 1
    services.withdraw_stand_in(act_in(edition, as_agent(anna), now), first)
    assert open_for(village, shift, now).id != first.id


def test_only_a_published_shift_that_has_not_ended_is_given_up(edition: Edition) -> None:
    village, (anna,) = make_team(edition, "Anna A")
    (shift,) = give(village, anna, MORNING)
    with pytest.raises(rules.ShiftIsOver):
        open_for(village, shift, at(village, 11))
    put(village, anna)
    publish(village)
    with pytest.raises(rules.ShiftNotPublished):
        open_for(village, fresh(shift), at(village, 9))


def test_whoever_comes_after_all_thanks_those_who_were_asked(edition: Edition) -> None:
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    brunos, carlas = asks_of(stand_in)
    services.decline_shift(Act(as_agent(bruno), now), brunos.id)
    for _ in range(2):
        services.withdraw_stand_in(act_in(edition, as_agent(anna), now), stand_in)
    assert mails("standin_withdrawn") == [carla.email]
    with pytest.raises(rules.NoLongerLooking):
        services.take_shift(Act(as_agent(carla), now), carlas.id)
    assert hours_of(anna) == [("09:00", "11:00")]


@pytest.mark.on_both
def test_waves_of_three_each_half_hour_once_for_two_workers(edition: Edition) -> None:
    names = [f"{letter}ya Z{letter}" for letter in "BCDEFGHI"]
    village, (anna, *others) = make_team(edition, "Anna A", *names)
    (shift,) = give(village, anna, AFTERNOON)
    now = at(village, 14, before=8)
    stand_in = open_for(village, shift, now)
    assert len(asks_of(stand_in)) == 3
    process_stand_ins(now + timedelta(minutes=29))
    assert len(asks_of(stand_in)) == 3
    assert process_stand_ins(now + timedelta(minutes=30)) == 1
    assert process_stand_ins(now + timedelta(minutes=30)) == 0
    assert names_of(stand_in) == [item.first_name for item in others[:6]]
    # Less than an hour before: all that are left, at once, and those who coordinate are told.
    make_account(role=ORGANISER.role, email="olivia@herault.example", name="Olivia F")
    process_stand_ins(at(village, 13, 1))
    assert len(asks_of(stand_in)) == 8
    assert mails("standin_escalated") == ["olivia@herault.example"]
    process_stand_ins(at(village, 13, 1))
    assert len(mails("standin_escalated")) == 1
    process_stand_ins(at(village, 13, 11))  # nobody is left to ask
    assert len(mails("standin_escalated")) == 2
    for minute in (45, 46, 59):
        process_stand_ins(at(village, 13, minute))
    assert len(mails("standin_escalated")) == 3


@pytest.mark.on_both
def test_when_all_say_no_the_next_are_asked_at_once_then_coordination_is_told(
    edition: Edition,
) -> None:
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    coordinator = make_agent(village, name="Céline Coord", is_coordinator=True, stands=["SDIS 34"])
    (shift,) = give(village, anna, AFTERNOON)
    now = at(village, 14, before=8)
    stand_in = open_for(village, shift, now)
    assert mails("standin_escalated") == []
    for ask, agent in zip(asks_of(stand_in), (bruno, carla), strict=True):
        services.decline_shift(Act(as_agent(agent), now), ask.id)
    assert mails("standin_escalated") == [coordinator.email]
    message = (
        current_session().scalars(select(Message).where(Message.kind == "standin_escalated")).one()
    )
    assert [remedy["who"] for remedy in message.context["remedies"]] == [
        "Bruno B",
        "Carla C",
        "Céline Coord",
    ]
    assert "ce stand n’est pas parmi les siens" in words_of(message)[1]
    process_stand_ins(now + timedelta(hours=2))
    assert len(mails("standin_escalated")) == 1


def test_a_shift_that_ends_ends_its_request(edition: Edition) -> None:
    village, (anna, _) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    stand_in = open_for(village, shift, at(village, 9, before=10))
    process_stand_ins(at(village, 11))
    assert fresh(stand_in).status == StandInStatus.CLOSED
    assert stand_in.closed_by == "la fin de la vacation"


@pytest.mark.on_both
def test_a_shift_that_has_begun_is_taken_from_the_half_hour_going_on(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    with transaction(shift):
        shift.arrived_at = village.at(8, 55)
    now = at(village, 10, 10)
    (ask,) = asks_of(open_for(village, shift, now))
    services.take_shift(Act(as_agent(bruno), now), ask.id)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        assert hours_of(anna, status) == [("09:00", "10:00")]
        assert hours_of(bruno, status) == [("10:00", "11:00")]
    assert published(anna)[0].arrived_at == village.at(8, 55)
    taken = fresh(ask.stand_in)
    assert (taken.starts_at, taken.ends_at) == (village.at(10), village.at(11))


def test_the_mails_of_a_shift_that_has_begun_name_the_hours_taken_over(edition: Edition) -> None:
    village, (anna, bruno, _) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    make_agent(village, name="Chef Chef", email="chef@herault.example", is_coordinator=True)
    (shift,) = give(village, anna, MORNING)
    now = at(village, 10, 10)
    asks = asks_of(open_for(village, shift, now))
    services.take_shift(
        Act(as_agent(bruno), now), next(ask.id for ask in asks if ask.agent_id == bruno.id)
    )
    for kind in ("standin_found", "standin_taken"):
        sent = current_session().scalars(select(Message).where(Message.kind == kind)).all()
        hours = {
            (message.context["shift"]["from"], message.context["shift"]["to"]) for message in sent
        }
        assert hours == {("10\u00a0h", "11\u00a0h")}, kind


@pytest.mark.on_both
def test_who_became_unavailable_meanwhile_is_refused_by_name_of_the_reason(
    edition: Edition,
) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    (ask,) = asks_of(open_for(village, shift, now))
    with transaction() as session:
        session.add(
            AgentPeriod(
                agent_id=bruno.id,
                starts_at=village.at(10),
                ends_at=village.at(12),
                kind=PeriodKind.UNAVAILABLE,
            )
        )
    with pytest.raises(rules.CannotTake) as refusal:
        services.take_shift(Act(as_agent(bruno), now), ask.id)
    assert refusal.value.obstacles == [Obstacle.AWAY]
    assert hours_of(anna) == [("09:00", "11:00")]


def test_those_who_look_for_a_stand_in_themselves_are_not_asked(edition: Edition) -> None:
    village, (anna, bruno, _carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    (morning,) = give(village, anna, MORNING)
    (afternoon,) = give(village, bruno, AFTERNOON)
    now = at(village, 9, before=10)
    assert names_of(open_for(village, afternoon, now)) == ["Carla", "Anna"]
    assert names_of(open_for(village, morning, now)) == ["Carla"]
