"""« Rétablir » from the page after an act brings the rows back as they were, by real requests."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account, Station
from salon.accounts.queries import get_station
from salon.accounts.services.stations import create_station
from salon.badges.models import Attendee
from salon.badges.services import add_staff
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import Model, current_session, db
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.pages.public_pages import REVISION
from salon.platform.web.limits import MAILS_AN_HOUR
from salon.public_tables import REVISIONS
from tests.appointments.make import book, make_fair, make_visitor
from tests.badges.people import all_of, register_one
from tests.badges.staff.test_services import STAND, make_staff
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import make_account, new_key, sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village

TRACES = (
    *("journal_entries", "messages", "rate_counters", "sign_ins", "submissions", "undo_records"),
)
GROWING = ("version", "sequence", "rota_version")
"""Counters that grow with each change, an undo included."""


def rows() -> dict[str, set[str]]:
    """Every row of every table, but the traces of acts, the counters of changes and the revisions
    of stored pages."""
    current_session().rollback()
    results = {}
    for table in Model.metadata.sorted_tables:
        if table.name in TRACES:
            continue
        columns = [column for column in table.columns if column.name not in GROWING]
        statement = select(*columns)
        if table.name == "marks":
            statement = statement.where(table.c.name.not_in([REVISION, *REVISIONS]))
        results[table.name] = {repr(tuple(row)) for row in current_session().execute(statement)}
    return results


def differing(before: dict[str, set[str]]) -> dict[str, Any]:
    after = rows()
    return {name: before[name] ^ after[name] for name in before if before[name] != after[name]}


def press_offer(client: PageClient, page: str, label: str) -> Any:
    """Press a button that the page offers beside the message of the act."""
    (beside,) = re.findall(r'<ul class="notice__offers">(.*?)</ul>', page, re.S)
    offers = re.findall(r'<form[^>]* action="([^"]+)">(.*?)</form>', beside, re.S)
    (form,) = [offer for offer in offers if f" {label}" in offer[1]]
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[1])
    data = {name: unescape(value) for name, value in fields}
    return client.post(unescape(form[0]), data=data)


def act_and_undo(
    client: PageClient, path: str, to: str, label: str, but: str = "", **fields: str
) -> None:
    """Act by a button of the page, undo by the next page: the rows are as before.

    `but`: a table that keeps a change on purpose.
    """
    before = rows()
    answer = client.fill(path, to=to, **fields)
    assert answer.status_code == 302, answer.text[:1500]
    assert differing(before), "the act did nothing"
    answer = press_offer(client, client.get(answer.headers["Location"]).text, label)
    assert answer.status_code == 302, answer.text[:1500]
    assert set(differing(before)) - {but} == set()


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_a_closed_account_is_opened_again(organiser: PageClient) -> None:
    account = make_account(role=Role.AGENT)
    path = "/organisation/comptes"
    act_and_undo(organiser, path, f"{path}/{account.id}/fermer", "Rouvrir le compte")
    assert current_session().get_one(Account, account.id).disabled_at is None


def test_the_commune_of_several_people_is_what_it_was(organiser: PageClient) -> None:
    ids = [register_one(email=email).id for email in ("", "a@mons.example", "b@mons.example")]
    path = "/organisation/participants/commune?" + "&".join(f"row={number}" for number in ids)
    assert organiser.fill(path, to=path, commune="34500").status_code == 400
    act_and_undo(organiser, path, path, "Rétablir les communes", commune="Mons")
    actions = [entry.action for entry in all_of(JournalEntry)]
    assert actions.count("attendee.changed") == 6
    organiser.fill(path, to=path, commune="Mons")
    assert {person.on_behalf_of for person in all_of(Attendee)} == {"Mons"}
    assert {person.email_key for person in all_of(Attendee) if not person.email} == {"place:34160"}


def test_an_erased_account_stays_closed(organiser: PageClient) -> None:
    account = make_account(role=Role.AGENT)
    path = "/organisation/comptes"
    organiser.fill(path, to=f"{path}/{account.id}/fermer")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET email = '' WHERE id = {account.id}")
    assert organiser.fill(path, to=f"{path}/{account.id}/rouvrir").status_code == 409


def test_a_revoked_station_is_one_again_and_must_be_enrolled(
    organiser: PageClient, edition: Edition
) -> None:
    station = create_station(Act(SYSTEM), "Entrée A", "A", edition.id)
    path = f"/organisation/stations/{station.id}"
    act_and_undo(organiser, path, f"{path}/revoquer", "Rétablir la station")
    page = organiser.get(path).text
    assert "Montrer un nouveau code" in page
    assert current_session().get_one(Station, station.id).token_hash is None


def test_a_station_whose_name_was_taken_comes_back_under_another(
    organiser: PageClient, edition: Edition
) -> None:
    station = create_station(Act(SYSTEM), "Entrée A", "A", edition.id)
    path = f"/organisation/stations/{station.id}"
    organiser.fill(path, to=f"{path}/revoquer")
    create_station(Act(SYSTEM), "Entrée A", "A", edition.id)
    assert organiser.fill(path, to=f"{path}/retablir").status_code == 302
    restored = get_station(station.id)
    assert (restored.name, restored.revoked_at) == ("Entrée A 2", None)


def test_a_cancelled_registration_is_restored(organiser: PageClient) -> None:
    attendee = register_one()
    path = f"/organisation/participants/{attendee.id}"
    act_and_undo(organiser, path, f"{path}/annuler", "Rétablir l’inscription")
    statuses = current_session().scalars(select(Message.status).where(Message.kind == "cancelled"))
    assert list(statuses) == [MessageStatus.CALLED_OFF], "the person never knows"
    assert "restored" not in set(current_session().scalars(select(Message.kind)))


def test_its_holder_restores_an_own_cancellation(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{attendee.badges[0].private_token}"
    act_and_undo(client, f"{path}/annuler", f"{path}/annuler", "Rétablir l’inscription")
    assert set(current_session().scalars(select(Message.kind))) == {
        "registration",
        "cancelled",
        "restored",
    }


def test_a_secretary_brings_a_cancelled_person_back(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    group = f"/inscription/dossier/{attendee.group.private_token}"
    token = attendee.badges[0].private_token
    before = rows()
    cancel = f"/badge/{token}/annuler?dossier={attendee.group.private_token}"
    assert client.fill(cancel).status_code == 302
    client.get(group)  # the offer of the next page is not needed: the page itself offers it
    answer = client.fill(group, to=f"{group}/{attendee.id}/retablir")
    assert answer.headers["Location"] == group
    assert differing(before) == {}
    stranger = register_one()
    refused = client.post(
        f"{group}/{stranger.id}/retablir", data={"csrf_token": client.token("/connexion")}
    )
    assert refused.status_code == 404


def test_nobody_is_cancelled_and_restored_without_end(client: PageClient, edition: Edition) -> None:
    attendee = register_one(email="visee@mons.example")
    link = f"/badge/{attendee.badges[0].private_token}"
    data = {"csrf_token": client.token(f"{link}/annuler")}
    answers = [
        client.post(f"{link}/{act}", data=data).status_code
        for _ in range(MAILS_AN_HOUR)
        for act in ("annuler", "retablir")
    ]
    assert answers[-2:] == [302, 429]
    assert set(answers[:-2]) == {302}


def test_the_holder_does_not_undo_what_the_organisers_decided(
    client: PageClient, organiser: PageClient
) -> None:
    attendee = register_one()
    path = f"/organisation/participants/{attendee.id}"
    organiser.fill(path, to=f"{path}/annuler")
    badge = f"/badge/{attendee.badges[0].private_token}"
    assert "Rétablir" not in client.get(badge).text
    token = client.token("/connexion")
    assert client.post(f"{badge}/retablir", data={"csrf_token": token}).status_code == 409


def test_a_revoked_badge_is_restored(organiser: PageClient) -> None:
    attendee = register_one()
    path = f"/organisation/participants/{attendee.id}"
    # The link of the whole registration was renewed with the revocation, and stays so.
    act_and_undo(
        organiser, path, f"{path}/revoquer", "Rétablir ce badge", but="groups", reason="perdu"
    )
    other_attendee = register_one()
    badge = attendee.badges[0].id
    wrong = f"/organisation/participants/{other_attendee.id}/badges/{badge}/retablir"
    assert organiser.fill(path, to=wrong).status_code == 404


def test_a_removed_person_is_of_the_team_again(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition, email="elise@eclairage.example")
    attendee_id = add_staff(Act(STAND), exhibitor.id, make_staff(), new_key())
    client = sign_in(app, Role.EXHIBITOR, "elise@eclairage.example")
    path = f"/mon-stand/{exhibitor.id}/equipe"
    act_and_undo(client, path, f"{path}/{attendee_id}/retirer", "Rétablir")
    removed = select(Message.status).where(Message.kind == "staff_removed")
    assert current_session().scalars(removed).one() == MessageStatus.CALLED_OFF


def test_a_freed_stand_is_given_back(organiser: PageClient, edition: Edition) -> None:
    make_terms(edition)
    stand = make_stand(make_hall(edition), number="12")
    exhibitor = make_exhibitor(edition, stand_id=stand.id)
    path = f"/organisation/placement/{exhibitor.id}"
    version = str(current_session().get_one(Exhibitor, exhibitor.id).version)
    act_and_undo(organiser, path, f"{path}/liberer", "Lui rendre le stand 12", version=version)


def test_a_removed_agent_is_on_the_list_again(organiser: PageClient, edition: Edition) -> None:
    agent = make_agent(make_village(edition))
    path = f"/organisation/village/agents/{agent.id}/retirer"
    version = re.search(r'name="version"[^>]*value="(\d+)"', organiser.get(path).text)
    assert version
    act_and_undo(organiser, path, path, "Rétablir", but="rotas", version=version[1])


def test_a_cancelled_appointment_is_taken_again(organiser: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, visitor=make_visitor(edition), at=fair.at(9))
    path = f"/organisation/rendez-vous/{appointment.id}"
    version = str(appointment.version)
    act_and_undo(organiser, path, f"{path}/annuler", "Rétablir le rendez-vous", version=version)
    cancelled = select(Message.status).where(Message.kind == "appointment_cancelled")
    assert set(current_session().scalars(cancelled)) == {MessageStatus.CALLED_OFF}


def test_its_visitor_takes_an_appointment_again(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, visitor=make_visitor(edition), at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    act_and_undo(client, f"{path}/annuler", f"{path}/annuler", "Rétablir mon rendez-vous")
