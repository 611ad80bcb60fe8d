"""Issue quotes, orders, invoices and credit notes: numbered without gap, never changed.

The number is taken in the transaction that writes the document: a rollback gives it back, and two
issuers queue on the pessimistic lock of the series.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from salon.billing.engine.issued_fair import FAIR, fair_facts
from salon.billing.engine.issued_lines import columns_of, credited_totals, line_as_issued, lines_of
from salon.billing.engine.ledger import SalesFile, is_cancelled, sales_file_of
from salon.billing.models import (
    NumberSeries,
    Sale,
    SalesDocument,
    SalesKind,
    SalesLine,
    SaleStatus,
)
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import REFERENCES, buyer_of, references_of, seller_of
from salon.billing.rules import sales as rules
from salon.billing.services.mail import post_document
from salon.billing.services.payments import free_surplus
from salon.exhibitors.engine.pricing import PricedLine, Totals, totals
from salon.exhibitors.engine.vat import VAT, Party, TreatedLines, standing, treat
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.charges import lines_for
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import current_session, transaction, upsert
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local, real_now

LETTERS = {
    SalesKind.QUOTE: "D",
    SalesKind.ORDER: "C",
    SalesKind.INVOICE: "F",
    SalesKind.CREDIT_NOTE: "A",
}
PAYMENT_DAYS = 30


def next_number(session: Session, series: str) -> int:
    """Return the next number of a series; its row stays locked until the transaction ends."""
    statement = (
        upsert(NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last)
    )
    return int(session.execute(statement).scalar_one())


@dataclass(frozen=True)
class Draft:
    """A document without its number: `carried` are columns that its kind or its origin sets.

    `ranks`: those of the invoice's lines that a credit note takes back; `total`: its totals, None
    for those of the lines.
    """

    lines: Sequence[PricedLine]
    carried: dict[str, Any]
    ranks: Sequence[int] = ()
    total: Totals | None = None


def issue(
    exhibitor_id: int,
    kind: SalesKind,
    actor: Identity,
    now: datetime,
    *,
    last_read_id: int | None = None,
    signed_by: str = "",
) -> SalesDocument:
    """Issue the quote, order or invoice of an exhibitor and notify its billing contact.

    `last_read_id`: the last document that the person had read (0 for none); a newer one raises
    DocumentChanged. `signed_by`: the signatory of « bon pour accord » on the quote. Raises the
    errors of `billing.rules.sales`; nothing is written then, and no number is lost.
    """
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with transaction(exhibitor) as session:
        file = open_file_of(exhibitor, last_read_id)
        edition = session.get_one(Edition, exhibitor.edition_id)
        rules.check_fair_takes_place(edition.is_cancelled)
        parties_of(exhibitor)
        draft = _draft(exhibitor, kind, file, local(now).date(), bool(signed_by))
        return write_issued(session, exhibitor, kind, draft, actor, now, signed_by)


def open_file_of(exhibitor: Exhibitor, last_read_id: int | None) -> SalesFile:
    """Return the current documents of an open sale, once the exhibitor's row is locked.

    Raises DocumentChanged, SaleClosed.
    """
    sales = queries.sales_of(exhibitor.id)
    if last_read_id is not None and last_read_id != max(
        (document.id for document in sales), default=0
    ):
        raise rules.DocumentChanged
    rules.check_sale_is_open(queries.is_closed(exhibitor.id))
    return sales_file_of(sales)


def write_issued(
    session: Session,
    exhibitor: Exhibitor,
    kind: SalesKind,
    draft: Draft,
    actor: Identity,
    now: datetime,
    signed_by: str = "",
) -> SalesDocument:
    """Write a quote, order or invoice once its seller and its buyer are complete; post it."""
    edition = session.get_one(Edition, exhibitor.edition_id)
    seller, buyer = parties_of(exhibitor)
    treated = _treated(draft, seller, buyer)
    if kind == SalesKind.INVOICE:
        rules.check_public_buyer(buyer)
        order = session.get_one(SalesDocument, draft.carried["from_id"])
        rules.check_agreed_buyer(order.buyer, buyer, order.reference)
        public_days, _ = rules.public_terms(buyer)
        days = public_days if exhibitor.is_public_body else _payment_days(edition)
        draft.carried["due_on"] = local(now).date() + timedelta(days=days)
    seller.update({FAIR: fair_facts(edition), VAT: dict(treated.stated)})
    draft.carried.update(seller=seller, buyer=buyer, created_by=signed_by or actor.display_name)
    if kind == SalesKind.ORDER:
        confirmed = f"Accord reçu par l’organisation, confirmé par {actor.display_name}"
        signed = f"Bon pour accord signé en ligne par {signed_by}"
        draft.carried["remark"] = signed if signed_by else confirmed
    document = _write(session, exhibitor, kind, replace(draft, lines=treated.lines), now)
    write_entry(
        session,
        actor,
        f"sales.{kind.value}",
        f"exhibitor:{exhibitor.id}",
        reference=document.reference,
        gross=str(document.gross),
        **({"signed_by": signed_by} if signed_by else {}),
    )
    post_document(session, exhibitor, document)
    return document


def _treated(draft: Draft, seller: Party, buyer: Party) -> TreatedLines:
    """Return the lines with the VAT of the document they come from, else that of the table.

    Raises VatRefused, VatChanged.
    """
    origin = queries.find_document(draft.carried.get("from_id"))
    if origin is not None:
        origin_standing = standing(origin.seller, origin.buyer)
        rules.check_vat_stays(origin_standing == standing(seller, buyer))
        if VAT in origin.seller:
            return TreatedLines(draft.lines, origin.seller[VAT])
    treated = treat(draft.lines, seller, buyer)
    rules.check_vat(treated.refusal)
    rules.check_vat_stays(origin is None or treated.lines == draft.lines)
    return treated


def parties_of(exhibitor: Exhibitor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the seller and the buyer. Raises SellerIncomplete, BuyerIncomplete."""
    seller, buyer = seller_of(exhibitor), buyer_of(exhibitor)
    rules.check_seller(seller)
    rules.check_buyer(buyer)
    return seller, buyer


