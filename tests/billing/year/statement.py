"""The statement that the bank gives in November: a CSV of seventy lines, and what each one is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.billing.year.customers import Customer, Paper


@dataclass
class Line:
    """A line of the bank, what the treasurer presses for it, and the invoices that it settles."""

    label: str
    amount: Decimal
    press: str = "Enregistrer"
    typed: dict[str, str] = field(default_factory=dict)
    settles: Sequence[Paper] = ()
    booked_on: date = date(2027, 10, 1)


def squeezed(reference: str) -> str:
    return reference.replace("-", "").lower()


def total(invoices: Iterable[Paper]) -> Decimal:
    return sum((invoice.gross for invoice in invoices), Decimal(0))


def exact(customer: Customer, invoices: Sequence[Paper]) -> Line:
    """Return a transfer of these invoices, their references written in full."""
    references = " ".join(invoice.reference for invoice in invoices)
    label = f"VIR SEPA {customer.name.upper()} {references}"
    return Line(label, total(invoices), settles=invoices)


def mandate(customer: Customer, invoices: Sequence[Paper]) -> Line:
    """Return what a public accountant pays, the reference squeezed and no name written."""
    references = " ".join(squeezed(invoice.reference) for invoice in invoices)
    label = f"MANDAT {customer.rank:04d} DGFIP {references}"
    return Line(label, total(invoices), settles=invoices)


def csv_of(lines: Sequence[Line]) -> bytes:
    """Return the file as a French bank writes it, in Windows' own letters."""
    rows = ["Date d’opération;Libellé;Débit euros;Crédit euros".replace("’", "'")]
    for line in lines:
        amount = f"{abs(line.amount):.2f}".replace(".", ",")
        sides = f";{amount}" if line.amount > 0 else f"{amount};"
        rows.append(f"{line.booked_on:%d/%m/%Y};{line.label};{sides}")
    return "\r\n".join(rows).encode("cp1252")


def dated(lines: Sequence[Line], first_day: date) -> Sequence[Line]:
    """Give each line its day, one day for two lines."""
    for rank, line in enumerate(lines):
        line.booked_on = first_day + timedelta(days=rank // 2)
    return lines
