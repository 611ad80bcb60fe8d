"""Mon parcours, from the database: on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from salon.appointments.engine.visit import Kind
from salon.appointments.models import Topic
from salon.appointments.queries.visit import Wish, read_visit
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.visit import book_visit
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from tests.appointments.make import PUBLIC, Fair, book, make_fair, make_visitor, messages
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import act_in, new_key

pytestmark = pytest.mark.on_both


def make_topics(fair: Fair) -> None:
    themes = fair.village.themes
    with transaction() as session:
        for rank, (slug, words, bodies) in enumerate(
            (
                ("aides", "subvention dossier", ["Département", "SDIS 34"]),
                ("risques", "incendie", ["SDIS 34"]),
            )
        ):
            session.add(
                Topic(
                    edition_id=fair.edition.id,
                    slug=slug,
                    name=slug.capitalize(),
                    words=words,
                    rank=rank,
                    themes=[themes[body] for body in bodies],
                )
            )
        room = Room(edition_id=fair.edition.id, name="Salle de conférence")
        for hour, title in ((11, "Monter un dossier"), (14, "Publier ses données")):
            session.add(
                ProgrammeItem(
                    edition_id=fair.edition.id,
                    starts_at=fair.at(hour),
                    ends_at=fair.at(hour, 45),
                    title=title,
                    room=room,
                )
            )


def fair_of(edition: Edition) -> Fair:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    make_topics(fair)
    return fair


def wish(fair: Fair, *topics: str) -> Wish:
    return Wish(topics, fair.at(9), fair.at(12))


def test_needs_become_meetings_and_talks_that_fit(edition: Edition) -> None:
    fair = fair_of(edition)
    visit = read_visit(edition, wish(fair, "aides", "risques"), fair.before)
    assert [(stop.kind, stop.key) for stop in visit.stops if stop.kind != Kind.STAND] == [
        (Kind.MEETING, "soutien-aux-communes"),
        (Kind.MEETING, "defense-incendie"),
        (Kind.TALK, visit.stops[-1].key),
    ]
    assert visit.stops[-1].title == "Monter un dossier"
    assert visit.full == []


def test_exhibitors_who_answer_are_on_the_way(edition: Edition) -> None:
    fair = fair_of(edition)
    exhibitor = make_exhibitor(edition, name="Citernes", stand=make_stand(make_hall(edition)))
    with transaction() as session:
        session.merge(exhibitor).themes.append(session.merge(fair.village.themes["SDIS 34"]))
    visit = read_visit(edition, wish(fair, "risques"), fair.before)
    assert "Citernes" in [stop.title for stop in visit.stops if stop.kind == Kind.STAND]


def test_a_talk_is_heard_whole_or_not_at_all(
    edition: Edition,
) -> None:
    fair = fair_of(edition)
    for start, end, is_heard in (
        (fair.at(9), fair.at(11, 45), True),
        (fair.at(11, 15), fair.at(13), False),
        (fair.at(9), fair.at(11, 30), False),
    ):
        visit = read_visit(edition, Wish(("aides",), start, end), fair.before)
        talks = [stop.title for stop in visit.stops if stop.kind == Kind.TALK]
        assert talks == ["Monter un dossier"] * is_heard


def test_the_first_theme_of_a_need_that_is_free_is_asked(edition: Edition) -> None:
    fair = fair_of(edition)
    while (
        read_visit(edition, wish(fair, "aides"), fair.before).to_book[0].key != "defense-incendie"
    ):
        visit = read_visit(edition, wish(fair, "aides"), fair.before)
        book(fair, at=visit.to_book[0].starts_at)
    while to_book := read_visit(edition, wish(fair, "risques"), fair.before).to_book:
        book(fair, at=to_book[0].starts_at, body="SDIS 34")
    visit = read_visit(edition, wish(fair, "aides"), fair.before)
    assert [item.slug for item in visit.full] == ["soutien-aux-communes"]


def test_a_visit_is_booked_in_one_gesture_once(edition: Edition) -> None:
    fair = fair_of(edition)
    visitor, key = make_visitor(edition), new_key()
    visit = read_visit(edition, wish(fair, "aides", "risques"), fair.before, visitor.id)
    for _ in range(2):
        booked_visit = book_visit(act_in(edition, PUBLIC, fair.before), visit, visitor.id, key)
        assert (len(booked_visit.booked), booked_visit.missed) == (2, [])
    assert len(messages("appointment_booked")) == 2
    again = read_visit(edition, wish(fair, "aides", "risques"), fair.before, visitor.id)
    assert again.to_book == []
    assert sum(stop.kind == Kind.BOOKED for stop in again.stops) == 2


def test_what_somebody_took_meanwhile_loses_nothing_else(edition: Edition) -> None:
    fair = fair_of(edition)
    visitor = make_visitor(edition)
    visit = read_visit(edition, wish(fair, "aides", "risques"), fair.before, visitor.id)
    taken = book(fair, at=visit.to_book[0].starts_at)
    booked_visit = book_visit(act_in(edition, PUBLIC, fair.before), visit, visitor.id, new_key())
    assert [stop.key for stop in booked_visit.missed] == [visit.to_book[0].key]
    assert len(booked_visit.booked) == 1
    cancel_appointment(Act(PUBLIC, fair.before), taken)


def test_a_visit_that_has_begun_starts_from_now(edition: Edition) -> None:
    fair = fair_of(edition)
    now = fair.at(10)
    visit = read_visit(edition, wish(fair, "aides"), now)
    assert min(stop.starts_at for stop in visit.stops) >= now
    assert visit.to_book[0].starts_at >= now + timedelta(minutes=10)
