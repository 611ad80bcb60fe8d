"""Billing details, the agreement on a quote, and the *service fait* of public buyers."""

from dataclasses import asdict, dataclass
from datetime import date

from salon.billing.actions import BillingAction
from salon.billing.engine.agreements import OnlineSignature
from salon.billing.engine.ledger import sales_file_of
from salon.billing.models import BillingDetails, PublicBuyer, SalesDocument, SalesKind
from salon.billing.queries import sales as queries
from salon.billing.rules import sales as rules
from salon.billing.services.sales import issue
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class Billing:
    """The buyer, and the references that a public buyer's accounts need on the invoice."""

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
    public_kind: str = PublicBuyer.AUTHORITY
    legal_form: str = ""
    rcs_city: str = ""
    rna: str = ""


def save_billing(act: Act, exhibitor_id: int, version: int, details: Billing) -> BillingDetails:
    """Save the billing details; `version` is the one read, 0 when there were none yet.

    Documents already issued stay unchanged. Raises StaleVersion, ReferenceRefused.
    """
    rules.check_references(details.engagement_number, details.service_code, details.purchase_order)
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        billing = queries.find_billing(exhibitor.id)
        check_version(version, billing.version if billing else 0)
        if billing is None:
            billing = BillingDetails(exhibitor_id=exhibitor.id)
            session.add(billing)
        for name, value in asdict(details).items():
            setattr(billing, name, value)
        billing.public_kind = PublicBuyer(details.public_kind)
        write_entry(session, act.actor, BillingAction.BILLING_SAVED, f"exhibitor:{exhibitor.id}")
    return billing


def accept_quote(act: Act, exhibitor_id: int, quote_id: int, name: str) -> SalesDocument:
    """Record the « bon pour accord » of `name` on the quote that was read; return the order.

    Raises QuoteChanged when a newer quote exists, and the errors of `issue`.
    """
    sales = queries.sales_of(exhibitor_id)
    file = sales_file_of(sales)
    if file.quote is None or file.quote.id != quote_id:
        raise rules.QuoteChanged
    if file.agreed is not None:
        raise rules.AlreadyOrdered
    last = max(document.id for document in sales)
    agreement = OnlineSignature(name)
    return issue(act, exhibitor_id, SalesKind.ORDER, last_read_id=last, agreement=agreement)


def record_service_done(act: Act, order_id: int, done_on: date) -> None:
    """Record the *service fait* of a public buyer's order, the only later addition to it.

    Raises NotPublicBuyer, OrderMissing, ServiceAlreadyDone, ServiceTooEarly, ServiceInFuture.
    """
    order = queries.get_document(order_id)
    exhibitor = current_session().get_one(Exhibitor, order.exhibitor_id)
    first_day = current_session().get_one(Edition, order.edition_id).days[0].day_on
    with act.transaction(exhibitor, order) as session:
        if not exhibitor.is_public_body:
            raise rules.NotPublicBuyer
        if order not in sales_file_of(queries.sales_of(exhibitor.id)).orders:
            raise rules.OrderMissing
        if order.service_done_on is not None:
            raise rules.ServiceAlreadyDone
        rules.check_service_day(done_on, first_day, local(act.now).date())
        order.service_done_on = done_on
        write_entry(
            session,
            act.actor,
            BillingAction.SALES_SERVICE_DONE,
            f"exhibitor:{exhibitor.id}",
            reference=order.reference,
            done_on=done_on.isoformat(),
        )
