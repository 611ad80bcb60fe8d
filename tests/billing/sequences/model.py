"""A sale recomputed in cents, by code that shares nothing with the product's."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Line = tuple[int, int]
"""Net in cents, rate in hundredths of a per cent."""


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def vat_of(base: int, rate: int) -> int:
    return half_up(base * rate, 10_000)


def bases_of(lines: Mapping[object, Line]) -> Counter[int]:
    bases: Counter[int] = Counter()
    for net, rate in lines.values():
        bases[rate] += net
    return bases


@dataclass(frozen=True)
class PayerModel:
    """Who pays; "" for the exhibitor itself. A payer of the Union gave its VAT number."""

    name: str = ""
    siret: str = ""
    country: str = "FR"
    vat_number: str = ""

    def is_who_agreed(self, other: "PayerModel") -> bool:
        """Return whether `other` agreed to an order as this payer; a SIRET may be added since."""
        same = self.name == other.name and self.country == other.country
        return same and other.siret in ("", self.siret)


@dataclass
class OrderModel:
    """An order: its lines by name. `is_replaced` by a later quote, before any invoice of it."""

    id: int
    lines: dict[str, Line]
    payer: PayerModel
    is_replaced: bool = False

    @property
    def gross(self) -> int:
        bases = bases_of(self.lines)
        return sum(base + vat_of(base, rate) for rate, base in bases.items())

    def part(self, percent: int) -> dict[int, int]:
        """Return the net of a share by rate."""
        return {rate: half_up(base * percent, 100) for rate, base in bases_of(self.lines).items()}


@dataclass
class InvoiceModel:
    """An invoice: its lines by rank, a deposit deducted below zero, and what was credited."""

    id: int
    order: OrderModel
    lines: dict[int, Line]
    vat: dict[int, int]
    is_deposit: bool = False
    is_part: bool = False
    credited: dict[int, int] = field(default_factory=dict)
    credited_vat: Counter[int] = field(default_factory=Counter)

    @property
    def gross(self) -> int:
        return sum(net for net, _ in self.lines.values()) + sum(self.vat.values())

    @property
    def asked(self) -> int:
        return self.gross - sum(self.credited.values()) - sum(self.credited_vat.values())

    @property
    def left(self) -> dict[int, int]:
        """Return the net left of each line that is not wholly credited."""
        return {
            rank: net - self.credited.get(rank, 0)
            for rank, (net, _) in self.lines.items()
            if rank not in self.credited or self.credited[rank] != net
        }

    @property
    def is_live(self) -> bool:
        return bool(self.left)

    def base_left(self, rate: int) -> int:
        return sum(net for rank, net in self.left.items() if self.lines[rank][1] == rate)

    def vat_left(self, rate: int) -> int:
        return self.vat[rate] - self.credited_vat[rate]

    @property
    def sold(self) -> set[int]:
        """Return the ranks left but those of deductions."""
        return {rank for rank in self.left if self.lines[rank][0] >= 0}

    def fits(self, taken: Mapping[int, int]) -> bool:
        """Return whether a credit note may take these nets by rank."""
        if not taken or any(taken[rank] > self.left.get(rank, -1) for rank in taken):
            return False
        bases = bases_of({rank: (net, self.lines[rank][1]) for rank, net in taken.items()})
        return all(base <= self.base_left(rate) for rate, base in bases.items())

    def credit(self, taken: Mapping[int, int]) -> None:
        bases = bases_of({rank: (net, self.lines[rank][1]) for rank, net in taken.items()})
        whole = bases_of(self.lines)
        for rate, base in bases.items():
            left, vat = self.base_left(rate), self.vat_left(rate)
            if base != left:
                due = vat_of(whole[rate] - left + base, rate) - self.credited_vat[rate]
                vat = min(max(due, 0), vat)
            self.credited_vat[rate] += vat
        for rank, net in taken.items():
            self.credited[rank] = self.credited.get(rank, 0) + net


@dataclass
class ReceiptModel:
    """A receipt: what it pays by invoice id, what was paid back by refund id."""

    id: int
    document_id: int
    amount: int
    received_on: date
    pays: dict[int, int] = field(default_factory=dict)
    refunds: dict[int, int] = field(default_factory=dict)
    is_cancelled: bool = False

    @property
    def left(self) -> int:
        if self.is_cancelled:
            return -sum(self.refunds.values())
        return self.amount - sum(self.pays.values()) - sum(self.refunds.values())


@dataclass
class SaleModel:
    """The sale of one exhibitor, from its first order on; `charged`: its lines of today.

    `on_site`: the names of those taxed where the fair is, whoever pays. `bank`: what came and went
    on each day.
    """

    exhibitor_id: int
    orders: list[OrderModel]
    charged: dict[str, Line]
    invoices: list[InvoiceModel] = field(default_factory=list)
    receipts: list[ReceiptModel] = field(default_factory=list)
    is_closed: bool = False
    takes_part: bool = True
    payer: PayerModel = PayerModel()
    on_site: frozenset[str] = frozenset()
    bank: Counter[date] = field(default_factory=Counter)

    @property
    def live(self) -> list[InvoiceModel]:
        return [invoice for invoice in self.invoices if invoice.is_live]

    def whole(self, order: OrderModel) -> InvoiceModel | None:
        return next((row for row in self.live if row.order is order and not row.is_deposit), None)

    def deposit(self, order: OrderModel) -> InvoiceModel | None:
        return next((row for row in self.live if row.order is order and row.is_deposit), None)

    @property
    def waiting(self) -> list[OrderModel]:
        """Return the orders to invoice."""
        return [row for row in self.orders if not row.is_replaced and not self.whole(row)]

    @property
    def to_invoice(self) -> int:
        if self.is_closed:
            return 0
        deposits = (self.deposit(order) for order in self.waiting)
        asked = sum(deposit.asked for deposit in deposits if deposit)
        return sum(order.gross for order in self.waiting) - asked

    def unsold(self) -> dict[str, Line]:
        """Return what the next quote has; a line is sold once, credited in part or not."""
        sold = [
            name
            for order in self.orders
            for name in order.lines
            if (whole := self.whole(order) or self.deposit(order)) and not whole.is_part
        ]
        return {name: self.taxed(name) for name in self.charged if name not in sold}

    def taxed(self, name: str) -> Line:
        """Return a line at the rate of who pays: none where a payer abroad owes the VAT."""
        net, rate = self.charged[name]
        return net, rate if self.payer.country == "FR" or name in self.on_site else 0

    def has_agreed(self, order: OrderModel | None) -> bool:
        """Return whether who pays today agreed to an order."""
        return order is not None and self.payer.is_who_agreed(order.payer)

    def quote(self) -> None:
        """Replace the orders of which nothing is invoiced."""
        for order in self.orders:
            if not (self.whole(order) or self.deposit(order)):
                order.is_replaced = True

    def paid(self, invoice: InvoiceModel) -> int:
        standing = (receipt for receipt in self.receipts if not receipt.is_cancelled)
        return sum(receipt.pays.get(invoice.id, 0) for receipt in standing)

    def due_of(self, invoice: InvoiceModel) -> int:
        return invoice.asked - self.paid(invoice)

    @property
    def due(self) -> int:
        return sum(self.due_of(invoice) for invoice in self.invoices)

    @property
    def in_favour(self) -> int:
        return sum(receipt.left for receipt in self.receipts)

    @property
    def shown_favour(self) -> int:
        """Return what is to give back or to allocate, zero while something is to recover."""
        return max(self.in_favour, 0)

    @property
    def owed(self) -> int:
        """Return what is due, and to recover of what was paid back."""
        return self.due + max(-self.in_favour, 0)

    @property
    def document_paid(self) -> tuple[int, int] | None:
        """Return the invoice that money comes for, and its gross; None before any."""
        owing = [invoice for invoice in self.invoices if self.due_of(invoice)]
        for invoice in [*owing, *reversed(self.live)]:
            return invoice.id, invoice.gross
        return None

    def kept_for(self, document_id: int) -> int:
        return sum(
            receipt.amount - sum(receipt.refunds.values())
            for receipt in self.receipts
            if receipt.document_id == document_id and not receipt.is_cancelled
        )

    def pay(self, receipt: ReceiptModel) -> None:
        left = receipt.amount
        for invoice in self.invoices:
            taken = min(left, self.due_of(invoice))
            if taken:
                receipt.pays[invoice.id] = taken
                left -= taken
        self.receipts.append(receipt)
        self.bank[receipt.received_on] += receipt.amount

    def credit(self, invoice: InvoiceModel, taken: Mapping[int, int]) -> None:
        invoice.credit(taken)
        surplus = self.paid(invoice) - invoice.asked
        for receipt in reversed(self.receipts):
            if surplus > 0 and not receipt.is_cancelled:
                freed = min(surplus, receipt.pays.get(invoice.id, 0))
                receipt.pays[invoice.id] = receipt.pays.get(invoice.id, 0) - freed
                surplus -= freed
