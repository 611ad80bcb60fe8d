"""Two coordinators put one agent on two stands at the same moment, on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import OperationalError

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.staffing.models import Agent, Shift, ShiftClaim, ShiftOrigin, ShiftStatus
from salon.staffing.rules.shifts import AgentElsewhere, RowsChanged
from salon.staffing.services.claims import put_claims
from salon.staffing.services.rows import NewRow, set_rows
from tests.factories import act_in
from tests.races import ROUNDS, drop_guards, is_deadlock, race
from tests.staffing.make import Village, make_agent, make_village, put, shifts

TWO = (
    Identity(Role.ORGANISER, 1, "Olivia", "192.0.2.9"),
    Identity(Role.ORGANISER, 2, "Oscar", "192.0.2.10"),
)
STANDS = ("Hérault THD", "SDIS 34")


def placing(village: Village, agent: Agent, body: str, actor: Identity) -> Callable[[], str]:
    row = village.wanted(body, (9, 0), (11, 0))
    agent_id, version = agent.id, agent.rota_version

    def call() -> str:
        try:
            set_rows(act_in(get_public_edition(), actor), [NewRow(agent_id, version, [row])])
        except RowsChanged:
            return "changed"
        return body

    return call


@pytest.mark.race
def test_of_two_who_place_one_agent_one_wins_each_time(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village, stands=STANDS)
    for _ in range(ROUNDS):
        calls = [
            placing(village, agent, body, actor) for body, actor in zip(STANDS, TWO, strict=True)
        ]
        answers = race(app, calls)
        (shift,) = shifts(agent)
        winner = next(stand for stand in STANDS if village.bodies[stand].stand_id == shift.stand_id)
        assert sorted(answers) == sorted(["changed", winner])
        put(village, agent)
        current_session().refresh(agent)


def claiming(
    agent_id: int, edition_id: int, stand_id: int, at: datetime, end: datetime
) -> Callable[[], str]:
    """Write a shift as nobody should: without the version of the row."""

    def call() -> str:
        shift = Shift(
            edition_id=edition_id,
            agent_id=agent_id,
            stand_id=stand_id,
            starts_at=at,
            ends_at=end,
            status=ShiftStatus.DRAFT,
            origin=ShiftOrigin.BY_HAND,
        )
        try:
            with transaction() as session:
                session.add(shift)
                put_claims(session, [shift])
        except AgentElsewhere:
            return "elsewhere"
        except OperationalError as error:
            if not is_deadlock(error):
                raise
            return "elsewhere"
        return "placed"

    return call


@pytest.mark.race
def test_the_database_alone_keeps_an_agent_at_one_place(app: Flask, edition: Edition) -> None:
    """Whatever forgets the row's version: half hours that overlap are refused each time."""
    village = make_village(edition)
    agent = make_agent(village, stands=STANDS)
    for _ in range(ROUNDS):
        calls = [
            claiming(agent.id, edition.id, village.bodies[body].stand_id, start, end)
            for body, start, end in (
                ("Hérault THD", village.at(9), village.at(11)),
                ("SDIS 34", village.at(10, 30), village.at(12)),
            )
        ]
        assert sorted(race(app, calls)) == ["elsewhere", "placed"]
        put(village, agent)


@pytest.mark.race
def test_control_without_the_guards_an_agent_is_in_two_places(app: Flask, edition: Edition) -> None:
    """The races above prove something only if this one shows a double."""
    village = make_village(edition)
    agent = make_agent(village, stands=STANDS)
    agent_id, edition_id, at, end = agent.id, edition.id, village.at(9), village.at(11)
    drop_guards("draft_shifts_of_an_agent")
    with transaction() as session:
        session.execute(text("DROP TABLE shift_claims"))
        session.execute(
            text(
                "CREATE TABLE shift_claims (agent_id INT, layer TEXT, starts_at TEXT, shift_id INT)"
            )
        )

    def look() -> bool:
        return not current_session().scalar(select(func.count()).where(Shift.agent_id == agent_id))

    def write(stand_id: int) -> Callable[[], None]:
        def call() -> None:
            with transaction() as session:
                row = {"agent_id": agent_id, "stand_id": stand_id, "starts_at": at, "ends_at": end}
                kind = {"edition_id": edition_id, "status": "draft", "origin": "by_hand"}
                session.execute(
                    insert(Shift).values(**row, **kind, is_locked=False, sequence=0, noted_by="")
                )

        return call

    seen_free = race(app, [look, look])
    ids = [village.bodies[body].stand_id for body in STANDS]
    race(app, [write(item) for item, is_free in zip(ids, seen_free, strict=True) if is_free])
    assert {shift.stand_id for shift in shifts(agent)} == set(ids)


def test_claims_say_the_half_hours_of_the_shifts(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village, stands=STANDS)
    put(village, agent, village.wanted("SDIS 34", (9, 0), (10, 30)))
    put(village, agent, village.wanted("SDIS 34", (10, 0), (11, 0)))
    claimed = (
        current_session().scalars(select(ShiftClaim.starts_at).order_by(ShiftClaim.starts_at)).all()
    )
    assert list(claimed) == [village.at(10), village.at(10, 30)]
