"""The books of a year, recounted from the file that an accountant receives."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.billing.documents.accounting_files import receipts_table
from salon.billing.engine.accounting import Journal
from salon.billing.engine.vat_due import VatDue
from salon.billing.models import Payment, PaymentMethod, SalesDocument, SalesKind
from salon.billing.queries.accounting import books_of
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    allocate_payment,
    cancel_payment,
    free_allocation,
    record_payment,
    record_refund,
)
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import ExhibitorTerms
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition, EditionState
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import local, now
from tests.accounts.test_rights import colleague, give
from tests.billing.negotiation.make import cut
from tests.billing.pages import text_of
from tests.billing.readers import spaced
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import make_edition, new_key
from tests.pages import PageClient

COLLEAGUE = "collegue@herault.example"
PLACE = "/organisation/facturation/comptabilite"
YEAR = local(now()).year
HEAD = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib"
    " PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise"
    " Idevise"
)


def pay(invoice: SalesDocument, amount: str, *, on: date | None = None) -> Payment:
    day = on or local(now()).date()
    received = ReceivedPayment(
        Decimal(amount), PaymentMethod.TRANSFER, day, "VIR 12", surplus_meant=True
    )
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    return current_session().scalars(select(Payment).order_by(Payment.id.desc())).first()


@pytest.fixture
def invoice(organiser: PageClient, edition: Edition) -> SalesDocument:
    return make_invoice(make_buyer(edition), edition)


def lines_of_fec(client: PageClient) -> list[dict[str, str]]:
    """Return the lines of the file, each with the columns that the administration names."""
    page = client.get(PLACE).get_data(as_text=True)
    (address,) = re.findall(rf'href="({PLACE}/{YEAR}/\d{{9}}\.txt)"', page)
    answer = client.get(address)
    siren = address[-13:-4]
    assert f'"{siren}FEC{YEAR}1231.txt"' in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    rows = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    head, *lines = rows
    assert head == HEAD.split()
    assert {len(line) for line in lines} == {18}
    return [dict(zip(head, line, strict=True)) for line in lines]


def amount(text: str) -> Decimal:
    assert re.fullmatch(r"\d+,\d\d", text)
    return Decimal(text.replace(",", "."))


def test_the_file_of_entries_keeps_the_rules_of_the_administration(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    mistaken = pay(invoice, "100.00")
    cancel_payment(Act(ORGANISER), mistaken.id, "Sans provision")
    pay(invoice, "1000.50")
    pay(invoice, "971.50")
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    back = SentRefund(Decimal("16.00"), PaymentMethod.TRANSFER, local(now()).date(), "VIR 13")
    last = current_session().scalars(select(Payment).order_by(Payment.id.desc())).first()
    record_refund(Act(ORGANISER), last.id, back, new_key(), {})
    lines = lines_of_fec(organiser)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        debit, credit = amount(line["Debit"]), amount(line["Credit"])
        assert (debit == 0) != (credit == 0)
        sums[line["EcritureNum"]] += debit - credit
        balances[line["CompteNum"]] += debit - credit
        assert re.fullmatch(r"[0-9]{3}[0-9A-Z]*", line["CompteNum"])
        assert all(line[name] for name in [*HEAD.split()[:6], "PieceRef", "EcritureLib"])
        for name in ("EcritureDate", "PieceDate", "ValidDate"):
            assert re.fullmatch(r"\d{8}", line[name])
        assert bool(line["CompAuxNum"]) == line["CompteNum"].startswith("411")
    assert set(sums.values()) == {0}
    assert list(dict.fromkeys(line["EcritureNum"] for line in lines)) == [
        str(number) for number in range(1, len(sums) + 1)
    ]
    assert [line["ValidDate"] for line in lines] == sorted(line["ValidDate"] for line in lines)
    assert balances["411000"] == Decimal("2172.00") - 216 - 1972 + 16
    assert balances["512000"] == 1972 - 16
    assert balances["445710"] == Decimal("-326.00")
    assert balances["706000"] == Decimal("-1630.00")


def test_the_account_of_a_customer_has_one_name_whoever_pays(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Autre client")
    payer = Billing("Holding du Midi", "1 rue du Port", "34300", "Agde")
    save_billing(Act(ORGANISER), invoice.exhibitor_id, 0, payer)
    for kind in (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE):
        issue(Act(ORGANISER), invoice.exhibitor_id, kind)
    lines = lines_of_fec(organiser)
    names = {(line["CompAuxNum"], line["CompAuxLib"]) for line in lines if line["CompAuxNum"]}
    assert {name for _, name in names} == {invoice.exhibitor.name}
    assert len(names) == 1


def test_an_invoice_of_nothing_has_no_entry(
    organiser: PageClient, edition: Edition, invoice: SalesDocument
) -> None:
    sponsor = make_buyer(edition, name="Parrain")
    cut(sponsor, "", "100")
    free = make_invoice(sponsor, edition)
    assert free.gross == 0
    assert {line["PieceRef"] for line in lines_of_fec(organiser)} == {invoice.reference}


def test_a_new_entry_leaves_the_numbers_of_the_others(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    first_payment = pay(invoice, "1000.00")
    before = lines_of_fec(organiser)
    pay(invoice, "10.00", on=local(now()).date() - timedelta(days=1))
    after = lines_of_fec(organiser)
    if local(now()).date() != date(YEAR, 1, 1):
        assert after[: len(before)] == before
        assert len(after) == len(before) + 2
    cancel_payment(Act(ORGANISER), first_payment.id, "Sans provision")
    cancelled = lines_of_fec(organiser)
    assert (cancelled[: len(after)], len(cancelled)) == (after, len(after) + 2)


def test_a_document_keeps_the_accounts_of_its_day(
    organiser: PageClient, edition: Edition, invoice: SalesDocument
) -> None:
    terms = find_terms(edition)
    with transaction(terms):
        terms.seller = {**terms.seller, "account_sales": "706200", "account_customers": "411SALON"}
    make_invoice(make_buyer(edition, name="Second"), edition)
    lines = lines_of_fec(organiser)
    first = {line["CompteNum"] for line in lines if line["PieceRef"] == invoice.reference}
    second = {line["CompteNum"] for line in lines} - {"445710"}
    assert first == {"411000", "706000", "445710"}
    assert second == {"411000", "706000", "411SALON", "706200"}


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("seller_account_customers", "706000", "commence par 41"),
        ("seller_account_sales", "70", "trois à douze"),
        ("seller_account_vat", "44-571", "commence par 4457"),
    ],
)
def test_an_account_that_is_none_is_refused(
    organiser: PageClient, name: str, typed: str, words: str
) -> None:
    address = "/organisation/reglages/exposants"
    answer = organiser.fill(address, **{name: typed})
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)


def vat_of(edition: Edition) -> list[VatDue]:
    current_session().expire_all()
    return books_of([edition.id]).vat


def test_vat_is_due_as_money_comes_and_goes(edition: Edition, invoice: SalesDocument) -> None:
    assert vat_of(edition) == []
    pay(invoice, "1086.00")
    (half,) = vat_of(edition)
    assert (half.base, half.vat) == (Decimal("905.00"), Decimal("181.00"))
    rest = pay(invoice, "1100.00")
    assert sum(due.vat for due in vat_of(edition)) == invoice.vat
    assert sum(due.base for due in vat_of(edition)) == invoice.net
    cancel_payment(Act(ORGANISER), rest.id, "Sans provision")
    assert sum(due.vat for due in vat_of(edition)) == Decimal("181.00")
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand rendu")
    assert sum(due.vat for due in vat_of(edition)) == 0
    assert sum(due.base for due in vat_of(edition)) == 0


def test_what_the_bank_returns_is_booked_on_its_day(
    organiser: PageClient, edition: Edition, invoice: SalesDocument
) -> None:
    """The VAT of a receipt that was allocated after that day was not due meanwhile."""
    today = local(now()).date()
    received_on, returned_on = today - timedelta(days=9), today - timedelta(days=2)
    payment = pay(invoice, "1086.00", on=received_on)
    free_allocation(Act(ORGANISER), payment.id, invoice.id, "Autre facture")
    allocate_payment(Act(ORGANISER), payment.id, invoice.id, Decimal(600))
    cancel_payment(Act(ORGANISER), payment.id, "Impayé", returned_on)
    current_session().expire_all()
    books = books_of([edition.id])
    bank = [entry for entry in books.entries if entry.journal == Journal.BANK]
    assert [entry.dated_on for entry in bank] == [received_on, returned_on]
    vat: dict[date, Decimal] = defaultdict(Decimal)
    for due in books.vat:
        vat[due.on] += due.vat
    assert {day: due for day, due in vat.items() if due} == {received_on: 181, returned_on: -181}
    table = receipts_table(books.payments, returned_on.year)
    rows = [row[:2] + row[6:8] for row in table.rows]
    assert [returned_on, "Règlement annulé", "", Decimal(1086)] in rows


def test_a_month_of_deposits_alone_shows_them(organiser: PageClient, edition: Edition) -> None:
    """They are sold, and no deposit any more, with the invoice that deducts them."""
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=30))
    buyer = make_buyer(edition)
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER), buyer.id, kind)
    assert "Acomptes HT" not in organiser.get(PLACE).text
    deposit = issue(Act(ORGANISER), buyer.id, SalesKind.INVOICE, as_deposit=True)
    page = spaced(organiser.get(PLACE).text)
    cell = '<td class="amount">{}</td>'
    assert "Acomptes HT" in page
    assert page.count("".join(map(cell.format, ("0,00 €", "543,00 €", "0,00 €", "0,00 €")))) == 2
    pay(deposit, "651.60")
    page = spaced(organiser.get(PLACE).text)
    assert "".join(map(cell.format, ("0,00 €", "543,00 €", "651,60 €", "108,60 €"))) in page
    issue(Act(ORGANISER), buyer.id, SalesKind.INVOICE)
    page = spaced(organiser.get(PLACE).text)
    assert "".join(map(cell.format, ("1 810,00 €", "651,60 €", "108,60 €"))) in page


def test_on_debits_vat_is_due_with_the_invoice(organiser: PageClient, edition: Edition) -> None:
    terms = find_terms(edition)
    with transaction(terms):
        terms.seller = {**terms.seller, "vat_on_debits": "1"}
    invoice = make_invoice(make_buyer(edition), edition)
    pay(invoice, "100.00")
    assert [due.vat for due in vat_of(edition)] == [invoice.vat]
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand rendu")
    assert [due.vat for due in vat_of(edition)] == [invoice.vat, -invoice.vat]


def test_the_pages_of_a_year_lead_to_its_months_and_files(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    pay(invoice, "1086.00")
    assert "Comptabilité" in text_of(organiser, "/organisation/facturation")
    year = text_of(organiser, PLACE)
    assert "1 810,00 € vendus hors taxes" in " ".join(re.sub("<[^>]+>", " ", year).split())
    month = text_of(organiser, f"{PLACE}/{YEAR}/{local(now()).month}")
    assert "181,00 € à déclarer" in month
    assert invoice.reference in month
    heads = {
        "ecritures": ["Journal", "Compte", "Débit"],
        "encaissements": ["Payeur", "Moyen", "VIR 12", "1086,00"],
        "ventes": ["Pays", "Numéro de TVA", "Réglé le", f"{local(now()):%d/%m/%Y}", "Virement"],
    }
    for name, expected_words in heads.items():
        assert organiser.get(f"{PLACE}/{YEAR}/{name}.xlsx").status_code == 200
        text = text_of(organiser, f"{PLACE}/{YEAR}/{name}.csv")
        assert [word for word in expected_words if word not in text] == []
    packed = organiser.get(f"{PLACE}/{YEAR}/pieces.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(packed)) as papers:
        (name,) = papers.namelist()
        assert name == f"facture-{invoice.reference}.pdf"
        assert papers.read(name).startswith(b"%PDF-")


def test_a_year_without_entries_has_a_page_and_no_file(organiser: PageClient) -> None:
    assert f"Rien en {YEAR}" in text_of(organiser, PLACE)
    for name in (f"{YEAR}/443061841.txt", f"{YEAR}/pieces.zip", f"{YEAR}/ecritures.csv"):
        assert organiser.get(f"{PLACE}/{name}").status_code == 404
    for name in (f"{YEAR}/13", f"?annee={YEAR - 9}"):
        assert organiser.get(f"{PLACE}/{name}".replace("/?", "?")).status_code == 404


@pytest.mark.on_both
def test_the_books_hold_the_editions_whose_money_one_may_read(
    app: Flask, edition: Edition, invoice: SalesDocument
) -> None:
    former = make_edition(day=edition.days[0].day_on - timedelta(days=2), is_current=False)
    make_shop(former)
    other = make_invoice(make_buyer(former, name="Jadis"), former)
    treasurer = colleague(app, edition, Domain.MONEY)
    give(COLLEAGUE, former, Domain.EXHIBITORS)
    pieces = {line["PieceRef"] for line in lines_of_fec(treasurer)}
    assert pieces == {invoice.reference}
    assert "L’année n’est pas entière" in text_of(treasurer, PLACE)
    give(COLLEAGUE, former, Domain.MONEY)
    assert "L’année n’est pas entière" not in text_of(treasurer, PLACE)
    assert {line["PieceRef"] for line in lines_of_fec(treasurer)} == {
        invoice.reference,
        other.reference,
    }
    with transaction(former):
        former.state = EditionState.CLOSED
    assert len(lines_of_fec(treasurer)) == 6


def test_a_month_leads_to_the_page_of_its_own_edition(
    organiser: PageClient, edition: Edition
) -> None:
    former = make_edition(
        slug="2019", day=edition.days[0].day_on - timedelta(days=2), is_current=False
    )
    make_shop(former)
    other = make_invoice(make_buyer(former), former)
    pay(other, "100.00")
    month = text_of(organiser, f"{PLACE}/{YEAR}/{local(now()).month}")
    address = f"/e/2019/organisation/exposants/{other.exhibitor_id}/facturation"
    assert f'href="{address}"' in month
    assert organiser.get(address).status_code == 200
