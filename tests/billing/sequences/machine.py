"""State machine: a sale has deposits, invoices, late options, credits, receipts, in any order.

After each act, documents, pages, ageing, journal, books and database say what a model of its own
arithmetic says.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import func, select, update

from salon.billing.engine.invoicing import LinePart, Part
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
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, PriceItem, Supply
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.rules.standing import StandingAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, make_buyer
from tests.billing.sequences.acts import PAYERS, SaleActs, newest_id
from tests.billing.sequences.checks import decimal
from tests.billing.sequences.model import (
    InvoiceModel,
    PayerModel,
    ReceiptModel,
    SaleModel,
)
from tests.factories import new_key

CENTS = st.integers(1, 40_000)
MOSTLY = st.sampled_from((True, True, True, False))
MORE = st.sampled_from((0, 0, 1, 700, 2500, -1, -1500))


def steps(times: int, name: str, **values: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Any]]:
    """Return strategies of an act and its values, drawn `times` times as often as others."""
    return [st.tuples(st.just(name), st.fixed_dictionaries(values))] * times


MOST_SALES = 10
NEED_RECEIPTS = ("allocate", "pay_back", "cancel_a_receipt", "cancel_a_refund", "free")
NEED_INVOICES = ("allocate", "credit", "credit_part", "free")
NUMBER = st.integers(0, 9)
THEN_AGREE = (("bill",), ("quote_again",), ("credit_last", "quote_again", "bill"))
THEN_GO_BACK = (
    ("bill", "ask_deposit", "quote_again"),
    ("reinstate_fair",),
    ("credit_fair", "bill", "reinstate_fair", "reopen", "bill"),
)
SHARES = st.sampled_from((1, 33, 50, 100, 120))
STEPS = [
    *steps(4, "pay", share=st.sampled_from((100, 100, 50, 3)), more=MORE, is_meant=MOSTLY,
           days=st.integers(0, 5)),
    *steps(2, "credit", number=NUMBER, chosen=st.sets(st.integers(1, 7), min_size=1),
           is_whole=st.booleans(), closes=st.sampled_from((False, False, True))),
    *steps(4, "credit_part", number=NUMBER, rank=st.integers(1, 6), share=SHARES),
    *steps(4, "add_option", price=st.integers(0, 30_000), rate=st.sampled_from((2000, 550))),
    *steps(1, "ask_deposit"),
    *steps(3, "allocate", number=NUMBER, more=MORE),
    *steps(5, "pay_back", number=NUMBER, more=MORE),
    *steps(2, "cancel_a_receipt", number=NUMBER, days=st.integers(-1, 5)),
    *steps(1, "cancel_a_refund", number=NUMBER),
    *steps(1, "free", number=NUMBER),
    *steps(4, "bill"),
    *steps(1, "bill_part", share=st.sampled_from((10, 33, 50))),
    *steps(1, "withdraw", then=st.sampled_from(((), ("bill_part",)))),
    *steps(1, "close"),
    *steps(1, "reopen"),
    *steps(4, "change_payer", payer=st.sampled_from(PAYERS), then=st.sampled_from(THEN_AGREE)),
    *steps(3, "cancel_fair", then=st.sampled_from(THEN_GO_BACK)),
    *steps(1, "reinstate_fair"),
    *steps(1, "credit_fair"),
]  # fmt: skip


class Machine(SaleActs):
    @initialize(
        prices=st.lists(CENTS, min_size=5, max_size=5),
        first=st.sampled_from((0, 50, 100, 130, 200)),
        percent=st.sampled_from((0, 30, 33, 99)),
        has_balance=st.booleans(),
        payer=st.sampled_from((*PAYERS, *[PAYERS[0]] * len(PAYERS))),
    )
    def begin(
        self,
        prices: Sequence[int],
        first: int,
        percent: int,
        has_balance: bool,
        payer: PayerModel,
    ) -> None:
        if len(self.sales) == MOST_SALES:
            self.restore()
            self.sales.clear()
        items = current_session().scalars(select(PriceItem).order_by(PriceItem.id)).all()
        with transaction() as session:
            for item, price in zip(items, prices * 2, strict=True):
                changed = update(PriceItem).where(PriceItem.id == item.id)
                session.execute(changed.values(unit_price=decimal(price)))
            session.execute(update(ExhibitorTerms).values(deposit_percent=percent))
            meals = update(PriceItem).where(PriceItem.code == "repas")
            session.execute(meals.values(supply=Supply.CATERING))
        meal = next(item for item in items if item.code == "repas")
        if self.edition.is_cancelled:
            self.change_fair(StandingAct.REINSTATE)
        exhibitor = make_buyer(self.edition, {meal: 3})
        self.percent = percent
        self.sale = SaleModel(exhibitor.id, [], {}, on_site=frozenset({meal.label}))
        self.order()
        self.sale.charged = dict(self.sale.orders[0].lines)
        self.sales.append(self.sale)
        if payer != self.sale.payer:
            for self.name, values in (("change_payer", {"payer": payer}), ("quote_again", {})):
                getattr(self, self.name)(**values)
        if first and percent:
            self.name = "ask_deposit"
            self.ask_deposit()
        if first and (has_balance or not percent):
            self.name = "bill"
            self.bill()
        if first:
            self.name = "pay"
            self.pay(first, 0, is_meant=True, days=4)

    @rule(step=st.one_of(*STEPS))
    def act(self, step: tuple[str, dict[str, Any]]) -> None:
        name, values = step
        if name in NEED_RECEIPTS and not self.sale.receipts:
            return
        if name in NEED_INVOICES and not self.sale.invoices:
            return
        for follower in (name, *values.pop("then", ())):
            self.name = follower
            getattr(self, follower)(**values if follower == name else {})

    def bill(self) -> None:
        sale = self.sale
        order = next(iter(sale.waiting), None)
        is_allowed = self.takes_part and not sale.is_closed and sale.has_agreed(order)
        act = lambda: issue(Act(ORGANISER), sale.exhibitor_id, SalesKind.INVOICE)  # noqa: E731
        if self.attempt(act, is_allowed) and order:
            self.add_invoice(order, list(order.lines.values()))

    def ask_deposit(self) -> None:
        sale, order = self.sale, next(iter(self.sale.waiting), None)
        is_allowed = self.takes_part and not sale.is_closed and bool(self.percent)
        is_allowed &= sale.has_agreed(order)
        is_allowed &= order is not None and sale.deposit(order) is None
        is_allowed &= order is not None and any(order.part(self.percent).values())
        if self.attempt(
            lambda: issue(Act(ORGANISER), sale.exhibitor_id, SalesKind.INVOICE, as_deposit=True),
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
            decision = Decision("En plus", stamp, new_key(), {})
            add_free_line(Act(ORGANISER), sale.exhibitor_id, line, decision)

        if self.attempt(add, self.takes_part and not sale.is_closed):
            sale.charged[label] = (price, rate)
            self.order()

    def bill_part(self, share: int = 50) -> None:
        sale, order = self.sale, next(iter(self.sale.waiting), None)
        parts = order.part(share) if order else {}
        deposit = sale.deposit(order) if order else None
        covers = not deposit or all(
            deposit.base_left(rate) <= parts.get(rate, 0) for rate in deposit.vat
        )
        is_allowed = not self.takes_part and not sale.is_closed and covers
        is_allowed &= sale.has_agreed(order)
        mine = select(func.max(SalesDocument.id))
        last = (
            current_session()
            .scalars(mine.where(SalesDocument.exhibitor_id == sale.exhibitor_id))
            .one()
        )
        if self.attempt(
            lambda: invoice_part(Act(ORGANISER), sale.exhibitor_id, Decimal(share), "Frais", last),
            is_allowed and any(parts.values()),
        ):
            assert order is not None
            nets = [(net, rate) for rate, net in sorted(parts.items(), reverse=True) if net]
            self.add_invoice(order, nets, is_part=True)
            sale.is_closed = True

    def pay(self, share: int, more: int, is_meant: bool, days: int = 0) -> None:
        """Record a receipt of `days` ago."""
        sale, received_on = self.sale, local(now()).date() - timedelta(days=days)
        found = sale.document_paid
        if found is None:
            last = document_paid(sales_of(sale.exhibitor_id))
            assert last is not None
            found = last.id, int(last.gross * 100)
        document_id, gross = found[0], max(found[1], sale.owed)
        amount = max((sale.due or gross) * share // 100 + more, 1)
        received = ReceivedPayment(
            decimal(amount), PaymentMethod.TRANSFER, received_on, "", is_meant
        )
        is_allowed = is_meant or amount <= sale.owed
        is_allowed &= sale.kept_for(document_id) + amount <= 2 * gross
        if self.attempt(
            lambda: record_payment(Act(ORGANISER), document_id, received, new_key(), {}),
            is_allowed,
        ):
            sale.pay(ReceiptModel(newest_id(Payment), document_id, amount, received_on))

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

    def credit_last(self) -> None:
        if self.sale.invoices:
            self.credit(0, set(), is_whole=True, closes=False)

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
        sale, lines = self.sale, LinePart(ranks, part) if part else ranks
        if self.attempt(
            lambda: issue_credit_note(
                Act(ORGANISER), invoice.id, lines, "Révisée", closes_sale=closes
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
            lambda: allocate_payment(Act(ORGANISER), receipt.id, invoice.id, decimal(amount)),
            amount <= min(receipt.left, due),
        ):
            receipt.pays[invoice.id] = receipt.pays.get(invoice.id, 0) + amount

    def pay_back(self, number: int, more: int) -> None:
        receipt = self.a_receipt(number)
        amount = max(receipt.left + more, 1)
        sent = SentRefund(decimal(amount), PaymentMethod.TRANSFER, local(now()).date())
        if self.attempt(
            lambda: record_refund(Act(ORGANISER), receipt.id, sent, new_key(), {}),
            amount <= min(receipt.left, self.sale.shown_favour),
        ):
            receipt.refunds[newest_id(Refund)] = amount
            self.sale.bank[sent.refunded_on] -= amount

    def cancel_a_receipt(self, number: int, days: int) -> None:
        """Cancel a receipt that the bank took back `days` after its day."""
        receipt = self.a_receipt(number)
        on = receipt.received_on + timedelta(days=days)
        if self.attempt(
            lambda: cancel_payment(Act(ORGANISER), receipt.id, "Rejeté", on),
            not receipt.is_cancelled and receipt.received_on <= on <= local(now()).date(),
        ):
            receipt.is_cancelled = True
            self.sale.bank[on] -= receipt.amount

    def free(self, number: int) -> None:
        receipt, invoice = self.a_receipt(number), self.an_invoice(number)
        if self.attempt(
            lambda: free_allocation(Act(ORGANISER), receipt.id, invoice.id, "Mauvaise facture"),
            bool(receipt.pays.get(invoice.id)) and not receipt.is_cancelled,
        ):
            receipt.pays[invoice.id] = 0

    def cancel_a_refund(self, number: int) -> None:
        receipt = self.a_receipt(number)
        if receipt.refunds:
            refund_id, amount = receipt.refunds.popitem()
            today = local(now()).date()
            cancel_refund(Act(ORGANISER), refund_id, "Jamais parti", today)
            self.sale.bank[today] += amount
            self.attempt(lambda: cancel_refund(Act(ORGANISER), refund_id, "Encore"), False)

    def withdraw(self) -> None:
        exhibitor = current_session().get_one(Exhibitor, self.sale.exhibitor_id)
        with transaction(exhibitor):
            exhibitor.status = ApplicationStatus.WITHDRAWN
        self.sale.takes_part = False

    def close(self) -> None:
        sale = self.sale
        is_allowed = not sale.is_closed and bool(sale.waiting)
        if self.attempt(lambda: close_sale(Act(ORGANISER), sale.exhibitor_id, "Fini"), is_allowed):
            sale.is_closed = True

    def reopen(self) -> None:
        sale = self.sale
        if self.attempt(lambda: reopen_sale(Act(ORGANISER), sale.exhibitor_id), sale.is_closed):
            sale.is_closed = False
