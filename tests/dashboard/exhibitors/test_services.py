"""Retention of exhibitors' data, and the rights of their contacts; both databases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts.models import Account
from salon.billing.models import BillingDetails, Payment, PaymentMethod, SalesDocument, SalesKind
from salon.dashboard.documents import person_file
from salon.dashboard.queries.persons import person_of_contact
from salon.dashboard.rules import AlreadyErased
from salon.dashboard.services import erasure, purge
from salon.dashboard.services.exhibitor_purge import BUYER
from salon.dashboard.services.mask import GONE
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    CompanyRecord,
    Contact,
    ContactKind,
    Document,
    DocumentKind,
    Exhibitor,
    Invitation,
    NegotiatedLine,
    Reminder,
)
from salon.fair.models import Edition
from salon.placement.models import PlanProposal
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.invariants import erasing
from salon.platform.database.journal import action_named, note
from salon.platform.files.uploads import FOLDER, save_file
from salon.platform.mail import outbox
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import now, real_now
from salon.platform.storage.folder import FolderStore
from salon.platform.web.limits import count_try
from salon.safety.models import SafetyForm
from tests.dashboard.people import a_person, everything, register
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_account

pytestmark = pytest.mark.on_both

EMAIL = "elise.cabanel@eclairage.example"
TRACES = ("Élise", "Cabanel", "elise", "04 67 00 00 00", "0467000000")
DAY = timedelta(days=1)


def data_of(app: Flask) -> Path:
    folder: Path = app.config["SALON"].data
    return folder


def traces(app: Flask, words: Sequence[str] = TRACES) -> list[str]:
    text = everything(app).casefold()
    return [word for word in words if word.casefold() in text]


def count(model: type[Any]) -> int:
    current_session().rollback()
    current_session().expire_all()
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def again(exhibitor: Exhibitor) -> Exhibitor:
    current_session().rollback()
    current_session().expire_all()
    return current_session().get_one(Exhibitor, exhibitor.id)


def contact_id(exhibitor: Exhibitor) -> int:
    statement = select(Contact.id).where(Contact.exhibitor_id == exhibitor.id)
    return current_session().scalars(statement.order_by(Contact.id)).first() or 0


def furnish(exhibitor: Exhibitor, data: Path) -> None:
    """Give an exhibitor one row of each of its tables, and two files."""
    logo, paper = (
        save_file(FolderStore(data), b"logo", ".webp"),
        save_file(FolderStore(data), b"%PDF-", ".pdf"),
    )
    at = now()
    with transaction(exhibitor) as session:
        exhibitor.logo_file = logo
        exhibitor.wish_note = "Demandez Élise Cabanel."
        session.add_all(
            [
                Document(
                    exhibitor_id=exhibitor.id,
                    kind=DocumentKind.CONTRACT,
                    name="contrat Cabanel Élise.pdf",
                    stored_name=paper,
                    media_type="application/pdf",
                    size=5,
                    sha256="0",
                    uploaded_at=at,
                    uploaded_by="Élise Cabanel",
                ),
                SafetyForm(exhibitor_id=exhibitor.id, answers={"gas_which": "Élise Cabanel sait"}),
                BillingDetails(exhibitor_id=exhibitor.id, name="Éclairage"),
                CoExhibitor(exhibitor_id=exhibitor.id, name="Mâts", name_key="mats"),
                Reminder(exhibitor_id=exhibitor.id, subject="task:logo", step=-3, posted_at=at),
                Invitation(
                    exhibitor_id=exhibitor.id,
                    code=f"CODE{exhibitor.id}",
                    label="Clients d’Élise Cabanel",
                    created_at=at,
                ),
                PlanProposal(edition_id=exhibitor.edition_id, asked_by="organiser:1", asked_at=at),
            ]
        )


def invoice_of(exhibitor: Exhibitor, issued_on: date) -> SalesDocument:
    document = SalesDocument(
        edition_id=exhibitor.edition_id,
        exhibitor_id=exhibitor.id,
        kind=SalesKind.INVOICE,
        series="invoice-2021",
        number=1,
        reference="F-2021-0001",
        issued_on=issued_on,
        due_on=None,
        seller={"name": "AMF34"},
        buyer={"name": "Éclairage du Biterrois", "siret": "44306184100047"},
        purchase_order="BC-12",
        net=Decimal("100.00"),
        vat=Decimal("20.00"),
        gross=Decimal("120.00"),
        line_count=1,
        created_at=now(),
        created_by="Olivia",
    )
    with transaction() as session:
        session.add(document)
        session.flush()
        session.add(
            Payment(
                document_id=document.id,
                amount=Decimal("120.00"),
                method=PaymentMethod.TRANSFER,
                received_on=issued_on,
                reference="Virement de Mme Cabanel",
                recorded_at=now(),
                recorded_by="Olivia",
            )
        )
        session.add(
            NegotiatedLine(
                exhibitor_id=exhibitor.id,
                label="Enseigne d’Élise Cabanel",
                quantity=Decimal(1),
                unit_price=Decimal("45.50"),
                vat_rate=Decimal(20),
                reason="Geste demandé par Élise Cabanel",
                granted_by="Olivia",
                granted_at=datetime(2021, 10, 5, tzinfo=UTC),
            )
        )
    return document


# Retention


def test_exhibitors_files_live_two_years(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, email=EMAIL, name="Éclairage", siret="99990101000010")
    account = make_account(email=EMAIL, role=Role.EXHIBITOR, name="Élise Cabanel")
    refused = make_exhibitor(
        edition, status=ApplicationStatus.REFUSED, slug=None, name="Piscines", email="p@p.example"
    )
    furnish(exhibitor, data_of(app))
    files = list((data_of(app) / FOLDER).iterdir())
    assert len(files) == 2
    end = edition.ends_at + 730 * DAY
    token = exhibitor.private_token

    purge.purge(Act(SYSTEM, end - DAY), real_now(), dry_run=False)
    assert traces(app)
    assert all(file.exists() for file in files)
    counts = purge.purge(Act(SYSTEM, end), real_now(), dry_run=True)
    assert all(file.exists() for file in files)
    assert count(Document) == 1

    purge_counts = purge.purge(Act(SYSTEM, end), real_now(), dry_run=False)
    assert purge_counts["slips"] == counts["slips"]
    assert {slip["table"] for slip in purge_counts["slips"]} == {
        *("exhibitors", "exhibitor_contacts", "exhibitor_documents", "safety_forms"),
        *("billing_details", "reminders", "co_exhibitors", "invitations", "plan_proposals"),
    }
    assert traces(app) == []
    assert not any(file.exists() for file in files)
    saved_exhibitor = again(exhibitor)
    assert (
        saved_exhibitor.name,
        saved_exhibitor.city,
        saved_exhibitor.siret,
        saved_exhibitor.logo_file,
    ) == ("Éclairage", "Béziers", "", "")
    assert saved_exhibitor.private_token != token
    assert again(refused).name == "Candidature effacée"
    assert traces(app, ["Piscines"]) == []
    for model in (Document, SafetyForm, BillingDetails, CoExhibitor, Reminder, PlanProposal):
        assert count(model) == 0
    assert (count(Contact), count(Invitation)) == (2, 1)
    assert current_session().get_one(Account, account.id).email == ""
    assert purge.purge(Act(SYSTEM, end), real_now(), dry_run=False)["slips"] == []


def test_invoices_keep_their_buyer_ten_years_after_the_books_close(
    app: Flask, edition: Edition
) -> None:
    document = invoice_of(make_exhibitor(edition), date(2021, 10, 5))

    def buyer(at: datetime) -> dict[str, Any]:
        purge.purge(Act(SYSTEM, at), real_now(), dry_run=False)
        current_session().expire_all()
        return current_session().get_one(SalesDocument, document.id).buyer

    assert buyer(datetime(2031, 12, 31, tzinfo=UTC))["siret"] == "44306184100047"
    assert buyer(datetime(2032, 1, 1, tzinfo=UTC)) == {"name": BUYER, "siret": ""}
    sale = current_session().get_one(SalesDocument, document.id)
    assert (sale.reference, sale.gross, sale.purchase_order) == ("F-2021-0001", 120, "")
    (payment,) = sale.payments
    assert (payment.amount, payment.reference, payment.recorded_by) == (120, "", "")
    granted = current_session().scalars(select(NegotiatedLine)).one()
    assert (granted.unit_price, granted.reason, granted.granted_by) == (Decimal("45.50"), "", "")


def test_what_the_search_of_companies_said_lives_thirty_days(app: Flask, edition: Edition) -> None:
    at = now()
    with transaction() as session:
        session.add(CompanyRecord(siret="99990101000010", answer={}, fetched_at=at))
    purge.purge(Act(SYSTEM, at + 29 * DAY), real_now() + 999 * DAY, dry_run=False)
    assert count(CompanyRecord) == 1
    purge.purge(Act(SYSTEM, at + 30 * DAY), real_now(), dry_run=False)
    assert count(CompanyRecord) == 0


# Rights


def known_contact(app: Flask, edition: Edition) -> tuple[Exhibitor, Account]:
    """Return a contact who applied, signed in, was written to and registered as a visitor."""
    exhibitor = make_exhibitor(edition, email=EMAIL, name="Éclairage")
    account = make_account(email=EMAIL, role=Role.EXHIBITOR, name="Élise Cabanel")
    furnish(exhibitor, data_of(app))
    paper = current_session().scalars(select(Document)).one()
    with transaction(paper):
        paper.uploaded_by = f"exhibitor:{account.id}"
    invoice_of(exhibitor, date(2021, 10, 5))
    acting = Identity(Role.EXHIBITOR, account.id, "Élise Cabanel", "203.0.113.99")
    note(acting, action_named("safety.saved"), f"exhibitor:{exhibitor.id}")
    note(
        Identity(None, None, "public", "203.0.113.98"),
        action_named("exhibitor.start"),
        f"exhibitor:{exhibitor.id}",
    )
    count_try(f"code:{EMAIL}", 5, 3600)
    with transaction() as session:
        outbox.post(
            session,
            "exhibitor_accept",
            EMAIL,
            about=f"exhibitor:{exhibitor.id}",
            salutation="Madame",
            name=exhibitor.name,
            token=exhibitor.private_token,
            reason="",
            until="",
        )
    register(
        a_person(first_name="Élise", last_name="Cabanel", email=EMAIL, phone="", needs_note="")
    )
    return exhibitor, account


def test_the_file_of_a_contact_says_what_is_known(app: Flask, edition: Edition) -> None:
    exhibitor, account = known_contact(app, edition)
    with app.test_request_context():
        person = person_of_contact(contact_id(exhibitor))
        facts = person_file.file_of_person(person, words_of)
    assert person.full_name == "Élise Cabanel"
    assert facts["Contact d’exposants"][0]["Exposant"] == "Éclairage"
    assert facts["Contact d’exposants"][0]["Adresse électronique"] == EMAIL
    assert facts["Compte"][0]["Adresse électronique"] == EMAIL
    assert len(facts["Inscriptions"]) == 1
    assert any(row["Destinataire"] == EMAIL for row in facts["Messages"])
    (paper,) = facts["Documents envoyés"]
    assert (paper["Exposant"], paper["Nom"]) == ("Éclairage", "contrat Cabanel Élise.pdf")
    text = str(facts)
    assert exhibitor.private_token not in str(facts["Contact d’exposants"])
    assert account.email in text


def test_after_erasure_a_contact_is_found_nowhere_but_on_invoices(
    app: Flask, edition: Edition
) -> None:
    exhibitor, account = known_contact(app, edition)
    number = contact_id(exhibitor)
    with transaction(exhibitor):
        exhibitor.presentation = "Des mâts. Écrivez à Élise Cabanel."
    erasure.erase_contact(Act(SYSTEM), number, FolderStore(data_of(app)), real_now())

    left = current_session().scalars(select(Payment)).one()
    assert left.reference == "Virement de Mme Cabanel"
    with transaction(left) as session, erasing(session):
        left.reference = ""
    erasure.wipe_free_space()
    assert traces(app, (*TRACES, "203.0.113.99", "203.0.113.98")) == []
    saved_exhibitor = again(exhibitor)
    assert saved_exhibitor.name == "Éclairage"
    assert GONE in saved_exhibitor.wish_note
    assert saved_exhibitor.search_key.endswith("des mats ecrivez a efface")
    ended = current_session().get_one(Account, account.id)
    assert (ended.email, ended.email_key) == ("", f"erased:{account.id}")
    assert ended.disabled_at is not None
    with pytest.raises(AlreadyErased):
        erasure.erase_contact(Act(SYSTEM), number, FolderStore(data_of(app)), real_now())


def add_billing_contact(exhibitor: Exhibitor, first_name: str, last_name: str) -> None:
    with transaction() as session:
        session.add(
            Contact(
                exhibitor_id=exhibitor.id,
                kind=ContactKind.BILLING,
                first_name=first_name,
                last_name=last_name,
                email=EMAIL,
                email_key=EMAIL,
            )
        )


def test_once_the_billing_contact_is_erased_money_is_written_to_the_main_one(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, email="marc@eclairage.example", name="Éclairage")
    add_billing_contact(exhibitor, "Élise", "Cabanel")
    billing = again(exhibitor).contact(ContactKind.BILLING)
    assert billing is not None
    assert billing.email == EMAIL
    erasure.erase_contact(Act(SYSTEM), billing.id, FolderStore(data_of(app)), real_now())
    billing = again(exhibitor).contact(ContactKind.BILLING)
    assert billing is not None
    assert billing.email == "marc@eclairage.example"


def test_an_address_that_two_contacts_share_stays_theirs(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, email=EMAIL, name="Éclairage")
    account = make_account(email=EMAIL, role=Role.EXHIBITOR, name="Élise Cabanel")
    add_billing_contact(exhibitor, "Marc", "Olivier")
    erasure.erase_contact(Act(SYSTEM), contact_id(exhibitor), FolderStore(data_of(app)), real_now())
    assert traces(app, ("Élise", "04 67 00 00 00")) == []
    current_session().expire_all()
    saved_account = current_session().get_one(Account, account.id)
    assert (saved_account.email, saved_account.display_name, saved_account.disabled_at) == (
        EMAIL,
        GONE,
        None,
    )
