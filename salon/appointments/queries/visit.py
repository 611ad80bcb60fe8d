"""Reads of Mon parcours: the visit that a few answers make."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from salon.appointments.engine.needs import words_of
from salon.appointments.engine.visit import (
    MOST_TIMES,
    Goal,
    Kind,
    Stop,
    VisitPlace,
    add_stands,
    choose_stops,
)
from salon.appointments.models import Appointment, AppointmentStatus, Topic
from salon.appointments.queries.appointments import appointments_of_attendee
from salon.appointments.queries.offers import BookableTime, offers_of
from salon.appointments.queries.settings import settings_of, topics_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor, exhibitor_themes
from salon.fair.engine.walking import stand_spot
from salon.fair.models import Edition, Stand, Theme
from salon.fair.queries import programme_of
from salon.platform.database.db import current_session
from salon.platform.words.texts import folded

MOST_GOALS = 14


@dataclass(frozen=True)
class Wish:
    """The visitor's answers. `starts_at`, `ends_at`: of their presence."""

    topics: Collection[str]
    starts_at: datetime
    ends_at: datetime
    meetings: bool = True
    talks: bool = True
    stands: bool = True


@dataclass(frozen=True)
class Visit:
    """A visit, in time. `full`: themes without a free time; `more`: stands that do not fit.

    `outside`: the visitor's appointments before or after the visit.
    """

    wish: Wish
    stops: Sequence[Stop]
    full: Sequence[Theme] = ()
    more: Sequence[Goal] = ()
    themes: dict[str, Theme] = field(default_factory=dict)
    outside: Sequence[Stop] = ()

    @property
    def to_book(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.kind == Kind.MEETING]


def read_visit(
    edition: Edition, wish: Wish, now: datetime, attendee_id: int | None = None
) -> Visit:
    """Return the visit for these answers, around the visitor's existing appointments."""
    topics = [topic for topic in topics_of(edition) if topic.slug in wish.topics]
    appointments = list(appointments_of_attendee(attendee_id)) if attendee_id else []
    booked = [
        _booked(appointment)
        for appointment in appointments
        if appointment.status == AppointmentStatus.BOOKED
    ]
    fixed = [
        stop for stop in booked if wish.starts_at < stop.ends_at and stop.starts_at < wish.ends_at
    ]
    themes, full, times = _meetings(edition, wish, topics, appointments, now)
    talks = _talks(edition, wish, topics) if wish.talks else []
    stops = choose_stops(fixed, [*times, *([talk] for talk in talks)])
    goals = _goals(edition, topics) if wish.stands else []
    start = max(wish.starts_at, now)
    stops, extra_goals = add_stands(stops, goals, start, wish.ends_at)
    outside_stops = [stop for stop in booked if stop not in fixed]
    return Visit(
        wish, stops, full, extra_goals, {theme.slug: theme for theme in themes}, outside_stops
    )


def place_at(stand: Stand) -> VisitPlace:
    """Return « Hall 3, stand 66 » with its spot on the plan."""
    return VisitPlace(f"Hall {stand.hall.name}, stand {stand.number}", stand_spot(stand))


def _booked(appointment: Appointment) -> Stop:
    key = f"stand-{appointment.stand.number}"
    place = place_at(appointment.stand)
    return Stop(
        Kind.BOOKED, key, appointment.theme.name, place, appointment.starts_at, appointment.ends_at
    )


