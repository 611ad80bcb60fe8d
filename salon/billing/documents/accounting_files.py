"""Files for the accountant: the entries of a year as FEC and spreadsheet, its receipts.

Rows are made before a table is sent: the act that notes the download expires what was read.

The FEC is a text of 18 columns, one line per posting, in the order of validation (LPF, art. A47
A-1, VII): dates as « 20271014 », amounts with a comma, separated by tabulations, in UTF-8.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

from salon.billing.engine.accounting import Account, Entry, Posting
from salon.billing.engine.receipts import cancellation_day
from salon.billing.models import Payment, Refund
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.settings.clock import local

FEC_COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)


def fec_name(siren: str, year: int) -> str:
    """Return « 443061841FEC20271231.txt »: a calendar year ends on 31 December."""
    return f"{siren}FEC{year}1231.txt"


def fec_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of the FEC, the head first."""
    yield _fec_line(FEC_COLUMNS)
    for number, entry in enumerate(entries, start=1):
        for posting in entry.postings:
            yield _fec_line(_fec_cells(number, entry, posting))


def _fec_line(cells: Iterable[str]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in cells) + "\r\n"


def _fec_cells(number: int, entry: Entry, posting: Posting) -> Sequence[str]:
    own_number, own_name = customer_of(entry, posting)
    return (
        *(entry.journal.value, entry.journal.label, str(number), f"{entry.dated_on:%Y%m%d}"),
        *(posting.number, posting.account.label, own_number, own_name),
        *(entry.piece, f"{entry.piece_on:%Y%m%d}", posting.label),
        *(_fec_amount(posting.debit), _fec_amount(posting.credit)),
        *("", "", f"{local(entry.recorded_at):%Y%m%d}", "", ""),
    )


def _fec_amount(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def customer_of(entry: Entry, posting: Posting) -> tuple[str, str]:
    """Return the number and the name of the customer's own account, on that of customers alone."""
    if posting.account == Account.CUSTOMERS:
        return entry.customer_number, entry.customer_name
    return "", ""


def entries_table(entries: Iterable[Entry]) -> Table:
    """Return the entries as a spreadsheet, one row per posting."""
    heads = (
        *("Journal", "N°", "Date", "Pièce", "Compte", "Intitulé", "Compte du client", "Client"),
        *("Libellé", "Débit", "Crédit", "Enregistré le"),
    )
    wide = ("Client", "Libellé")
    columns = [Column(head, width=36 if head in wide else 14) for head in heads]
    rows: list[list[Cell]] = [
        [
            *(entry.journal.value, number, entry.dated_on, entry.piece),
            *(posting.number, posting.account.label, *customer_of(entry, posting)),
            *(posting.label, posting.debit, posting.credit, local(entry.recorded_at).date()),
        ]
        for number, entry in enumerate(entries, start=1)
        for posting in entry.postings
    ]
    return Table("Écritures", columns, rows, frozen_columns=3)


def receipts_table(payments: Iterable[Payment], year: int) -> Table:
    """Return the receipts and the refunds of a year, and what was cancelled of them in it."""
    heads = (
        *("Date", "Mouvement", "Exposant", "Payeur", "Moyen", "Référence", "Reçu", "Rendu"),
        *("Pièce", "Enregistré le", "Enregistré par", "Annulé le", "Motif"),
    )
    wide = ("Exposant", "Payeur", "Moyen", "Référence", "Motif")
    columns = [Column(head, width=32 if head in wide else 14) for head in heads]
    rows = [
        _receipt_row(payment, money, on, is_return)
        for payment in payments
        for money in chain[Payment | Refund]((payment,), payment.refunds)
        for on, is_return in ((_dated(money), False), (cancellation_day(money), True))
        if on is not None and on.year == year
    ]
    return Table("Encaissements", columns, rows, frozen_columns=3)


def _dated(money: Payment | Refund) -> date:
    return money.received_on if isinstance(money, Payment) else money.refunded_on


def _receipt_row(
    payment: Payment, money: Payment | Refund, on: date, is_return: bool
) -> list[Cell]:
    is_receipt, document = isinstance(money, Payment), payment.document
    comes_in = is_receipt != is_return
    return [
        on,
        ("Règlement" if is_receipt else "Remboursement") + (" annulé" if is_return else ""),
        document.exhibitor.name,
        payment.payer or str(document.buyer["name"]),
        money.method.label,
        money.reference,
        money.amount if comes_in else "",
        "" if comes_in else money.amount,
        document.reference,
        local(money.recorded_at).date(),
        money.recorded_by,
        cancellation_day(money) or "",
        money.cancel_reason,
    ]
