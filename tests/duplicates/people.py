"""A mayor registered five times by three people, and what happened to her registrations."""

from datetime import UTC, datetime
from typing import Any

from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, Badge
from salon.badges.services import register_on_the_spot
from salon.duplicates import queries
from salon.duplicates.rules import held_badge
from salon.duplicates.services import Merge, merge_people
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from tests.badges.people import badge_of, make_person, register
from tests.badges.registrations import ORGANISER
from tests.factories import act_in, new_key

VILLAGE = Affiliation("Espondeilhan", commune_code="34092")
NOW = datetime.now(UTC)


def mayor(first_name: str = "Claire", last_name: str = "Martin", **overrides: Any) -> Any:
    values = {"place": VILLAGE, "email": "claire.martin@orange.example", **overrides}
    return make_person(first_name=first_name, last_name=last_name, **values)


def register_mayor(edition: Edition) -> list[Attendee]:
    """Register her by herself, twice in the list of her town hall, twice by the organisers."""
    office = "mairie@espondeilhan.example"
    register(mayor())
    register(
        mayor("Martin", "Claire", email=office),
        mayor("Claire", "Martin-Dupuy", email=office, needs=["seat"]),
        make_person(first_name="Paul", last_name="Roque", place=VILLAGE, function="councillor"),
        contact=office,
    )
    for name in ({"first_name": "C."}, {"email": "cmartin@free.example", "is_vip": True}):
        person = mayor(**{"email": "", **name})
        register_on_the_spot(act_in(edition, ORGANISER, datetime.now(UTC)), person, new_key())
    return [row for row in everybody(edition) if row.function == "mayor"]


def everybody(edition: Edition) -> list[Attendee]:
    current_session().rollback()
    current_session().expire_all()
    statement = queries.people_of(edition.id, range(1, 1000))
    return sorted(statement, key=lambda person: person.id)


def merged(edition: Edition, people: list[Attendee], **choices: Any) -> Attendee:
    """Merge as the page does: the badge that stays is the one that it showed."""
    current_session().rollback()
    ids = tuple(person.id for person in people)
    held = held_badge(queries.badge_uses(ids))
    now = choices.pop("now", NOW)
    return merge_people(act_in(edition, ORGANISER, now), Merge(ids, held.badge_id, **choices))


def badges_of(people: list[Attendee]) -> list[Badge]:
    return [badge_of(person.id) for person in people]


def facts_of(edition: Edition) -> list[Any]:
    """Return what a registration is, and whose each badge is, to compare before and after."""
    names = (*("id", "status", "civility", "first_name", "last_name", "function", "category"),)
    names += ("email", "email_key", "name_key", "phone", "half_day", "needs", "needs_note")
    names += ("is_vip", "commune_code", "organisation", "replaced_by_id", "group_id")
    people = everybody(edition)
    badges = [badge for person in people for badge in person.badges]
    return [
        [tuple(getattr(person, name) for name in names) for person in people],
        sorted((badge.id, badge.attendee_id, badge.is_valid, badge.code) for badge in badges),
    ]
