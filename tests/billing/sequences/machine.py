"""State machine: a sale is invoiced, paid, credited, paid back, closed, in any order.

After each act, pages, ageing, journal and database say what a model of its own arithmetic says.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select, text, update

from salon.billing.documents.sales_journal import journal_table
from salon.billing.engine.accounting import Account
from salon.billing.engine.ledger import SaleStep
from salon.billing.engine.receipts import account_of
from salon.billing.models import Payment, PaymentMethod, Refund, SalesDocument, SalesKind
from salon.billing.queries.accounting import books_of
from salon.billing.queries.ledger import figures_of, journal_of, open_invoices
from salon.billing.queries.receipts import in_favour_of, receipts_of
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.services.closing import close_sale, invoice_part, reopen_sale
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
from salon.exhibitors.models import ApplicationStatus, Exhibitor, PriceItem
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.pages import PAGE
from tests.billing.sales import ORGANISER, make_buyer
from tests.billing.sequences.model import InvoiceModel, ReceiptModel, SaleModel
from tests.factories import new_key

CENTS = st.integers(1, 40_000)
MOSTLY = st.sampled_from((True, True, True, False))
MORE = st.sampled_from((0, 0, 1, 700, 2500, -1, -1500))


def decimal(cents: int) -> Decimal:
    return Decimal(cents) / 100


def french(cents: int) -> str:
    """Return « 1 234,50 € », as a page is read with plain spaces."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02} €"


def newest_id(table: Any) -> int:
    return current_session().scalars(select(func.max(table.id))).one()


def steps(times: int, name: str, **values: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Any]]:
    """Return strategies of an act and its values, drawn `times` times as often as others."""
    return [st.tuples(st.just(name), st.fixed_dictionaries(values))] * times


MOST_SALES = 10
NEED_RECEIPTS = ("allocate", "pay_back", "cancel_a_receipt", "cancel_a_refund", "free")
NEED_INVOICES = ("allocate", "credit", "free")
NUMBER = st.integers(0, 9)
STEPS = [
    *steps(4, "pay", share=st.sampled_from((100, 100, 50, 3)), more=MORE, is_meant=MOSTLY),
    *steps(2, "credit", chosen=st.sets(st.integers(1, 7), min_size=1), is_whole=st.booleans(),
           closes=st.booleans()),
    *steps(3, "allocate", number=NUMBER, more=MORE),
    *steps(3, "pay_back", number=NUMBER, more=MORE),
    *steps(1, "cancel_a_receipt", number=NUMBER),
    *steps(1, "cancel_a_refund", number=NUMBER),
    *steps(1, "free", number=NUMBER),
    *steps(2, "bill"),
    *steps(1, "bill_part", share=st.sampled_from((10, 33, 50))),
    *steps(1, "withdraw"),
    *steps(1, "close"),
    *steps(1, "reopen"),
]  # fmt: skip


