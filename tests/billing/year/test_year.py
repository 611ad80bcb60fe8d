"""A treasurer's year by pages alone, then its books recounted by code that shares nothing."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from salon.billing.models import SalesDocument
from salon.billing.services.reminders import post_invoice_reminders
from salon.exhibitors.models import PriceItem
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.billing.pages import PAGE
from tests.billing.year import books
from tests.billing.year import customers as made
from tests.billing.year.customers import Customer
from tests.billing.year.desk import Desk
from tests.billing.year.statement import Line, dated, exact, mandate, total
from tests.billing.year.treasurer import Treasurer, euros
from tests.factories import make_edition, sign_in

FAIR = date(2027, 10, 14)
AGREED_ONLINE = 24
WITHDRAWN = {20: 50, 40: 30}
CREDITED = {28: "close", 38: "replace"}
CHEQUES = (0, 1)
"""Those whose deposit came by cheque; the second comes back unpaid."""
TOO_MUCH, CUT, BY_NAME, SILENT = 18, 19, (21, 22), (32, 34, 53)
UNPAID = {1: 2, 32: 1, 34: 1, 40: 1, 45: 1, 53: 1}
"""How many invoices each still owes at the end of the year."""
FEES = [f"COMMISSIONS CARTE {month:02d}" for month in range(1, 14)]
SURPLUS, OVERBILLED = Decimal(50), 30
LATE_OPTIONS = {5: Decimal(95), 25: Decimal(60), 45: Decimal("42.50")}

pytestmark = pytest.mark.long


def agree_online(app: Flask, customer: Customer) -> None:
    """Agree to the quote as its exhibitor does, on her page."""
    desk = Desk(sign_in(app, Role.EXHIBITOR, customer.email))
    desk.open(customer.own_page)
    desk.press("Commander pour", signed_by="Élise Cabanel, gérante", agreed="y")


def test_a_year(app: Flask, minute: Callable[[datetime], None]) -> None:
    treasurer = Treasurer(sign_in(app, Role.ORGANISER), minute)
    edition = make_edition(day=FAIR)
    treasurer.begin("réglages", date(2027, 1, 11))
    treasurer.set_terms(FAIR)
    treasurer.set_prices()
    lunch = current_session().scalars(select(PriceItem).where(PriceItem.code == "repas")).one()
    customers = made.make_customers(edition, lunch)
    treasurer.begin("devis", date(2027, 2, 1))
    treasurer.negotiate(customers[made.SPONSOR], customers[made.FRIEND])
    treasurer.issue_together("devis à établir", [(row, row.order) for row in customers])
    sell(app, treasurer, customers)
    collect(treasurer, customers)
    treasurer.begin("relances", date(2027, 11, 22))
    assert post_invoice_reminders(now()) == sum(UNPAID.values())
    treasurer.begin("avoir et remboursement", date(2027, 11, 25))
    treasurer.credit_a_metre(customers[OVERBILLED])
    treasurer.begin("comptabilité", date(2027, 12, 31))
    check_dues(treasurer, customers)
    fec = check_books(treasurer, customers)
    check_papers(treasurer, fec)
    treasurer.print_counts()


def sell(app: Flask, treasurer: Treasurer, customers: list[Customer]) -> None:
    """From the orders to the last invoice, the fair cancelled and reopened in between."""
    treasurer.begin("commandes", date(2027, 2, 10))
    for customer in customers[:AGREED_ONLINE]:
        agree_online(app, customer)
    treasurer.begin("acomptes", date(2027, 2, 12))
    with_deposit = [
        row for row in customers[:AGREED_ONLINE] if not row.is_public and row.rank != made.SPONSOR
    ]
    deposits = [(row, row.order.share(30)) for row in with_deposit]
    treasurer.issue_together("acomptes à facturer", deposits)
    for row, sums in deposits:
        row.invoice(sums, treasurer.on)
    treasurer.begin("commandes", date(2027, 3, 1))
    treasurer.confirm_on_paper(customers[AGREED_ONLINE:])
    treasurer.begin("désistements", date(2027, 5, 10))
    for rank, percent in WITHDRAWN.items():
        treasurer.withdraw(customers[rank], percent)
    treasurer.begin("factures", date(2027, 9, 1))
    private = [row for row in customers if not row.is_public and row.rank not in WITHDRAWN]
    invoices = [
        (row, row.order.less(row.invoices[0].sums) if row.invoices else row.order)
        for row in private
    ]
    treasurer.issue_together("commandes à facturer", invoices)
    for row, sums in invoices:
        row.invoice(sums, treasurer.on)
    treasurer.begin("annulation du salon", date(2027, 9, 6))
    treasurer.cancel_fair()
    for rank, then in CREDITED.items():
        treasurer.credit_whole(customers[rank], then)
    treasurer.reopen_fair()
    for rank in CREDITED:
        treasurer.invoice_again(customers[rank])
    treasurer.begin("options tardives", date(2027, 9, 15))
    for rank, price in LATE_OPTIONS.items():
        treasurer.sell_option(customers[rank], "Écran de 32 pouces", price)
    treasurer.begin("chèques", date(2027, 10, 12))
    for rank in CHEQUES:
        treasurer.note_cheque(customers[rank], customers[rank].invoices[0], f"CHQ {700 + rank}")
    treasurer.begin("acheteurs publics", date(2027, 10, 18))
    public = [row for row in customers if row.is_public]
    treasurer.record_services()
    treasurer.issue_together("commandes à facturer", [(row, row.order) for row in public])
    for row in public:
        row.invoice(row.order, treasurer.on)


def lines_of(customers: list[Customer]) -> list[Line]:
    """Return the seventy lines of the bank, in the order of their days."""
    zero, returned, much, cut = (customers[rank] for rank in (*CHEQUES, TOO_MUCH, CUT))
    cheque = f"REMISE CHEQUE {zero.name.upper()} CHQ 700"
    lines = [
        Line(cheque, zero.invoices[0].gross, "C’est ce règlement"),
        Line(
            f"CHEQUE IMPAYE {returned.name.upper()} CHQ 701",
            -returned.invoices[0].gross,
            "Noter l’impayé",
        ),
    ]
    for customer in customers:
        owed, rank, name = customer.unpaid, customer.rank, customer.name.upper()
        if rank in (CHEQUES[1], 40, *SILENT) or not owed:
            continue
        if customer.is_public:
            lines.append(mandate(customer, owed))
        elif customer is much:
            lines.append(
                Line(
                    f"VIR SEPA {name} {' '.join(invoice.reference for invoice in owed)}",
                    total(owed) + SURPLUS,
                    typed={"method": "transfer"},
                    settles=owed,
                )
            )
        elif customer is cut:
            label = f"VIR SEPA {name[:9]} /MOTIF {owed[0].reference[:-1]}"
            lines.append(Line(label, total(owed), settles=owed))
        elif rank in BY_NAME:
            lines.append(Line(f"VIR INST RECU {name} SALON", total(owed), settles=owed))
        elif rank == 45:
            lines.append(exact(customer, owed[:1]))
        else:
            lines.append(exact(customer, owed))
    lines.append(
        Line(f"VIR EMIS {much.name.upper()} TROP PERCU", -SURPLUS, "Noter le remboursement")
    )
    fees = [Line(label, Decimal("-8.40"), "Écarter") for label in FEES]
    return dated([*lines, *fees], date(2027, 10, 12))


def collect(treasurer: Treasurer, customers: list[Customer]) -> None:
    """The statement of November, imported and settled line by line, then imported again."""
    treasurer.begin("relevé", date(2027, 11, 20))
    treasurer.name_invoices(customers)
    lines = lines_of(customers)
    assert len(lines) == 70, len(lines)
    assert "70 opérations lues, 70 nouvelles à traiter" in treasurer.import_statement(lines)
    treasurer.client.is_strict = False
    for line in lines:
        treasurer.settle(line)
    treasurer.client.is_strict = True
    customers[CHEQUES[1]].invoices[0].paid_on = None
    assert "Tout est traité" in treasurer.text
    again = treasurer.import_statement(lines)
    assert "70 opérations lues, 0 nouvelle à traiter. 70 étaient déjà là." in again
    assert "Tout est traité" in again


def check_dues(treasurer: Treasurer, customers: list[Customer]) -> None:
    """« Échéances » says what each still owes, and nothing is in anybody's favour."""
    treasurer.read_dues()
    unpaid = {row.rank: row.unpaid for row in customers if row.unpaid}
    assert {rank: len(invoices) for rank, invoices in unpaid.items()} == UNPAID
    due = sum((total(invoices) for invoices in unpaid.values()), Decimal(0))
    assert f"{euros(due)} restent à recevoir au vendredi 31 décembre 2027" in treasurer.text
    owed = treasurer.dues()
    assert {name for name, _ in owed} == {customers[rank].name for rank in unpaid}
    assert sum(amount * len(rows) for (_, amount), rows in owed.items()) == due
    assert "En faveur des exposants" not in treasurer.text


