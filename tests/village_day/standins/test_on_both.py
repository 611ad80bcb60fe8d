"""Several say yes at the same moment: one wins each time, on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.words.errors import RuleBroken
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import (
    Agent,
    Exchange,
    ExchangeStatus,
    Shift,
    ShiftStatus,
    StandIn,
    StandInAsk,
    StandInStatus,
)
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.village_day.rules.exchanges import ExchangeIsOver
from salon.village_day.rules.standins import AlreadyTaken, CannotTake
from salon.village_day.services.asking import process_stand_ins
from salon.village_day.services.exchanges import (
    Proposal,
    accept_exchange,
    ask_exchange,
    withdraw_exchange,
)
from salon.village_day.services.standins import take_shift
from tests.factories import act_in
from tests.races import ROUNDS, after_next_commit, race
from tests.staffing.make import ORGANISER, put
from tests.village_day.standins.made import (
    AFTERNOON,
    MORNING,
    as_agent,
    asks_of,
    at,
    fresh,
    give,
    make_team,
    open_for,
    published,
)

Call = Callable[[], str]


def saying_yes(ask: StandInAsk, agent: Agent, now: datetime) -> Call:
    ask_id, actor = ask.id, as_agent(agent)

    def call() -> str:
        try:
            take_shift(Act(actor, now), ask_id)
        except RuleBroken as refusal:
            return type(refusal).__name__
        return actor.display_name

    return call


@pytest.mark.race
def test_several_say_yes_at_once_and_one_has_the_shift(app: Flask, edition: Edition) -> None:
    """Round after round, whoever had it gives it up."""
    village, team = make_team(edition, "Anna A", "Bruno B", "Carla C", "Dario D")
    now = at(village, 9, before=10)
    give(village, team[0], MORNING)
    by_id = {item.id: item for item in team}
    holder = team[0]
    for _ in range(ROUNDS):
        stand_in = open_for(village, published(holder)[0], now)
        calls = [saying_yes(ask, by_id[ask.agent_id], now) for ask in asks_of(stand_in)]
        answers = race(app, calls)
        assert answers.count(AlreadyTaken.__name__) == 2
        (winner,) = (item for item in team if published(item))
        assert winner is not holder
        assert winner.full_name in answers
        assert fresh(stand_in).taken_by_id == winner.id
        holder = winner


@pytest.mark.race
def test_one_agent_says_yes_to_two_at_the_same_hour_and_has_one(
    app: Flask, edition: Edition
) -> None:
    """Round after round, the one who is free is asked for the shifts of the two others."""
    village, team = make_team(edition, "Anna A", "Bruno B", "Carla C")
    now = at(village, 9, before=10)
    give(village, team[0], MORNING)
    give(village, team[1], ((10, 0), (12, 0)))
    for _ in range(ROUNDS):
        (free,) = (item for item in team if not published(item))
        opened = [open_for(village, published(item)[0], now) for item in team if item is not free]
        calls = [
            saying_yes(ask, free, now)
            for stand_in in opened
            for ask in asks_of(stand_in)
            if ask.agent_id == free.id
        ]
        assert sorted(race(app, calls)) == sorted([CannotTake.__name__, free.full_name])
        assert len(published(free)) == 1
        with transaction() as session:
            left = update(StandIn).where(StandIn.status == StandInStatus.OPEN)
            session.execute(left.values(status=StandInStatus.WITHDRAWN))


@pytest.mark.race
def test_control_without_the_lock_two_have_the_shift(app: Flask, edition: Edition) -> None:
    """The race above proves something only if this one shows a double: each looks, then writes."""
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    stand_in_id, edition_id, stand_id = stand_in.id, edition.id, shift.stand_id
    starts_at, ends_at = shift.starts_at, shift.ends_at
    ids = [bruno.id, carla.id]

    def look() -> bool:
        return bool(current_session().get_one(StandIn, stand_in_id).is_open)

    def write(agent_id: int) -> Callable[[], None]:
        def call() -> None:
            with transaction() as session:
                session.execute(
                    insert(Shift).values(
                        edition_id=edition_id,
                        agent_id=agent_id,
                        stand_id=stand_id,
                        starts_at=starts_at,
                        ends_at=ends_at,
                        status=ShiftStatus.PUBLISHED,
                        origin="stand_in",
                        is_locked=False,
                        uid=f"control-{agent_id}",
                        sequence=0,
                        noted_by="",
                    )
                )

        return call

    seen_open = race(app, [look, look])
    race(app, [write(item) for item, is_open in zip(ids, seen_open, strict=True) if is_open])
    assert len(published(bruno)) == len(published(carla)) == 1


@pytest.mark.race
def test_two_workers_ask_each_wave_once(app: Flask, edition: Edition) -> None:
    names = [f"{letter}ya Z{letter}" for letter in "BCDEFGH"]
    village, (anna, *_) = make_team(edition, "Anna A", *names)
    now = at(village, 9, before=10)
    (shift,) = give(village, anna, MORNING)
    stand_in = open_for(village, shift, now)
    stand_in_id = stand_in.id
    for _ in range(ROUNDS):
        with transaction() as session:
            late = StandInAsk.stand_in_id == stand_in_id
            for ask in session.scalars(select(StandInAsk).where(late, StandInAsk.rank > 3)):
                session.delete(ask)
            row = update(StandIn).where(StandIn.id == stand_in_id)
            session.execute(row.values(next_ask_at=now))
        moved = race(app, [lambda: process_stand_ins(now), lambda: process_stand_ins(now)])
        assert sorted(moved) == [0, 1]
        assert len(asks_of(stand_in)) == 6


def test_a_shift_taken_while_another_is_looked_at_is_not_escalated(
    app: Flask, edition: Edition
) -> None:
    """Both requests are due when the worker lists them; the second is taken before its turn."""
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    give(village, anna, MORNING)
    give(village, bruno, AFTERNOON)
    before = at(village, 9, before=10)
    opened = [open_for(village, published(item)[0], before) for item in (anna, bruno)]
    (ask,) = (ask for ask in asks_of(opened[1]) if ask.agent_id == carla.id)
    late = at(village, 13, 45)
    after_next_commit(app, saying_yes(ask, carla, late))
    assert process_stand_ins(late) == 1
    assert fresh(opened[1]).status == StandInStatus.TAKEN
    assert opened[1].escalated_at is None


def answering(act: Callable[..., None], exchange: Exchange, agent: Agent, now: datetime) -> Call:
    exchange_id, actor = exchange.id, as_agent(agent)

    def call() -> str:
        try:
            act(Act(actor, now), current_session().get_one(Exchange, exchange_id))
        except RuleBroken as refusal:
            return type(refusal).__name__
        return str(act.__name__)

    return call


@pytest.mark.race
def test_one_accepts_while_the_other_withdraws(app: Flask, edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    now = at(village, 9, before=10)
    give(village, anna, MORNING)
    give(village, bruno, AFTERNOON)
    for _ in range(ROUNDS):
        own_shift, other_shift = published(anna)[0], published(bruno)[0]
        hour = other_shift.starts_at
        exchange = ask_exchange(
            act_in(edition, as_agent(anna), now), Proposal(own_shift, other_shift)
        )
        calls = [
            answering(accept_exchange, exchange, bruno, now),
            answering(withdraw_exchange, exchange, anna, now),
        ]
        answers = race(app, calls)
        is_done = fresh(exchange).status == ExchangeStatus.ACCEPTED
        winner = accept_exchange if is_done else withdraw_exchange
        assert sorted(answers) == sorted([ExchangeIsOver.__name__, winner.__name__])
        assert (published(anna)[0].starts_at == hour) == is_done


@pytest.mark.race
def test_two_exchanges_over_one_shift_at_once(app: Flask, edition: Edition) -> None:
    village, (anna, bruno, carla) = make_team(edition, "Anna A", "Bruno B", "Carla C")
    now = at(village, 9, before=10)
    give(village, anna, MORNING)
    give(village, bruno, AFTERNOON)
    give(village, carla, ((16, 0), (17, 0)))
    for _ in range(ROUNDS):
        own_shift = published(anna)[0]
        hour = own_shift.starts_at
        offered = [
            (
                ask_exchange(
                    act_in(edition, as_agent(anna), now), Proposal(own_shift, published(value)[0])
                ),
                value,
            )
            for value in (bruno, carla)
        ]
        answers = race(
            app, [answering(accept_exchange, item, other_row, now) for item, other_row in offered]
        )
        assert sorted(answers) == [ExchangeIsOver.__name__, accept_exchange.__name__]
        statuses = {fresh(item).status for item, _ in offered}
        assert statuses == {ExchangeStatus.ACCEPTED, ExchangeStatus.OVERTAKEN}
        assert sum(published(value)[0].starts_at == hour for value in (bruno, carla)) == 1
        assert [len(published(value)) for value in (anna, bruno, carla)] == [1, 1, 1]


@pytest.mark.race
def test_a_publication_and_an_acceptance_at_once(app: Flask, edition: Edition) -> None:
    """Whichever comes first, nothing waits for ever and nobody is at two places."""
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    now = at(village, 9, before=10)

    def publishing() -> str:
        current = get_public_edition()
        try:
            publish_rota(act_in(current, ORGANISER, now), stamp_of(differences(current)), "")
        except RuleBroken as refusal:
            return type(refusal).__name__
        return "published"

    give(village, anna, MORNING)
    give(village, bruno, AFTERNOON)
    for _ in range(ROUNDS):
        own_shift, other_shift = published(anna)[0], published(bruno)[0]
        exchange = ask_exchange(
            act_in(edition, as_agent(anna), now), Proposal(own_shift, other_shift)
        )
        sooner = timedelta(minutes=-30 if own_shift.starts_at.minute else 30)
        put(
            village,
            anna,
            PlannedShift(own_shift.stand_id, own_shift.starts_at + sooner, own_shift.ends_at),
        )
        race(app, [answering(accept_exchange, exchange, bruno, now), publishing])
        assert fresh(exchange).status in (ExchangeStatus.ACCEPTED, ExchangeStatus.OVERTAKEN)
        assert len(published(anna)) == len(published(bruno)) == 1
