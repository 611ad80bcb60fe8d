"""The page of the bank statement: imported, each line confirmed, noted or set aside once."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.billing.models import (
    LineOutcome,
    Payment,
    PaymentMethod,
    Refund,
    SalesDocument,
    StatementLine,
)
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.sales import issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local, now
from tests.billing.pages import PAGE, counted, text_of
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_town
from tests.billing.statements import samples
from tests.factories import new_key
from tests.pages import PageClient
from tests.tables import each

STATEMENT = f"{PAGE}/releve"
TODAY = f"{local(now()):%d/%m/%Y}"
YESTERDAY = local(now()).date() - timedelta(days=1)
GROSS = "2172,00"
LARGE = 50_000_000


@pytest.fixture
def invoice(organiser: PageClient, edition: Edition) -> SalesDocument:
    return make_invoice(make_buyer(edition, name="Clôtures du Midi"), edition)


def send(client: PageClient, content: bytes, name: str = "releve.csv") -> TestResponse:
    file = (io.BytesIO(content), name)
    return client.fill(STATEMENT, file=file)


def csv_of(*rows: tuple[str, str]) -> bytes:
    """Return a statement of today from labels and amounts."""
    lines = [f"{TODAY};{label};{amount}" for label, amount in rows]
    return "\n".join(["Date;Libellé;Montant", *lines]).encode()


def line_of(label: str) -> StatementLine:
    statement = select(StatementLine).where(StatementLine.label.contains(label))
    return current_session().scalars(statement).one()


def press(client: PageClient, button: str, label: str) -> TestResponse:
    """Press a button of a line on the page of the statement."""
    page = client.get(STATEMENT).text
    item = next(part for part in page.split("<li ") if label in part)
    forms = re.findall(
        r'<form class="post" method="post" action="([^"]+)">(.*?)</form>', item, re.S
    )
    action, form = next((action, form) for action, form in forms if button in form)
    return client.post(action, data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)))


def choose(client: PageClient, label: str, **fields: str) -> TestResponse:
    """Send the form of a line."""
    line = f"{STATEMENT}/{line_of(label).id}"
    return client.fill(line, **{"method": "transfer", "document": "", **fields})


def pay(invoice: SalesDocument) -> Payment:
    received = ReceivedPayment(invoice.gross, PaymentMethod.TRANSFER, YESTERDAY)
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    return current_session().scalars(select(Payment)).one()


@pytest.mark.on_both
def test_each_line_waits_for_one_confirmation(
    organiser: PageClient, edition: Edition, invoice: SalesDocument
) -> None:
    town = make_invoice(make_town(edition), edition)
    assert "Aucun relevé importé" in text_of(organiser, STATEMENT)
    squeezed = town.reference.replace("-", "")
    statement = csv_of(
        (f"VIR CLOTURES DU MIDI {invoice.reference}", GROSS),
        (f"MANDAT 12 PAIEMENT {squeezed.lower()}", "2000,00"),
        ("VIR DE MA TANTE", "20,00"),
        ("COTISATION COMPTE", "-4,50"),
    )
    assert send(organiser, statement).status_code == 302
    page = text_of(organiser, STATEMENT)
    assert "4 opérations lues, 4 nouvelles à traiter" in page
    assert "4 192,00 €" in page
    assert "Sûr" in page
    assert "172,00 € manqueront" in page
    assert counted(Payment) == 0
    assert press(organiser, "Enregistrer", "CLOTURES").status_code == 302
    (payment,) = current_session().scalars(select(Payment))
    assert (payment.document_id, payment.amount) == (invoice.id, Decimal(2172))
    assert [row.document_id for row in payment.allocations] == [invoice.id]
    again = choose(organiser, "CLOTURES", choice=f"receipt-{invoice.id}")
    assert again.status_code == 409
    assert "Cette opération est déjà traitée" in again.text
    assert choose(organiser, "MANDAT", choice="other").status_code == 400
    other = choose(organiser, "MANDAT", choice="other", document=str(town.id), method="mandate")
    assert other.status_code == 302
    for label in ("TANTE", "COTISATION"):
        assert press(organiser, "Écarter", label).status_code == 302
    assert counted(Payment) == 2
    overlapping = statement + f"\n{TODAY};VIR TARDIF;1,00".encode()
    assert send(organiser, overlapping).status_code == 302
    page = text_of(organiser, STATEMENT)
    assert "5 opérations lues, 1 nouvelle à traiter. 4 étaient déjà là." in page
    aside = line_of("TANTE")
    assert aside.outcome == LineOutcome.SET_ASIDE
    token = {"csrf_token": organiser.token(STATEMENT)}
    for act in ("ecarter", "reprendre"):
        assert organiser.post(f"{STATEMENT}/{aside.id}/{act}", data=token).status_code == 302
    assert line_of("TANTE").outcome is None
    actions = current_session().scalars(select(JournalEntry.action)).all()
    assert actions.count("statement.imported") == 2
    assert actions.count("statement.set_aside") == 2
    assert {"statement.reopened", "payment.recorded"} <= set(actions)


def test_too_much_is_asked_and_a_wrong_choice_writes_nothing(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    send(organiser, csv_of((f"VIR {invoice.reference}", "2200,00")))
    receipt = f"receipt-{invoice.id}"
    for wrong in ({"choice": "receipt-999"}, {"choice": ""}, {"method": "or"}):
        answer = choose(organiser, "VIR", **{"choice": receipt, **wrong})
        assert answer.status_code == 400, wrong
    asked = choose(organiser, "VIR", choice=receipt)
    assert asked.status_code == 409
    assert "ce montant en compte" in asked.text
    assert counted(Payment) == 0
    assert choose(organiser, "VIR", choice=receipt, surplus="y").status_code == 302


def test_what_was_noted_by_hand_is_not_recorded_again(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    payment = pay(invoice)
    rows = (("VIR CLOTURES DU MIDI A", GROSS), ("VIR CLOTURES DU MIDI B", GROSS))
    send(organiser, csv_of(*rows))
    assert "déjà noté" in text_of(organiser, STATEMENT)
    assert press(organiser, "C’est ce règlement", "MIDI A").status_code == 302
    assert line_of("MIDI A").payment_id == payment.id
    assert counted(Payment) == 1
    assert choose(organiser, "MIDI B", choice=f"noted-{payment.id}").status_code == 400


def test_a_debit_is_the_refund_done_or_the_receipt_returned(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    payment = pay(invoice)
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    content = csv_of(
        ("VIR EMIS CLOTURES DU MIDI", "-216,00"), ("RETOUR VIR CLOTURES DU MIDI", "216,00")
    )
    returned = f"\n{YESTERDAY:%d/%m/%Y};REJET {invoice.reference};-{GROSS}".encode()
    send(organiser, content + returned)
    page = f"{STATEMENT}/{line_of('EMIS').id}"
    fields = dict(re.findall(r'name="(method)" value="(\w+)"', organiser.get(page).text))
    assert organiser.fill(page, choice=f"refund-{payment.id}", **fields).status_code == 302
    (refund,) = current_session().scalars(select(Refund))
    assert (refund.amount, line_of("EMIS").refund_id) == (Decimal(216), refund.id)
    assert press(organiser, "Noter l’impayé", "REJET").status_code == 302
    current_session().expire_all()
    assert payment.cancelled_on == YESTERDAY
    assert "Revenu à la banque" in payment.cancel_reason
    page = text_of(organiser, f"/organisation/exposants/{invoice.exhibitor_id}/facturation")
    assert "216,00 € à récupérer" in page.replace("</strong>", "")
    assert press(organiser, "Noter le retour", "RETOUR").status_code == 302
    current_session().expire_all()
    assert refund.cancelled_on == line_of("RETOUR").booked_on


def test_a_statement_of_seventy_lines_is_proposed_line_by_line(
    organiser: PageClient, edition: Edition
) -> None:
    names = ("Atelier Vert", "Bâti Sud", "Cuisines Roux")
    invoices = [make_invoice(make_buyer(edition, name=name), edition) for name in names]
    buyers = [(row.buyer["exhibitor"], row.reference, "2172,00") for row in invoices]
    strangers = [(f"PERSONNE {rank:03d}", "ADHESION", f"{rank},00") for rank in range(1, 34)]
    content = samples.long_statement([*buyers, *strangers], local(now()).date())
    assert content.count(b"\r\n") > 70
    assert send(organiser, content).status_code == 302
    page = organiser.get(STATEMENT).text
    assert page.count(">Enregistrer<span") == len(invoices)
    for name in names:
        assert press(organiser, "Enregistrer", name).status_code == 302
    assert {payment.document_id for payment in current_session().scalars(select(Payment))} == {
        row.id for row in invoices
    }


@each(
    "content",
    [
        *(samples.HOSTILE[name] for name in ("an entity of a file", "entities that swell")),
        *(samples.HOSTILE[name] for name in ("an empty file", "not a text", "other columns")),
        samples.HOSTILE["a statement to print"],
    ],
    ids=lambda content: repr(content[:30]),
)
def test_a_hostile_file_is_refused_and_nothing_is_written(
    organiser: PageClient, content: bytes
) -> None:
    answer = send(organiser, content)
    assert answer.status_code == 400
    assert re.search(r"[Ff]ichier|colonnes", answer.text)
    assert ("exportez-le en CSV" in answer.text) == (b"<!DOCTYPE" in content or b"%PDF" in content)
    assert counted(StatementLine) == 0


def test_a_file_of_fifty_megabytes_is_not_read(organiser: PageClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    answer = organiser.post(
        STATEMENT,
        data=head + b"1" * LARGE + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "trop" in answer.text
    assert counted(StatementLine) == 0


def test_a_statement_without_headings_is_read_by_the_columns_that_a_person_names(
    organiser: PageClient, edition: Edition
) -> None:
    columns = f"{STATEMENT}/colonnes"
    asked = send(organiser, samples.BNP.encode())
    assert asked.status_code == 200
    assert "Virement recu" in asked.text
    assert asked.text.count('<option value="booked_on">Date</option>') == 5
    rows = {"rows": samples.BNP, **dict(re.findall(r'name="(\w+)" value="([\w.-]+)"', asked.text))}
    names = {"column-0": "booked_on", "column-3": "label"}
    for wrong, words in (
        ({}, "Montant"),
        ({"column-2": "label", "column-4": "amount"}, "Deux colonnes"),
        ({"column-1": "amount"}, "Ligne 2\u00a0: le montant «\u00a0VIR RECU\u00a0»"),
    ):
        refused = organiser.post(columns, data={**rows, **names, **wrong, "action": "import"})
        assert refused.status_code == 400
        assert words in refused.text
    names["column-4"] = "amount"
    seen = organiser.post(columns, data={**rows, **names, "action": "check"})
    assert "VIR SEPA RECU /DE X" in seen.text
    assert "Importer 1\u00a0opération" in seen.text
    assert counted(StatementLine) == 0
    done = organiser.post(columns, data={**rows, **names, "action": "import"})
    assert done.status_code == 302
    assert line_of("DE X").amount == 100
    again = organiser.post(columns, data={**rows, **names, "action": "import"})
    assert (again.status_code, counted(StatementLine)) == (302, 1)


def test_what_is_no_table_asks_for_no_column(organiser: PageClient, edition: Edition) -> None:
    for content in (b"Nom;Courriel\nX;x@exposant.example\n", b"bonjour\n", samples.CAMT_02[:400]):
        assert send(organiser, content).status_code == 400
    stale = organiser.post(f"{STATEMENT}/colonnes", data={"csrf_token": organiser.token(STATEMENT)})
    assert stale.status_code == 302
