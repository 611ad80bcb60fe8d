"""Registered people as they are compared with others."""

from typing import Any

from sqlalchemy import func, select

from salon.badges.models import Attendee, AttendeeStatus, Commune, Epci
from salon.badges.models.labels import printed_function
from salon.platform.database.db import current_session
from salon.platform.words.likeness import Identity

COLUMNS = (
    *(Attendee.id, Attendee.first_name, Attendee.last_name, Attendee.civility),
    *(Attendee.function, Attendee.function_other, Attendee.email, Attendee.phone),
    *(Attendee.commune_code, Attendee.epci_siren, Attendee.organisation),
)


def identity_of(attendee: Attendee) -> Identity:
    """Return what the list says of a registered person."""
    return _identity(attendee, attendee.on_behalf_of)


def identities_of_edition(edition_id: int) -> dict[int, Identity]:
    """Return the live registrations of an edition by id, those of stands and agents left out."""
    place = func.coalesce(Commune.name, Epci.name, Attendee.organisation)
    statement = (
        select(*COLUMNS, place.label("place"))
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .where(
            Attendee.edition_id == edition_id,
            Attendee.status == AttendeeStatus.REGISTERED,
            Attendee.exhibitor_id.is_(None),
            Attendee.agent_id.is_(None),
        )
        .order_by(Attendee.id)
    )
    return {row.id: _identity(row, row.place) for row in current_session().execute(statement)}


def _identity(person: Any, place: str) -> Identity:
    """Return the identity of an Attendee, or of a row of its columns."""
    return Identity(
        person.first_name,
        person.last_name,
        person.civility,
        printed_function(person.function, person.function_other, person.civility),
        person.email,
        person.phone,
        person.commune_code or person.epci_siren,
        place,
    )
