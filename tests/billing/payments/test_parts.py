"""One transfer for several exhibitors: a part for each, which make what the bank shows."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from salon.billing.documents.accounting_files import fec_lines
from salon.billing.engine.accounting import NUMBERS, Account
from salon.billing.models import LineOutcome, Payment, PaymentMethod, SalesDocument, StatementLine
from salon.billing.queries.accounting import books_of
from salon.billing.queries.ledger import open_invoices
from salon.billing.queries.receipts import in_favour_of, to_recover_from
from salon.billing.rules.receipts import MoreThanDue
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    cancel_payment,
    record_payment,
    record_refund,
)
from salon.billing.services.sales import issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, now
from tests.billing.pages import counted, money_of, text_of
from tests.billing.payments.test_routes import record
from tests.billing.sales import ORGANISER, make_buyer, make_invoice
from tests.billing.statements.test_routes import STATEMENT, choose, csv_of, line_of, press, send
from tests.factories import new_key
from tests.pages import PageClient

TODAY = local(now()).date()
GROSS = Decimal("2172.00")


@pytest.fixture
def invoices(organiser: PageClient, edition: Edition) -> list[SalesDocument]:
    names = ("Atelier Vert", "Bâti Sud", "Cuisines Roux")
    return [make_invoice(make_buyer(edition, name=name), edition) for name in names]


def pay(invoices: list[SalesDocument], amount: Decimal, **more: object) -> list[Payment]:
    ids = [invoice.id for invoice in invoices]
    received = ReceivedPayment(amount, PaymentMethod.TRANSFER, TODAY, "V1", pays=ids, **more)  # type: ignore[arg-type]
    record_payment(Act(ORGANISER), ids[0], received, new_key(), {})
    return list(current_session().scalars(select(Payment).order_by(Payment.id)))


def test_each_exhibitor_has_its_part_and_the_bank_one_piece(
    edition: Edition, invoices: list[SalesDocument]
) -> None:
    parts = pay(invoices, 3 * GROSS)
    assert [(part.document_id, part.amount) for part in parts] == [
        (invoice.id, GROSS) for invoice in invoices
    ]
    assert {part.whole_amount for part in parts} == {3 * GROSS}
    assert not open_invoices(edition)
    fec = [line.split("\t") for line in fec_lines(books_of([edition.id]).entries)][1:]
    bank = [line for line in fec if line[4] == NUMBERS[Account.BANK]]
    assert {line[8] for line in bank} == {f"R-{parts[0].id}"}
    assert sum(Decimal(line[11].replace(",", ".")) for line in bank) == 3 * GROSS
    customers = {line[6] for line in fec if line[2] in {line[2] for line in bank} and line[6]}
    assert customers == {f"EXP{invoice.exhibitor_id:05d}" for invoice in invoices}


def test_the_last_is_paid_in_part_and_more_is_the_first_s_when_meant(
    edition: Edition, invoices: list[SalesDocument]
) -> None:
    with pytest.raises(MoreThanDue):
        pay(invoices, 3 * GROSS + 1)
    assert counted(Payment) == 0
    assert [part.amount for part in pay(invoices[:2], 2 * GROSS - 5)] == [GROSS, GROSS - 5]
    parts = pay(invoices[1:], GROSS + 6, surplus_meant=True)
    assert [part.amount for part in parts[2:]] == [Decimal(6), GROSS]
    favours = {exhibitor.id: amount for exhibitor, amount in in_favour_of(edition)}
    assert favours == {invoices[1].exhibitor_id: 1}


def test_a_part_is_paid_back_alone_and_a_return_takes_all_of_them(
    edition: Edition, invoices: list[SalesDocument]
) -> None:
    parts = pay(invoices, 3 * GROSS)
    issue_credit_note(Act(ORGANISER), invoices[2].id, None, "Désistement", closes_sale=True)
    sent = SentRefund(GROSS, PaymentMethod.TRANSFER, TODAY)
    record_refund(Act(ORGANISER), parts[2].id, sent, new_key(), {})
    account = cancel_payment(Act(ORGANISER), parts[1].id, "Rejeté")
    assert account.due == 2 * GROSS
    assert account.to_recover == GROSS
    assert len(open_invoices(edition)) == 2
    assert [exhibitor.id for exhibitor, _ in to_recover_from(edition)] == [invoices[2].exhibitor_id]
    entries = books_of([edition.id]).entries
    bank = [
        posting
        for entry in entries
        for posting in entry.postings
        if posting.account == "account_bank"
    ]
    assert sum(posting.debit - posting.credit for posting in bank) == -GROSS


def test_a_line_of_the_bank_that_names_several_is_one_button_and_comes_back_whole(
    organiser: PageClient, invoices: list[SalesDocument]
) -> None:
    names = " ".join(invoice.reference for invoice in invoices)
    rows = ((f"VIR REGION {names}", "6516,00"), (f"REJET {names}", "-6516,00"))
    send(organiser, csv_of(*rows))
    page = text_of(organiser, STATEMENT)
    for invoice in invoices:
        assert f"{invoice.reference}, {invoice.buyer['exhibitor']}" in page
    assert press(organiser, "Enregistrer", "VIR REGION").status_code == 302
    line = line_of("VIR REGION")
    assert line.payment is not None
    assert line.outcome == LineOutcome.RECORDED
    assert [part.amount for part in line.payment.parts] == [GROSS] * 3
    told = text_of(organiser, money_of(invoices[1].exhibitor))
    assert "Part d’un règlement de 6 516,00 €, avec Atelier Vert, Cuisines Roux." in told
    asked = text_of(organiser, f"/organisation/facturation/reglements/{line.payment.id}/annulation")
    assert "Toutes ses parts sont annulées ensemble" in asked
    assert press(organiser, "Noter l’impayé", "REJET").status_code == 302
    current_session().expire_all()
    assert all(part.cancelled_at for part in line.payment.parts)


def test_others_are_ticked_on_the_page_and_on_a_line(
    organiser: PageClient, invoices: list[SalesDocument]
) -> None:
    first, second, third = invoices
    wrong = record(organiser, first.exhibitor_id, "4344", others=str(first.id))
    assert wrong.status_code == 400
    answer = record(organiser, first.exhibitor_id, "4344", others=str(second.id))
    assert answer.status_code == 302
    assert "Tout est réglé" in text_of(organiser, money_of(first.exhibitor))
    fourth = make_invoice(
        make_buyer(first.exhibitor.edition, name="Dalles d’Oc"), first.exhibitor.edition
    )
    send(organiser, csv_of(("VIR DIVERS", "4344,00")))
    fields = {"choice": "other", "document": str(third.id), "others": str(fourth.id)}
    assert choose(organiser, "VIR DIVERS", **fields).status_code == 302
    (line,) = current_session().scalars(select(StatementLine))
    assert line.payment is not None
    assert [part.document_id for part in line.payment.parts] == [third.id, fourth.id]
