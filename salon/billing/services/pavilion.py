"""Bill exhibitors together: the lines of a member go to the sale of the exhibitor who pays."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from salon.billing.engine.ledger import sales_file_of
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import billed_with
from salon.billing.queries.pavilion import members_of, payer_of
from salon.billing.rules import pavilion as rules
from salon.billing.rules.sales import check_sale_is_open
from salon.billing.services.numbering import set_status
from salon.billing.services.sales import check_accepted
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version


def change_payer(
    member_id: int, payer_id: int | None, former_id: int | None, actor: Identity, now: datetime
) -> None:
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
    with transaction(*rows) as session:
        check_version(former, payer_of(member))
        if payer is former:
            return
        if former is not None:
            _detach(session, member, former, actor)
        if payer is not None:
            _attach(session, member, payer, actor, now)


def gather_members(
    payer_id: int, member_ids: Collection[int], actor: Identity, now: datetime
) -> None:
    """Bill these exhibitors, who pay for themselves, to another. Raises as `change_payer`."""
    session = current_session()
    payer = session.get_one(Exhibitor, payer_id)
    members = [session.get_one(Exhibitor, member_id) for member_id in member_ids]
    with transaction(payer, *members) as session:
        for member in members:
            _attach(session, member, payer, actor, now)


def _attach(
    session: Session, member: Exhibitor, payer: Exhibitor, actor: Identity, now: datetime
) -> None:
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
    set_status(session, member.id, now, payer.id)
    _write_entries(session, actor, "sale.joined", member, payer)


def _detach(session: Session, member: Exhibitor, payer: Exhibitor, actor: Identity) -> None:
    rules.check_not_billed(member.name, billed_with(payer, member))
    set_status(session, member.id, None)
    _write_entries(session, actor, "sale.left", member, payer)


def _write_entries(
    session: Session, actor: Identity, action: str, member: Exhibitor, payer: Exhibitor
) -> None:
    for exhibitor in (member, payer):
        names = {"member": member.name, "payer": payer.name}
        write_entry(session, actor, action, f"exhibitor:{exhibitor.id}", **names)
