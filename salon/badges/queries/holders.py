"""Columns of a badge's holder, read without objects."""

from typing import Any, TypeVar

from sqlalchemy import Select, func

from salon.badges.models import Attendee, Badge, Commune, Epci

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

ON_BEHALF_OF = func.coalesce(Commune.name, Epci.name, Attendee.organisation).label("on_behalf_of")
HOLDER = (
    Attendee.civility,
    Attendee.first_name,
    Attendee.last_name,
    Attendee.function,
    Attendee.function_other,
    Attendee.category,
    Attendee.is_vip,
    Attendee.needs,
    ON_BEHALF_OF,
)


def with_holder(statement: Statement) -> Statement:
    """Join the holder of a badge, and their commune or EPCI."""
    return (
        statement.join(Attendee, Attendee.id == Badge.attendee_id)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
    )
