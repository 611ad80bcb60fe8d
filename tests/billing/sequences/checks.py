"""What every page, document, list and book says of the sales of a state machine."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient
from hypothesis.stateful import RuleBasedStateMachine, invariant
from lxml import etree
from sqlalchemy import text

from salon.billing.documents.accounting_files import fec_lines
from salon.billing.documents.facturx import SPACES
from salon.billing.documents.sales_files import xml_of
from salon.billing.documents.sales_journal import journal_table
from salon.billing.engine.accounting import NUMBERS, Account
from salon.billing.engine.ledger import SaleStep
from salon.billing.engine.receipts import account_of
from salon.billing.models import SalesDocument
from salon.billing.queries.accounting import books_of
from salon.billing.queries.ledger import figures_of, journal_of, open_invoices
from salon.billing.queries.receipts import in_favour_of, receipts_of
from salon.billing.queries.sales import find_document, sales_of
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, now
from salon.platform.words.formats import euros
from tests.billing.pages import PAGE
from tests.billing.readers import amount, pdf_of, spaced, text_of
from tests.billing.sequences.model import SaleModel


def decimal(cents: int) -> Decimal:
    return Decimal(cents) / 100


def french(cents: int) -> str:
    """Return « 1 234,50 € », as a page is read with plain spaces."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02} €"


class Checks(RuleBasedStateMachine):
    """`sales`: those of the last sequences, which stay in the edition until `restore` gives it back
    as it was at first. `outcomes`: how many times each act was done, or refused. `reads_each_page`:
    after each act, and the PDF of each document, not pages at the end alone."""

    edition: Edition
    client: FlaskClient
    sales: list[SaleModel]
    restore: Callable[[], None]
    outcomes: Counter[tuple[str, bool]]
    reads_each_page: bool
    sale: SaleModel

    def check_xml(self, document: SalesDocument) -> None:
        """Check the totals of the XML, which its schematron adds up elsewhere."""
        root = etree.fromstring(xml_of(document, self.edition, find_document(document.from_id)))
        assert amount(root, "LineTotalAmount") == sum(line.net for line in document.lines)
        assert amount(root, "GrandTotalAmount") == document.gross
        path = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CalculatedAmount"
        taxes = root.xpath(path, namespaces=SPACES)
        assert sum(Decimal(tax.text) for tax in taxes) == document.gross - document.net
        if self.reads_each_page:
            assert spaced(euros(document.gross)) in text_of(pdf_of(document, self.edition))

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
        if sale.orders:
            left = f'Reste à facturer</dt><dd class="amount">{french(sale.to_invoice)}'
            assert (left in page) == (not all(order.is_replaced for order in sale.orders))
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
        waiting = figures[SaleStep.TO_INVOICE].amount + figures[SaleStep.TO_SETTLE].amount
        assert waiting == decimal(self.total("to_invoice"))

    @invariant()
    def the_books_say_so(self) -> None:
        """Debits are credits, customers owe what is due, and a paid invoice has paid its VAT."""
        books = books_of([self.edition.id])
        balances: Counter[Account] = Counter()
        by_day: Counter[date] = Counter()
        for entry in books.entries:
            assert sum(posting.debit - posting.credit for posting in entry.postings) == 0
            for posting in entry.postings:
                cents = int(100 * (posting.debit - posting.credit))
                balances[posting.account] += cents
                by_day[entry.dated_on] += cents if posting.account == Account.BANK else 0
        bank = Counter[date]()
        for sale in self.sales:
            bank.update(sale.bank)
        assert by_day == bank
        assert balances[Account.CUSTOMERS] == self.total("due") - self.total("in_favour")
        invoices = [invoice for sale in self.sales for invoice in sale.invoices]
        deducted = [net for row in invoices for net in row.left.values() if net < 0]
        kept = [sum(row.left.values()) for row in invoices if row.is_deposit]
        assert -balances[Account.DEPOSITS] == sum(kept) + sum(deducted)
        fec = [line.split("\t") for line in fec_lines(books.entries)][1:]
        for account, number in NUMBERS.items():
            amounts = [
                int(line[at].replace(",", "")) * sign
                for line in fec
                if line[4] == number
                for at, sign in ((11, 1), (12, -1))
            ]
            assert sum(amounts) == balances[account]
        names = {(line[6], line[7]) for line in fec if line[6]}
        assert len(names) == len({number for number, _ in names})
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
        assert live == sum(len(sale.live) for sale in self.sales)
        for sale in self.sales:
            orders = Counter((row.order.id, row.is_deposit) for row in sale.live)
            assert set(orders.values()) <= {1}
            names = [name for row in sale.live if not row.is_deposit for name in row.order.lines]
            assert len(names) == len(set(names))
        invoices = [(sale, invoice) for sale in self.sales for invoice in sale.invoices]
        paying = sum(sale.paid(invoice) for sale, invoice in invoices)
        assert round(Decimal(str(kept)) * 100) == paying + self.total("in_favour")
        standing = [receipt for receipt in self.sale.receipts if not receipt.is_cancelled]
        assert all(receipt.left >= 0 for receipt in standing)
        assert all(sale.due_of(invoice) >= 0 for sale, invoice in invoices)
