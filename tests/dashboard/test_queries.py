"""The figures, what waits, the lists, and the file of a person, on SQLite and PostgreSQL."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, true, update

from salon.accounts.services.organisers import invite_organiser
from salon.accounts.services.stations import create_station
from salon.badges.models import Attendee, Category
from salon.badges.services import cancel_attendee
from salon.badges.services.agents import update_agent_badges
from salon.billing.engine.ledger import SaleStep
from salon.dashboard.documents import person_file
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.queries import overview
from salon.dashboard.queries.exhibitor_figures import exhibitors_of
from salon.dashboard.queries.messages import MessageFilter, messages_page
from salon.dashboard.queries.overview import JournalFilter, Waiting
from salon.exhibitors.models import ApplicationStatus, Task
from salon.exhibitors.queries.review import Wait
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import action_named, note, write_entry
from salon.platform.mail import sending
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.settings.clock import current_zone, local, now, real_now
from salon.safety.models import SafetyForm
from tests.dashboard.people import PUBLIC, a_person, enter, marc, print_badges, register
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.journal import SampleAction
from tests.staffing.make import make_agent, make_village
from tests.statements import statements

pytestmark = pytest.mark.on_both


def test_people_are_counted_once_at_each_step(app: Flask, edition: Edition) -> None:
    first_number, two, three = register(
        a_person(), marc(), marc(first_name="Ana", email="ana@x.example")
    )
    print_badges(app.config["SALON"].data, "fabregues")
    print_badges(app.config["SALON"].data, "fabregues")
    enter(edition, first_number)
    enter(edition, first_number, minutes=5)
    cancel_attendee(Act(PUBLIC, real_now()), three)
    figures = overview.figures_of(edition.id)
    assert (figures.registered, figures.issued, figures.printed, figures.entered) == (2, 2, 1, 1)
    assert (figures.communes, figures.all_communes) == (1, 5)
    assert two


def test_agents_are_counted_apart_from_those_who_visit(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    for _ in range(2):
        make_agent(village)
    update_agent_badges(now())
    register(a_person())
    figures = overview.figures_of(edition.id)
    assert (figures.registered, figures.hosts, figures.issued) == (1, {Category.AGENT: 2}, 3)
    assert sum(count for _, count in overview.registrations_per_day(edition.id)) == 1


def test_a_day_begins_at_midnight_in_paris(app: Flask, edition: Edition) -> None:
    first_number, two, three = register(
        a_person(), marc(), marc(first_name="Ana", email="ana@x.example")
    )
    times = {
        first_number: datetime(2026, 9, 9, 21, 59, tzinfo=UTC),
        two: datetime(2026, 9, 9, 22, 0, tzinfo=UTC),
        three: datetime(2026, 12, 9, 23, 0, tzinfo=UTC),
    }
    with transaction() as session:
        for number, at in times.items():
            session.execute(
                update(Attendee).where(Attendee.id == number).values(registered_at=at),
                execution_options={"synchronize_session": False},
            )
    assert overview.registrations_per_day(edition.id) == [
        (date(2026, 9, 9), 1),
        (date(2026, 9, 10), 1),
        (date(2026, 12, 10), 1),
    ]


def test_what_waits_is_counted(app: Flask, edition: Edition) -> None:
    register(a_person(), marc())
    create_station(Act(SYSTEM), "Porte A", "A", edition.id)
    invite_organiser(Act(SYSTEM), "nouvelle@amf34.example", "Nouvelle")
    soon, later = real_now() + timedelta(minutes=5), real_now() + timedelta(minutes=15)
    sent = len(current_session().scalars(select(Message)).all())
    assert overview.waiting_for(edition.id, soon, true()) == Waiting(0, 0, 2, 1, 1, 1)
    assert overview.waiting_for(edition.id, later, true()) == Waiting(0, sent, 2, 1, 1, 1)
    sending.send_due(lambda message: Delivery(False, "550 inconnu", permanent=True))
    print_badges(app.config["SALON"].data)
    assert overview.waiting_for(edition.id, later, true()) == Waiting(sent, 0, 0, 1, 1, 1)


def test_what_waits_of_exhibitors_is_counted(app: Flask, edition: Edition) -> None:
    at = now()
    make_terms(edition, deadlines={Task.SAFETY: local(at).date().isoformat()})
    assert set(exhibitors_of(edition, at).waits.values()) == {0}
    assert exhibitors_of(edition, at).to_collect == 0
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, slug=None, submitted_at=at)
    make_exhibitor(edition, status=ApplicationStatus.REFUSED, slug=None)
    make_exhibitor(edition, area=0)
    make_exhibitor(edition)
    placed = make_exhibitor(edition, area=12, stand=make_stand(make_hall(edition)))
    with transaction() as session:
        session.add(SafetyForm(exhibitor_id=placed.id, answers={}, completed_at=at))
    figures = exhibitors_of(edition, at)
    assert {wait: count for wait, count in figures.waits.items() if count} == {
        Wait.STUDY: 1,
        Wait.NO_STAND: 1,
    }
    assert (figures.stands, figures.placed, figures.area, figures.safe) == (2, 1, 12, 1)
    assert figures.late_forms == 0
    assert exhibitors_of(edition, at + timedelta(days=1)).late_forms == 1
    assert figures.money[SaleStep.TO_QUOTE].count == 3


def test_messages_are_found_by_address_and_status(app: Flask, edition: Edition) -> None:
    register(a_person())
    register(marc())
    with app.test_request_context():
        assert messages_page(true(), MessageFilter()).total == 2
        (only,) = messages_page(true(), MessageFilter("FABREGUES")).items
        assert only.recipient == "Jehanne.Fabregues@mons.example"
        assert messages_page(true(), MessageFilter("100%")).total == 0
        assert messages_page(true(), MessageFilter(status="refused")).total == 0


def test_the_journal_is_filtered_and_read_to_its_end(app: Flask) -> None:
    with transaction() as session:
        for number in range(2_050):
            write_entry(session, SYSTEM, SampleAction.WROTE, f"test:{number}")
    note(PUBLIC, action_named("sign_in.refused"), "account:1")
    with app.test_request_context():
        assert overview.journal_page(JournalFilter()).total == 2_051
        assert overview.journal_page(JournalFilter(action="sign_in.refused")).total == 1
        assert overview.journal_page(JournalFilter(subject="account:1")).total == 1
        assert overview.journal_page(JournalFilter(actor="PUB")).total == 1
    numbers = [entry.id for entry in overview.journal_entries(JournalFilter(action="test.wrote"))]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 2_050


def test_the_file_of_a_person_says_everything_and_no_secret(app: Flask, edition: Edition) -> None:
    number, _ = register(a_person(), marc())
    enter(edition, number)
    print_badges(app.config["SALON"].data, "fabregues")
    with app.test_request_context():
        expected_facts = person_file.file_of(number, words_of)
    assert {name: len(rows) for name, rows in expected_facts.items()} == {
        "Inscriptions": 1,
        "Dossiers": 1,
        "Badges": 1,
        "Impressions": 1,
        "Passages": 1,
        "Présence": 1,
        "Contact d’exposants": 0,
        "Rendez-vous": 0,
        "Documents joints": 0,
        "Suites promises": 0,
        "Listes d’attente": 0,
        "Files des stands": 0,
        "Rendez-vous reçus": 0,
        "Compte": 0,
        "Documents envoyés": 0,
        "Agent du village": 0,
        "Absences et souhaits": 0,
        "Vacations": 0,
        "Consentements": 1,
        "Invitations au salon": 0,
        "Autres invités": 0,
        "Carnet des communes": 0,
        "Messages écrits à plusieurs": 0,
        "Messages": 1,
        "Journal": 2,
        "Rencontres sur les stands": 0,
        "Lectures du badge sur les stands": 0,
        "Accords donnés aux exposants": 0,
    }
    (facts,) = expected_facts["Inscriptions"]
    assert facts["Nom"] == "Fabrègues-Vézian"
    assert facts["Fonction"] == "Maire"
    assert facts["Pour"] == "Mons"
    assert facts["Précision sur les besoins"] == "Canne blanche"
    assert facts["Catégorie"] == "Élu"
    text = json.dumps(expected_facts, ensure_ascii=False)
    group = current_session().get_one(Attendee, number).group
    assert "Canne blanche" in text
    assert f"'{group.private_token}'" not in text
    sections = {**expected_facts, "Long": [{"É": "mot " * 4000}]}
    pdf = person_file.write_pdf("Données", "Fait le 1er", sections, "AMF34")
    assert pdf.startswith(b"%PDF")


def test_the_file_leaves_out_what_the_table_of_personal_data_calls_internal(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = register(a_person())
    declared = PERSONAL_DATA["attendees"]

    def names() -> set[str]:
        with app.test_request_context():
            (facts,) = person_file.file_of(number, words_of)["Inscriptions"]
        return set(facts)

    shown = names()
    monkeypatch.setitem(
        PERSONAL_DATA, "attendees", replace(declared, internal=f"{declared.internal} phone")
    )
    assert shown - names() == {"Téléphone"}


def test_the_overview_costs_a_constant_number_of_queries(app: Flask, edition: Edition) -> None:
    def cost() -> int:
        current_zone()  # read once in a while
        with statements() as sent_statements:
            overview.figures_of(edition.id)
            overview.waiting_for(edition.id, real_now(), true())
            overview.registrations_per_day(edition.id)
            exhibitors_of(edition, now())
        return sum(statement != "BEGIN" for statement in sent_statements)

    first = cost()
    register(a_person(), marc())
    for _ in range(3):
        make_exhibitor(edition, stand=make_stand(make_hall(edition)))
    assert cost() == first <= 20
