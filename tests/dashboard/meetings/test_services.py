"""Retention of appointments' data, and the rights of their visitors; both databases."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    AppointmentStatus,
    BookingRequest,
    Hold,
    NextStep,
    StepKind,
    Ticket,
    TicketStatus,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.services.booking import Choice, VisitorQuestion, book_slot
from salon.appointments.services.placing import BookingAttempt, WaitingChoice
from salon.appointments.services.waiting import join_waiting
from salon.badges.models import HalfDay
from salon.dashboard.documents import person_file
from salon.dashboard.queries.persons import person_of, person_of_agent
from salon.dashboard.services import erasure, purge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.files.uploads import save_file
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import now, real_now
from salon.platform.storage.folder import FolderStore
from salon.staffing.services.agents import remove_agent
from tests.appointments.make import Fair, book, check_invariants, make_fair, make_visitor
from tests.dashboard.people import PUBLIC, everything
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, make_agent

EMAIL = "jehanne.vezian@mons.example"
TRACES = (
    "Jéhanne",
    "Vézian",
    "jehanne.vez",
    "captage",
    "4 250",
    "devis-captage",
    "203.0.113.34",
)
NINETY = timedelta(days=90)


def data_of(app: Flask) -> Path:
    folder: Path = app.config["SALON"].data
    return folder


def known_visitor(app: Flask, fair: Fair) -> Appointment:
    """Somebody with an appointment, a document, a promise, a place on a list and in a queue."""
    visitor = make_visitor(
        fair.edition, first_name="Jéhanne", last_name="Vézian", email=EMAIL, commune="34160"
    )
    question = VisitorQuestion(
        "La fuite du captage", "Refaire le captage, 4 250 m", "Étude", 90_000, "avant le captage"
    )
    choice = Choice(fair.theme_id(), fair.at(10))
    appointment = book_slot(
        act_in(fair.edition, PUBLIC, fair.before),
        choice,
        visitor.id,
        question,
        BookingAttempt(new_key()),
    )
    content = b"%PDF captage"
    stored = save_file(FolderStore(data_of(app)), content, ".pdf")
    with transaction(appointment) as session:
        appointment.note, appointment.funding = "Rappeler Jéhanne Vézian", {"cost": 90_000}
        session.add_all(
            [
                AppointmentDocument(
                    appointment_id=appointment.id,
                    name="devis-captage.pdf",
                    stored_name=stored,
                    media_type="application/pdf",
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    uploaded_at=now(),
                ),
                NextStep(
                    appointment_id=appointment.id,
                    kind=StepKind.GUIDAF,
                    words="Envoyer le dossier captage",
                    owner="Camille Vidal",
                    due_on=fair.at(10).date(),
                ),
                Ticket(
                    edition_id=fair.edition.id,
                    stand_id=fair.stand_id(),
                    day_on=fair.edition.days[0].day_on,
                    number=1,
                    private_token=new_key(),
                    attendee_id=visitor.id,
                    taken_at=fair.at(9),
                    queued_from=fair.at(9),
                ),
            ]
        )
    join_waiting(
        act_in(fair.edition, PUBLIC, fair.before),
        WaitingChoice(fair.theme_id("SDIS 34"), HalfDay.MORNING, "Le captage du haut"),
        visitor.id,
        new_key(),
    )
    return appointment


def count(model: type, *conditions: object) -> int:
    current_session().rollback()
    statement = select(func.count()).select_from(model)
    return current_session().scalar(statement.where(*conditions)) or 0  # type: ignore[arg-type]


def uploads(app: Flask) -> list[str]:
    return [path.name for path in (data_of(app) / "uploads").glob("*")]


@pytest.mark.on_both
def test_the_file_of_a_visitor_says_all_their_appointments(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = known_visitor(app, fair)
    with app.test_request_context():
        expected_facts = person_file.file_of_person(person_of(appointment.attendee_id), words_of)
    (facts,) = expected_facts["Rendez-vous"]
    assert facts["Objet"] == "La fuite du captage"
    assert facts["Projet"] == "Refaire le captage, 4 250 m"
    assert facts["Thème"] == "Soutien aux communes"
    assert facts["État"] == "Confirmé"
    assert expected_facts["Documents joints"][0]["Nom"] == "devis-captage.pdf"
    assert expected_facts["Suites promises"][0]["Termes"] == "Envoyer le dossier captage"
    assert expected_facts["Listes d’attente"][0]["Thème"] == "Défense incendie"
    assert expected_facts["Files des stands"][0]["Numéro"] == "1"
    assert appointment.private_token not in str(expected_facts["Rendez-vous"])
    assert any(row["Action"] == "Rendez-vous pris" for row in expected_facts["Journal"])


@pytest.mark.on_both
def test_the_file_of_an_agent_says_when_not_whom(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = known_visitor(app, fair)
    with app.test_request_context():
        person = person_of_agent(appointment.agent_id)
        expected_facts = person_file.file_of_person(person, words_of)
    (facts,) = expected_facts["Rendez-vous reçus"]
    assert facts["Thème"] == "Soutien aux communes"
    assert "captage" not in str(expected_facts["Rendez-vous reçus"])
    assert expected_facts["Rendez-vous"] == []


@pytest.mark.on_both
def test_after_erasure_what_a_visitor_said_is_found_nowhere(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = known_visitor(app, fair)
    token, before = appointment.private_token, count(Appointment)
    with transaction(appointment):
        appointment.note = "Rappeler"
    assert len(uploads(app)) == 1
    erasure.erase(Act(SYSTEM), appointment.attendee_id, FolderStore(data_of(app)), real_now())
    text = everything(app)
    assert [trace for trace in (*TRACES, token) if trace.casefold() in text.casefold()] == []
    assert (count(Appointment), uploads(app)) == (before, [])
    assert count(WaitingEntry) + count(AppointmentDocument) == 0
    current_session().expire_all()
    assert (appointment.commune_code, appointment.theme_id) == ("34160", fair.theme_id())
    (ticket,) = current_session().scalars(select(Ticket)).all()
    assert (ticket.attendee_id, ticket.status) == (None, TicketStatus.LEFT)
    check_invariants(edition)


def test_erasure_cancels_what_is_to_come_and_gives_its_time_to_who_waits(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    other_appointment = book(fair, at=fair.at(9))
    hours = [(9, 25), (9, 50), (10, 15), (10, 40), (11, 5), (11, 30)]
    for hour in hours:
        book(fair, at=fair.at(*hour))
    other_attendee = make_visitor(edition)
    entry = join_waiting(
        act_in(edition, PUBLIC),
        WaitingChoice(fair.theme_id(), HalfDay.MORNING, "Voirie"),
        other_attendee.id,
        new_key(),
    )
    erasure.erase(Act(SYSTEM), other_appointment.attendee_id, FolderStore(data_of(app)), real_now())
    current_session().expire_all()
    assert other_appointment.status == AppointmentStatus.CANCELLED
    assert entry.status == WaitingStatus.OFFERED
    assert current_session().scalars(select(Hold)).one().starts_at == fair.at(9)
    check_invariants(edition)


@pytest.mark.on_both
def test_what_is_over_stays_as_it_ended(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    with transaction(appointment):
        appointment.status = AppointmentStatus.MET
    erasure.erase(Act(SYSTEM), appointment.attendee_id, FolderStore(data_of(app)), real_now())
    current_session().expire_all()
    assert (appointment.status, appointment.subject, appointment.booked_by) == (
        AppointmentStatus.MET,
        "",
        "",
    )


@pytest.mark.on_both
def test_who_booked_for_somebody_else_is_erased_from_it(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    secretary = make_visitor(edition, first_name="Aude", last_name="Caunes", email=EMAIL)
    mayor = book(fair, at=fair.at(9), contact_email=EMAIL, subject="Vu avec Aude Caunes")
    erasure.erase(Act(SYSTEM), secretary.id, FolderStore(data_of(app)), real_now())
    current_session().expire_all()
    assert (mayor.contact_email, mayor.subject) == ("", "Vu avec [effacé]")
    assert mayor.status == AppointmentStatus.BOOKED


def test_what_was_asked_and_never_confirmed_is_erased_with_who_asked(
    app: Flask, edition: Edition
) -> None:
    """Their own requests alone: a colleague of the same address keeps theirs."""
    fair = make_fair(edition)
    asking, colleague = (
        make_visitor(edition, first_name=name, last_name="Vézian", email=EMAIL)
        for name in ("Jéhanne", "Aude")
    )
    with transaction() as session:
        for attendee in (asking, colleague):
            session.add(
                BookingRequest(
                    edition_id=edition.id,
                    theme_id=fair.theme_id(),
                    private_token=new_key(),
                    recipient=EMAIL,
                    email_key=attendee.email_key,
                    name_key=attendee.name_key,
                    person={"first_name": attendee.first_name},
                    question={},
                    asked_at=now(),
                )
            )
    erasure.erase(Act(SYSTEM), asking.id, FolderStore(data_of(app)), real_now())
    current_session().rollback()
    left = current_session().scalars(select(BookingRequest)).all()
    assert [request.person["first_name"] for request in left] == ["Aude"]


@pytest.mark.on_both
def test_an_erased_agent_is_named_by_no_appointment(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    agent = make_agent(fair.village, name="Noëlle Saint-Aunès")
    actor = Identity(Role.AGENT, 7, "Noëlle Saint-Aunès")
    appointment = book(fair, at=fair.at(9), by=actor, accepted=[])
    with transaction(appointment) as session:
        appointment.note = "Noëlle Saint-Aunès rappelle"
        session.add(
            NextStep(
                appointment_id=appointment.id,
                kind=StepKind.CALL,
                words="Par Noëlle Saint-Aunès",
                owner="Saint-Aunès Noëlle",
            )
        )
    remove_agent(Act(ORGANISER), agent, 1, True)
    erasure.erase_agent(Act(SYSTEM), agent.id, FolderStore(data_of(app)), real_now())
    assert "saint-aunès" not in everything(app).casefold()
    current_session().expire_all()
    assert appointment.subject == "La réfection de la route du Pioch"


@pytest.mark.on_both
def test_words_live_three_months_and_counts_for_ever(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = known_visitor(app, fair)
    counted = {model: count(model) for model in (Appointment, Ticket)}
    early = edition.ends_at + NINETY - timedelta(days=1)
    purge.purge(Act(SYSTEM, early), real_now(), dry_run=False)
    assert (count(AppointmentDocument), count(NextStep), count(WaitingEntry)) == (1, 1, 1)
    counts = purge.purge(Act(SYSTEM, edition.ends_at + NINETY), real_now(), dry_run=True)
    assert len(uploads(app)) == 1
    purge_counts = purge.purge(Act(SYSTEM, edition.ends_at + NINETY), real_now(), dry_run=False)
    tables = {slip["table"]: slip["rows"] for slip in purge_counts["slips"]}
    assert purge_counts["slips"] == counts["slips"]
    assert {name: tables.get(name) for name in ("appointments", "queue_tickets")} == {
        "appointments": 1,
        "queue_tickets": 1,
    }
    assert [
        tables.get(name)
        for name in ("appointment_steps", "appointment_documents", "waiting_entries")
    ] == [1, 1, 1]
    assert {model: count(model) for model in counted} == counted
    assert uploads(app) == []
    assert "captage" not in str([*current_session().execute(select(Appointment.__table__))])
    second_counts = purge.purge(Act(SYSTEM, edition.ends_at + NINETY), real_now(), dry_run=False)
    assert second_counts["slips"] == []
    current_session().expire_all()
    assert appointment.attendee.last_name == "Vézian"


@pytest.mark.on_both
def test_a_choice_that_expired_is_kept_a_day(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    known_visitor(app, fair)
    with transaction() as session:
        session.add(
            Hold(
                edition_id=edition.id,
                token=new_key(),
                theme_id=fair.theme_id(),
                agent_id=fair.agents["Département"][0].id,
                stand_id=fair.stand_id(),
                starts_at=fair.at(15),
                ends_at=fair.at(15, 20),
                expires_at=real_now() - timedelta(hours=23),
            )
        )
    purge.purge(Act(SYSTEM), real_now(), dry_run=False)
    assert count(Hold) == 1
    with transaction() as session:
        session.execute(update(Hold).values(expires_at=real_now() - timedelta(hours=25)))
    purge.purge(Act(SYSTEM), real_now(), dry_run=False)
    assert count(Hold) == 0
