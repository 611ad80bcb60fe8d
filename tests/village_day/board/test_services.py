"""Arrivals, absences and short cover, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import recent_messages
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn
from salon.staffing.rules.shifts import AgentOfAnotherBody
from salon.village_day.presenters.day import Board, board_of
from salon.village_day.presenters.wall import wall_of
from salon.village_day.queries.day import read_day, shifts_today
from salon.village_day.rules import day as rules
from salon.village_day.rules.reinforcement import NoLongerPossible
from salon.village_day.services import day as services
from salon.village_day.services.day import Reinforcement
from tests.badges.people import all_of
from tests.factories import act_in
from tests.races import race
from tests.staffing.make import (
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)
from tests.statements import statements


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


def published(agent: Agent) -> list[Shift]:
    return shifts(agent, ShiftStatus.PUBLISHED)


def on_stand(
    village: Village, *spans: tuple[tuple[int, int], tuple[int, int]], **person: Any
) -> Agent:
    """Return an agent of the Département with these published shifts on its stand."""
    agent = make_agent(village, **person)
    put(village, agent, *(village.wanted("Département", start, end) for start, end in spans))
    publish(village)
    return agent


def marks(agent: Agent) -> list[tuple[datetime | None, datetime | None]]:
    return [(shift.arrived_at, shift.absent_at) for shift in published(agent)]


def board_at(village: Village, hour: int, minute: int = 0, body: str = "") -> Board:
    current_session().rollback()
    ids = (village.bodies[body].id,) if body else None
    return board_of(read_day(village.edition, village.at(hour, minute)), ids)


@pytest.mark.on_both
def test_the_first_arrival_stays_and_holds_for_what_follows_on(village: Village) -> None:
    agent = on_stand(village, ((9, 0), (10, 0)), ((10, 0), (11, 0)), ((14, 0), (15, 0)))
    first = published(agent)[0]
    services.note_arrival(Act(ORGANISER, village.at(8, 50)), first.id, "tap")
    services.note_arrival(Act(ORGANISER, village.at(9, 10)), first.id, "badge")
    arrived = (village.at(8, 50), None)
    assert marks(agent) == [arrived, arrived, (None, None)]
    written = [entry for entry in all_of(JournalEntry) if entry.action == "shift.arrived"]
    assert [entry.details["how"] for entry in written] == ["tap", "tap"]


@pytest.mark.on_both
def test_who_was_said_absent_comes_after_all_and_marks_are_undone_one_by_one(
    village: Village,
) -> None:
    agent = on_stand(village, ((9, 0), (11, 0)))
    shift = published(agent)[0]
    services.note_absence(Act(ORGANISER, village.at(9, 10)), shift.id)
    services.note_absence(Act(ORGANISER, village.at(9, 20)), shift.id)
    assert marks(agent) == [(None, village.at(9, 10))]
    services.note_arrival(Act(ORGANISER, village.at(9, 30)), shift.id, "tap")
    assert marks(agent) == [(village.at(9, 30), None)]
    services.note_absence(Act(ORGANISER, village.at(10)), shift.id)
    services.undo_mark(Act(ORGANISER, village.at(10, 1)), shift.id)
    assert marks(agent) == [(village.at(9, 30), None)]
    services.undo_mark(Act(ORGANISER, village.at(10, 2)), shift.id)
    assert marks(agent) == [(None, None)]
    with pytest.raises(rules.NothingToUndo):
        services.undo_mark(Act(ORGANISER, village.at(10, 3)), shift.id)


def test_what_is_over_early_not_published_or_unknown_is_refused(
    village: Village,
) -> None:
    agent = on_stand(village, ((9, 0), (11, 0)))
    shift = published(agent)[0]
    for call in (services.note_absence, services.undo_mark):
        with pytest.raises(rules.ShiftIsOver):
            call(Act(ORGANISER, village.at(11)), shift.id)
    with pytest.raises(rules.TooEarlyToArrive):
        services.note_arrival(Act(ORGANISER, village.at(8)), shift.id, "tap")
    draft = shifts(agent)[0]
    with pytest.raises(rules.NoLongerPublished):
        services.note_arrival(Act(ORGANISER, village.at(9)), draft.id, "tap")
    put(village, agent)
    publish(village)
    with pytest.raises(rules.NoLongerPublished):
        services.note_arrival(Act(ORGANISER, village.at(9)), shift.id, "tap")
    with pytest.raises(NoResultFound):
        services.note_arrival(Act(ORGANISER, village.at(9)), 9_999, "tap")


@pytest.mark.on_both
def test_the_board_at_chosen_moments(village: Village) -> None:
    make_needs(village, start=(9, 0), end=(12, 0), minimum=2, theme=True)
    anna = on_stand(village, ((9, 0), (10, 0)), name="Anna Vidal")
    bruno = on_stand(village, ((9, 0), (12, 0)), name="Bruno Cros")
    clara = on_stand(village, ((10, 0), (12, 0)), name="Clara Roux")
    calm = board_at(village, 8, 35)
    assert (calm.present, calm.expected, len(calm.shorts)) == (0, 0, 0)
    services.note_arrival(Act(ORGANISER, village.at(8, 50)), published(anna)[0].id, "tap")
    late = board_at(village, 9, 6)
    assert (late.present, late.expected) == (1, 2)
    assert [item.agent.first_name for item in late.late] == ["Bruno"]
    assert [(shortage.missing, shortage.is_now) for shortage in late.shorts] == [(1, True)]
    services.note_arrival(Act(ORGANISER, village.at(9, 10)), published(bruno)[0].id, "tap")
    all_there = board_at(village, 9, 11)
    assert (all_there.present, all_there.expected, all_there.is_calm) == (2, 2, True)
    services.note_absence(Act(ORGANISER, village.at(9, 12)), published(clara)[0].id)
    warned = board_at(village, 9, 45)
    (short,) = warned.shorts
    assert (short.is_now, short.starts_at, short.ends_at) == (
        False,
        village.at(10),
        village.at(12),
    )
    assert [offer.words for offer in short.offers] == [
        "Prolonger Mme\u00a0Anna Vidal de 60\u00a0min"
    ]
    stand = next(stand for stand in warned.stands if stand.body.short_name == "Département")
    assert [line.word for line in stand.here] == ["Part à 10\u00a0h", "Là jusqu’à 12\u00a0h"]
    assert [line.agent.first_name for line in warned.to_fill] == ["Clara"]
    wall = wall_of(warned)
    assert wall["figures"] == {
        "present": ["2/2", "ok"],
        "late": ["0", "ok"],
        "short": ["1", "danger"],
    }
    assert wall["calls"][0]["title"] == "Département, stand V0"


def test_an_agent_who_seeks_a_stand_in_does_not_count(village: Village) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    agent = on_stand(village, ((9, 0), (11, 0)))
    shift = published(agent)[0]
    with transaction() as session:
        session.add(
            StandIn(shift_id=shift.id, agent_id=agent.id, opened_at=village.at(8), reason="")
        )
    board = board_at(village, 8, 50)
    assert [line.word for line in board.to_fill] == ["Remplacement demandé"]
    assert len(board.shorts) == 1


def test_a_coordinator_sees_the_agents_and_the_stand_of_the_body(village: Village) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    make_needs(village, body="SDIS 34", start=(9, 0), end=(11, 0))
    own_agent = make_agent(village, body="SDIS 34", stands=("SDIS 34", "Hérault THD"))
    other_agent = make_agent(village, stands=("SDIS 34",))
    put(village, own_agent, village.wanted("Hérault THD", (9, 0), (11, 0)))
    put(village, other_agent, village.wanted("SDIS 34", (9, 0), (11, 0)))
    publish(village)
    board = board_at(village, 9, 10, "SDIS 34")
    assert {stand.body.short_name for stand in board.stands} == {"SDIS 34", "Hérault THD"}
    assert {(item.agent.id, item.is_own) for item in board.late} == {
        (own_agent.id, True),
        (other_agent.id, False),
    }
    assert [shortage.body.short_name for shortage in board.shorts] == ["SDIS 34"]
    assert all(
        offer.agent.id == own_agent.id for shortage in board.shorts for offer in shortage.offers
    )


def prepared(village: Village) -> tuple[Agent, Agent, Reinforcement]:
    """Anna is here until 10 h, Bruno does not come at 10 h: Anna can stay an hour longer."""
    make_needs(village, start=(9, 0), end=(11, 0), maximum=1, wished=1)
    anna = on_stand(village, ((9, 0), (10, 0)), name="Anna Vidal")
    bruno = on_stand(village, ((10, 0), (11, 0)), name="Bruno Cros")
    services.note_arrival(Act(ORGANISER, village.at(9)), published(anna)[0].id, "tap")
    services.note_absence(Act(ORGANISER, village.at(9, 30)), published(bruno)[0].id)
    (short,) = board_at(village, 9, 45).shorts
    offer = short.offers[0]
    assert offer.agent.id == anna.id
    reinforcement = Reinforcement(anna.id, offer.stand_id, offer.starts_at, offer.ends_at)
    return anna, bruno, reinforcement


@pytest.mark.on_both
def test_a_remedy_is_done_at_once_in_both_layers_and_the_agent_is_told(village: Village) -> None:
    anna, _, reinforcement = prepared(village)
    for _ in range(2):
        services.reinforce(
            act_in(village.edition, ORGANISER, village.at(9, 46)), reinforcement, "Renfort", None
        )
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        (shift,) = shifts(anna, status)
        assert (shift.starts_at, shift.ends_at) == (village.at(9), village.at(11))
    assert marks(anna) == [(village.at(9), None)]
    assert published(anna)[0].sequence == 1
    current_session().rollback()
    messages = [
        recent_message
        for recent_message in recent_messages(20, anna.email)
        if recent_message.kind == "rota_changed"
    ]
    assert [message.context["note"] for message in messages] == ["Renfort", ""]
    assert not board_at(village, 9, 47).shorts


def test_a_remedy_that_is_no_longer_possible_changes_nothing(village: Village) -> None:
    anna, bruno, reinforcement = prepared(village)
    services.undo_mark(Act(ORGANISER, village.at(9, 46)), published(bruno)[0].id)
    before = [(shift.starts_at, shift.ends_at) for shift in published(anna)]
    with pytest.raises(NoLongerPossible):
        services.reinforce(
            act_in(village.edition, ORGANISER, village.at(9, 47)), reinforcement, "", None
        )
    assert [(shift.starts_at, shift.ends_at) for shift in published(anna)] == before


def test_a_made_up_remedy_is_refused(village: Village) -> None:
    anna, _, reinforcement = prepared(village)
    half = timedelta(minutes=30)
    for forged in (
        Reinforcement(
            anna.id,
            reinforcement.stand_id,
            reinforcement.starts_at - 3 * half,
            reinforcement.ends_at,
        ),
        Reinforcement(
            anna.id, reinforcement.stand_id, reinforcement.starts_at, reinforcement.starts_at
        ),
        Reinforcement(
            anna.id,
            reinforcement.stand_id,
            reinforcement.starts_at + half / 2,
            reinforcement.ends_at,
        ),
        Reinforcement(
            anna.id, reinforcement.stand_id + 99, reinforcement.starts_at, reinforcement.ends_at
        ),
    ):
        with pytest.raises(NoLongerPossible):
            services.reinforce(
                act_in(village.edition, ORGANISER, village.at(9, 46)), forged, "", None
            )
    other_values = (village.bodies["SDIS 34"].id,)
    with pytest.raises(AgentOfAnotherBody):
        services.reinforce(
            act_in(village.edition, ORGANISER, village.at(9, 46)), reinforcement, "", other_values
        )


def sending(reinforcement: Reinforcement, at: datetime) -> Callable[[], str]:
    def call() -> str:
        try:
            services.reinforce(act_in(get_public_edition(), ORGANISER, at), reinforcement, "", None)
        except NoLongerPossible:
            return "refused"
        return "done"

    return call


@pytest.mark.race
def test_of_two_who_send_two_agents_to_one_place_one_wins(app: Flask, village: Village) -> None:
    anna, _, reinforcement = prepared(village)
    clara = make_agent(village, name="Clara Roux")
    other_reinforcement = Reinforcement(
        clara.id, reinforcement.stand_id, reinforcement.starts_at, reinforcement.ends_at
    )
    calls = [sending(value, village.at(9, 46)) for value in (reinforcement, other_reinforcement)]
    assert sorted(race(app, calls)) == ["done", "refused"]
    assert len(published(anna)) + len(published(clara)) in (1, 2)
    current_shifts = [shift for person in (anna, clara) for shift in published(person)]
    assert (
        sum(
            current_shift.starts_at <= reinforcement.starts_at < current_shift.ends_at
            for current_shift in current_shifts
        )
        == 1
    )


@pytest.mark.race
def test_two_taps_at_once_note_one_arrival(app: Flask, village: Village) -> None:
    agent = on_stand(village, ((9, 0), (10, 0)), ((10, 0), (11, 0)))
    shift_id = published(agent)[0].id
    at = village.at(9)

    def tap() -> None:
        services.note_arrival(Act(ORGANISER, at), shift_id, "tap")

    race(app, [tap] * 4)
    assert marks(agent) == [(at, None)] * 2
    assert len([entry for entry in all_of(JournalEntry) if entry.action == "shift.arrived"]) == 2


@pytest.mark.on_both
def test_the_board_asks_as_much_of_the_database_for_many_agents(village: Village) -> None:
    def asked() -> int:
        current_session().rollback()
        with statements() as sent_statements:
            wall_of(board_of(read_day(get_public_edition(), at), None))
        return len(sent_statements)

    at = village.at(9, 30)

    make_needs(village, start=(9, 0), end=(11, 0), theme=True)
    on_stand(village, ((9, 0), (11, 0)))
    few = asked()
    for body in ("Hérault THD", "SDIS 34"):
        make_needs(village, body=body, start=(9, 0), end=(11, 0), minimum=2)
        for _ in range(6):
            agent = make_agent(village, body=body)
            put(village, agent, village.wanted(body, (9, 0), (10, 0)))
    publish(village)
    assert asked() == few


@pytest.mark.on_both
def test_shifts_of_today_are_those_of_the_day_in_paris(village: Village) -> None:
    agent = on_stand(village, ((9, 0), (10, 0)))
    assert len(shifts_today(village.edition, agent.id, village.at(8))) == 1
    assert shifts_today(village.edition, agent.id, village.at(8) - timedelta(days=1)) == []


@pytest.mark.on_both
def test_publishing_again_keeps_who_is_here_while_their_start_stays(village: Village) -> None:
    agent = on_stand(village, ((9, 0), (11, 0)), ((14, 0), (15, 0)))
    services.note_arrival(Act(ORGANISER, village.at(9)), published(agent)[0].id, "tap")
    put(
        village,
        agent,
        village.wanted("Département", (9, 0), (11, 30)),
        village.wanted("Département", (14, 30), (15, 30)),
    )
    publish(village)
    assert marks(agent) == [(village.at(9), None), (None, None)]
    put(village, agent, village.wanted("Département", (9, 30), (11, 30)))
    publish(village)
    assert marks(agent) == [(None, None)]
