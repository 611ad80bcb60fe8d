"""Board, coordinator's view, wall and replacement page say the same of the cover of each stand."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.village_day.presenters.day import Board, StandShortage, board_of, partial_cover
from salon.village_day.presenters.wall import wall_of
from salon.village_day.queries.day import Day, read_day
from salon.village_day.rules.day import HERE
from salon.village_day.services import day as services
from salon.village_day.services.standins import ask_stand_in
from tests.factories import act_in
from tests.staffing.make import (
    BODIES,
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)

NAMES = [name for name, _ in BODIES]
HALF_HOUR = timedelta(minutes=30)


def random_village(edition: Edition, rng: random.Random) -> tuple[Village, list[Agent]]:
    """Seven agents who may hold any stand, with one or two shifts each, all published."""
    village = make_village(edition)
    for name in NAMES:
        start = rng.choice([9, 10])
        make_needs(
            village,
            body=name,
            start=(start, 0),
            end=(start + 3, 0),
            minimum=rng.choice([1, 1, 2]),
            theme=rng.random() < 0.3,
        )
    agents = [make_agent(village, body=rng.choice(NAMES), stands=NAMES) for _ in range(7)]
    for agent in agents:
        start = rng.choice([9, 10])
        middle = start + rng.choice([1, 2])
        spans = [((start, 0), (middle, 0)), ((middle, 30), (middle + 1, 30))]
        chosen = spans[: rng.choice([1, 2])]
        put(village, agent, *(village.wanted(rng.choice(NAMES), *span) for span in chosen))
    publish(village)
    return village, agents


def note_what_happens(village: Village, agents: Sequence[Agent], rng: random.Random) -> None:
    """Some arrive, some are absent, some ask for a stand-in, some say nothing."""
    for agent in agents:
        for shift in shifts(agent, ShiftStatus.PUBLISHED):
            event, at = rng.choice(["arrives", "arrives", "absent", "seeks", ""]), shift.starts_at
            try:
                if event == "arrives":
                    services.note_arrival(
                        Act(ORGANISER, at + timedelta(minutes=3)), shift.id, "tap"
                    )
                elif event == "absent":
                    services.note_absence(Act(ORGANISER, at - timedelta(minutes=30)), shift.id)
                elif event == "seeks":
                    before = village.at(8)
                    ask_stand_in(act_in(village.edition, ORGANISER, before), shift, "")
            except RuleBroken:
                continue


def facts_of(short: StandShortage) -> tuple[object, ...]:
    return short.body.id, short.starts_at, short.ends_at, short.missing, tuple(short.themes)


def check_same(whole: Board, part: Board) -> None:
    """Check that a body's coordinator reads the same of a stand as the organiser."""
    states = {view.body.id: (view.state, view.minimum, view.present) for view in whole.stands}
    for view in part.stands:
        assert (view.state, view.minimum, view.present) == states[view.body.id]
    shown = {view.body.id for view in part.stands}
    expected = [facts_of(short) for short in whole.shorts if short.body.id in shown]
    assert [facts_of(short) for short in part.shorts] == expected


def check_wall(board: Board) -> None:
    wall = wall_of(board)
    assert wall["figures"]["short"][0] == str(len(board.shorts))
    assert [stand["word"] for stand in wall["stands"]] == [view.state[1] for view in board.stands]


def check_people(board: Board, now: datetime) -> None:
    """« Tenu » needs as many people there as the stand needs, counted from the rows alone."""
    for view in board.stands:
        present_ids = {
            shift.agent_id
            for shift in board.day.shifts
            if shift.stand_id == view.body.stand_id
            and shift.starts_at <= now < shift.ends_at
            and shift.arrived_at is not None
            and shift.arrived_at <= now
            and shift.absent_at is None
        }
        if view.state[1] == "Tenu":
            assert len(present_ids) >= view.minimum
        if len(present_ids) < view.minimum:
            assert view.state[1].startswith(("Sous le minimum", "Pas encore tenu"))


def check_replacement(day: Day, board: Board, shift: Shift) -> None:
    """Each shortage of the board during the shift is on the page that replaces its agent, and
    whoever the board could send at its first hour can be sent from there too."""
    partial = partial_cover(day, shift, None)
    covered = {
        short.starts_at + count * HALF_HOUR
        for short in partial
        for count in range((short.ends_at - short.starts_at) // HALF_HOUR)
    }
    for short in board.shorts:
        if short.body.stand_id != shift.stand_id:
            continue
        inside = max(short.starts_at, shift.starts_at)
        if inside < min(short.ends_at, shift.ends_at) and shift.ends_at > day.now:
            assert inside in covered
            same_start = [
                other_shortage
                for other_shortage in partial
                if other_shortage.starts_at == short.starts_at
            ]
            for other_shortage in same_start:
                assert [offer.words for offer in other_shortage.offers] == [
                    offer.words for offer in short.offers
                ]


@pytest.mark.parametrize("seed", range(3))
def test_all_pages_of_the_day_say_the_same_of_cover(edition: Edition, seed: int) -> None:
    rng = random.Random(seed)
    village, agents = random_village(edition, rng)
    note_what_happens(village, agents, rng)
    states: set[str] = set()
    for minutes in range(0, 300, 13):
        current_session().rollback()
        now = village.at(8, 40) + timedelta(minutes=minutes)
        day = read_day(village.edition, now)
        whole = board_of(day, None)
        states |= {view.state[1] for view in whole.stands}
        for name in NAMES:
            body_id = village.bodies[name].id
            part = board_of(day, (body_id,))
            planned = {s.stand_id for s in day.shifts if s.agent.body_id == body_id}
            assert planned <= {view.body.stand_id for view in part.stands}
            check_same(whole, part)
            check_wall(part)
        check_wall(whole)
        check_people(whole, now)
        for shift in day.shifts:
            if day.presences[shift.id] not in HERE:
                check_replacement(day, whole, shift)
    assert "Sous le minimum" in states


def test_a_coordinator_is_told_of_the_stands_that_her_own_absent_agents_leave_short(
    edition: Edition,
) -> None:
    village = make_village(edition)
    make_needs(village, body="Hérault THD", start=(9, 0), end=(11, 0))
    agent = make_agent(village, body="SDIS 34", stands=NAMES)
    put(village, agent, village.wanted("Hérault THD", (9, 0), (11, 0)))
    publish(village)
    services.note_absence(
        Act(ORGANISER, village.at(8, 50)), shifts(agent, ShiftStatus.PUBLISHED)[0].id
    )
    board = board_of(read_day(village.edition, village.at(9, 1)), (village.bodies["SDIS 34"].id,))
    assert [short.body.short_name for short in board.shorts] == ["Hérault THD"]
    assert not board.is_calm


def test_expected_is_not_held(edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0))
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)

    def word(minute: int) -> str:
        current_session().rollback()
        board = board_of(read_day(village.edition, village.at(9, minute)), None)
        return next(view.state[1] for view in board.stands if view.minimum)

    assert word(3) == "Pas encore tenu, agents attendus"
    assert word(6) == "Sous le minimum"
    services.note_arrival(
        Act(ORGANISER, village.at(9, 7)), shifts(agent, ShiftStatus.PUBLISHED)[0].id, "tap"
    )
    assert word(8) == "Tenu"
