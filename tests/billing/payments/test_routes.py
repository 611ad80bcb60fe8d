"""Pages of receipts: what the organiser does with them, and what the exhibitor reads."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.billing.models import Allocation, Payment, Refund, SalesDocument, SalesKind
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.billing.pages import PAGE, counted, issue_by, money_of, text_of
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_town
from tests.factories import sign_in
from tests.pages import PageClient

TODAY = local(now()).date().isoformat()
RECEIPTS = f"{PAGE}/reglements"
Paid = tuple[SalesDocument, Payment, PageClient, str]


@pytest.fixture
def paid(organiser: PageClient, app: Flask, edition: Edition) -> Paid:
    """Return an invoice paid by the page, its receipt, the exhibitor's client and page."""
    exhibitor = make_buyer(edition, name="Clôtures du Midi", email="compta@exposant.example")
    invoice = make_invoice(exhibitor, edition)
    assert record(organiser, exhibitor.id, "2172").status_code == 302
    payment = current_session().scalars(select(Payment)).one()
    own = sign_in(app, Role.EXHIBITOR, "compta@exposant.example")
    return invoice, payment, own, f"/mon-stand/{exhibitor.id}/facturation"


def record(client: PageClient, exhibitor_id: int, amount: str, **more: str) -> TestResponse:
    page = f"/organisation/exposants/{exhibitor_id}/facturation/reglement"
    fields = {"amount": amount, "method": "transfer", "received_on": TODAY, **more}
    return client.fill(page, **fields)


