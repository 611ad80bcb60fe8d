"""Columns of a badge's holder, read without objects."""

from typing import TypeVar

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import aliased

from salon.badges.models import MERGED, Attendee, Badge, Commune, Epci
from salon.exhibitors.models import Exhibitor
from salon.fair.models import PartnerBody, Stand
from salon.platform.database.db import current_session
from salon.staffing.models import Agent

Statement = TypeVar("Statement", bound=Select[*tuple[object, ...]])

_valid = aliased(Badge)
SUCCESSOR = func.coalesce(
    select(func.substr(_valid.code, *(literal_column(place) for place in "18")))
    .where(
        Badge.revoked_reason == literal_column(f"'{MERGED}'"),
        _valid.attendee_id == Badge.attendee_id,
        _valid.revoked_at.is_(None),
    )
    .correlate(Badge)
    .scalar_subquery(),
    literal_column("''"),
).label("successor")
"""First 8 characters of the badge to show instead of one whose registration was merged, else "".
Without parameters: the statement of a scan has its own alone."""
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


STAND = func.coalesce(
    select(Stand.number)
    .join(Exhibitor, Exhibitor.stand_id == Stand.id)
    .where(Exhibitor.id == Attendee.exhibitor_id)
    .correlate(Attendee)
    .scalar_subquery(),
    select(Stand.number)
    .join(PartnerBody, PartnerBody.stand_id == Stand.id)
    .join(Agent, Agent.body_id == PartnerBody.id)
    .where(Agent.id == Attendee.agent_id)
    .correlate(Attendee)
    .scalar_subquery(),
    "",
).label("stand")
"""Number of the holder's stand, of their exhibitor or of their body of the village; else ""."""


def stand_number_of(attendee_id: int) -> str:
    """Return the number of the stand that a person holds, "" for none."""
    return current_session().scalar(select(STAND).where(Attendee.id == attendee_id)) or ""
