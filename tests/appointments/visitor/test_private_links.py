"""Every page, file and feed behind a private link obeys the revocation of the badge."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.appointments.models import AppointmentDocument, WaitingEntry, WaitingStatus
from salon.badges.models import Attendee, Group, HalfDay
from salon.badges.services import cancel_attendee, reissue_badge, revoke_badge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from salon.platform.web.access import allowed_of
from tests.appointments.make import book, make_fair, messages
from tests.badges.people import MONS, badge_of, make_person, register
from tests.factories import new_key
from tests.pages import PageClient

GONE = (404, 410)
OF_OTHERS = {
    # Private links that belong to no badge, and what ends them.
    "/exposants/inscription/<token>": "the application",
    "/planning/<token>.ics": "the agent, who asks for another",
    "/file/<token>": "the number taken at a stand",
    "/courriels/arreter/<token>": "an address, which it stops",
    "/courriels/reprendre/<token>": "an address, which it admits again",
    "/invitation/<token>": "an organisation of the edition before",
    "/scanner/enrolement/<code>": "used once",
    "/connexion/premiere/<code>": "used once",
}


def private_routes(app: Flask) -> dict[str, list[str]]:
    """Return the public routes that a private link opens, with their methods."""
    routes: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if allowed_of(app, rule.endpoint) == "public" and "token" in rule.arguments:
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            routes.setdefault(rule.rule, []).extend(methods)
    return {
        path: methods
        for path, methods in sorted(routes.items())
        if not any(
            path.startswith(other_of_other.partition("<")[0]) for other_of_other in OF_OTHERS
        )
        and not path.startswith("/rendez-vous/retenu/")
        and not path.startswith("/rendez-vous/confirmer/")
    }


def join_file(appointment_id: int) -> int:
    with transaction() as session:
        document = AppointmentDocument(
            appointment_id=appointment_id,
            name="plan.pdf",
            stored_name="absent",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at=now(),
        )
        session.add(document)
    return document.id


def wait_for(fair: Any, attendee: Attendee) -> WaitingEntry:
    with transaction() as session:
        entry = WaitingEntry(
            edition_id=fair.edition.id,
            theme_id=fair.theme_id(),
            attendee_id=attendee.id,
            part=HalfDay.MORNING,
            subject="La route",
            private_token=new_key(),
            status=WaitingStatus.WAITING,
            joined_at=now(),
            queued_at=now(),
        )
        session.add(entry)
    return entry


def reissue(attendee_id: int) -> None:
    reissue_badge(Act(SYSTEM), attendee_id, "lien volé", new_key())


def revoke(attendee_id: int) -> None:
    revoke_badge(Act(SYSTEM), badge_of(attendee_id).id, "lien volé")


def reissue_and_cancel(attendee_id: int) -> None:
    reissue(attendee_id)
    cancel_attendee(Act(SYSTEM), attendee_id)


@pytest.mark.parametrize("act", [reissue, revoke, reissue_and_cancel])
def test_no_stolen_link_opens_anything(
    app: Flask, client: PageClient, edition: Edition, act: Callable[[int], None]
) -> None:
    fair = make_fair(edition)
    registration = register(
        make_person(place=MONS), make_person(place=MONS), contact="s@mons.example"
    )
    attendee, companion = (current_session().get_one(Attendee, item) for item in registration.added)
    appointment = book(fair, at=fair.at(9), visitor=attendee)
    document_id = join_file(appointment.id)
    badge, group = badge_of(attendee.id), current_session().get_one(Group, attendee.group_id)
    tokens = {
        "/badge/": badge.private_token,
        "/inscription/dossier/": group.private_token,
        "/rendez-vous/liste/": wait_for(fair, attendee).private_token,
        "/rendez-vous/": appointment.private_token,
    }
    companions = book(fair, at=fair.at(10), visitor=companion).private_token

    def ask() -> dict[str, int]:
        csrf = client.token("/connexion")
        answers = {}
        for path, methods in private_routes(app).items():
            token = next(token for start, token in tokens.items() if path.startswith(start))
            address = re.sub(r"<int:document_id>", str(document_id), path.replace("<token>", token))
            address = re.sub(r"<int:lead_id>", "1", address).replace("<code>", "ABCDEFGH")
            for method in methods:
                fields = {"data": {"csrf_token": csrf}} if method == "POST" else {}
                answers[f"{method} {path}"] = client.open(
                    address, method=method, **fields
                ).status_code
        return answers

    before = {
        path: client.get(path.replace("<token>", token)).status_code
        for path, token in (
            ("/badge/<token>.ics", tokens["/badge/"]),
            ("/badge/<token>.pdf", tokens["/badge/"]),
            ("/inscription/dossier/<token>", tokens["/inscription/dossier/"]),
            ("/rendez-vous/<token>", tokens["/rendez-vous/"]),
            ("/rendez-vous/<token>.ics", tokens["/rendez-vous/"]),
            ("/rendez-vous/liste/<token>", tokens["/rendez-vous/liste/"]),
            ("/rendez-vous/<token>", companions),
        )
    }
    assert set(before.values()) == {200}
    act(attendee.id)
    answers = ask()
    assert len(answers) > 30
    # The page of the badge says in one sentence that it is no longer good.
    assert answers.pop("GET /badge/<token>") == 200
    assert answers.pop("GET /badge/<token>/retablir") == 200, "the same page"
    assert {path: status for path, status in answers.items() if status not in GONE} == {}
    assert client.get(f"/rendez-vous/{companions}").status_code == 404
    for end in ("", "/retablir"):
        page = client.get(f"/badge/{badge.private_token}{end}").text
        for secret in (attendee.last_name, appointment.subject, appointment.private_token):
            assert secret not in page


def test_who_had_the_links_is_told_the_new_ones(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    registration = register(
        make_person(place=MONS), make_person(place=MONS), contact="s@mons.example"
    )
    attendee = current_session().get_one(Attendee, registration.added[0])
    appointment = book(fair, at=fair.at(9), visitor=attendee, contact_email="s@mons.example")
    sequence = appointment.sequence
    reissue(attendee.id)
    current_session().refresh(appointment)
    assert appointment.sequence > sequence
    sent_messages = messages("appointment_booked")[-2:]
    assert {message.recipient for message in sent_messages} == {attendee.email, "s@mons.example"}
    assert {message.context["token"] for message in sent_messages} == {appointment.private_token}
    assert client.get(f"/rendez-vous/{appointment.private_token}").status_code == 200
    group = current_session().scalars(select(Group)).one()
    assert messages("group_registered")[-1].context["token"] == group.private_token
    assert client.get(f"/inscription/dossier/{group.private_token}").status_code == 200
