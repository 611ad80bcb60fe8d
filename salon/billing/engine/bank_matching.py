"""What a line of a bank statement may be: the receipt of an invoice, a refund, a return. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain, combinations

from salon.billing.engine.bank_words import (
    RETURNS,
    cut_references,
    is_written,
    name_key,
    named_in,
)
from salon.billing.engine.receipts import dues_of, left_of, paid_by
from salon.billing.models import Payment, Refund, SalesDocument, SalesKind, StatementLine
from salon.exhibitors.engine.pricing import ZERO
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.texts import folded

AROUND = timedelta(days=7)
"""Between the day that somebody noted and the day of the bank."""
MOST_TOGETHER = 8
"""Invoices whose sums are tried, the first due first."""
MOST_PROPOSALS = 6


class Match(LabelledEnum):
    """What a line is proposed as."""

    RECEIPT = "receipt", "Règlement à enregistrer"
    NOTED = "noted", "Règlement déjà noté"
    REFUND = "refund", "Remboursement fait"
    REFUND_NOTED = "refund_noted", "Remboursement déjà noté"
    RETURNED = "returned", "Règlement revenu impayé"
    REFUND_RETURNED = "refund_returned", "Remboursement revenu"


class Certainty(LabelledEnum):
    """How sure a proposal is; the surest comes first."""

    SURE = "sure", "Sûr"
    LIKELY = "likely", "Probable"
    POSSIBLE = "possible", "À vérifier"

    @property
    def pill(self) -> str:
        return {"sure": "ok", "likely": "info", "possible": "warning"}[self.value]


class Reason(LabelledEnum):
    """Why a line is proposed as something."""

    REFERENCE = "reference", "la référence"
    CUT_REFERENCE = "cut_reference", "le début de la référence"
    AMOUNT = "amount", "le montant"
    SUM = "sum", "la somme des factures"
    NAME = "name", "le nom"
    DAY = "day", "la date"
    RETURN = "return", "la mention d’un rejet"


@dataclass(frozen=True)
class Proposal:
    """What a line may be, with the reasons.

    `documents`: those that a receipt pays, first the one that it came for. `due`: their sum.
    """

    match: Match
    certainty: Certainty
    reasons: tuple[Reason, ...]
    documents: tuple[SalesDocument, ...] = ()
    due: Decimal = ZERO
    payment: Payment | None = None
    refund: Refund | None = None

    @property
    def key(self) -> str:
        """Return what a form sends back of it."""
        rows = self.documents or (self.refund or self.payment,)
        return "-".join([self.match.value, *(str(row.id) for row in rows if row is not None)])

    @property
    def document(self) -> SalesDocument:
        """Return the document that it is about."""
        payment = self.refund.payment if self.refund else self.payment
        return payment.document if payment else self.documents[0]


@dataclass(frozen=True)
class ExhibitorSales:
    """What an exhibitor was billed, what it is known to owe, and its receipts."""

    documents: Sequence[SalesDocument]
    payments: Sequence[Payment]
    names: tuple[str, ...]
    dues: Mapping[SalesDocument, Decimal]

    @classmethod
    def of(
        cls, documents: Sequence[SalesDocument], payments: Sequence[Payment]
    ) -> "ExhibitorSales":
        """Return the sales of one exhibitor from its documents and receipts."""
        texts = [documents[0].exhibitor.name, documents[0].exhibitor.legal_name]
        texts += [str(document.buyer.get("name", "")) for document in documents]
        texts += [payment.payer for payment in payments]
        names = dict.fromkeys(key for text in texts if len(key := name_key(text)) > 1)
        return cls(documents, payments, tuple(names), dict(dues_of(documents)))

    def due(self, document: SalesDocument) -> Decimal:
        """Return what a document asks; a quote or an order, until an invoice takes its place."""
        if document.kind == SalesKind.INVOICE:
            return self.dues.get(document, ZERO)
        if any(other.kind == SalesKind.INVOICE for other in self.documents):
            return ZERO
        advance = sum((max(left_of(payment), ZERO) for payment in self.payments), ZERO)
        return max(document.gross - advance, ZERO)


def says_return(line: StatementLine, text: str) -> bool:
    return line.is_return or bool(RETURNS.search(text))


def proposals(
    line: StatementLine, sales: Iterable[ExhibitorSales], settled: Collection[Payment | Refund]
) -> list[Proposal]:
    """Return what a line may be, the surest first, at most MOST_PROPOSALS.

    `settled`: receipts and refunds that another line of a statement is already.
    """
    text = folded(f"{line.label} {line.payer} {line.reference}")
    exhibitors = list(sales)
    named = named_in((line.payer, line.label), [exhibitor.names for exhibitor in exhibitors])
    written_by = [
        [document for document in exhibitor.documents if is_written(document, text)]
        for exhibitor in exhibitors
    ]
    matches = list(_together(line, exhibitors, written_by, named))
    for rank, exhibitor in enumerate(exhibitors):
        written, is_named = written_by[rank], rank in named
        if line.amount > 0:
            matches += _noted(line, exhibitor, written, is_named, settled)
            matches += _receipts(line, exhibitor, written, is_named)
            matches += _returned_refunds(line, text, exhibitor, is_named)
        else:
            matches += _returned(line, text, exhibitor, written, is_named)
            matches += _refunds(line, exhibitor, written, is_named)
            matches += _noted_refunds(line, exhibitor, is_named, settled)
    sure = [match for match in matches if match.certainty == Certainty.SURE]
    if len(sure) > 1:
        doubtful = [replace(match, certainty=Certainty.LIKELY) for match in sure]
        matches = [*doubtful, *(match for match in matches if match not in sure)]
    order = list(Certainty)
    matches.sort(key=lambda match: (order.index(match.certainty), len(match.documents)))
    return matches[:MOST_PROPOSALS]


def can_be_confirmed_at_once(proposals: Sequence[Proposal], amount: Decimal) -> bool:
    """Return whether the first proposal needs no choice: sure or likely, alone, and exact."""
    if not proposals or proposals[0].certainty == Certainty.POSSIBLE:
        return False
    first, *others = proposals
    if first.match == Match.RECEIPT and first.due != amount:
        return False
    return not any(_is_rival(first, other) for other in others)


def _is_rival(first: Proposal, other: Proposal) -> bool:
    """Return whether a proposal that comes after the first may be meant as well."""
    if other.certainty == first.certainty:
        return True
    if other.match == first.match:
        return False
    is_same_sale = other.document.exhibitor_id == first.document.exhibitor_id
    return other.certainty != Certainty.POSSIBLE or (first.match == Match.RECEIPT and is_same_sale)


def _together(
    line: StatementLine,
    exhibitors: Sequence[ExhibitorSales],
    written_by: Sequence[Collection[SalesDocument]],
    named: Collection[int],
) -> Iterator[Proposal]:
    """Yield invoices of several exhibitors that make a credit: those written, else those named."""
    pairs = list(enumerate(exhibitors))
    written = {
        invoice: due
        for rank, exhibitor in pairs
        for invoice, due in exhibitor.dues.items()
        if invoice in written_by[rank]
    }
    owed = {
        invoice: due
        for rank, exhibitor in pairs
        if rank in named
        for invoice, due in exhibitor.dues.items()
    }
    for dues, reason, certainty in (
        (written, Reason.REFERENCE, Certainty.SURE),
        (owed, Reason.NAME, Certainty.LIKELY),
    ):
        is_of_several = len({invoice.exhibitor_id for invoice in dues}) > 1
        if is_of_several and sum(dues.values(), ZERO) == line.amount:
            reasons = (reason, Reason.SUM)
            yield Proposal(Match.RECEIPT, certainty, reasons, tuple(dues), line.amount)
            return


def _receipts(
    line: StatementLine, exhibitor: ExhibitorSales, written: Sequence[SalesDocument], is_named: bool
) -> Iterator[Proposal]:
    """Yield the documents of an exhibitor that a credit may pay."""
    invoices = [document for document in written if document.kind == SalesKind.INVOICE]
    written = invoices or _open(exhibitor) if written else []
    cut = [] if written else cut_references(line.label, exhibitor.dues)
    name = (Reason.NAME,) if is_named else ()
    groups = list(_sums(line.amount, exhibitor))
    for documents, reason in ((written, Reason.REFERENCE), (cut, Reason.CUT_REFERENCE)):
        exact = [group for group in groups if set(group) & set(documents)]
        for group in exact:
            is_sum = Reason.SUM if len(group) > 1 else Reason.AMOUNT
            is_sure = len(exact) == 1 or set(group) == set(documents)
            certainty = Certainty.SURE if is_sure else Certainty.LIKELY
            yield _receipt(exhibitor, group, certainty, (reason, is_sum, *name))
        if documents and not exact and reason == Reason.REFERENCE:
            open_documents = [document for document in documents if exhibitor.due(document)]
            group = tuple(open_documents or documents[:1])
            certainty = Certainty.LIKELY if open_documents else Certainty.POSSIBLE
            yield _receipt(exhibitor, group, certainty, (reason, *name))
    if written or (cut and groups):
        return
    singles = [group for group in groups if len(group) == 1]
    for group in groups if is_named else singles:
        certainty = Certainty.LIKELY if is_named else Certainty.POSSIBLE
        is_sum = Reason.SUM if len(group) > 1 else Reason.AMOUNT
        yield _receipt(exhibitor, group, certainty, (is_sum, *name))
    if is_named and not groups and (open_documents := _open(exhibitor)):
        yield _receipt(exhibitor, tuple(open_documents), Certainty.POSSIBLE, name)


def _receipt(
    exhibitor: ExhibitorSales,
    documents: tuple[SalesDocument, ...],
    certainty: Certainty,
    reasons: tuple[Reason, ...],
) -> Proposal:
    due = sum(map(exhibitor.due, documents), ZERO)
    return Proposal(Match.RECEIPT, certainty, reasons, documents, due)


def _open(exhibitor: ExhibitorSales) -> list[SalesDocument]:
    """Return what an exhibitor may pay: its invoices to settle, else its last document."""
    if exhibitor.dues:
        return list(exhibitor.dues)[:MOST_TOGETHER]
    last = max(exhibitor.documents, key=lambda document: document.id)
    return [last] if exhibitor.due(last) else []


def _sums(amount: Decimal, exhibitor: ExhibitorSales) -> Iterator[tuple[SalesDocument, ...]]:
    """Yield the invoices of an exhibitor whose dues make an amount, the fewest first."""
    documents = _open(exhibitor)
    for count in range(1, len(documents) + 1):
        for group in combinations(documents, count):
            if sum(map(exhibitor.due, group), ZERO) == amount:
                yield group


def _is_whole(payment: Payment, amount: Decimal) -> bool:
    """Return whether a receipt, with its other parts, is what the bank shows."""
    return payment.first_part is None and payment.whole_amount == amount


def _noted(
    line: StatementLine,
    exhibitor: ExhibitorSales,
    written: Sequence[SalesDocument],
    is_named: bool,
    settled: Collection[Payment | Refund],
) -> Iterator[Proposal]:
    """Yield the receipts that somebody noted by hand and that a credit may be."""
    for payment in exhibitor.payments:
        if payment.cancelled_at or payment in settled or not _is_whole(payment, line.amount):
            continue
        if abs(payment.received_on - line.booked_on) > AROUND:
            continue
        is_written = bool({payment.document, *paid_by(payment)} & set(written))
        reasons = (*[Reason.REFERENCE] * is_written, *[Reason.NAME] * is_named)
        certainty = (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.SURE)[len(reasons)]
        reasons = (*reasons, Reason.AMOUNT, Reason.DAY)
        yield Proposal(Match.NOTED, certainty, reasons, payment=payment)


def _returned(
    line: StatementLine,
    text: str,
    exhibitor: ExhibitorSales,
    written: Sequence[SalesDocument],
    is_named: bool,
) -> Iterator[Proposal]:
    """Yield the receipts that a debit may take back."""
    for payment in exhibitor.payments:
        if payment.cancelled_at or not _is_whole(payment, -line.amount):
            continue
        if payment.received_on > line.booked_on:
            continue
        is_written = bool({payment.document, *paid_by(payment)} & set(written)) or bool(
            payment.reference and name_key(payment.reference) in name_key(text)
        )
        evidence = [
            *[Reason.RETURN] * says_return(line, text),
            *[Reason.REFERENCE] * is_written,
            *[Reason.NAME] * is_named,
        ]
        if Reason.RETURN not in evidence and Reason.REFERENCE not in evidence:
            continue
        certainty = (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.SURE)[len(evidence) - 1]
        if says_return(line, text) and is_written:
            certainty = Certainty.SURE
        yield Proposal(Match.RETURNED, certainty, (*evidence, Reason.AMOUNT), payment=payment)


def _refunds(
    line: StatementLine, exhibitor: ExhibitorSales, written: Sequence[SalesDocument], is_named: bool
) -> Iterator[Proposal]:
    """Yield the receipts of which a debit may pay back what they leave."""
    for payment in exhibitor.payments:
        if left_of(payment) != -line.amount or payment.received_on > line.booked_on:
            continue
        reasons = [Reason.REFERENCE] * bool(written) + [Reason.NAME] * is_named
        certainty = Certainty.LIKELY if reasons else Certainty.POSSIBLE
        yield Proposal(Match.REFUND, certainty, (*reasons, Reason.AMOUNT), payment=payment)


def _noted_refunds(
    line: StatementLine,
    exhibitor: ExhibitorSales,
    is_named: bool,
    settled: Collection[Payment | Refund],
) -> Iterator[Proposal]:
    """Yield the refunds that somebody noted by hand and that a debit may be."""
    for refund in chain.from_iterable(payment.refunds for payment in exhibitor.payments):
        if refund.cancelled_at or refund in settled or refund.amount != -line.amount:
            continue
        if abs(refund.refunded_on - line.booked_on) <= AROUND:
            certainty = Certainty.LIKELY if is_named else Certainty.POSSIBLE
            reasons = (*[Reason.NAME] * is_named, Reason.AMOUNT, Reason.DAY)
            yield Proposal(Match.REFUND_NOTED, certainty, reasons, refund=refund)


def _returned_refunds(
    line: StatementLine, text: str, exhibitor: ExhibitorSales, is_named: bool
) -> Iterator[Proposal]:
    """Yield the refunds that came back."""
    refunds = chain.from_iterable(payment.refunds for payment in exhibitor.payments)
    for refund in refunds if says_return(line, text) else ():
        if refund.cancelled_at or refund.amount != line.amount:
            continue
        if refund.refunded_on > line.booked_on:
            continue
        reasons = (*[Reason.NAME] * is_named, Reason.RETURN, Reason.AMOUNT)
        certainty = Certainty.LIKELY if is_named else Certainty.POSSIBLE
        yield Proposal(Match.REFUND_RETURNED, certainty, reasons, refund=refund)
