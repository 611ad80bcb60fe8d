"""What an exhibitor is charged today: the price list, and what was granted to this one.

The pages of the private link, the quote and the batches all take their lines here.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.exhibitors.engine.negotiation import negotiated_lines
from salon.exhibitors.engine.pricing import STANDARD, PricedLine, price_lines
from salon.exhibitors.engine.vat import facts_of, treat
from salon.exhibitors.models import Exhibitor, NegotiatedLine, Party, WantedOption
from salon.exhibitors.queries.applications import price_list
from salon.fair.engine import geometry
from salon.fair.engine.plan_frames import open_sides
from salon.fair.models import Hall, Stand
from salon.platform.database.db import current_session


def stand_of(exhibitor: Exhibitor) -> tuple[str, bool | None]:
    """Return the price category of the stand, and whether it is a corner.

    (STANDARD, None) without stand.
    """
    stand = exhibitor.stand
    if stand is None:
        return STANDARD, None
    hall = current_session().get_one(Hall, stand.hall_id)
    stands = current_session().scalars(select(Stand).where(Stand.hall_id == hall.id)).all()
    sides = open_sides(hall, stands)
    return stand.category.value, geometry.is_corner(sides[stands.index(stand)])


def list_lines_for(exhibitor: Exhibitor) -> list[PricedLine]:
    """Return the lines of the price list of the exhibitor's edition, nothing granted."""
    statement = (
        select(WantedOption)
        .where(WantedOption.exhibitor_id == exhibitor.id)
        .options(joinedload(WantedOption.item))
    )
    current_session().scalars(statement).all()
    category, corner = stand_of(exhibitor)
    return price_lines(exhibitor, price_list(exhibitor.edition_id), category, corner)


def estimate(application: Exhibitor, seller: Party) -> Sequence[PricedLine]:
    """Return the lines of what is asked for, at the rates that its quote would have."""
    return treat(lines_for(application), seller, facts_of(application)).lines


def lines_for(exhibitor: Exhibitor) -> list[PricedLine]:
    """Return the lines charged today, at the prices granted to the exhibitor."""
    granted = [row for row in granted_to(exhibitor.id) if row.withdrawn_at is None]
    return negotiated_lines(list_lines_for(exhibitor), granted)


def granted_to(exhibitor_id: int) -> Sequence[NegotiatedLine]:
    """Return what was ever granted to an exhibitor, in order; withdrawn grants included."""
    statement = (
        select(NegotiatedLine)
        .where(NegotiatedLine.exhibitor_id == exhibitor_id)
        .options(joinedload(NegotiatedLine.item))
        .order_by(NegotiatedLine.id)
    )
    return current_session().scalars(statement).all()


def get_grant_of(grant_id: int, exhibitor_id: int) -> NegotiatedLine:
    """Return what was granted to the exhibitor; raise NoResultFound for another exhibitor's."""
    statement = select(NegotiatedLine).where(
        NegotiatedLine.id == grant_id, NegotiatedLine.exhibitor_id == exhibitor_id
    )
    return current_session().scalars(statement.options(joinedload(NegotiatedLine.item))).one()
