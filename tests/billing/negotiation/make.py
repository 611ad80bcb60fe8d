"""Grants made through the services, from a page just read."""

from decimal import Decimal

from salon.billing.queries.negotiation import negotiation_of
from salon.billing.services.negotiation import Decision, FreeLine, add_free_line, grant_price
from salon.exhibitors.engine.negotiation import Reduction
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.charges import granted_to
from salon.platform.database.act import Act
from tests.billing.sales import ORGANISER
from tests.factories import new_key

REASON = "Partenaire historique"
SIGN = FreeLine("Enseigne", Decimal(2), Decimal("45.50"), Decimal(20))


def decision(exhibitor: Exhibitor, key: str = "", stamp: str = "") -> Decision:
    read = stamp or negotiation_of(exhibitor).stamp
    return Decision(REASON, read, key or new_key(), {})


def grant(exhibitor: Exhibitor, code: str, price: str) -> int:
    """Grant a price for the line with this code; return the id of the grant."""
    grant_price(Act(ORGANISER), exhibitor.id, code, Reduction(Decimal(price)), decision(exhibitor))
    return granted_to(exhibitor.id)[-1].id


def cut(exhibitor: Exhibitor, code: str, percent_off: str) -> None:
    reduction = Reduction(percent_off=Decimal(percent_off))
    grant_price(Act(ORGANISER), exhibitor.id, code, reduction, decision(exhibitor))


def add_sign(exhibitor: Exhibitor) -> int:
    add_free_line(Act(ORGANISER), exhibitor.id, SIGN, decision(exhibitor))
    return granted_to(exhibitor.id)[-1].id
