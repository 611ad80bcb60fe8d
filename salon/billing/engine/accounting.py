"""Double-entry bookkeeping of sales: entries of documents, receipts and refunds. Pure.

Decimal euros. Accounts of the *plan comptable général* (ANC, règlement 2014-03): 411 customers, 706
services sold, 4191 deposits of customers, 44571 VAT collected, 512 bank. A deposit invoice credits
4191, the invoice that deducts it debits 4191 and credits 706 with the whole.
What a customer paid too much stays on her account.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from salon.billing.engine.issued_lines import totals_of
from salon.billing.engine.receipts import cancellation_day
from salon.billing.engine.vat_due import VatDue
from salon.billing.models import DEPOSIT, Payment, Refund, SalesDocument, SalesKind
from salon.exhibitors.engine.pricing import ZERO
from salon.platform.words.formats import percent
from salon.platform.words.labels import LabelledEnum


class Journal(LabelledEnum):
    """The books in which entries are written, by their usual codes."""

    SALES = "VE", "Ventes"
    BANK = "BQ", "Banque"


class Account(LabelledEnum):
    """What an account is for, by its key in the seller of a document."""

    CUSTOMERS = "account_customers", "Clients"
    SALES = "account_sales", "Prestations de services"
    DEPOSITS = "account_deposits", "Acomptes reçus"
    VAT = "account_vat", "TVA collectée"
    BANK = "account_bank", "Banque"


NUMBERS = {
    Account.CUSTOMERS: "411000",
    Account.SALES: "706000",
    Account.DEPOSITS: "419100",
    Account.VAT: "445710",
    Account.BANK: "512000",
}
"""The accounts of who chose none."""


@dataclass(frozen=True)
class Posting:
    """A line of an entry: an amount on one side of an account."""

    account: Account
    number: str
    label: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True)
class Entry:
    """An entry of a journal, whose debits equal its credits.

    `document`: the piece itself, or that of the money. `recorded_at` orders the entries: a new one
    never changes the number of those before it.
    """

    journal: Journal
    dated_on: date
    recorded_at: datetime
    piece: str
    piece_on: date
    document: SalesDocument
    postings: tuple[Posting, ...]

    @property
    def customer_number(self) -> str:
        """Return the number of the customer's own account."""
        return f"EXP{self.document.exhibitor_id:05d}"

    @property
    def customer_name(self) -> str:
        """Return the exhibitor's name: an account has one name, whoever pays."""
        return self.document.exhibitor.name

    @property
    def siren(self) -> str:
        """Return the SIREN of the seller, whose books these are."""
        return str(self.document.seller["siret"])[:9]


def entry_of(document: SalesDocument) -> Entry:
    """Return the entry of an invoice; that of a credit note is the other way round.

    An amount of nothing has no posting: an invoice of nothing has none at all.
    """
    is_note = document.kind == SalesKind.CREDIT_NOTE
    words = f"{document.label} {document.reference}"
    postings = []
    if document.gross:
        postings.append(
            _posting(document, Account.CUSTOMERS, words, document.gross, is_credit=is_note)
        )
    for rate, base, vat in totals_of(document).by_rate:
        at = f"{words}, {percent(rate)}"
        deposit = sum(
            (line.net for line in document.lines if line.code == DEPOSIT and line.vat_rate == rate),
            ZERO,
        )
        amounts = {Account.SALES: base - deposit, Account.DEPOSITS: deposit, Account.VAT: vat}
        for account, amount in amounts.items():
            if amount:
                posting = _posting(document, account, at, amount, is_credit=not is_note)
                postings.append(posting)
    return Entry(
        Journal.SALES,
        document.issued_on,
        document.created_at,
        document.reference,
        document.issued_on,
        document,
        tuple(postings),
    )


def entries_of(payment: Payment) -> Iterator[Entry]:
    """Yield the entries of a receipt and of its refunds; a cancellation is an entry of its own."""
    yield from _bank_entries(payment.document, payment, payment.received_on, comes_in=True)
    for refund in payment.refunds:
        yield from _bank_entries(payment.document, refund, refund.refunded_on, comes_in=False)


def _bank_entries(
    document: SalesDocument, money: Payment | Refund, dated_on: date, *, comes_in: bool
) -> Iterator[Entry]:
    kind, letter = ("Règlement", "R") if comes_in else ("Remboursement", "RB")
    number = (isinstance(money, Payment) and money.first_part_id) or money.id
    way = f"{money.method.label.lower()} {money.reference}".rstrip()
    piece, words = f"{letter}-{number}", f"{kind} {document.reference}, {way}"
    postings = _bank_postings(document, money.amount, words, comes_in)
    entry = Entry(Journal.BANK, dated_on, money.recorded_at, piece, dated_on, document, postings)
    yield entry
    if (on := cancellation_day(money)) is not None:
        yield replace(
            entry,
            dated_on=on,
            piece_on=on,
            recorded_at=money.cancelled_at or money.recorded_at,
            postings=_bank_postings(document, money.amount, f"Annulation, {words}", not comes_in),
        )


def _bank_postings(
    document: SalesDocument, amount: Decimal, words: str, comes_in: bool
) -> tuple[Posting, ...]:
    accounts = ((Account.BANK, not comes_in), (Account.CUSTOMERS, comes_in))
    return tuple(
        _posting(document, account, words, amount, is_credit=is_credit)
        for account, is_credit in accounts
    )


def _posting(
    document: SalesDocument, account: Account, label: str, amount: Decimal, *, is_credit: bool
) -> Posting:
    number = str(document.seller.get(account.value) or NUMBERS[account])
    is_credit = is_credit == (amount >= 0)
    debit, credit = (ZERO, abs(amount)) if is_credit else (abs(amount), ZERO)
    return Posting(account, number, label, debit, credit)


@dataclass(frozen=True)
class Figures:
    """What was sold without tax, received and due as VAT: credit notes and refunds deducted.

    `deposits`: those invoiced, less those that invoices deduct: they are sold then only.
    """

    sold: Decimal
    deposits: Decimal
    received: Decimal
    vat: Decimal


def figures_of(entries: Iterable[Entry], dues: Iterable[VatDue]) -> Figures:
    """Return the figures of these entries, and of what made VAT due."""
    entries = list(entries)
    sold, deposits = (
        ZERO - _balance(entries, Journal.SALES, account)
        for account in (Account.SALES, Account.DEPOSITS)
    )
    received = _balance(entries, Journal.BANK, Account.BANK)
    return Figures(sold, deposits, received, sum((due.vat for due in dues), ZERO))


def _balance(entries: Iterable[Entry], journal: Journal, account: Account) -> Decimal:
    """Return the debits less the credits of an account in a journal."""
    postings = (entry.postings for entry in entries if entry.journal == journal)
    amounts = (
        posting.debit - posting.credit
        for posting in chain.from_iterable(postings)
        if posting.account == account
    )
    return sum(amounts, ZERO)


def all_entries(documents: Iterable[SalesDocument], payments: Iterable[Payment]) -> list[Entry]:
    """Return the entries of these documents and receipts, in the order they were recorded in."""
    entries = [entry for document in documents if (entry := entry_of(document)).postings]
    entries += [entry for payment in payments for entry in entries_of(payment)]
    return sorted(entries, key=lambda entry: (entry.recorded_at, entry.piece))
