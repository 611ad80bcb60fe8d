"""Who pays for whom: the members of a pavilion, whose lines are on the sale of its leader."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from salon.billing.engine.ledger import sales_file_of
from salon.billing.models import Sale, SalesDocument
from salon.billing.queries.sales import is_closed, sales_of
from salon.exhibitors.engine.pricing import PricedLine
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.charges import lines_for
from salon.platform.database.db import current_session


def payer_of(exhibitor: Exhibitor) -> Exhibitor | None:
    """Return the exhibitor whose sale has the lines of this one; None where it pays for itself."""
    statement = select(Exhibitor).join(Sale, Sale.payer_id == Exhibitor.id)
    return current_session().scalar(statement.where(Sale.exhibitor_id == exhibitor.id))


def members_of(payer: Exhibitor) -> Sequence[Exhibitor]:
    """Return the exhibitors for whom this one pays, accepted or not, by name."""
    statement = (
        select(Exhibitor)
        .join(Sale, Sale.exhibitor_id == Exhibitor.id)
        .where(Sale.payer_id == payer.id)
        .options(joinedload(Exhibitor.stand))
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    return current_session().scalars(statement).all()


def charged_to(exhibitor: Exhibitor) -> list[PricedLine]:
    """Return the lines that an exhibitor pays today: its own, then those of its members.

    A member that takes part no more has none; nor has one that another pays for.
    """
    own = [] if payer_of(exhibitor) else lines_for(exhibitor)
    members = [
        member for member in members_of(exhibitor) if member.status == ApplicationStatus.ACCEPTED
    ]
    if not members:
        return own
    return [replace(line, beneficiary=_name_with_stand(exhibitor)) for line in own] + [
        replace(line, exhibitor_id=member.id, beneficiary=_name_with_stand(member))
        for member in members
        for line in lines_for(member)
    ]


def strangers_in(document: SalesDocument, payer: Exhibitor) -> list[str]:
    """Return whom a document has lines for, and its buyer pays for no more, by name and stand."""
    member_ids = {None, *(member.id for member in members_of(payer))}
    strangers = (line for line in document.lines if line.exhibitor_id not in member_ids)
    return list(dict.fromkeys(line.beneficiary for line in strangers))


def _name_with_stand(member: Exhibitor) -> str:
    return f"{member.name}, stand {member.stand.number}" if member.stand else member.name


def possible_payers(member: Exhibitor) -> Sequence[Exhibitor]:
    """Return the accepted exhibitors of the edition who pay for themselves, by name.

    The pavilion of the exhibitor comes first.
    """
    is_member = exists().where(Sale.exhibitor_id == Exhibitor.id, Sale.payer_id.is_not(None))
    statement = select(Exhibitor).where(
        Exhibitor.edition_id == member.edition_id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
        Exhibitor.id != member.id,
        ~is_member,
    )
    by_name = statement.order_by(Exhibitor.name_key, Exhibitor.id)
    payers = current_session().scalars(by_name).all()
    return sorted(payers, key=lambda payer: payer.id != member.parent_id)


def members_to_gather(pavilion: Exhibitor) -> list[Exhibitor]:
    """Return the accepted members of a pavilion whose open sale has no live invoice, by name."""
    return [
        member
        for member in pavilion.members
        if member.status == ApplicationStatus.ACCEPTED
        and not is_closed(member.id)
        and not sales_file_of(sales_of(member.id)).invoices
        and not members_of(member)
    ]
