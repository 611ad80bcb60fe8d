"""A day that the fair gives up: its talks move or go in one act; a day added has needs."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition, EditionDay, ProgrammeItem, Room
from salon.fair.rules import ProgrammeOutsideOpeningHours
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.database.consequences import Consequences, Fate, GivenUp
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import local, paris
from salon.staffing.queries.rota import needs_of
from tests.factories import act_in, make_edition, make_places, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.staffing.make import make_needs, make_village

FIRST, SECOND = date(2027, 10, 14), date(2027, 10, 15)
ONE = DayHours(FIRST, time(9), time(18))
TWO = DayHours(SECOND, time(9), time(16))


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Two days, a talk of each in one room at ten, and one of the second day at two."""
    make_places()
    edition = make_edition(day=FIRST, slug="2027")
    with transaction() as session:
        session.get_one(EditionDay, edition.days[0].id).closes = time(18)
        session.add(EditionDay(edition_id=edition.id, **vars(TWO)))
        room = Room(edition_id=edition.id, name="Riquet")
        session.add(room)
        session.flush()
        for title, day, hour in (("Eau", FIRST, 10), ("Fibre", SECOND, 10), ("Bois", SECOND, 14)):
            at = paris(day, time(hour))
            values = {"title": title, "starts_at": at, "ends_at": at + timedelta(hours=1)}
            session.add(ProgrammeItem(edition_id=edition.id, room_id=room.id, **values))
    current_session().expire_all()
    return edition


def change(edition: Edition, *days: DayHours, **asked: object) -> Consequences:
    stamp = stamp_of(services.days_of(edition))
    return services.change_days(act_in(edition, SYSTEM), {"days": days, **asked}, stamp)


def talks() -> dict[str, str]:
    current_session().expire_all()
    items = current_session().query(ProgrammeItem).order_by(ProgrammeItem.id)
    return {item.title: f"{local(item.starts_at):%d %H:%M}" for item in items}


def names(consequences: Consequences, fate: Fate, label: str = "Programme") -> list[str]:
    return [
        name
        for consequence in consequences
        if (consequence.fate, consequence.label) == (fate, label)
        for name in consequence.names
    ]


def undo(edition: Edition) -> Consequences:
    entry = services.last_change(edition)
    assert entry is not None
    return services.undo_days_change(act_in(edition, SYSTEM), entry.id)


BEFORE = {"Eau": "14 10:00", "Fibre": "15 10:00", "Bois": "15 14:00"}


def test_talks_of_a_day_given_up_move_where_their_room_is_free_and_come_back(
    edition: Edition,
) -> None:
    with pytest.raises(ProgrammeOutsideOpeningHours, match="Fibre"):
        change(edition, ONE)
    assert talks() == BEFORE
    assert names(change(edition, ONE, given_up=GivenUp.MOVED), Fate.MOVED) == ["Fibre", "Bois"]
    assert talks() == {"Eau": "14 10:00", "Fibre": "14 09:00", "Bois": "14 14:00"}
    undo(edition)
    assert talks() == BEFORE


def test_talks_of_a_day_given_up_are_withdrawn_and_named_by_the_undoing(edition: Edition) -> None:
    done = change(edition, ONE, given_up=GivenUp.WITHDRAWN)
    assert names(done, Fate.REMOVED) == ["Fibre", "Bois"]
    assert talks() == {"Eau": "14 10:00"}
    assert names(undo(edition), Fate.LEFT_OUT) == ["Fibre", "Bois"]


def test_a_talk_that_fits_nowhere_is_refused_by_its_name(edition: Edition) -> None:
    short = DayHours(FIRST, time(10), time(11))
    with pytest.raises(ProgrammeOutsideOpeningHours, match="Fibre"):
        change(edition, short, given_up=GivenUp.MOVED)
    assert talks() == BEFORE


def test_stands_need_on_an_added_day_what_they_need_on_the_first(edition: Edition) -> None:
    village = make_village(edition)
    body = next(iter(village.bodies))
    make_needs(village, body=body, start=(10, 0), end=(11, 0))

    def needs() -> dict[datetime, int]:
        current_session().expire_all()
        return {n.starts_at: n.wished for rows in needs_of(edition).values() for n in rows}

    before = needs()
    third = DayHours(SECOND + timedelta(days=1), time(9), time(18))
    done = change(edition, ONE, TWO, third, repeats_needs=True)
    assert names(done, Fate.UPDATED, "Besoins des stands, repris sur le jour ajouté")
    added = {at + timedelta(days=2): wished for at, wished in before.items()}
    assert needs() == before | added
    undo(edition)
    assert needs() == before


def test_a_shorter_day_is_given_the_needs_of_its_own_hours(edition: Edition) -> None:
    """Those of the first day, not those that were repeated on another one since."""
    village = make_village(edition)
    body = next(iter(village.bodies))
    make_needs(village, body=body, start=(9, 0), end=(12, 0))
    third = DayHours(SECOND + timedelta(days=1), time(9), time(18))
    fourth = DayHours(SECOND + timedelta(days=2), time(11), time(16))
    change(edition, ONE, TWO, third, repeats_needs=True)
    change(edition, ONE, TWO, third, fourth, repeats_needs=True)
    current_session().expire_all()
    starts = [local(need.starts_at) for rows in needs_of(edition).values() for need in rows]
    hours = {
        day: [f"{at:%H:%M}" for at in sorted(starts) if at.date() == day]
        for day in (SECOND, third.day_on, fourth.day_on)
    }
    whole = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    assert hours == {SECOND: [], third.day_on: whole, fourth.day_on: whole[3:]}


def test_registration_closes_with_the_last_day(edition: Edition) -> None:
    with transaction(edition):
        edition.registration_closes_at = paris(SECOND, time(16))
    third = DayHours(SECOND + timedelta(days=1), time(9), time(17))
    change(edition, ONE, TWO, third)
    assert edition.registration_closes_at == paris(third.day_on, third.closes)
    undo(edition)
    assert edition.registration_closes_at == paris(SECOND, time(16))


def test_one_page_says_what_stands_on_the_day_before_it_goes(app: Flask, edition: Edition) -> None:
    organiser, path = sign_in(app, Role.ORGANISER), "/organisation/reglages/jours"
    page = organiser.get(path)
    assert "Si un jour est retiré" in text_of(page)
    fields = {**fields_of(page.text), "days-1-day_on": "", "given_up": "withdrawn"}
    question = organiser.post(path, data=fields)
    assert "Fibre" in text_of(question)
    assert talks() == BEFORE
    organiser.confirm(question)
    assert talks() == {"Eau": "14 10:00"}
