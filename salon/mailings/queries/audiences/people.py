"""Registered people, and those of them who accepted the newsletter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from salon.appointments.models import Appointment, AppointmentStatus
from salon.badges.models import Attendee, AttendeeStatus, Badge, Category, Consent
from salon.badges.models.labels import Purpose, salutation
from salon.badges.queries import all_epcis
from salon.badges.queries.people import WITH_PLACE, AttendeeFilter, attendees
from salon.badges.queries.visit_days import comes_on
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.db import current_session
from salon.platform.database.identity import Domain
from salon.platform.words.formats import short_day
from salon.platform.words.people import polite_name

YES_NO = ("yes", "no")
LIVE = (AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE, AppointmentStatus.MET)


def find_people(edition: Edition, choices: Choices, now: datetime) -> list[Recipient]:
    """Return the registered people that the choices match, by name."""
    return _people(edition, choices)


def find_subscribers(edition: Edition, choices: Choices, now: datetime) -> list[Recipient]:
    """Return those of them whose consent to the newsletter stands (RGPD, article 6.1.a; CPCE,
    article L. 34-5)."""
    consent = select(Consent.id).where(
        Consent.attendee_id == Attendee.id,
        Consent.purpose == Purpose.NEWSLETTER,
        Consent.withdrawn_at.is_(None),
    )
    return _people(edition, choices, consent.exists())


def _people(
    edition: Edition, choices: Choices, *conditions: ColumnElement[bool]
) -> list[Recipient]:
    filters = AttendeeFilter(
        category=choices.get("category", ""),
        epci=choices.get("epci", ""),
        state=AttendeeStatus.REGISTERED,
        printed=choices.get("printed", ""),
        presence=choices.get("presence", ""),
    )
    statement = (
        attendees(edition.id, filters)
        .where(*_conditions(edition, choices), *conditions)
        .options(*WITH_PLACE, selectinload(Attendee.badges))
    )
    return [_recipient(person) for person in current_session().scalars(statement)]


def _conditions(edition: Edition, choices: Choices) -> list[ColumnElement[bool]]:
    conditions = []
    if day := choices.get("day"):
        conditions.append(comes_on(edition, date.fromisoformat(day)))
    of_person = select(Appointment.id).where(
        Appointment.attendee_id == Attendee.id, Appointment.status.in_(LIVE)
    )
    if theme := choices.get("theme"):
        conditions.append(of_person.where(Appointment.theme_id == int(theme)).exists())
    if (has_one := choices.get("appointment")) in YES_NO:
        conditions.append(of_person.exists() if has_one == "yes" else ~of_person.exists())
    return conditions


def _recipient(person: Attendee) -> Recipient:
    badge: Badge | None = next((badge for badge in person.badges if badge.is_valid), None)
    return Recipient(
        key=f"attendee:{person.id}",
        address=person.email,
        name=polite_name(person.civility, person.full_name),
        greeting=salutation(person.civility, person.function),
        commune=person.commune.name if person.commune else "",
        organisation=person.on_behalf_of,
        path=f"/badge/{badge.private_token}" if badge else "",
    )


def _categories(_: Edition) -> Sequence[tuple[str, str]]:
    return [(category.value, category.label) for category in Category]


def _epcis(_: Edition) -> Sequence[tuple[str, str]]:
    return [(epci.siren, epci.name) for epci in all_epcis()]


def _days(edition: Edition) -> Sequence[tuple[str, str]]:
    days = [fair_day.day_on for fair_day in edition.days]
    return [(day.isoformat(), short_day(day)) for day in days] if len(days) > 1 else []


def _themes(edition: Edition) -> Sequence[tuple[str, str]]:
    return [(str(theme.id), theme.name) for theme in themes_of(edition)]


def _appointment(_: Edition) -> Sequence[tuple[str, str]]:
    return [("yes", "En ont un"), ("no", "N’en ont pas")]


def _printed(_: Edition) -> Sequence[tuple[str, str]]:
    return [("no", "Pas encore imprimé"), ("yes", "Imprimé")]


def _presence(_: Edition) -> Sequence[tuple[str, str]]:
    return [("came", "Venus"), ("absent", "Pas venus")]


PEOPLE = Audience(
    key="people",
    label="Inscrits",
    domain=Domain.REGISTRATIONS,
    find=find_people,
    filters=(
        Filter("category", "Catégorie", _categories),
        Filter("epci", "EPCI", _epcis),
        Filter("day", "Jour de visite", _days),
        Filter("theme", "Rendez-vous sur le thème", _themes),
        Filter("appointment", "Rendez-vous", _appointment),
        Filter("printed", "Badge", _printed),
        Filter("presence", "Présence", _presence),
    ),
    origin="a été donnée à l’inscription au salon",
)
SUBSCRIBERS = replace(
    PEOPLE,
    key="subscribers",
    label="Personnes abonnées à la lettre d’information",
    find=find_subscribers,
    origin="a été donnée à l’inscription au salon, où la lettre d’information a été acceptée",
)