def _payment_days(edition: Edition) -> int:
    terms = find_terms(edition)
    return terms.payment_days if terms else PAYMENT_DAYS


def _draft(
    exhibitor: Exhibitor, kind: SalesKind, file: SalesFile, today: date, signed: bool
) -> Draft:
    """Return the lines and the columns of the next document, once the rules allow it."""
    if exhibitor.status != ApplicationStatus.ACCEPTED:
        raise rules.NotAccepted
    if kind == SalesKind.QUOTE:
        return _quote(exhibitor, file, today)
    if kind == SalesKind.ORDER:
        return _order(exhibitor, file, today, signed)
    if kind == SalesKind.INVOICE:
        return _invoice(exhibitor, file)
    raise rules.NotAnInvoice


def _quote(exhibitor: Exhibitor, file: SalesFile, today: date) -> Draft:
    if file.invoice is not None:
        raise rules.AlreadyInvoiced
    lines = lines_for(exhibitor)
    if not lines:
        raise rules.NothingToSell
    return Draft(lines, {"due_on": today + timedelta(days=rules.QUOTE_DAYS)})


def _order(exhibitor: Exhibitor, file: SalesFile, today: date, signed: bool) -> Draft:
    references = references_of(exhibitor)
    rules.check_can_order(
        file.quote is not None,
        file.order is not None,
        exhibitor.is_public_body,
        (references["engagement_number"], references["purchase_order"]),
    )
    if file.quote is None:
        raise rules.QuoteMissing
    if signed:
        rules.check_quote_is_live(file.quote.due_on, today)
    return Draft(lines_of(file.quote), {"from_id": file.quote.id})


def _invoice(exhibitor: Exhibitor, file: SalesFile) -> Draft:
    done_on = file.order.service_done_on if file.order else None
    rules.check_can_invoice(
        file.order is not None, file.invoice is not None, exhibitor.is_public_body, done_on
    )
    if file.order is None:
        raise rules.OrderMissing
    carried = {"from_id": file.order.id, "service_done_on": done_on}
    return Draft(lines_of(file.order), carried)


