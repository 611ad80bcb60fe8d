"""Rows of an edition that have an hour."""

from sqlalchemy import or_, select

from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition, ProgrammeItem, Stand, Zone
from salon.platform.database.db import current_session
from salon.staffing.models import Need


def has_hours(edition: Edition) -> bool:
    """Return whether the programme, a zone, the needs or the exhibitors' dates have hours."""
    stands = select(Stand.id).where(Stand.edition_id == edition.id)
    statements = (
        select(ProgrammeItem.id).where(ProgrammeItem.edition_id == edition.id),
        select(Zone.id).where(
            Zone.edition_id == edition.id,
            or_(*(hour.is_not(None) for hour in (Zone.opens_at, Zone.closes_at, Zone.early_from))),
        ),
        select(Need.id).where(Need.stand_id.in_(stands)),
        select(ExhibitorTerms.id).where(ExhibitorTerms.edition_id == edition.id),
    )
    return any(current_session().scalar(statement.limit(1)) is not None for statement in statements)
