"""The print queue on both databases: a badge is printed once, by one station."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station
from salon.badges.models import Badge
from salon.badges.services import revoke_badge
from salon.fair.models import Edition
from salon.kiosk.models import PrintJob
from salon.kiosk.rules import LEASE, TakenElsewhere
from salon.kiosk.services import ask_print, finish_job, record_printing, take_next
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.settings.clock import real_now
from tests.entrance.people import make_badge
from tests.kiosk.make import new_job, printings
from tests.races import race


def printer(edition: Edition, name: str) -> Identity:
    station = create_station(Act(SYSTEM), name, "A", edition.id, StationKind.PRINTER)
    return Identity(Role.STATION, station.id, name)


def ask(badge: Badge) -> int:
    return ask_print(Act(SYSTEM), badge.id, new_job(), "a6").id


@pytest.fixture
def printers(edition: Edition) -> list[Identity]:
    return [printer(edition, f"Poste {number}") for number in range(8)]


def take(edition: Edition, actor: Identity) -> Callable[[], int | None]:
    edition_id = edition.id

    def call() -> int | None:
        job = take_next(Act(actor), edition_id)
        return job.id if job else None

    return call


@pytest.mark.race
def test_eight_print_stations_take_three_badges_once_each(
    app: Flask, edition: Edition, printers: list[Identity]
) -> None:
    numbers = [ask(make_badge(edition)) for _ in range(3)]
    taken = race(app, [take(edition, actor) for actor in printers])
    assert sorted(item for item in taken if item is not None) == numbers
    assert taken.count(None) == 5


@pytest.mark.race
def test_control_without_the_lock_all_take_the_same_badge(
    app: Flask, edition: Edition, printers: list[Identity]
) -> None:
    """The race above proves something only if this one shows doubles."""
    ask(make_badge(edition))

    def look() -> int | None:
        statement = select(PrintJob.id).where(
            PrintJob.done_at.is_(None), PrintJob.taken_at.is_(None)
        )
        return current_session().scalar(statement.order_by(PrintJob.id).limit(1))

    def write(number: int, actor: Identity) -> int:
        with transaction() as session:
            values = {"taken_by_id": actor.id, "taken_at": real_now()}
            session.execute(update(PrintJob).where(PrintJob.id == number).values(values))
        return number

    seen = race(app, [look] * 8)
    calls = [
        (lambda number=number, actor=printer: write(number, actor))
        for number, printer in zip(seen, printers, strict=True)
        if number is not None
    ]
    assert len(race(app, calls)) == 8


@pytest.mark.race
def test_one_print_asked_twenty_times_at_once_is_one_job(app: Flask, edition: Edition) -> None:
    badge_id, job = make_badge(edition).id, new_job()
    answers = race(app, [lambda: ask_print(Act(SYSTEM), badge_id, job, "a6").id] * 20)
    assert len(set(answers)) == 1
    assert current_session().query(PrintJob).count() == 1


@pytest.mark.race
def test_one_printing_told_eight_times_at_once_is_recorded_once(
    app: Flask, edition: Edition
) -> None:
    job, edition_id, code_hash = new_job(), edition.id, make_badge(edition).code_hash

    def tell() -> bool:
        return record_printing(Act(SYSTEM), edition_id, code_hash, job, "a6")

    assert race(app, [tell] * 8) == [True] * 8
    assert len(printings()) == 1


def test_a_silent_print_station_loses_its_badge_after_a_minute(
    edition: Edition, printers: list[Identity]
) -> None:
    first, second = printers[:2]
    number = ask(make_badge(edition))
    assert take(edition, first)() == number
    assert take(edition, second)() is None
    assert take(edition, first)() == number, "its own badge comes back to it"
    with transaction() as session:
        session.execute(update(PrintJob).values(taken_at=real_now() - LEASE - timedelta(seconds=1)))
    assert take(edition, second)() == number
    with pytest.raises(TakenElsewhere):
        finish_job(Act(first), edition.id, number)
    finish_job(Act(second), edition.id, number)
    finish_job(Act(second), edition.id, number)
    assert [printing.printed_by for printing in printings()] == [second.display_name]
    assert take(edition, second)() is None


def test_a_badge_cancelled_meanwhile_is_passed_over(
    edition: Edition, printers: list[Identity]
) -> None:
    cancelled_badge, badge = make_badge(edition), make_badge(edition)
    ask(cancelled_badge)
    number = ask(badge)
    revoke_badge(Act(SYSTEM), cancelled_badge.id, "perdu")
    assert take(edition, printers[0])() == number
    db.session.rollback()
    assert printings() == []
