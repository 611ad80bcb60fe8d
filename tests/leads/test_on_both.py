"""A person reads what is kept of their contacts, and is forgotten; on SQLite and PostgreSQL."""

from flask import Flask
from sqlalchemy import func, select

from salon.accounts.queries import find_account
from salon.dashboard.documents import person_file
from salon.dashboard.services import erasure
from salon.fair.models import Edition
from salon.leads.models import Lead, LeadReading
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import get_line
from salon.leads.services.following import take_file
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import real_now
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_account
from tests.leads.make import (
    AT,
    EMAIL,
    EMAIL_ALONE,
    LATER,
    NAME,
    PHONE,
    STAND,
    fresh,
    give,
    live,
    make_witness,
    posted,
    read,
)


def everything() -> str:
    """Return every value of every table."""
    current_session().rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in db.metadata.sorted_tables
            for row in connection.execute(table.select())
        )


def test_a_person_reads_who_met_them_what_was_noted_and_what_they_agreed_to(
    app: Flask, edition: Edition
) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    other_badge = make_witness(edition, first_name="Odile")
    lead = read(exhibitor, badge, note="Quarante mâts")
    give(read(exhibitor, other_badge))
    give(lead, {Purpose.NEWS: EMAIL_ALONE})
    give(lead, {}, LATER)
    with app.test_request_context():
        facts = person_file.file_of(badge.attendee_id, words_of)
    (met,) = facts["Rencontres sur les stands"]
    assert (met["Exposant"], met["Précision"]) == (exhibitor.name, "Quarante mâts")
    (scanned,) = facts["Lectures du badge sur les stands"]
    assert scanned["Lu par"] == "Élise Cabanel"
    (agreed,) = facts["Accords donnés aux exposants"]
    assert agreed["Champs"] == "Adresse électronique"
    assert exhibitor.name in agreed["Texte"]
    assert agreed["Retiré le"]


def test_who_is_erased_leaves_no_word_and_those_who_have_a_file_are_told(
    app: Flask, edition: Edition
) -> None:
    exhibitor, silent = make_exhibitor(edition), make_exhibitor(edition)
    badge, other_badge = make_witness(edition), make_witness(edition, first_name="Odile", phone="")
    lead = read(exhibitor, badge, note=f"Rappeler {PHONE}")
    beside = read(exhibitor, other_badge, note=f"Vient avec Élodie {NAME}")
    read(silent, badge)
    give(lead)
    take_file(Act(STAND, AT), exhibitor, Purpose.FOLLOW_UP, "csv")
    other_address = "odile@commune.example"
    with transaction(other_badge.attendee):
        other_badge.attendee.email = other_badge.attendee.email_key = other_address
        other_badge.attendee.last_name, other_badge.attendee.name_key = "Autre", "autre odile"
    erasure.erase(Act(SYSTEM), badge.attendee_id, app.config["SALON"].file_store, real_now())
    (message,) = posted("lead_withdrawn")
    assert message.context["number"] == lead.id
    assert message.context["downloaded"]
    assert live(lead) == {}
    assert get_line(exhibitor.id, lead.id).person is None
    assert (fresh(lead.id).note, fresh(beside.id).note) == ("", "Vient avec [effacé]")
    text = everything()
    for trace in (NAME, EMAIL, PHONE):
        assert trace not in text


def test_who_read_badges_and_is_erased_is_named_no_more(app: Flask, edition: Edition) -> None:
    make_account(role=Role.EXHIBITOR, email="elise@exposant.example", name="Élise Cabanel")
    exhibitor = make_exhibitor(edition, email="elise@exposant.example")
    lead = read(exhibitor, make_witness(edition), note="Quarante mâts")
    (contact,) = exhibitor.contacts
    assert find_account(contact.email) is not None
    erasure.erase_contact(Act(SYSTEM), contact.id, app.config["SALON"].file_store, real_now())
    current_session().rollback()
    assert current_session().scalar(select(LeadReading.read_by)) == "[effacé]"
    assert fresh(lead.id).note == "Quarante mâts"
    assert current_session().scalar(select(func.count()).select_from(Lead)) == 1
    assert "Cabanel" not in everything()
