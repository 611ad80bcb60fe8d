"""Who pays, the agreement on a quote, and the *service fait* of public buyers."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from salon.exhibitors.engine.ledger import file_of
from salon.exhibitors.models import BillingDetails, Exhibitor, SalesDocument, SalesKind
from salon.exhibitors.queries import money as queries
from salon.exhibitors.rules import money as rules
from salon.exhibitors.rules.versions import check_version
from salon.exhibitors.services.money import issue
from salon.fair.models import Edition
from salon.platform.clock import local
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry


@dataclass(frozen=True)
class Billing:
    """Who pays, and what a public buyer's accounts ask to find on the invoice."""

    name: str
    address: str
    postal_code: str
    city: str
    country: str = "FR"
    siret: str = ""
    vat_number: str = ""
    engagement_number: str = ""
    service_code: str = ""
    purchase_order: str = ""


def save_billing(exhibitor_id: int, version: int, details: Billing, by: Identity) -> BillingDetails:
    """Writes who pays; `version` is the one read, 0 when there were no details yet.

    Documents already issued keep what they say. Raises ChangedMeanwhile, ReferenceRefused.
    """
    rules.check_references(details.engagement_number, details.service_code, details.purchase_order)
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with transaction(exhibitor) as session:
        billing = queries.find_billing(exhibitor.id)
        check_version(version, billing.version if billing else 0)
        if billing is None:
            billing = BillingDetails(exhibitor_id=exhibitor.id)
            session.add(billing)
        for name, value in asdict(details).items():
            setattr(billing, name, value)
        write_entry(session, by, "billing.saved", f"exhibitor:{exhibitor.id}")
    return billing


def accept_quote(
    exhibitor_id: int, quote_id: int, name: str, by: Identity, now: datetime
) -> SalesDocument:
    """« Bon pour accord » on the quote that was read: the order, in the name of who agrees.

    Raises QuoteChanged when another quote came since, and the errors of `issue`.
    """
    sales = queries.sales_of(exhibitor_id)
    file = file_of(sales)
    if file.quote is None or file.quote.id != quote_id:
        raise rules.QuoteChanged
    if file.order is not None:
        raise rules.AlreadyOrdered
    last = max(one.id for one in sales)
    return issue(exhibitor_id, SalesKind.ORDER, by, now, seen=last, signed_by=name)


def record_service_done(order_id: int, done_on: date, by: Identity, now: datetime) -> None:
    """Records the *service fait* of a public buyer's order: the one thing added to it later.

    Raises NotPublicBuyer, OrderMissing, ServiceAlreadyDone, ServiceTooEarly, ServiceInFuture.
    """
    order = queries.get_document(order_id)
    exhibitor = current_session().get_one(Exhibitor, order.exhibitor_id)
    first_day = current_session().get_one(Edition, order.edition_id).days[0].day_on
    with transaction(exhibitor, order) as session:
        if not exhibitor.is_public_body:
            raise rules.NotPublicBuyer
        current = file_of(queries.sales_of(exhibitor.id)).order
        if order.kind != SalesKind.ORDER or current is None or current.id != order.id:
            raise rules.OrderMissing
        if order.service_done_on is not None:
            raise rules.ServiceAlreadyDone
        rules.check_service_day(done_on, first_day, local(now).date())
        order.service_done_on = done_on
        write_entry(
            session,
            by,
            "sales.service_done",
            f"exhibitor:{exhibitor.id}",
            reference=order.reference,
            done_on=done_on.isoformat(),
        )
