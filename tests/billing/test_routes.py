"""Pages of money: what organisers and exhibitors see, and what is refused."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from salon.billing.models import NumberSeries, Payment, SalesDocument, SalesKind
from salon.billing.queries.sales import find_billing
from salon.billing.services.sales import issue
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.billing.pages import PAGE, counted, issue_by, money_of, text_of
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.factories import sign_in
from tests.pages import PageClient


def test_the_list_is_empty_then_shows_each_step(organiser: PageClient, edition: Edition) -> None:
    assert "Personne à facturer" in text_of(organiser, PAGE)
    make_buyer(edition, name="Sans devis")
    quoted = make_buyer(edition, name="Devis seul")
    issue(Act(ORGANISER), quoted.id, SalesKind.QUOTE)
    make_invoice(make_buyer(edition, name="Facturée"), edition)
    page = text_of(organiser, PAGE)
    assert "2 172,00 €" in page
    assert "Devis à établir" in page
    assert "Devis sans réponse" not in text_of(organiser, f"{PAGE}?step=paid&q=xyz")
    only = text_of(organiser, f"{PAGE}?step=quoted")
    assert "Devis seul" in only
    assert "Facturée" not in only
    assert "Facturée" in text_of(organiser, f"{PAGE}?q=F-{local(now()).year}-0001")


def test_from_quote_to_payment_by_the_visible_action(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    assert "Établir le devis" in text_of(organiser, money_of(exhibitor))
    assert issue_by(organiser, exhibitor, "devis").status_code == 302
    assert "Confirmer la commande" in text_of(organiser, money_of(exhibitor))
    assert issue_by(organiser, exhibitor, "commande").status_code == 302
    assert "Établir la facture" in text_of(organiser, money_of(exhibitor))
    assert issue_by(organiser, exhibitor, "facture").status_code == 302
    page = text_of(organiser, money_of(exhibitor))
    assert "Enregistrer un règlement" in page
    assert "2 172,00 € à recevoir" in page.replace('<span class="muted">', "").replace(
        "</span>", ""
    )
    paying = f"{money_of(exhibitor)}/reglement"
    today = local(now()).date().isoformat()
    answer = organiser.fill(
        money_of(exhibitor), paying, amount="1 000,50", method="cheque", received_on=today
    )
    assert answer.status_code == 302
    page = text_of(organiser, money_of(exhibitor))
    assert "Partiellement réglée" in page
    much = {"amount": "1300", "method": "transfer", "received_on": today}
    answer = organiser.fill(money_of(exhibitor), paying, **much)
    assert answer.status_code == 409
    assert "128,50\u00a0€ de plus" in answer.get_data(as_text=True)
    assert counted(Payment) == 1
    absurd = {**much, "amount": "9999.99", "surplus": "y"}
    answer = organiser.fill(money_of(exhibitor), paying, **absurd)
    assert answer.status_code == 400
    assert "plus du double" in answer.get_data(as_text=True)
    answer = organiser.fill(money_of(exhibitor), paying, **much, surplus="y")
    assert answer.status_code == 302
    page = text_of(organiser, money_of(exhibitor))
    assert "Rendre ce qui est reçu en trop" in page
    assert "128,50 € en faveur de l’exposant" in page
    payment = current_session().scalars(select(Payment).order_by(Payment.id)).first()
    assert payment is not None
    assert "128,50 €" in text_of(organiser, f"{PAGE}/echeances")
    cancelling = f"{PAGE}/reglements/{payment.id}/annulation"
    token = organiser.token(cancelling)
    on = {"cancelled_on": local(now()).date().isoformat()}
    assert organiser.fill(cancelling, reason="", **on).status_code == 400
    assert organiser.fill(cancelling, reason="Noté deux fois").status_code == 400
    assert organiser.fill(cancelling, reason="Noté deux fois", **on).status_code == 302
    again = {"csrf_token": token, "reason": "Encore", **on}
    second_answer = organiser.post(cancelling, data=again)
    assert second_answer.status_code == 409
    assert "déjà annulé" in text_of(organiser, cancelling)
    assert counted(Payment) == 2


WRONG_PAYMENTS: list[dict[str, str]] = [
    {"amount": "-5"},
    {"amount": "0"},
    {"amount": "1.000,50"},
    {"amount": "99999999999999"},
    {"amount": "1000000,01"},
    {"amount": "1e3"},
    {"amount": "NaN"},
    {"amount": "١٢"},
    {"amount": ""},
    {"amount": "12,345"},
    {"method": "bitcoin"},
    {"received_on": "9999-12-31"},
    {"received_on": "0001-01-01"},
    {"received_on": "2021-02-30"},
    {"received_on": "demain"},
    {"reference": "x" * 61},
    {"reference": "a\x00b"},
    {"submission_key": "rien"},
]


def test_a_payment_typed_wrongly_is_refused_and_writes_nothing(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    make_invoice(exhibitor, edition)
    paying = f"{money_of(exhibitor)}/reglement"
    right = {"amount": "10", "method": "cheque", "received_on": local(now()).date().isoformat()}
    for fields in WRONG_PAYMENTS:
        answer = organiser.fill(money_of(exhibitor), paying, **{**right, **fields})
        assert answer.status_code == 400, fields
        assert "à corriger" in answer.get_data(as_text=True)
        assert "Not a valid" not in answer.get_data(as_text=True)
        assert counted(Payment) == 0


def test_a_lone_surrogate_is_refused(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    token = organiser.token(f"{money_of(exhibitor)}/coordonnees")
    fields = {"csrf_token": token, "version": "0", "address": "a", "city": "b"}
    parts = [
        b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value)
        for name, value in [
            *((key.encode(), text.encode()) for key, text in fields.items()),
            (b"postal_code", b"34000"),
            (b"name", b"Agglo \xed\xa0\x80"),
        ]
    ]
    answer = organiser.post(
        f"{money_of(exhibitor)}/coordonnees",
        data=b"".join(parts) + b"--cut--\r\n",
        content_type="multipart/form-data; boundary=cut",
    )
    assert answer.status_code == 400
    assert find_billing(exhibitor.id) is None


def test_the_same_payment_sent_twice_counts_once(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    make_invoice(exhibitor, edition)
    fields = {
        "amount": "10",
        "method": "cheque",
        "received_on": local(now()).date().isoformat(),
        "submission_key": "6f2b1f0e-7f7e-4b0a-9b1e-2f9f6f1f0a11",
    }
    paying = f"{money_of(exhibitor)}/reglement"
    for _ in range(2):
        assert organiser.fill(money_of(exhibitor), paying, **fields).status_code == 302
    assert counted(Payment) == 1


def test_a_stale_page_issues_nothing(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    answer = issue_by(organiser, exhibitor, "devis", seen="0")
    assert answer.status_code == 409
    assert "vient de changer" in answer.get_data(as_text=True)
    assert issue_by(organiser, exhibitor, "devis", seen="rien").status_code == 400
    assert issue_by(organiser, exhibitor, "facture").status_code == 409
    assert counted(SalesDocument) == 1
    assert current_session().scalars(select(NumberSeries)).one().last == 1


def test_a_credit_note_by_the_page(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    invoice = make_invoice(exhibitor, edition)
    page = f"{PAGE}/factures/{invoice.id}/avoir"
    assert organiser.fill(page, lines=[1], reason="").status_code == 400
    assert organiser.fill(page, lines=[99], reason="Trop").status_code == 400
    assert organiser.fill(page, reason="Rien").status_code == 400
    assert organiser.fill(page, lines=[2], reason="Pas d’angle").status_code == 302
    assert organiser.fill(page, lines=[2], reason="Encore").status_code == 400
    rest = {"lines": [1, 3, 4, 5], "reason": "Le reste"}
    unsaid = organiser.fill(page, **rest)
    assert unsaid.status_code == 400
    assert "si une autre facture la remplace" in unsaid.text
    assert organiser.fill(page, **{**rest, "lines": [1]}, then="close").status_code == 400
    assert organiser.fill(page, **rest, then="close").status_code == 302
    shown = text_of(organiser, money_of(exhibitor))
    assert "Annulée par un avoir" in shown
    assert "La vente est close" in shown
    assert "Établir" not in shown
    assert "déjà annulée" in text_of(organiser, page)
    assert counted(SalesDocument) == 5


def test_the_ageing_list_and_the_journal(organiser: PageClient, edition: Edition) -> None:
    late = make_buyer(edition, name="=CMD()", legal_name="=CMD()")
    make_invoice(late, edition, now() - timedelta(days=80))
    make_invoice(make_town(edition), edition)
    page = text_of(organiser, f"{PAGE}/echeances")
    assert "31 à 60 jours" in page
    assert "2 172,00 €" in page
    answer = organiser.get(f"{PAGE}/journal.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 3
    assert "'=CMD()" in lines[1]
    assert "2172,00" in lines[1]
    answer = organiser.get(f"{PAGE}/journal.xlsx")
    assert answer.data.startswith(b"PK")


def test_only_organisers_open_the_money(app: Flask, client: PageClient, edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition, email="c@exposant.example")
    own_client = sign_in(app, Role.EXHIBITOR, "c@exposant.example")
    for path in (PAGE, f"{PAGE}/echeances", "/organisation/reglages/prix", money_of(exhibitor)):
        assert own_client.get(path).status_code == 403
        assert client.get(path).status_code == 302
