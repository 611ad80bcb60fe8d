"""Who came, counted by commune and by EPCI."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, case, func, select

from salon.badges.models import Attendee, AttendeeStatus, Commune, Epci
from salon.entrance.queries.day_presences import came
from salon.entrance.queries.inside import ids_inside
from salon.fair.models import Edition
from salon.platform.database.db import current_session

OTHERS = "Autres organismes"


@dataclass(frozen=True)
class PlaceCount:
    """The people of a place: registered, come at all, come on each day of the fair, inside now.

    `code`: INSEE code of a commune, "" of an EPCI or of other bodies.
    """

    code: str
    label: str
    epci: str
    registered: int
    came: int
    by_day: tuple[int, ...]
    inside: int


def count_by_commune(edition: Edition, now: datetime) -> list[PlaceCount]:
    """Return the counts of each commune, of each EPCI whose own people come, and of other bodies,
    by EPCI and by name."""

    def count(people: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((people, 1), else_=0)), 0)

    siren = func.coalesce(Attendee.epci_siren, Commune.epci_siren)
    statement = (
        select(
            Attendee.commune_code,
            func.max(Commune.name),
            func.max(Epci.name),
            count(Attendee.status == AttendeeStatus.REGISTERED),
            count(came(edition.id)),
            count(ids_inside(edition.id, now)),
            *(count(came(edition.id, day.day_on)) for day in edition.days),
        )
        .select_from(Attendee)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == siren)
        .where(Attendee.edition_id == edition.id)
        .group_by(Attendee.commune_code, siren)
    )
    places = []
    for code, name, epci, registered, people, inside, *by_day in current_session().execute(
        statement
    ):
        label = name or epci or OTHERS
        if registered or people:
            places.append(
                PlaceCount(
                    code or "", label, epci or OTHERS, registered, people, tuple(by_day), inside
                )
            )
    return sorted(places, key=lambda place: (place.epci == OTHERS, place.epci, place.label))


def add_up(places: Iterable[PlaceCount], label: str, epci: str = "") -> PlaceCount:
    """Return the sum of counts."""
    rows = list(places)
    by_day = tuple(sum(days) for days in zip(*(row.by_day for row in rows), strict=True))
    return PlaceCount(
        "",
        label,
        epci,
        sum(row.registered for row in rows),
        sum(row.came for row in rows),
        by_day,
        sum(row.inside for row in rows),
    )


def by_epci(places: Sequence[PlaceCount]) -> list[PlaceCount]:
    """Return the counts of each EPCI, from those by commune."""
    return [add_up(members, epci) for epci, members in groupby(places, attrgetter("epci"))]