def _meetings(
    edition: Edition,
    wish: Wish,
    topics: Sequence[Topic],
    appointments: Sequence[Appointment],
    now: datetime,
) -> tuple[list[Theme], list[Theme], list[list[Stop]]]:
    """Return (themes to book, full themes, possible times of each theme to book).

    Each topic takes the first of its themes that is free. Themes already booked, and those beyond
    the limit per person, are left out.
    """
    room = settings_of(edition).per_visitor - len(appointments)
    booked_theme_ids = {appointment.theme_id for appointment in appointments}
    bookable: list[Theme] = []
    full: list[Theme] = []
    times: list[list[Stop]] = []
    for topic in topics if wish.meetings else ():
        if any(theme.id in booked_theme_ids for theme in topic.themes):
            continue
        first_free = _first_free(edition, wish, topic, now)
        if first_free is None:
            full += topic.themes[:1]
        elif len(bookable) < room and first_free[0].id not in booked_theme_ids:
            theme, offers = first_free
            booked_theme_ids.add(theme.id)
            bookable.append(theme)
            stands = _stands({offer.slots[0].stand_id for offer in offers})
            times.append([_meeting(theme, offer, stands) for offer in offers])
    return bookable, full, times


def _first_free(
    edition: Edition, wish: Wish, topic: Topic, now: datetime
) -> tuple[Theme, list[BookableTime]] | None:
    for theme in topic.themes:
        offers = [
            offer
            for offer in offers_of(edition, theme.id, now)
            if wish.starts_at <= offer.starts_at and offer.ends_at <= wish.ends_at
        ]
        if offers:
            return theme, _spread(offers)
    return None


def _spread(offers: Sequence[BookableTime]) -> list[BookableTime]:
    """Return at most MOST_TIMES offers, evenly spread."""
    step = max(1, -(-len(offers) // MOST_TIMES))
    return list(offers[::step])


def _meeting(theme: Theme, offer: BookableTime, stands: dict[int, Stand]) -> Stop:
    place = place_at(stands[offer.slots[0].stand_id])
    return Stop(Kind.MEETING, theme.slug, theme.name, place, offer.starts_at, offer.ends_at)


def _talks(edition: Edition, wish: Wish, topics: Sequence[Topic]) -> list[Stop]:
    """Return the talks about a chosen topic during the visitor's presence."""
    words = _words(text for topic in topics for text in (topic.name, topic.words))
    return [
        Stop(
            Kind.TALK,
            f"talk-{talk.id}",
            talk.title,
            VisitPlace(talk.room.name),
            talk.starts_at,
            talk.ends_at,
        )
        for talk in programme_of(edition)
        if wish.starts_at <= talk.starts_at
        and talk.ends_at <= wish.ends_at
        and words & _words([talk.title, talk.summary])
        and "conference" in folded(talk.room.name)
    ]


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words_of(text)}


def _goals(edition: Edition, topics: Sequence[Topic]) -> list[Goal]:
    """Return the village's stands that answer the topics, then the exhibitors that do."""
    themes = {theme.id: theme for topic in topics for theme in topic.themes}
    stands = {theme.body.stand_id: theme.body.short_name for theme in themes.values()}
    answers = func.count(exhibitor_themes.c.theme_id)
    exhibitors = current_session().execute(
        select(Exhibitor.stand_id, Exhibitor.name)
        .join(exhibitor_themes, exhibitor_themes.c.exhibitor_id == Exhibitor.id)
        .where(
            Exhibitor.edition_id == edition.id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
            Exhibitor.stand_id.is_not(None),
            exhibitor_themes.c.theme_id.in_(themes),
        )
        .group_by(Exhibitor.id, Exhibitor.stand_id, Exhibitor.name, Exhibitor.name_key)
        .order_by(answers.desc(), Exhibitor.name_key)
        .limit(MOST_GOALS)
    )
    for stand_id, name in exhibitors:
        if stand_id is not None:
            stands.setdefault(stand_id, name)
    places = _stands(stands)
    return [
        Goal(f"stand-{places[stand_id].number}", name, place_at(places[stand_id]))
        for stand_id, name in stands.items()
    ]


def _stands(ids: Collection[int]) -> dict[int, Stand]:
    statement = select(Stand).where(Stand.id.in_(ids))
    options = joinedload(Stand.hall), joinedload(Stand.body)
    return {stand.id: stand for stand in current_session().scalars(statement.options(*options))}