def issue_credit_note(
    invoice_id: int,
    ranks: Collection[int] | None,
    actor: Identity,
    now: datetime,
    reason: str,
    *,
    closes_sale: bool = False,
) -> SalesDocument:
    """Credit the lines of `ranks`, or all lines left when None.

    `cancels_id` is set on the credit note after which nothing of the invoice is left: the sale is
    then closed, or left open for another invoice. What was paid above what is left of the invoice
    is in favour of the exhibitor. Raises NotAnInvoice, InvoiceCancelled, NoLineChosen,
    LineAlreadyCredited.
    """
    invoice = queries.get_document(invoice_id)
    if invoice.kind != SalesKind.INVOICE:
        raise rules.NotAnInvoice
    exhibitor = current_session().get_one(Exhibitor, invoice.exhibitor_id)
    with transaction(exhibitor) as session:
        notes = queries.credit_notes_of(invoice.id)
        if is_cancelled(invoice, notes):
            raise rules.InvoiceCancelled
        present = {line.rank for line in invoice.lines}
        credited = {line.rank for note in notes for line in note.lines}
        chosen_ranks = present - credited if ranks is None else set(ranks)
        rules.check_credit_lines(chosen_ranks, present, credited)
        ends = present == credited | chosen_ranks
        lines = [line for line in invoice.lines if line.rank in chosen_ranks]
        priced = [line_as_issued(line) for line in lines]
        total, plain_total = credited_totals(priced, notes), totals(priced)
        vat_by_rate = {str(rate): str(vat) for rate, _, vat in total.by_rate}
        carried = {
            "seller": dict(invoice.seller),
            "buyer": dict(invoice.buyer),
            "from_id": invoice.id,
            "cancels_id": invoice.id if ends else None,
            "service_done_on": invoice.service_done_on,
            "created_by": actor.display_name,
            "remark": reason,
            "vat_by_rate": None if total == plain_total else vat_by_rate,
            **{name: getattr(invoice, name) for name in REFERENCES},
        }
        draft = Draft(priced, carried, [line.rank for line in lines], total)
        document = _write(session, exhibitor, SalesKind.CREDIT_NOTE, draft, now)
        free_surplus(session, invoice, now)
        write_entry(
            session,
            actor,
            "sales.credit_note",
            f"exhibitor:{exhibitor.id}",
            reference=document.reference,
            invoice=invoice.reference,
            reason=reason,
            **({"closes_sale": closes_sale} if ends else {}),
        )
        post_document(session, exhibitor, document, invoice.reference)
        if ends:
            set_status(session, exhibitor.id, now if closes_sale else None)
    return document


def _write(
    session: Session, exhibitor: Exhibitor, kind: SalesKind, draft: Draft, now: datetime
) -> SalesDocument:
    """Take the next number and write the document with its lines and totals.

    Raises ClockDoubtful, DateGoesBack.
    """
    total, today = draft.total or totals(draft.lines), local(now).date()
    rules.check_clock(clock_doubt(real_now()))
    series = f"{kind.value}-{today.year}"
    number = next_number(session, series)
    if kind in (SalesKind.INVOICE, SalesKind.CREDIT_NOTE):
        rules.check_dates_go_on(today, queries.latest_day_of(series))
    document = SalesDocument(
        edition_id=exhibitor.edition_id,
        exhibitor_id=exhibitor.id,
        kind=kind,
        series=series,
        number=number,
        reference=f"{LETTERS[kind]}-{today.year}-{number:04d}",
        issued_on=today,
        net=total.net,
        vat=total.vat,
        gross=total.gross,
        line_count=len(draft.lines),
        created_at=now,
        **{**references_of(exhibitor), **draft.carried},
    )
    document.lines = [
        SalesLine(rank=rank, **columns_of(line))
        for rank, line in zip(
            draft.ranks or range(1, len(draft.lines) + 1), draft.lines, strict=True
        )
    ]
    session.add(document)
    session.flush()
    session.execute(upsert(Sale).values(exhibitor_id=exhibitor.id).on_conflict_do_nothing())
    return document


def set_status(session: Session, exhibitor_id: int, closed_at: datetime | None) -> None:
    """Close the sale of an exhibitor at that time; None opens it."""
    status = SaleStatus.OPEN if closed_at is None else SaleStatus.CLOSED
    values = {"status": status, "closed_at": closed_at}
    session.execute(
        upsert(Sale)
        .values(exhibitor_id=exhibitor_id, **values)
        .on_conflict_do_update(index_elements=["exhibitor_id"], set_=values)
    )
