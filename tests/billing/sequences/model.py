"""A sale recomputed in cents, by code that shares nothing with the product's."""

from collections.abc import Iterable
from dataclasses import dataclass, field


def vat_of(base: int, rate: int) -> int:
    """Return the VAT of a base, in cents; `rate` in hundredths of a per cent, half a cent up."""
    return (2 * base * rate + 10_000) // 20_000


@dataclass
class InvoiceModel:
    """An invoice: its lines, (net, rate) by rank, and the ranks that credit notes took back."""

    id: int
    lines: dict[int, tuple[int, int]]
    credited: set[int] = field(default_factory=set)

    def gross_of(self, ranks: Iterable[int]) -> int:
        """Return net and VAT of some lines, VAT once per rate."""
        bases: dict[int, int] = {}
        for rank in ranks:
            net, rate = self.lines[rank]
            bases[rate] = bases.get(rate, 0) + net
        return sum(base + vat_of(base, rate) for rate, base in bases.items())

    @property
    def gross(self) -> int:
        return self.gross_of(self.lines)

    @property
    def asked(self) -> int:
        return self.gross - self.gross_of(self.credited)

    @property
    def is_live(self) -> bool:
        return self.credited != set(self.lines)


@dataclass
class ReceiptModel:
    """A receipt: what it pays by invoice id, what was paid back by refund id."""

    id: int
    document_id: int
    amount: int
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
    """The sale of one exhibitor, from its order on."""

    exhibitor_id: int
    order_id: int
    order_gross: int
    invoices: list[InvoiceModel] = field(default_factory=list)
    receipts: list[ReceiptModel] = field(default_factory=list)
    is_closed: bool = False
    takes_part: bool = True

    @property
    def live(self) -> InvoiceModel | None:
        return next((invoice for invoice in self.invoices if invoice.is_live), None)

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
    def document_paid(self) -> tuple[int, int]:
        """Return the document that money comes for, and its gross."""
        if self.live:
            return self.live.id, self.live.gross
        if self.invoices:
            return self.invoices[-1].id, self.invoices[-1].gross
        return self.order_id, self.order_gross

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

    def credit(self, invoice: InvoiceModel, ranks: set[int]) -> None:
        invoice.credited |= ranks
        surplus = self.paid(invoice) - invoice.asked
        for receipt in reversed(self.receipts):
            if surplus > 0 and not receipt.is_cancelled:
                freed = min(surplus, receipt.pays.get(invoice.id, 0))
                receipt.pays[invoice.id] = receipt.pays.get(invoice.id, 0) - freed
                surplus -= freed
