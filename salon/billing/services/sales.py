"""Issue quotes, orders, invoices and credit notes: numbered without gap, never changed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.engine.agreements import (
    Agreement,
    OnlineSignature,
    OrderAgreement,
    agreement_words,
)
from salon.billing.engine.invoicing import (
    LinePart,
    Part,
    deposit_lines,
    lines_left,
    part_of_line,
    with_deposit_deducted,
)
from salon.billing.engine.issued_fair import FAIR, fair_facts
from salon.billing.engine.issued_lines import credited_totals, lines_of
from salon.billing.engine.ledger import SalesFile, is_cancelled, sales_file_of
from salon.billing.models import (
    SalesDocument,
    SalesKind,
)
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import (
    REFERENCES,
    buyer_of,
    lines_to_quote,
    references_of,
    seller_of,
)
from salon.billing.queries.pavilion import payer_of, strangers_in
from salon.billing.rules import invoices as invoice_rules
from salon.billing.rules import sales as rules
from salon.billing.rules.pavilion import check_members_stay, check_pays_for_itself
from salon.billing.services.mail import post_document
from salon.billing.services.numbering import Draft, set_status, write_document
from salon.billing.services.payments import free_surplus
from salon.exhibitors.engine.pricing import PricedLine, totals
from salon.exhibitors.engine.vat import VAT, TreatedLines, standing, treat
from salon.exhibitors.models import ApplicationStatus, Exhibitor, Party
from salon.exhibitors.models.terms import ExhibitorTerms
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.platform.settings.clock import local

PAYMENT_DAYS = 30


def issue(
    act: Act,
    exhibitor_id: int,
    kind: SalesKind,
    *,
    last_read_id: int | None = None,
    as_deposit: bool = False,
    agreement: Agreement | None = None,
) -> SalesDocument:
    """Issue the quote, order or invoice of an exhibitor and notify its billing contact.

    A quote has what is not sold yet; an invoice is that of the first order without one, or its
    deposit, `as_deposit`. `last_read_id`: the last document that the person had read (0 for none);
    a newer one raises DocumentChanged. `agreement`: the buyer's to the quote. Raises the errors
    of `billing.rules.sales` and `billing.rules.invoices`; nothing is written then, and no number is
    lost.
    """
    signed_by = agreement.name if isinstance(agreement, OnlineSignature) else ""
    exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
    with act.transaction(exhibitor) as session:
        file = open_file_of(exhibitor, last_read_id)
        edition = session.get_one(Edition, exhibitor.edition_id)
        rules.check_fair_takes_place(edition.is_cancelled)
        parties_of(exhibitor)
        today = local(act.now).date()
        if as_deposit:
            draft = _deposit(exhibitor, file, find_terms(edition), today)
        else:
            draft = _draft(exhibitor, kind, file, today, bool(signed_by))
        if kind == SalesKind.ORDER and file.quote is not None:
            if isinstance(agreement, OrderAgreement):
                rules.check_agreement_day(agreement.received_on, file.quote.issued_on, today)
            draft.carried["remark"] = agreement_words(agreement, act.actor.display_name)
        return write_issued(act, session, exhibitor, kind, draft, signed_by)


def open_file_of(exhibitor: Exhibitor, last_read_id: int | None) -> SalesFile:
    """Return the current documents of an open sale, once the exhibitor's row is locked.

    Raises PaidByAnother, DocumentChanged, SaleClosed.
    """
    check_pays_for_itself(getattr(payer_of(exhibitor), "name", ""))
    sales = queries.sales_of(exhibitor.id)
    if last_read_id is not None and last_read_id != max(
        (document.id for document in sales), default=0
    ):
        raise rules.DocumentChanged
    rules.check_sale_is_open(queries.is_closed(exhibitor.id))
    return sales_file_of(sales)


def write_issued(
    act: Act,
    session: Session,
    exhibitor: Exhibitor,
    kind: SalesKind,
    draft: Draft,
    signed_by: str = "",
) -> SalesDocument:
    """Write a quote, order or invoice once its seller and its buyer are complete; post it."""
    edition = session.get_one(Edition, exhibitor.edition_id)
    invoice_rules.check_has_lines(draft.lines)
    seller, buyer = parties_of(exhibitor)
    treated = _treated(draft, seller, buyer)
    if kind == SalesKind.INVOICE:
        rules.check_public_buyer(buyer)
        order = session.get_one(SalesDocument, draft.carried["from_id"])
        rules.check_agreed_buyer(order.buyer, buyer, order.reference)
        public_days, _ = rules.public_terms(buyer)
        days = public_days if exhibitor.is_public_body else _payment_days(edition)
        draft.carried.setdefault("due_on", local(act.now).date() + timedelta(days=days))
    seller.update({FAIR: fair_facts(edition), VAT: dict(treated.stated)})
    draft.carried.update(seller=seller, buyer=buyer, created_by=signed_by or act.actor.display_name)
    document = write_document(
        session, exhibitor, kind, replace(draft, lines=treated.lines), act.now
    )
    write_entry(
        session,
        act.actor,
        BillingAction(f"sales.{kind.value}"),
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


def parties_of(exhibitor: Exhibitor) -> tuple[Party, Party]:
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
    check_accepted(exhibitor)
    if kind == SalesKind.QUOTE:
        return _quote(exhibitor, file, today)
    if kind == SalesKind.ORDER:
        return _order(exhibitor, file, today, signed)
    if kind == SalesKind.INVOICE:
        return _invoice(exhibitor, file)
    raise rules.NotAnInvoice


def check_accepted(exhibitor: Exhibitor) -> None:
    """Raises NotAccepted."""
    if exhibitor.status != ApplicationStatus.ACCEPTED:
        raise rules.NotAccepted


def _quote(exhibitor: Exhibitor, file: SalesFile, today: date) -> Draft:
    lines = lines_to_quote(exhibitor, file)
    if not lines:
        raise invoice_rules.NothingToAdd if file.invoices else rules.NothingToSell
    completed = {order.id: order.reference for order in file.orders}
    references = dict.fromkeys(completed[row.from_id] for row in file.invoices if row.from_id)
    due_on = today + timedelta(days=rules.QUOTE_DAYS)
    return Draft(lines, {"due_on": due_on, "remark": ", ".join(references)})


def _order(exhibitor: Exhibitor, file: SalesFile, today: date, signed: bool) -> Draft:
    references = references_of(exhibitor)
    rules.check_can_order(
        file.quote is not None,
        file.agreed is not None,
        exhibitor.is_public_body,
        (references["engagement_number"], references["purchase_order"]),
    )
    if file.quote is None:
        raise rules.QuoteMissing
    if signed:
        rules.check_quote_is_live(file.quote.due_on, today)
    _check_members(exhibitor, file.quote)
    return Draft(lines_of(file.quote), {"from_id": file.quote.id})


def _invoice(exhibitor: Exhibitor, file: SalesFile) -> Draft:
    order = next(iter(file.to_invoice), None)
    done_on = order.service_done_on if order else None
    rules.check_can_invoice(
        order is not None, bool(file.invoices), exhibitor.is_public_body, done_on
    )
    if order is None:
        raise rules.OrderMissing
    _check_members(exhibitor, order)
    return invoice_draft(file, order, lines_of(order), {"service_done_on": done_on})


def _check_members(exhibitor: Exhibitor, document: SalesDocument) -> None:
    """A quote is ordered, and an order invoiced, as long as its lines are those of members."""
    check_members_stay(document.reference, strangers_in(document, exhibitor))


def invoice_draft(
    file: SalesFile, order: SalesDocument, lines: Sequence[PricedLine], carried: dict[str, object]
) -> Draft:
    """Return the invoice of an order, its deposit deducted. Raises PartBelowDeposit."""
    carried["from_id"] = order.id
    deposit = file.deposit(order)
    if deposit is None:
        return Draft(lines, carried)
    notes = queries.credit_notes_of(deposit.id)
    lines, total = with_deposit_deducted(lines, deposit, notes)
    invoice_rules.check_part_covers_deposit(base for _, base, _ in total.by_rate)
    return Draft(lines, carried, total=total)


def _deposit(
    exhibitor: Exhibitor, file: SalesFile, terms: ExhibitorTerms | None, today: date
) -> Draft:
    check_accepted(exhibitor)
    order = next(iter(file.to_invoice), None)
    if order is None:
        raise rules.AlreadyInvoiced if file.invoices else rules.OrderMissing
    percent = terms.deposit_percent if terms else 0
    invoice_rules.check_can_ask_deposit(
        percent, exhibitor.is_public_body, file.deposit(order) is not None
    )
    _check_members(exhibitor, order)
    carried: dict[str, object] = {"from_id": order.id, "deposit_percent": percent}
    if terms and terms.deposit_due_on and terms.deposit_due_on >= today:
        carried["due_on"] = terms.deposit_due_on
    return Draft(deposit_lines(order, percent), carried)


def issue_credit_note(
    act: Act,
    invoice_id: int,
    lines: Collection[int] | LinePart | None,
    reason: str,
    *,
    closes_sale: bool = False,
    key: str = "",
) -> SalesDocument:
    """Credit what is left of the lines of these ranks, or of all when None, or a part of one.

    Idempotent for one `key` of a form.
    The deposit that an invoice deducts is given back with the last of its lines. `cancels_id` is
    set on the credit note after which nothing of the invoice is left: the sale is then closed, or
    left open for another invoice. What was paid above what is left of the invoice is in favour of
    the exhibitor. Raises NotAnInvoice, InvoiceCancelled, NoLineChosen, LineAlreadyCredited,
    PartRefused, MoreThanAsked, DepositDeducted.
    """
    invoice = queries.get_document(invoice_id)
    if invoice.kind != SalesKind.INVOICE:
        raise rules.NotAnInvoice
    exhibitor = current_session().get_one(Exhibitor, invoice.exhibitor_id)
    ranks, part = (lines.ranks, lines.part) if isinstance(lines, LinePart) else (lines, None)
    content = {"invoice": invoice.id, "ranks": sorted(ranks or ()), "part": part, "why": reason}
    with act.transaction(exhibitor) as session:
        if sent_before := earlier_row(session, SalesDocument, key, content):
            return sent_before
        notes = queries.credit_notes_of(invoice.id)
        if is_cancelled(invoice, notes):
            raise rules.InvoiceCancelled
        if invoice.deposit_percent is not None:
            invoice_rules.check_not_deducted(_is_deducted(invoice))
        left = lines_left(invoice, notes)
        credited_lines = _credited_lines(invoice, left, ranks, part)
        ends = credited_lines == left
        priced = list(credited_lines.values())
        total = credited_totals(priced, invoice, notes)
        carried = {
            "seller": dict(invoice.seller),
            "buyer": dict(invoice.buyer),
            "from_id": invoice.id,
            "cancels_id": invoice.id if ends else None,
            "service_done_on": invoice.service_done_on,
            "created_by": act.actor.display_name,
            "remark": reason,
            **{name: getattr(invoice, name) for name in REFERENCES},
        }
        draft = Draft(priced, carried, list(credited_lines), total)
        document = write_document(session, exhibitor, SalesKind.CREDIT_NOTE, draft, act.now)
        settle_submission(session, key, str(document.id))
        free_surplus(session, invoice, act.now)
        write_entry(
            session,
            act.actor,
            BillingAction.SALES_CREDIT_NOTE,
            f"exhibitor:{exhibitor.id}",
            reference=document.reference,
            invoice=invoice.reference,
            reason=reason,
            **({"closes_sale": closes_sale} if ends else {}),
        )
        post_document(session, exhibitor, document, invoice.reference)
        if ends:
            set_status(session, exhibitor.id, act.now if closes_sale else None)
    return document


def _is_deducted(deposit: SalesDocument) -> bool:
    """Return whether a live invoice of the order deducts its deposit."""
    file = sales_file_of(queries.sales_of(deposit.exhibitor_id))
    return any(
        row.from_id == deposit.from_id and row.deposit_percent is None for row in file.invoices
    )


def _credited_lines(
    invoice: SalesDocument,
    left: dict[int, PricedLine],
    ranks: Collection[int] | None,
    part: Part | None,
) -> dict[int, PricedLine]:
    """Return what a credit note takes back, by rank, of what is `left` of an invoice."""
    sold_ranks = {rank for rank, line in left.items() if line.quantity > 0}
    chosen_ranks = sold_ranks if ranks is None else set(ranks)
    present = {line.rank for line in invoice.lines}
    rules.check_credit_lines(chosen_ranks, present, present - set(left))
    chosen = {rank: line for rank, line in left.items() if rank in chosen_ranks}
    if part is not None:
        invoice_rules.check_one_line(len(chosen))
        ((rank, line),) = chosen.items()
        for typed, most in ((part.quantity, line.quantity), (part.amount, line.net)):
            invoice_rules.check_part(typed, most)
        chosen = {rank: part_of_line(line, part)}
    if all(chosen.get(rank) == left[rank] for rank in sold_ranks):
        return left
    bases, bases_left = (
        {rate: base for rate, base, _ in totals(lines.values()).by_rate} for lines in (chosen, left)
    )
    invoice_rules.check_credit_within(bases, bases_left)
    return chosen