def hidden_fields(client: PageClient, path: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page, as it was read."""
    form = re.search(r"<form[^>]*novalidate>(.*?)</form>", client.get(path).text, re.DOTALL)
    assert form, path
    return dict(re.findall(r'name="([^"]+)" type="hidden" value="([^"]*)"', form[1]))


def credit(invoice: SalesDocument, *, closes_sale: bool = False) -> SalesDocument:
    return issue_credit_note(
        Act(ORGANISER), invoice.id, None, "Mauvais libellé", closes_sale=closes_sale
    )


def test_a_paid_invoice_takes_a_second_payment_that_is_given_back(
    organiser: PageClient, edition: Edition, paid: Paid
) -> None:
    invoice, _, own_client, own = paid
    again = record(organiser, invoice.exhibitor_id, "2172", payer="La maison mère", reference="V2")
    assert again.status_code == 409
    assert "Il reste 0,00\u00a0€ à recevoir" in again.text
    again = record(
        organiser,
        invoice.exhibitor_id,
        "2172",
        payer="La maison mère",
        reference="V2",
        surplus="y",
    )
    assert again.status_code == 302
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert "Rendre ce qui est reçu en trop" in page
    assert "Virement V2, La maison mère" in page
    shown = text_of(own_client, own)
    assert "L’organisation vous doit" in shown
    assert "Vous avez versé 4 344,00 €" in shown
    second = current_session().scalars(select(Payment.id).order_by(Payment.id.desc())).first()
    refunding = f"{RECEIPTS}/{second}/remboursement"
    fields = {"method": "transfer", "refunded_on": TODAY, "reference": "V-77"}
    for wrong in ({"amount": ""}, {"amount": "0"}, {"method": "or"}, {"refunded_on": "demain"}):
        answer = organiser.fill(refunding, **{"amount": "2172", **fields, **wrong})
        assert answer.status_code == 400, wrong
    too_much = organiser.fill(refunding, amount="2172,01", **fields)
    assert too_much.status_code == 409
    assert "il reste 2\u202f172,00\u00a0€ en faveur" in too_much.text
    assert counted(Refund) == 0
    read_before = hidden_fields(organiser, refunding)
    assert organiser.fill(refunding, amount="2172", **fields).status_code == 302
    stale = organiser.post(refunding, data={**read_before, "amount": "2172", **fields})
    assert stale.status_code == 409
    assert "Ce règlement est déjà affecté, rendu ou annulé" in stale.text
    assert counted(Refund) == 1
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert "Tout est réglé" in page
    assert "Rendu&nbsp;: 2 172,00 € le" in page
    assert "Tout est réglé, merci" in text_of(own_client, own)
    refund = current_session().scalars(select(Refund)).one()
    cancelling = f"{PAGE}/remboursements/{refund.id}/annulation"
    assert organiser.fill(cancelling, reason="").status_code == 400
    assert "en sont déjà rendus" in organiser.get(f"{RECEIPTS}/{second}/annulation").text
    token = organiser.token(cancelling)
    assert organiser.fill(cancelling, reason="Jamais parti", cancelled_on=TODAY).status_code == 302
    stale = organiser.post(
        cancelling, data={"csrf_token": token, "reason": "Encore", "cancelled_on": TODAY}
    )
    assert stale.status_code == 409
    assert "Ce remboursement est déjà annulé" in stale.text


def test_who_paid_an_invoice_then_credited_reads_what_is_owed_to_her_and_why(
    organiser: PageClient, paid: Paid
) -> None:
    invoice, _, own_client, own = paid
    note = credit(invoice)
    shown = text_of(own_client, own)
    assert "arrive ici" not in shown
    assert "L’organisation vous doit" in shown
    assert f"L’avoir {note.reference} reprend 2 172,00 € de la facture {invoice.reference}" in shown
    assert "2 172,00 € en votre faveur" in shown
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert "Remplacer la facture, ou clore la vente" in page
    assert "2 172,00 € en faveur de l’exposant" in page
    assert "exposant à rembourser" in text_of(organiser, PAGE)
    assert "Clôtures du Midi" in text_of(organiser, f"{PAGE}/echeances")


def test_a_closed_sale_gives_back_what_was_paid(organiser: PageClient, paid: Paid) -> None:
    invoice, _, own_client, own = paid
    credit(invoice, closes_sale=True)
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert "Enregistrer le remboursement" in page
    assert "Rouvrir la vente" in page
    assert "L’organisation vous rend cette somme&nbsp;: vous" in text_of(own_client, own)
    late = record(organiser, invoice.exhibitor_id, "100", surplus="y")
    assert late.status_code == 302
    assert "2 272,00 €" in text_of(own_client, own)


def test_what_is_in_favour_pays_the_replacing_invoice_in_one_press(
    organiser: PageClient, paid: Paid
) -> None:
    invoice, payment, own_client, own = paid
    credit(invoice)
    replacing = issue(Act(ORGANISER), invoice.exhibitor_id, SalesKind.INVOICE)
    shown = text_of(own_client, own)
    assert "Plus rien n’est à verser" in shown
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert f"Affecter 2 172,00 € à {replacing.reference}" in page
    allocating = f"{RECEIPTS}/{payment.id}/affectation"
    fields = {"csrf_token": organiser.token(money_of(invoice.exhibitor)), "amount": "2172,00"}
    wrong = organiser.post(allocating, data={**fields, "invoice": str(invoice.id)})
    assert wrong.status_code == 400
    assert counted(Allocation) == 2
    fields["invoice"] = str(replacing.id)
    assert organiser.post(allocating, data={**fields, "amount": "2172,01"}).status_code == 409
    assert organiser.post(allocating, data=fields).status_code == 302
    assert "Tout est réglé" in text_of(organiser, money_of(invoice.exhibitor))
    stale = organiser.post(allocating, data=fields)
    assert stale.status_code == 400
    assert "Ce règlement est déjà affecté, rendu ou annulé" in stale.text
    assert counted(Allocation) == 3


def test_a_page_read_before_says_what_changed(organiser: PageClient, paid: Paid) -> None:
    """It was left open while another organiser recorded, cancelled or credited."""
    invoice, payment, _, _ = paid
    recording = f"{money_of(invoice.exhibitor)}/reglement"
    read_before = hidden_fields(organiser, recording)
    credit(invoice, closes_sale=True)
    fields = {"amount": "2172", "method": "transfer", "received_on": TODAY}
    late = organiser.post(recording, data={**read_before, **fields})
    assert late.status_code == 409
    assert "de plus" in late.text
    cancelling = f"{RECEIPTS}/{payment.id}/annulation"
    token = organiser.token(cancelling)
    assert (
        organiser.fill(cancelling, reason="Rejeté par la banque", cancelled_on=TODAY).status_code
        == 302
    )
    page = text_of(organiser, money_of(invoice.exhibitor))
    assert "Rejeté par la banque" in page
    stale = organiser.post(
        cancelling, data={"csrf_token": token, "reason": "Encore", "cancelled_on": TODAY}
    )
    assert stale.status_code == 409
    assert "déjà annulé" in stale.text


def test_nothing_is_received_before_a_first_document(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    page = f"{money_of(exhibitor)}/reglement"
    assert "Établissez d’abord le devis" in text_of(organiser, page)
    issue_by(organiser, exhibitor, "devis")
    assert "Rien n’est à recevoir" in text_of(organiser, page)
    assert record(organiser, exhibitor.id, "500", surplus="y").status_code == 302
    assert counted(Allocation) == 0


def test_a_public_buyer_is_asked_for_a_mandate(organiser: PageClient, edition: Edition) -> None:
    town = make_town(edition)
    make_invoice(town, edition)
    page = organiser.get(f"{money_of(town)}/reglement").text
    assert 'value="mandate"' in page.replace("checked ", "")
    assert "Agglomération Hérault-Méditerranée, finances" in page


def test_a_receipt_is_freed_of_an_invoice_with_a_reason_once(
    organiser: PageClient, paid: Paid
) -> None:
    invoice, payment, _, _ = paid
    freeing = f"{RECEIPTS}/{payment.id}/liberation/{invoice.id}"
    assert freeing in organiser.get(money_of(invoice.exhibitor)).text
    token = organiser.token(freeing)
    assert organiser.fill(freeing, reason="").status_code == 400
    assert organiser.fill(freeing, reason="Mauvaise facture").status_code == 302
    assert "2 172,00 € sont en faveur" in text_of(organiser, money_of(invoice.exhibitor))
    stale = organiser.post(
        freeing, data={"csrf_token": token, "reason": "Encore", "cancelled_on": TODAY}
    )
    assert stale.status_code == 409
    assert "Ce règlement ne paie plus cette facture" in stale.text
    assert counted(Allocation) == 2
