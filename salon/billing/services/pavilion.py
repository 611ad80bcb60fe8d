"""Bill exhibitors together: the lines of a member go to the sale of the exhibitor who pays."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.engine.ledger import sales_file_of
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import billed_with
from salon.billing.queries.pavilion import members_of, payer_of
from salon.billing.rules import pavilion as rules
from salon.billing.rules.sales import check_sale_is_open
from salon.billing.services.numbering import set_status
from salon.billing.services.sales import check_accepted
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.versions import check_version


def change_payer(act: Act, member_id: int, payer_id: int | None, former_id: int | None) -> None:
    """Let another exhibitor be billed for this one, or None.

    `former_id`: the payer that was read. Raises StaleVersion, NotAPayer, NotAccepted, SaleClosed,
    MemberInvoiced, BilledToPayer.
    """
    session = current_session()
    member = session.get_one(Exhibitor, member_id)
    payer, former = (
        session.get_one(Exhibitor, row_id) if row_id else None for row_id in (payer_id, former_id)
    )
    rows = {row for row in (member, payer, former) if row is not None}
    with act.transaction(*rows) as session:
        check_version(former, payer_of(member))
        if payer is former:
            return
        if former is not None:
            _detach(act, session, member, former)
        if payer is not None:
            _attach(act, session, member, payer)


def gather_members(act: Act, payer_id: int, member_ids: Collection[int]) -> None:
    """Bill these exhibitors, who pay for themselves, to another. Raises as `change_payer`."""
    session = current_session()
    payer = session.get_one(Exhibitor, payer_id)
    members = [session.get_one(Exhibitor, member_id) for member_id in member_ids]
    with act.transaction(payer, *members) as session:
        for member in members:
            _attach(act, session, member, payer)


def _attach(act: Act, session: Session, member: Exhibitor, payer: Exhibitor) -> None:
    rules.check_can_pay(
        payer.status == ApplicationStatus.ACCEPTED and payer.edition_id == member.edition_id,
        payer is member,
        payer_of(payer) is not None,
        bool(members_of(member)),
    )
    check_accepted(member)
    check_sale_is_open(queries.is_closed(payer.id) or queries.is_closed(member.id))
    invoices = sales_file_of(queries.sales_of(member.id)).invoices
    rules.check_not_invoiced(member.name, [invoice.reference for invoice in invoices])
    set_status(session, member.id, act.now, payer.id)
    _write_entries(act, session, BillingAction.SALE_JOINED, member, payer)


def _detach(act: Act, session: Session, member: Exhibitor, payer: Exhibitor) -> None:
    rules.check_not_billed(member.name, billed_with(payer, member))
    set_status(session, member.id, None)
    _write_entries(act, session, BillingAction.SALE_LEFT, member, payer)


def _write_entries(
    act: Act, session: Session, action: JournalAction, member: Exhibitor, payer: Exhibitor
) -> None:
    for exhibitor in (member, payer):
        names = {"member": member.name, "payer": payer.name}
        write_entry(session, act.actor, action, f"exhibitor:{exhibitor.id}", **names)
