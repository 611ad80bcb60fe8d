"""The VAT that becomes due with each document and each euro received. Pure; Decimal euros.

Services are taxed on receipts (CGI, art. 269, 2, c), or when invoiced by a seller who chose to pay
on debits. What a credit note takes back is deducted from that day (art. 272, 1).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from salon.billing.engine.issued_lines import Rates, rates_left, rates_of, totals_of
from salon.billing.engine.receipts import cancellation_day
from salon.billing.models import Allocation, SalesDocument
from salon.exhibitors.engine.pricing import ZERO, round_to_cent
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class VatDue:
    """The base and the VAT of a rate that an event makes due; negative when it is taken back."""

    on: date
    document: SalesDocument
    cause: str
    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True)
class _Event:
    """A change of what an invoice asks, by a credit note, or of what was received for it."""

    on: date
    at: datetime
    cause: str
    document: SalesDocument
    received: Decimal = ZERO
    note: SalesDocument | None = None


def vat_due(invoice: SalesDocument, notes: Sequence[SalesDocument]) -> list[VatDue]:
    """Return what an invoice, its credit notes and its allocations make due, event by event.

    Once all is paid, the sum is the VAT of the invoice less that of its notes, to the cent.
    """
    if invoice.seller.get("vat_on_debits"):
        return [*_at_issue(invoice, 1), *(due for note in notes for due in _at_issue(note, -1))]
    events = sorted(
        [*_credits(notes), *_receipts(invoice.allocations)], key=lambda event: (event.on, event.at)
    )
    asked, gross, received = rates_of(invoice), invoice.gross, ZERO
    credited: list[SalesDocument] = []
    due_before: Rates = {}
    dues: list[VatDue] = []
    for event in events:
        received += event.received
        if event.note is not None:
            gross -= event.note.gross
            credited.append(event.note)
            asked = rates_left(invoice, credited)
        due = _share(asked, max(ZERO, min(received, gross)), gross)
        dues += _differences(event, due_before, due)
        due_before = due
    return dues


def sums_by_rate(dues: Iterable[VatDue]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Return (rate, base, VAT) of these events, the highest rate first."""
    bases: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    amounts: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for due in dues:
        bases[due.rate] += due.base
        amounts[due.rate] += due.vat
    return [(rate, bases[rate], amounts[rate]) for rate in sorted(bases, reverse=True)]


def _at_issue(document: SalesDocument, sign: int) -> Iterator[VatDue]:
    for rate, base, vat in totals_of(document).by_rate:
        label = document.label
        yield VatDue(document.issued_on, document, label, rate, sign * base, sign * vat)


def _receipts(allocations: Iterable[Allocation]) -> Iterator[_Event]:
    """Yield an event for each allocation: on the day of its receipt when made with it."""
    for allocation in allocations:
        payment, at = allocation.payment, allocation.allocated_at
        is_prompt = at == payment.recorded_at
        on = payment.received_on if is_prompt else local(at).date()
        cause = "Règlement" if allocation.amount > 0 else "Règlement libéré"
        yield _Event(on, at, cause, allocation.document, allocation.amount)
        if payment.cancelled_at is not None:
            # the bank may have taken back money before it was allocated
            on, lost = max(on, cancellation_day(payment) or on), ZERO - allocation.amount
            at, cause = payment.cancelled_at, "Règlement annulé"
            yield _Event(on, at, cause, allocation.document, lost)


def _credits(notes: Iterable[SalesDocument]) -> Iterator[_Event]:
    for note in notes:
        yield _Event(note.issued_on, note.created_at, "Avoir", note, note=note)


def _share(asked: Rates, held: Decimal, gross: Decimal) -> Rates:
    """Return the part of each rate in what is held of a gross amount."""
    if not gross or not held:
        return {}
    if held == gross:
        return asked
    return {
        rate: (round_to_cent(base * held / gross), round_to_cent(vat * held / gross))
        for rate, (base, vat) in asked.items()
    }


def _differences(event: _Event, before: Rates, after: Rates) -> Iterator[VatDue]:
    for rate in sorted({*before, *after}, reverse=True):
        (old_base, old_vat), (base, vat) = (
            rates.get(rate, (ZERO, ZERO)) for rates in (before, after)
        )
        if base != old_base or vat != old_vat:
            change = (rate, base - old_base, vat - old_vat)
            yield VatDue(event.on, event.document, event.cause, *change)
