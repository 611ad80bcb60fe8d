"""Grant prices and free lines to one exhibitor, and withdraw them.

Issued documents hold copies: nothing here reaches them. Two organisers queue on the pessimistic
lock of the exhibitor, and the stamp tells the second one that its page is stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.queries.buyers import is_invoiced
from salon.billing.queries.negotiation import Negotiation, negotiation_of
from salon.billing.queries.pavilion import payer_of
from salon.billing.queries.sales import is_closed, takes_part
from salon.billing.rules import negotiation as grant_rules
from salon.billing.rules import sales as rules
from salon.billing.rules.sales import check_sale_is_open
from salon.exhibitors.engine.negotiation import Reduction
from salon.exhibitors.engine.pricing import PricedLine
from salon.exhibitors.models import Exhibitor, NegotiatedLine, PriceItem, Supply
from salon.exhibitors.queries.charges import get_grant_of
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.submissions import claim_submission
from salon.platform.database.versions import check_version

EVERY_LINE = ""


@dataclass(frozen=True)
class Decision:
    """Why it is granted, and the stamp of the page that was read.

    `key` and `content` make sending the form twice idempotent.
    """

    reason: str
    stamp: str
    key: str
    content: Mapping[str, object]


@dataclass(frozen=True)
class FreeLine:
    """A line that no price of the list gives. VAT in %."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    supply: Supply = Supply.STAND


def grant_price(
    act: Act, exhibitor_id: int, code: str, reduction: Reduction, decision: Decision
) -> None:
    """Lower the price of the line with this code; EVERY_LINE: of each, where that lowers it.

    A former grant of the same price is replaced. Raises NothingLowered, InvoiceKeepsPrices, and
    the errors of `_open_negotiation`.
    """
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        if (negotiation := _open_negotiation(session, exhibitor, decision)) is None:
            return
        grant_rules.check_no_invoice_stands(is_invoiced(exhibitor))
        lines = [
            (line.list_line, line.grant)
            for line in negotiation.lines
            if line.list_line is not None
            and code in (EVERY_LINE, line.list_line.code)
            # one line may be granted a higher price than before, below that of the list
            and reduction.applied_to(line.list_line.unit_price)
            < (line.charged if code == EVERY_LINE else line.list_line).unit_price
        ]
        grant_rules.check_something_falls(lines)
        for line, former_grant in lines:
            if former_grant is not None:
                _withdraw(act, former_grant)
                session.flush()
            unit_price = reduction.applied_to(line.unit_price)
            _write_price(act, session, exhibitor, line, unit_price, decision)


def _open_negotiation(
    session: Session, exhibitor: Exhibitor, decision: Decision
) -> Negotiation | None:
    """Return what is granted once the exhibitor's row is locked; None for a form sent before.

    Raises SaleClosed, NotAccepted, StaleVersion.
    """
    content = {**decision.content, "exhibitor": exhibitor.id}
    if claim_submission(session, decision.key, content) is not None:
        return None
    check_sale_is_open(is_closed((payer_of(exhibitor) or exhibitor).id))
    if not takes_part(exhibitor):
        raise rules.NotAccepted
    negotiation = negotiation_of(exhibitor)
    check_version(decision.stamp, negotiation.stamp)
    return negotiation


def _write_price(
    act: Act,
    session: Session,
    exhibitor: Exhibitor,
    line: PricedLine,
    unit_price: Decimal,
    decision: Decision,
) -> None:
    item_id = session.scalars(
        select(PriceItem.id).where(
            PriceItem.edition_id == exhibitor.edition_id, PriceItem.code == line.code
        )
    ).one()
    grant = NegotiatedLine(item_id=item_id, label=line.label, unit_price=unit_price)
    _write_grant(
        act,
        session,
        exhibitor,
        grant,
        BillingAction.PRICE_NEGOTIATED,
        decision,
        former=str(line.unit_price),
    )


def add_free_line(act: Act, exhibitor_id: int, line: FreeLine, decision: Decision) -> None:
    """Add a line to what the exhibitor is charged, after an invoice too: a quote adds it.

    Raises the errors of `_open_negotiation`.
    """
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        if _open_negotiation(session, exhibitor, decision) is not None:
            grant, quantity = NegotiatedLine(**vars(line)), str(line.quantity)
            _write_grant(
                act,
                session,
                exhibitor,
                grant,
                BillingAction.PRICE_LINE_ADDED,
                decision,
                quantity=quantity,
            )


def _write_grant(
    act: Act,
    session: Session,
    exhibitor: Exhibitor,
    grant: NegotiatedLine,
    action: JournalAction,
    decision: Decision,
    **details: str,
) -> None:
    grant.exhibitor_id, grant.reason = exhibitor.id, decision.reason
    grant.granted_by, grant.granted_at = act.actor.display_name, act.now
    session.add(grant)
    write_entry(
        session,
        act.actor,
        action,
        f"exhibitor:{exhibitor.id}",
        label=grant.label,
        amount=str(grant.unit_price),
        reason=grant.reason,
        **details,
    )


def withdraw_grant(act: Act, exhibitor_id: int, grant_id: int) -> None:
    """End what was granted; it stays listed. Raises GrantWithdrawn, SaleClosed; for a price,
    InvoiceKeepsPrices."""
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    grant = get_grant_of(grant_id, exhibitor_id)
    with act.transaction(exhibitor, grant) as session:
        grant_rules.check_not_withdrawn(grant.withdrawn_at is not None)
        check_sale_is_open(is_closed((payer_of(exhibitor) or exhibitor).id))
        if grant.item_id is not None:
            grant_rules.check_no_invoice_stands(is_invoiced(exhibitor))
        _withdraw(act, grant)
        write_entry(
            session,
            act.actor,
            BillingAction.PRICE_GRANT_WITHDRAWN,
            f"exhibitor:{exhibitor.id}",
            label=grant.label,
            amount=str(grant.unit_price),
        )


def _withdraw(act: Act, grant: NegotiatedLine) -> None:
    grant.withdrawn_at, grant.withdrawn_by = act.now, act.actor.display_name
