"""End the sale of an exhibitor: invoice what is still owed of an order, close, reopen."""

from decimal import Decimal

from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.engine.issued_lines import part_of_order
from salon.billing.engine.ledger import sales_file_of
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries import sales as queries
from salon.billing.queries.pavilion import payer_of
from salon.billing.rules import sales as rules
from salon.billing.rules.pavilion import check_pays_for_itself
from salon.billing.services.numbering import set_status
from salon.billing.services.sales import invoice_draft, open_file_of, write_issued
from salon.exhibitors.models import Exhibitor
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry


def invoice_part(
    act: Act, exhibitor_id: int, share: Decimal, label: str, last_read_id: int
) -> SalesDocument:
    """Invoice a share, in %, of the order of an exhibitor who takes part no more; close the sale.

    `label`: what is owed, as the invoice says it. Raises StillTakesPart, ShareRefused, and the
    errors of `issue`. The deposit of the order is deducted.
    """
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        file = open_file_of(exhibitor, last_read_id)
        order = next(iter(file.to_invoice), None)
        rules.check_can_invoice_part(
            queries.takes_part(exhibitor), order is not None, bool(file.invoices), share
        )
        if order is None:
            raise rules.NothingSold
        draft = invoice_draft(file, order, part_of_order(order, share, label), {})
        document = write_issued(act, session, exhibitor, SalesKind.INVOICE, draft)
        _close(act, session, exhibitor, label)
    return document


def close_sale(act: Act, exhibitor_id: int, reason: str) -> None:
    """Close a sale of which something is not invoiced; its live invoices stay due.

    Raises SaleClosed, InvoiceStands, NothingSold.
    """
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        file = sales_file_of(queries.sales_of(exhibitor.id))
        rules.check_can_close(
            queries.is_closed(exhibitor.id), bool(file.to_invoice), bool(file.invoices)
        )
        _close(act, session, exhibitor, reason)


def _close(act: Act, session: Session, exhibitor: Exhibitor, reason: str) -> None:
    set_status(session, exhibitor.id, act.now)
    write_entry(
        session, act.actor, BillingAction.SALE_CLOSED, f"exhibitor:{exhibitor.id}", reason=reason
    )


def reopen_sale(act: Act, exhibitor_id: int) -> None:
    """Let a closed sale be quoted, ordered and invoiced again. Raises SaleOpen, PaidByAnother."""
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        check_pays_for_itself(getattr(payer_of(exhibitor), "name", ""))
        if not queries.is_closed(exhibitor.id):
            raise rules.SaleOpen
        set_status(session, exhibitor.id, None)
        write_entry(session, act.actor, BillingAction.SALE_REOPENED, f"exhibitor:{exhibitor.id}")
