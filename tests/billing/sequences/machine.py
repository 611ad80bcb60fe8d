"""State machine: a sale has deposits, invoices, late options, credits, receipts, in any order.

After each act, documents, pages, ageing, journal, books and database say what a model of its own
arithmetic says.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import func, select, update

from salon.billing.engine.invoicing import Part
from salon.billing.engine.receipts import document_paid
from salon.billing.models import Payment, PaymentMethod, Refund, SalesDocument, SalesKind
from salon.billing.queries.negotiation import negotiation_of
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.services.closing import close_sale, invoice_part, reopen_sale
from salon.billing.services.negotiation import Decision, FreeLine, add_free_line
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    allocate_payment,
    cancel_payment,
    cancel_refund,
    free_allocation,
    record_payment,
    record_refund,
)
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, PriceItem
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.sales import ORGANISER, make_buyer
from tests.billing.sequences.checks import Checks, decimal
from tests.billing.sequences.model import (
    InvoiceModel,
    Line,
    OrderModel,
    ReceiptModel,
    SaleModel,
    bases_of,
    vat_of,
)
from tests.factories import new_key

CENTS = st.integers(1, 40_000)
MOSTLY = st.sampled_from((True, True, True, False))
MORE = st.sampled_from((0, 0, 1, 700, 2500, -1, -1500))


def newest_id(table: Any) -> int:
    return current_session().scalars(select(func.max(table.id))).one()


def steps(times: int, name: str, **values: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Any]]:
    """Return strategies of an act and its values, drawn `times` times as often as others."""
    return [st.tuples(st.just(name), st.fixed_dictionaries(values))] * times


MOST_SALES = 10
NEED_RECEIPTS = ("allocate", "pay_back", "cancel_a_receipt", "cancel_a_refund", "free")
NEED_INVOICES = ("allocate", "credit", "credit_part", "free")
NUMBER = st.integers(0, 9)
SHARES = st.sampled_from((1, 33, 50, 100, 120))
STEPS = [
    *steps(4, "pay", share=st.sampled_from((100, 100, 50, 3)), more=MORE, is_meant=MOSTLY),
    *steps(2, "credit", number=NUMBER, chosen=st.sets(st.integers(1, 7), min_size=1),
           is_whole=st.booleans(), closes=st.sampled_from((False, False, True))),
    *steps(4, "credit_part", number=NUMBER, rank=st.integers(1, 6), share=SHARES),
    *steps(4, "add_option", price=st.integers(0, 30_000), rate=st.sampled_from((2000, 550))),
    *steps(1, "ask_deposit"),
    *steps(3, "allocate", number=NUMBER, more=MORE),
    *steps(5, "pay_back", number=NUMBER, more=MORE),
    *steps(1, "cancel_a_receipt", number=NUMBER),
    *steps(1, "cancel_a_refund", number=NUMBER),
    *steps(1, "free", number=NUMBER),
    *steps(4, "bill"),
    *steps(1, "bill_part", share=st.sampled_from((10, 33, 50))),
    *steps(1, "withdraw"),
    *steps(1, "close"),
    *steps(1, "reopen"),
]  # fmt: skip


class Machine(Checks):
    @initialize(
        prices=st.lists(CENTS, min_size=5, max_size=5),
        first=st.sampled_from((0, 50, 100, 130, 200)),
        percent=st.sampled_from((0, 30, 33, 99)),
        has_balance=st.booleans(),
    )
    def begin(self, prices: Sequence[int], first: int, percent: int, has_balance: bool) -> None:
        if len(self.sales) == MOST_SALES:
            self.restore()
            self.sales.clear()
        items = current_session().scalars(select(PriceItem).order_by(PriceItem.id)).all()
        with transaction() as session:
            for item, price in zip(items, prices * 2, strict=True):
                changed = update(PriceItem).where(PriceItem.id == item.id)
                session.execute(changed.values(unit_price=decimal(price)))
            session.execute(update(ExhibitorTerms).values(deposit_percent=percent))
        meal = next(item for item in items if item.code == "repas")
        exhibitor = make_buyer(self.edition, {meal: 3})
        self.percent = percent
        self.sale = SaleModel(exhibitor.id, [], {})
        self.order()
        self.sale.charged = dict(self.sale.orders[0].lines)
        self.sales.append(self.sale)
        if first and percent:
            self.name = "ask_deposit"
            self.ask_deposit()
        if first and (has_balance or not percent):
            self.name = "bill"
            self.bill()
        if first:
            self.name = "pay"
            self.pay(first, 0, is_meant=True)

    def order(self) -> None:
        """Quote and order; the order has what the model says that no invoice sells."""
        sale = self.sale
        issue(sale.exhibitor_id, SalesKind.QUOTE, ORGANISER, now())
        order = issue(sale.exhibitor_id, SalesKind.ORDER, ORGANISER, now())
        lines = {
            line.label: (int(line.net * 100), int(line.vat_rate * 100))
            for line in get_document(order.id).lines
        }
        if sale.orders:
            assert lines == sale.unsold()
        sale.quote()
        sale.orders.append(OrderModel(order.id, lines))

    def attempt(self, act: Callable[[], Any], is_allowed: bool) -> bool:
        """Do an act; one that the model refuses is refused with a sentence. Return whether done."""
        self.outcomes[self.name, is_allowed] += 1
        if is_allowed:
            act()
        else:
            with pytest.raises(RuleBroken) as refusal:
                act()
            assert refusal.value.message
        return is_allowed

    def add_invoice(self, order: OrderModel, nets: Sequence[Line], **facts: bool) -> None:
        """Add the newest invoice to the model: these lines, then the deposit of the order."""
        lines = dict(enumerate(nets, start=1))
        vat = {rate: vat_of(base, rate) for rate, base in bases_of(lines).items()}
        deposit = None if facts.get("is_deposit") else self.sale.deposit(order)
        if deposit is not None:
            for rate in sorted(deposit.vat, reverse=True):
                if base := deposit.base_left(rate):
                    lines[len(lines) + 1] = (-base, rate)
                vat[rate] -= deposit.vat_left(rate)
        invoice = InvoiceModel(newest_id(SalesDocument), order, lines, vat, **facts)
        self.sale.invoices.append(invoice)
        document = get_document(invoice.id)
        read = {
            line.rank: (int(line.net * 100), int(line.vat_rate * 100)) for line in document.lines
        }
        assert (read, document.gross) == (lines, decimal(invoice.gross))
        self.check_xml(document)

    @rule(step=st.one_of(*STEPS))
    def act(self, step: tuple[str, dict[str, Any]]) -> None:
        name, values = step
        if name in NEED_RECEIPTS and not self.sale.receipts:
            return
        if name in NEED_INVOICES and not self.sale.invoices:
            return
        self.name = name
        getattr(self, name)(**values)

    def bill(self) -> None:
        sale = self.sale
        is_allowed = sale.takes_part and not sale.is_closed and bool(sale.waiting)
        act = lambda: issue(sale.exhibitor_id, SalesKind.INVOICE, ORGANISER, now())  # noqa: E731
        order = next(iter(sale.waiting), None)
        if self.attempt(act, is_allowed) and order:
            self.add_invoice(order, list(order.lines.values()))

    def ask_deposit(self) -> None:
        sale, order = self.sale, next(iter(self.sale.waiting), None)
        is_allowed = sale.takes_part and not sale.is_closed and bool(self.percent)
        is_allowed &= order is not None and sale.deposit(order) is None
        is_allowed &= order is not None and any(order.part(self.percent).values())
        if self.attempt(
            lambda: issue(sale.exhibitor_id, SalesKind.INVOICE, ORGANISER, now(), as_deposit=True),
            is_allowed,
        ):
            assert order is not None
            parts = sorted(order.part(self.percent).items(), reverse=True)
            nets = [(net, rate) for rate, net in parts if net]
            self.add_invoice(order, nets, is_deposit=True)

    def add_option(self, price: int, rate: int) -> None:
        """Add a free line late, quote what no invoice sells, and agree."""
        sale = self.sale
        label = f"Option {len(sale.charged)}"
        line = FreeLine(label, Decimal(1), decimal(price), Decimal(rate) / 100)
        stamp = negotiation_of(get_exhibitor(sale.exhibitor_id)).stamp

        def add() -> None:
            decision = Decision(ORGANISER, now(), "En plus", stamp, new_key(), {})
            add_free_line(sale.exhibitor_id, line, decision)

        if self.attempt(add, sale.takes_part and not sale.is_closed):
            sale.charged[label] = (price, rate)
            self.order()

    def bill_part(self, share: int) -> None:
        sale, order = self.sale, next(iter(self.sale.waiting), None)
        parts = order.part(share) if order else {}
        deposit = sale.deposit(order) if order else None
        covers = not deposit or all(
            deposit.base_left(rate) <= parts.get(rate, 0) for rate in deposit.vat
        )
        is_allowed = not sale.takes_part and not sale.is_closed and bool(order) and covers
        mine = select(func.max(SalesDocument.id))
        last = (
            current_session()
            .scalars(mine.where(SalesDocument.exhibitor_id == sale.exhibitor_id))
            .one()
        )
        if self.attempt(
            lambda: invoice_part(
                sale.exhibitor_id, Decimal(share), "Frais", ORGANISER, now(), last
            ),
            is_allowed and any(parts.values()),
        ):
            assert order is not None
            nets = [(net, rate) for rate, net in sorted(parts.items(), reverse=True) if net]
            self.add_invoice(order, nets, is_part=True)
            sale.is_closed = True

    def pay(self, share: int, more: int, is_meant: bool) -> None:
        sale = self.sale
        found = sale.document_paid
        if found is None:
            last = document_paid(sales_of(sale.exhibitor_id))
            assert last is not None
            found = last.id, int(last.gross * 100)
        document_id, gross = found[0], max(found[1], sale.owed)
        amount = max((sale.due or gross) * share // 100 + more, 1)
        received = ReceivedPayment(
            decimal(amount), PaymentMethod.TRANSFER, local(now()).date(), "", is_meant
        )
        is_allowed = is_meant or amount <= sale.owed
        is_allowed &= sale.kept_for(document_id) + amount <= 2 * gross
        if self.attempt(
            lambda: record_payment(document_id, received, ORGANISER, now(), new_key(), {}),
            is_allowed,
        ):
            sale.pay(ReceiptModel(newest_id(Payment), document_id, amount))

    def an_invoice(self, number: int) -> InvoiceModel:
        return self.sale.invoices[-1 - number % len(self.sale.invoices)]

    def is_deducted(self, invoice: InvoiceModel) -> bool:
        return invoice.is_deposit and self.sale.whole(invoice.order) is not None

    def credit(self, number: int, chosen: set[int], is_whole: bool, closes: bool) -> None:
        invoice = self.an_invoice(number)
        ranks = invoice.sold if is_whole else chosen & set(invoice.lines)
        if not is_whole:
            ranks = {rank for rank in ranks if invoice.lines[rank][0] >= 0}
        is_known = bool(ranks) and ranks <= set(invoice.left)
        takes_all = is_known and ranks == invoice.sold
        taken = invoice.left if takes_all else {rank: invoice.left.get(rank, 0) for rank in ranks}
        is_allowed = is_known and not self.is_deducted(invoice) and invoice.fits(taken)
        self.credit_as(invoice, ranks, taken, is_allowed, closes)

    def credit_part(self, number: int, rank: int, share: int) -> None:
        invoice = self.an_invoice(number)
        left = invoice.left.get(rank, 0)
        net = max(left * share // 100, 1)
        taken = {rank: net}
        if invoice.sold == {rank} and net == left:
            taken = invoice.left
        is_allowed = rank in invoice.sold and not self.is_deducted(invoice) and invoice.fits(taken)
        self.credit_as(invoice, {rank}, taken, is_allowed, False, Part(amount=decimal(net)))

    def credit_as(
        self,
        invoice: InvoiceModel,
        ranks: set[int],
        taken: dict[int, int],
        is_allowed: bool,
        closes: bool,
        part: Part | None = None,
    ) -> None:
        sale = self.sale
        if self.attempt(
            lambda: issue_credit_note(
                invoice.id, ranks, ORGANISER, now(), "Révisée", closes_sale=closes, part=part
            ),
            is_allowed,
        ):
            before = invoice.asked
            sale.credit(invoice, taken)
            if not invoice.is_live:
                sale.is_closed = closes
            note = get_document(newest_id(SalesDocument))
            assert note.gross == decimal(before - invoice.asked)
            self.check_xml(note)

    def a_receipt(self, number: int) -> ReceiptModel:
        return self.sale.receipts[number % len(self.sale.receipts)]

    def allocate(self, number: int, more: int) -> None:
        sale, receipt = self.sale, self.a_receipt(number)
        if not sale.invoices:
            return
        owing = [invoice for invoice in sale.invoices if sale.due_of(invoice)]
        invoice = next(iter(owing), sale.invoices[-1])
        due = sale.due_of(invoice)
        amount = max(min(receipt.left, due) + more, 1)
        if self.attempt(
            lambda: allocate_payment(receipt.id, invoice.id, decimal(amount), ORGANISER, now()),
            amount <= min(receipt.left, due),
        ):
            receipt.pays[invoice.id] = receipt.pays.get(invoice.id, 0) + amount

    def pay_back(self, number: int, more: int) -> None:
        receipt = self.a_receipt(number)
        amount = max(receipt.left + more, 1)
        sent = SentRefund(decimal(amount), PaymentMethod.TRANSFER, local(now()).date())
        if self.attempt(
            lambda: record_refund(receipt.id, sent, ORGANISER, now(), new_key(), {}),
            amount <= min(receipt.left, self.sale.shown_favour),
        ):
            receipt.refunds[newest_id(Refund)] = amount

    def cancel_a_receipt(self, number: int) -> None:
        receipt = self.a_receipt(number)
        if self.attempt(
            lambda: cancel_payment(receipt.id, ORGANISER, now(), "Rejeté"),
            not receipt.is_cancelled,
        ):
            receipt.is_cancelled = True

    def free(self, number: int) -> None:
        receipt, invoice = self.a_receipt(number), self.an_invoice(number)
        if self.attempt(
            lambda: free_allocation(receipt.id, invoice.id, ORGANISER, now(), "Mauvaise facture"),
            bool(receipt.pays.get(invoice.id)) and not receipt.is_cancelled,
        ):
            receipt.pays[invoice.id] = 0

    def cancel_a_refund(self, number: int) -> None:
        receipt = self.a_receipt(number)
        if receipt.refunds:
            refund_id, _ = receipt.refunds.popitem()
            cancel_refund(refund_id, ORGANISER, now(), "Jamais parti")
            self.attempt(lambda: cancel_refund(refund_id, ORGANISER, now(), "Encore"), False)

    def withdraw(self) -> None:
        exhibitor = current_session().get_one(Exhibitor, self.sale.exhibitor_id)
        with transaction(exhibitor):
            exhibitor.status = ApplicationStatus.WITHDRAWN
        self.sale.takes_part = False

    def close(self) -> None:
        sale = self.sale
        is_allowed = not sale.is_closed and bool(sale.waiting)
        if self.attempt(
            lambda: close_sale(sale.exhibitor_id, ORGANISER, now(), "Fini"), is_allowed
        ):
            sale.is_closed = True

    def reopen(self) -> None:
        sale = self.sale
        if self.attempt(lambda: reopen_sale(sale.exhibitor_id, ORGANISER), sale.is_closed):
            sale.is_closed = False