class Machine(RuleBasedStateMachine):
    """`sales`: those of the last sequences, which stay in the edition until `restore` gives it back
    as it was at first. `outcomes`: how many times
    each act was done, or refused. `reads_each_page`: after each act, not at the end alone."""

    edition: Edition
    client: FlaskClient
    sales: list[SaleModel]
    restore: Callable[[], None]
    outcomes: Counter[tuple[str, bool]]
    reads_each_page: bool

    @initialize(
        prices=st.lists(CENTS, min_size=5, max_size=5),
        first=st.sampled_from((0, 50, 100, 130, 200)),
    )
    def begin(self, prices: Sequence[int], first: int) -> None:
        if len(self.sales) == MOST_SALES:
            self.restore()
            self.sales.clear()
        items = current_session().scalars(select(PriceItem).order_by(PriceItem.id)).all()
        with transaction() as session:
            for item, price in zip(items, prices * 2, strict=True):
                changed = update(PriceItem).where(PriceItem.id == item.id)
                session.execute(changed.values(unit_price=decimal(price)))
        meal = next(item for item in items if item.code == "repas")
        exhibitor = make_buyer(self.edition, {meal: 3})
        issue(exhibitor.id, SalesKind.QUOTE, ORGANISER, now())
        order = issue(exhibitor.id, SalesKind.ORDER, ORGANISER, now())
        gross = InvoiceModel(order.id, self.lines_of(order.id)).gross
        self.sale = SaleModel(exhibitor.id, order.id, gross)
        self.sales.append(self.sale)
        self.name = "bill"
        if first:
            self.bill()
            self.name = "pay"
            self.pay(first, 0, is_meant=True)

    def lines_of(self, document_id: int) -> dict[int, tuple[int, int]]:
        return {
            line.rank: (int(line.net * 100), int(line.vat_rate * 100))
            for line in get_document(document_id).lines
        }

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

    def add_invoice(self) -> None:
        document_id = newest_id(SalesDocument)
        self.sale.invoices.append(InvoiceModel(document_id, self.lines_of(document_id)))

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
        is_allowed = sale.takes_part and not sale.is_closed and sale.live is None
        act = lambda: issue(sale.exhibitor_id, SalesKind.INVOICE, ORGANISER, now())  # noqa: E731
        if self.attempt(act, is_allowed):
            self.add_invoice()

    def bill_part(self, share: int) -> None:
        sale = self.sale
        is_allowed = not sale.takes_part and not sale.is_closed and sale.live is None
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
            is_allowed,
        ):
            self.add_invoice()
            sale.is_closed = True

    def pay(self, share: int, more: int, is_meant: bool) -> None:
        sale = self.sale
        document_id, gross = sale.document_paid
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

    def credit(self, chosen: set[int], is_whole: bool, closes: bool) -> None:
        sale = self.sale
        invoice = sale.live or sale.invoices[-1]
        left = set(invoice.lines) - invoice.credited
        ranks = left if is_whole else chosen & set(invoice.lines)
        if self.attempt(
            lambda: issue_credit_note(
                invoice.id, ranks, ORGANISER, now(), "Révisée", closes_sale=closes
            ),
            bool(ranks) and ranks <= left,
        ):
            sale.credit(invoice, ranks)
            if not invoice.is_live:
                sale.is_closed = closes

    def a_receipt(self, number: int) -> ReceiptModel:
        return self.sale.receipts[number % len(self.sale.receipts)]

    def allocate(self, number: int, more: int) -> None:
        sale, receipt = self.sale, self.a_receipt(number)
        if not sale.invoices:
            return
        invoice = sale.live or sale.invoices[-1]
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
        receipt, invoice = self.a_receipt(number), self.sale.live or self.sale.invoices[-1]
        is_allowed = bool(receipt.pays.get(invoice.id)) and not receipt.is_cancelled
        if self.attempt(
            lambda: free_allocation(receipt.id, invoice.id, ORGANISER, now(), "Mauvaise facture"),
            is_allowed,
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
        is_allowed = not sale.is_closed and sale.live is None
        if self.attempt(
            lambda: close_sale(sale.exhibitor_id, ORGANISER, now(), "Fini"), is_allowed
        ):
            sale.is_closed = True

    def reopen(self) -> None:
        sale = self.sale
        if self.attempt(lambda: reopen_sale(sale.exhibitor_id, ORGANISER), sale.is_closed):
            sale.is_closed = False

    def read(self, path: str) -> str:
        """Return a page with plain spaces; its HTML is checked elsewhere."""
        answer = FlaskClient.open(self.client, path)
        assert answer.status_code == 200
        return answer.text.replace("\u202f", " ").replace("\u00a0", " ")

    @invariant()
    def each_page_says_so(self) -> None:
        if self.reads_each_page:
            self.check_pages()

    def teardown(self) -> None:
        if hasattr(self, "sale"):
            self.check_pages()

    def check_pages(self) -> None:
        sale = self.sale
        page = self.read(f"/organisation/exposants/{sale.exhibitor_id}/facturation")
        favour = sale.shown_favour
        assert (f"{french(favour)} en faveur de l’exposant." in page) == bool(favour)
        if sale.in_favour < 0:
            assert f"{french(-sale.in_favour)} à récupérer" in page
        elif sale.due and not sale.in_favour:
            assert f'{french(sale.due)} <span class="muted">à recevoir' in page
        ageing = self.read(f"{PAGE}/echeances")
        assert f"{french(self.total('due'))} restent à recevoir" in ageing
        favour = self.total("shown_favour")
        assert (f"{french(favour)} reçus qui ne paient" in ageing) == bool(favour)

    def total(self, name: str) -> int:
        return sum(getattr(sale, name) for sale in self.sales)

    @invariant()
    def the_journal_and_the_figures_say_so(self) -> None:
        rows = [
            [int(Decimal(str(cell)) * 100) for cell in row[-4:-2]]
            for row in journal_table(journal_of(self.edition)).rows
        ]
        assert all(paid >= 0 for _, paid in rows)
        billed, paid = sum(row[0] for row in rows), sum(row[1] for row in rows)
        invoices = [invoice for sale in self.sales for invoice in sale.invoices]
        assert billed == sum(invoice.asked for invoice in invoices)
        assert billed - paid == self.total("due")
        figures = figures_of(self.edition, local(now()).date())
        due = figures[SaleStep.TO_COLLECT].amount + figures[SaleStep.LATE].amount
        assert due == decimal(self.total("due"))
        assert figures[SaleStep.PAID].amount == 0

    @invariant()
    def the_books_say_so(self) -> None:
        """Debits are credits, customers owe what is due, and a paid invoice has paid its VAT."""
        books = books_of([self.edition.id])
        balances: Counter[Account] = Counter()
        for entry in books.entries:
            assert sum(posting.debit - posting.credit for posting in entry.postings) == 0
            for posting in entry.postings:
                balances[posting.account] += int(100 * (posting.debit - posting.credit))
        assert balances[Account.CUSTOMERS] == self.total("due") - self.total("in_favour")
        if self.total("due") == 0:
            assert sum(int(100 * due.vat) for due in books.vat) == -balances[Account.VAT]

    @invariant()
    def the_account_and_the_lists_say_so(self) -> None:
        sales, receipts = sales_of(self.sale.exhibitor_id), receipts_of(self.sale.exhibitor_id)
        account = account_of(sales, receipts)
        expected = decimal(self.sale.due), decimal(self.sale.in_favour)
        assert (account.due, account.in_favour) == expected
        favours = {exhibitor.id: amount for exhibitor, amount in in_favour_of(self.edition)}
        assert favours == {
            sale.exhibitor_id: decimal(sale.in_favour) for sale in self.sales if sale.in_favour > 0
        }
        owing = {invoice.id for invoice in open_invoices(self.edition)}
        assert owing == {
            invoice.id for sale in self.sales for invoice in sale.invoices if sale.due_of(invoice)
        }

    @invariant()
    def nothing_is_billed_or_paid_back_twice(self) -> None:
        statement = text(
            "SELECT (SELECT count(*) FROM sales_documents WHERE kind = 'invoice')"
            " - (SELECT count(*) FROM sales_documents WHERE cancels_id IS NOT NULL),"
            " (SELECT coalesce(sum(amount), 0) FROM payments WHERE cancelled_at IS NULL)"
            " - (SELECT coalesce(sum(amount), 0) FROM refunds WHERE cancelled_at IS NULL)"
        )
        live, kept = current_session().execute(statement).one()
        assert live == sum(sale.live is not None for sale in self.sales)
        invoices = [(sale, invoice) for sale in self.sales for invoice in sale.invoices]
        paying = sum(sale.paid(invoice) for sale, invoice in invoices)
        assert round(Decimal(str(kept)) * 100) == paying + self.total("in_favour")
        standing = [receipt for receipt in self.sale.receipts if not receipt.is_cancelled]
        assert all(receipt.left >= 0 for receipt in standing)
        assert all(sale.due_of(invoice) >= 0 for sale, invoice in invoices)
