"""What is live begins on a day of its edition: attacked by SQL alone on both databases."""

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from salon.fair.models import Edition, EditionDay, ProgrammeItem, Room
from salon.platform.database.day_walls import OUTSIDE, WALLS, DayWall, OutsideTheDays
from salon.platform.database.db import current_session, db, transaction, violates
from salon.platform.database.edition_walls import retention
from salon.platform.settings.clock import paris
from tests.appointments.make import Fair, book, make_fair
from tests.platform.database.invariants.attacks import (
    DEFERRED_ON_SQLITE,
    copy_of,
    execute,
    plus_minutes,
)

pytestmark = pytest.mark.on_both

DAY = 24 * 60
AT_REST = {
    "shifts": "status = 'withdrawn'",
    "appointments": "status = 'cancelled'",
    "programme_items": "is_draft = true",
}
"""What makes a row no longer live; a need always is."""
LIVE = {
    "shifts": "status = 'published'",
    "appointments": "status = 'booked'",
    "programme_items": "is_draft = false",
}


@pytest.fixture
def fair(app: Flask, edition: Edition) -> Fair:
    """A fair of one day with shifts, needs, an appointment and a talk."""
    fair = make_fair(edition)
    book(fair, at=fair.at(9))
    with transaction() as session:
        room = Room(edition_id=edition.id, name="Salle A")
        session.add(room)
        session.flush()
        hours = {"starts_at": fair.at(10), "ends_at": fair.at(11)}
        talk = ProgrammeItem(edition_id=edition.id, title="L’eau", room_id=room.id, **hours)
        session.add(talk)
    return fair


def shift_by(wall: DayWall, minutes: int, where: str = "1 = 1") -> str:
    """Return an UPDATE of the hours of the rows of a table."""
    ends = "" if wall.table == "needs" else f", ends_at = {plus_minutes('ends_at', minutes)}"
    starts = plus_minutes("starts_at", minutes)
    return f"UPDATE {wall.table} SET starts_at = {starts}{ends} WHERE {where}"


def left_without_day(*statements: str) -> None:
    """Assert that the commit is refused, because something live is left without its day."""
    with pytest.raises((OutsideTheDays, IntegrityError)) as refusal:
        execute(*statements)
    error = refusal.value
    is_told = isinstance(error, OutsideTheDays)
    assert is_told or DEFERRED_ON_SQLITE in str(error) or violates(error, OUTSIDE), str(error)


@pytest.mark.parametrize("minutes", [DAY, -DAY, 7 * DAY], ids=["next", "eve", "week"])
@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.table)
def test_what_is_live_stays_on_a_day(fair: Fair, wall: DayWall, minutes: int) -> None:
    with pytest.raises(OutsideTheDays):
        execute(shift_by(wall, minutes))
    execute(shift_by(wall, 0))


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.table)
def test_what_is_live_is_not_added_elsewhere(fair: Fair, wall: DayWall) -> None:
    with db.engine.connect() as connection:
        row_id = connection.scalar(text(f"SELECT min(id) FROM {wall.table}"))
    values = {"starts_at": plus_minutes("starts_at", DAY), "uid": "'another'"}
    if wall.table != "needs":
        values["ends_at"] = plus_minutes("ends_at", DAY)
    values |= {"private_token": "'another'"}
    with pytest.raises(OutsideTheDays):
        execute(copy_of(wall.table, row_id, **values))


@pytest.mark.parametrize("table", AT_REST)
def test_what_is_at_rest_may_lie_elsewhere_but_does_not_come_back_there(
    fair: Fair, table: str
) -> None:
    wall = next(wall for wall in WALLS if wall.table == table)
    execute("DELETE FROM shifts WHERE status = 'draft'")
    execute(f"UPDATE {table} SET {AT_REST[table]}", shift_by(wall, DAY))
    with pytest.raises(OutsideTheDays):
        execute(f"UPDATE {table} SET {LIVE[table]}")
    execute(shift_by(wall, -DAY), f"UPDATE {table} SET {LIVE[table]}")


def test_a_day_is_not_taken_from_under_what_it_holds(fair: Fair) -> None:
    left_without_day("DELETE FROM edition_days")
    left_without_day("UPDATE edition_days SET day_on = '2030-05-02'")
    for wall in WALLS:
        others = [f"DELETE FROM {other.table}" for other in reversed(WALLS) if other != wall]
        claims = "appointment_agent_claims", "appointment_visitor_claims", "shift_claims"
        emptied = [f"DELETE FROM {claim}" for claim in claims]
        left_without_day(*emptied, *others, "DELETE FROM edition_days")


def test_days_are_replaced_before_what_they_hold_follows(fair: Fair) -> None:
    day_id = fair.edition.days[0].id
    week_later = fair.edition.days[0].day_on + timedelta(days=7)
    moved = copy_of("edition_days", day_id, day_on=f"'{week_later}'")
    removed = f"DELETE FROM edition_days WHERE id = {day_id}"
    followed = [shift_by(wall, 7 * DAY) for wall in WALLS]
    for missing in followed:
        left_without_day(moved, removed, *(line for line in followed if line != missing))
    execute(moved, removed, *followed)
    current_session().expire_all()
    assert [day.day_on for day in fair.edition.days] == [week_later]


@pytest.mark.parametrize("zone", ["Pacific/Noumea", "America/Cayenne"])
def test_a_day_is_that_of_its_own_clocks(app: Flask, edition: Edition, zone: str) -> None:
    """At Nouméa a morning is the day before in UTC, at Cayenne an evening is the day after."""
    day_on = edition.days[0].day_on
    with transaction() as session:
        session.get_one(Edition, edition.id).time_zone = zone
        session.delete(session.get_one(EditionDay, edition.days[0].id))
        session.flush()
        session.add(
            EditionDay(edition_id=edition.id, day_on=day_on, opens=time(8), closes=time(22))
        )
        room = Room(edition_id=edition.id, name="Salle A")
        session.add(room)
    for days, hour, is_held in ((0, 0, True), (0, 23, True), (-1, 23, False), (1, 0, False)):
        starts_at = paris(day_on + timedelta(days=days), time(hour), zone)
        talk = ProgrammeItem(
            edition_id=edition.id,
            title="L’eau",
            room_id=room.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
        )
        if is_held:
            with transaction() as session:
                session.add(talk)
        else:
            with pytest.raises(OutsideTheDays), transaction() as session:
                session.add(talk)


def test_a_restored_backup_keeps_what_lies_elsewhere(fair: Fair) -> None:
    wall = next(wall for wall in WALLS if wall.table == "shifts")
    writing = db.engine.connect().execution_options(writes=True)
    with writing as connection, connection.begin(), retention(connection):
        connection.execute(text(shift_by(wall, DAY)))
    execute("UPDATE shifts SET is_locked = false", "UPDATE edition_days SET opens = '08:00:00'")