def check_books(treasurer: Treasurer, customers: list[Customer]) -> list[books.Row]:
    """The page, the FEC and what was typed give the same sums."""
    invoices = [invoice for row in customers for invoice in row.invoices]
    notes = [note for row in customers for note in row.notes]
    paid = [invoice for invoice in invoices if invoice.paid_on]
    returned, refunded = customers[CHEQUES[1]].invoices[0], customers[OVERBILLED].notes[0]
    back, received = SURPLUS + refunded.gross, total(paid) + SURPLUS
    net = sum(row.sums.net_total for row in invoices) - sum(row.sums.net_total for row in notes)
    tax = sum(row.sums.tax for row in invoices) - sum(row.sums.tax for row in notes)
    vat: dict[int, Decimal] = defaultdict(Decimal)
    for invoice in paid:
        vat[invoice.paid_on.month] += invoice.sums.tax
    vat[11] -= refunded.sums.tax
    treasurer.open(PAGE)
    treasurer.follow("Comptabilité")
    for amount, words in (
        (net, "vendus hors taxes"),
        (received - back, "encaissés"),
        (sum(vat.values()), "de TVA due"),
    ):
        assert f"{euros(amount)} {words}" in treasurer.text
    for month, name in ((10, "Octobre"), (11, "Novembre")):
        assert treasurer.near(name).endswith(euros(vat[month])), (name, vat[month])
    fec = books.rows_of(treasurer.download("FEC"))
    books.check_entries(fec)
    assert books.moved(fec, "VE", "411000", "Debit") == total(invoices)
    assert books.moved(fec, "VE", "411000", "Credit") == total(notes)
    assert books.moved(fec, "BQ", "512000", "Debit") == received + returned.gross
    assert books.moved(fec, "BQ", "512000", "Credit") == back + returned.gross
    assert books.balances_of(fec) == {
        "411000": sum((total(row.unpaid) for row in customers), Decimal(0)),
        "512000": received - back,
        "706000": -net,
        "445710": -tax,
        "419100": 0,
    }
    own = books.balances_of(fec, "CompAuxNum")
    assert {number for number, balance in own.items() if balance and number} == {
        f"EXP{customers[rank].exhibitor_id:05d}" for rank in UNPAID
    }
    return fec


def check_papers(treasurer: Treasurer, fec: list[books.Row]) -> None:
    """Every series is without gap; the file, the journals and the archive hold the same papers."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    rows = current_session().execute(
        select(SalesDocument.kind, SalesDocument.reference).order_by(SalesDocument.id)
    )
    for kind, reference in rows:
        by_kind[kind].append(reference)
    assert len(by_kind) == 4
    for references in by_kind.values():
        books.check_series(references)
    issued = {*by_kind["invoice"], *by_kind["credit_note"]}
    sold = {row["PieceRef"] for row in fec if row["JournalCode"] == "VE"}
    free = {reference for reference in issued if reference not in sold}
    assert len(free) == 1, "the invoice of the sponsor, of nothing, has no entry"
    with zipfile.ZipFile(io.BytesIO(treasurer.download("PDF"))) as papers:
        names = [name.removesuffix(".pdf").split("-", 1)[1] for name in papers.namelist()]
        assert sorted(names) == sorted(issued)
    journal = treasurer.download("CSV", near="Journal des ventes").decode("utf-8-sig")
    assert [reference for reference in issued if reference not in journal] == []
    receipts = treasurer.download("CSV", near="Journal des encaissements").decode("utf-8-sig")
    assert "VIR 900" in receipts
