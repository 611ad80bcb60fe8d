"""From an edition without a past: two public lists, then each commune invited and followed."""

import html
import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from salon.badges.engine.matching import Affiliation
from salon.dashboard.documents.person_file import file_of
from salon.dashboard.services.erasure import erase
from salon.dashboard.services.purge import purge
from salon.fair.models import Edition
from salon.invitations.models import LocalAuthority, OrganisationInvitation
from salon.invitations.rules import AGAIN_AFTER
from salon.mailings.services.sending import send_mailings
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Domain, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.delivery import copy_of, words_of
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.mail.sending import send_due
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from tests.accounts.test_rights import colleague
from tests.badges.people import make_person, register
from tests.factories import sign_in
from tests.fair.test_practical import text_of
from tests.invitations.book.lists import (
    WITHOUT_ADDRESS,
    directory,
    elected_list,
)
from tests.mailings.make import make_due, posted
from tests.pages import PageClient
from tests.tables import each

PAGE = "/organisation/communes"
IMPORT = f"{PAGE}/importer"
AGDE = Affiliation("Agde", "34003")
COUNT = 341


@pytest.fixture
def organiser(app: Flask, first: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def upload(client: PageClient, content: bytes, **fields: str) -> Any:
    values = {"source": "", "dated_on": "2026-11-02", **fields}
    data = {"csrf_token": client.token(IMPORT), "file": (io.BytesIO(content), "liste"), **values}
    return client.post(IMPORT, data=data, content_type="multipart/form-data")


def carried(page: str) -> dict[str, Any]:
    """Return the fields that the preview sends, its ticks as they are proposed."""
    fields: dict[str, Any] = {}
    for match in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        name, value = re.search(r'name="([^"]+)"', match), re.search(r'value="([^"]*)"', match)
        if name and value:
            fields[name[1]] = html.unescape(value[1])
    rows = re.search(r'<textarea name="rows"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert rows
    ticks = re.findall(r'name="row" value="(\d+)" checked', page)
    return {**fields, "rows": html.unescape(rows[1]), "row": ticks}


def bring(client: PageClient, content: bytes, **fields: str) -> None:
    data = carried(upload(client, content, **fields).text)
    answer = client.post(f"{IMPORT}/confirmer", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302


def book() -> dict[str, LocalAuthority]:
    current_session().rollback()
    return {
        row.commune_code or "": row for row in current_session().scalars(select(LocalAuthority))
    }


def invited() -> Sequence[Message]:
    current_session().rollback()
    statement = select(Message).where(Message.kind == "organisation_invited").order_by(Message.id)
    return current_session().scalars(statement).all()


def test_two_public_lists_fill_the_book_and_change_nothing_again(organiser: PageClient) -> None:
    empty = text_of(organiser.get(PAGE))
    assert "Le carnet est vide" in empty
    mayors = text_of(preview := upload(organiser, elected_list()))
    assert f"{COUNT} à ajouter" in mayors
    assert "2 lignes d’un autre territoire" in mayors
    assert "Date de naissance" in mayors
    assert "Répertoire national des élus" in mayors
    assert book() == {}
    assert "1960" not in carried(preview.text)["rows"]
    bring(organiser, elected_list())
    bring(organiser, directory())
    agde = book()["34003"]
    assert len(book()) == COUNT
    assert (agde.head, agde.head_since) == ("M.\u00a0Claude Martin-Coust", date(2020, 5, 25))
    assert agde.postal_address == "1 place de la Mairie, 34300 Agde"
    assert (agde.email, agde.phone) == ("mairie@c34003.example", "04 67 40 03 10")
    assert (agde.head_source, agde.address_source) == (
        "Répertoire national des élus",
        "Annuaire de l’administration",
    )
    for content in (elected_list(sep="\t"), directory()):
        again = upload(organiser, content).text
        assert "Rien ne change" in again
        assert "Enregistrer les lignes cochées" not in again


def test_differences_are_said_and_a_lost_address_is_kept_unless_ticked(
    organiser: PageClient,
) -> None:
    bring(organiser, elected_list())
    bring(organiser, directory())
    page = text_of(upload(organiser, elected_list({"34003": ("FABRE", "Anne", "F")})))
    assert "1 à modifier" in page
    assert "Nouveau nom : Mme Anne Fabre (avant : M. Claude Martin-Coust)." in page
    bring(organiser, elected_list({"34003": ("FABRE", "Anne", "F")}))
    assert book()["34003"].head == "Mme\u00a0Anne Fabre"
    lost = upload(organiser, directory(lost=["34003"]))
    assert "N’a plus d’adresse électronique (avant : mairie@c34003.example)" in text_of(lost)
    fields = carried(lost.text)
    assert fields["row"] == []
    confirm = {"data": fields, "content_type": "multipart/form-data"}
    organiser.post(f"{IMPORT}/confirmer", **confirm)
    assert book()["34003"].email == "mairie@c34003.example"
    [number] = re.findall(r'name="row" value="(\d+)"', lost.text)
    fields["row"] = [number]
    organiser.post(f"{IMPORT}/confirmer", **confirm)
    assert book()["34003"].email == ""


FAULTS = (
    "Commune;Maire;Adresse;CP;Ville;Tél;Mail;Libellé du canton\n"
    "Agde;Mme Anne FABRE;1 rue Haute;34300;Agde;0467010203;agde@a.example;Agde-Pézenas\n"
    "St-Gervais sur Mare;Paul de la Tour;;346;;non;sg@b.example / autre@b.example\n"
    "Nulle-Part-sur-Rien;M. X;;;;;np@c.example\n"
    "Abeilhan;Luc www.x.example;;;;;a@c.example\n"
    "Adissan;;;;;;adissan.example\n"
    "Agde;Mme Autre;;;;;z@a.example\n"
)


def test_a_spreadsheet_with_faults_is_corrected_in_the_page(organiser: PageClient) -> None:
    assert "Dites d’où vient cette liste" in upload(organiser, FAULTS.encode()).text
    answer = upload(organiser, FAULTS.encode("cp1252"), source="Tableau de l’association")
    page = text_of(answer)
    for words in (
        "2 à ajouter",
        "3 lignes à corriger",
        "1 ligne répétée",
        "La commune n’est pas reconnue",
        "adissan.example » ne paraît pas complète",
        "Non lu : Code postal « 346 ».",
        "Non lu : Téléphone « non ».",
        "autre@b.example",
    ):
        assert words in page
    fields = carried(answer.text) | {"cell-6-email": "mairie@adissan.example"}
    second = organiser.post(f"{IMPORT}/confirmer", data=fields, content_type="multipart/form-data")
    assert "3 à ajouter" in text_of(second)
    assert book() == {}
    organiser.post(
        f"{IMPORT}/confirmer", data=carried(second.text), content_type="multipart/form-data"
    )
    heads = {row.email: (row.head, row.postal_address) for row in book().values()}
    assert heads == {
        "agde@a.example": ("Mme\u00a0Anne Fabre", "1 rue Haute, 34300 Agde"),
        "sg@b.example": ("Paul de la Tour", ""),
        "mairie@adissan.example": ("", ""),
    }
    assert "Agde-Pézenas" in text_of(organiser.get(f"{PAGE}/commune:34003"))
    [_, line] = organiser.get(f"{PAGE}.csv?canton=Agde-Pézenas").text.splitlines()
    assert line.startswith("Agde;34003")


@each(
    "content",
    [
        b"",
        b"PK\x03\x04\x00",
        b"\xff\xfe\x00",
        b"{" * 100_000,
        b'{"service": 3}',
        b'[{"nom": "x"}]',
        b"[" * 100_000 + b"]" * 100_000,
        b"Nom;Courriel\nx;y\n",
        b"Commune;Maire\n",
        b'Commune;Maire\n"Agde;x\n' + b"y" * 200_000,
        b"Commune\n" + b"Agde\n" * 901,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_list_is_refused_with_a_sentence(organiser: PageClient, content: bytes) -> None:
    answer = upload(organiser, content, source="x")
    assert answer.status_code == 400
    assert (
        "field-error" in answer.text
        or "error-summary" in answer.text
        or 'role="alert"' in answer.text
    )
    assert book() == {}


@pytest.mark.on_both
def test_all_communes_with_an_address_are_invited_by_pages_and_followed(
    organiser: PageClient, first: Edition, client: PageClient
) -> None:
    bring(organiser, elected_list({"34003": ("FABRE", "Anne", "F")}))
    bring(organiser, directory())
    assert organiser.get(PAGE).text.count('name="everybody"') == 1, "the button alone"
    question = organiser.fill(PAGE, f"{PAGE}/inviter", everybody="yes")
    count = COUNT - WITHOUT_ADDRESS
    assert f"Inviter {count} organisations" in text_of(question)
    assert invited() == []
    organiser.confirm(question)
    assert len({message.recipient for message in invited()}) == len(invited()) == count
    agde = next(message for message in invited() if "c34003" in message.recipient)
    subject, text = words_of(agde)
    assert first.short_name in subject
    assert text.startswith("Madame la Maire,")
    assert "est venue" not in text
    assert "Annuaire de l’administration, 02/11/2026" in text
    assert "RGPD, articles 6.1.f et 14" in text

    statement = select(OrganisationInvitation.name, OrganisationInvitation.private_token)
    tokens = dict(current_session().execute(statement).all())
    page = client.get(f"/invitation/{tokens['Agde']}")
    assert "Annuaire de l’administration" in text_of(page)
    client.get(f"/invitation/{tokens['Adissan']}")
    answer = f"/invitation/{tokens['Abeilhan']}"
    client.fill(answer, f"{answer}/reponse", answer="decline")
    register(make_person(place=AGDE, function="mayor"), make_person(place=AGDE, function="officer"))
    with transaction() as session:
        refused = Message.recipient == "mairie@c34001.example"
        session.execute(update(Message).where(refused).values(status=MessageStatus.REFUSED))
        refused = Message.recipient == "mairie@c34004.example"
        session.execute(update(Message).where(refused).values(status=MessageStatus.REFUSED))
    rows = text_of(organiser.get(f"{PAGE}?q=agd"))
    assert "2 inscrits : Maire, Agent(e)" in rows
    for state, name in (
        ("answered", "Agde"),
        ("opened", "Adissan"),
        ("declined", "Abeilhan"),
        ("refused", "Agel"),
    ):
        listed = text_of(organiser.get(f"{PAGE}?state={state}"))
        assert "1 commune ou EPCI" in listed
        assert name in listed
    assert "1 sur 20 communes, 1 maire" in text_of(organiser.get(PAGE))
    assert "1 sur 341 communes, 1 maire" in text_of(organiser.get(PAGE))

    late = now() - AGAIN_AFTER - timedelta(hours=1)
    with transaction() as session:
        session.execute(update(OrganisationInvitation).values(sent_at=late))
    reminder = organiser.fill(PAGE, f"{PAGE}/inviter", everybody="yes")
    assert f"Inviter {count - 3} organisations" in text_of(reminder)

    fiche = f"{PAGE}/commune:34004"
    assert "Le serveur a refusé le courriel" in text_of(organiser.get(fiche))
    organiser.fill(fiche, email="accueil@agel.example")
    assert book()["34004"].address_source == "Saisi par l’organisation"
    again = organiser.fill(f"{PAGE}?q=agel", f"{PAGE}/inviter", row=["commune:34004"])
    organiser.confirm(again)
    assert invited()[-1].recipient == "accueil@agel.example"


def test_the_list_is_filtered_sorted_called_and_saved(organiser: PageClient) -> None:
    bring(organiser, elected_list())
    bring(organiser, directory())
    without = text_of(organiser.get(f"{PAGE}?address=without"))
    epcis = int(re.findall(r"(\d+) communes et EPCI", without)[0]) - WITHOUT_ADDRESS
    assert epcis >= 17
    biggest = organiser.get(f"{PAGE}?sort=-population&address=with").text
    assert biggest.index("mairie@c34172") < biggest.index("mairie@c34032")
    calls = text_of(organiser.get(f"{PAGE}/appels?q=agde"))
    assert "04 67 40 03 10" in calls
    lines = organiser.get(f"{PAGE}.csv?q=agde").text.splitlines()
    assert len(lines) == 2
    assert "Claude;Martin-Coust" in lines[1]
    assert organiser.get(f"{PAGE}.xlsx").data.startswith(b"PK")
    everything = organiser.get(f"{PAGE}.csv").data
    assert "Rien ne change" in upload(organiser, everything, source="export").text
    assert "Aucune commune ne correspond" in text_of(organiser.get(f"{PAGE}?q=zzz"))
    assert organiser.get(f"{PAGE}/commune:99999").status_code == 404
    saved = select(func.count()).where(JournalEntry.action == "authorities.exported")
    assert current_session().scalar(saved) == 4


def test_nobody_ticked_or_a_draft_invites_nobody(organiser: PageClient, first: Edition) -> None:
    bring(organiser, directory())
    assert organiser.fill(PAGE, f"{PAGE}/inviter").status_code == 302
    organiser.fill(PAGE, f"{PAGE}/inviter", row=["commune:99999", "x", "exhibitor:1"])
    with transaction(first):
        first.registration_closes_at = now()
    assert "Les inscriptions sont closes" in text_of(organiser.get(PAGE))
    organiser.fill(PAGE, f"{PAGE}/inviter", everybody="yes")
    assert invited() == []


@pytest.mark.on_both
def test_a_mayor_who_asks_is_gone_and_no_list_brings_them_back(organiser: PageClient) -> None:
    mayors = elected_list({"34003": ("FABRE", "Anne", "F")})
    bring(organiser, mayors)
    bring(organiser, directory())
    organiser.confirm(organiser.fill(PAGE, f"{PAGE}/inviter", row=["commune:34003"]))
    fiche = f"{PAGE}/commune:34003"
    question = organiser.fill(fiche, f"{fiche}/effacer", email="yes")
    assert "Mme Anne Fabre" in text_of(question)
    assert book()["34003"].head == "Mme\u00a0Anne Fabre"
    organiser.confirm(question)
    agde = book()["34003"]
    assert (agde.head, agde.email, agde.city) == ("", "", "Agde")
    assert invited() == []
    assert current_session().scalars(select(OrganisationInvitation.email)).all() == [""]
    for content in (mayors, directory()):
        assert "ce que dit la liste n’est pas repris" in text_of(upload(organiser, content))
    assert "Fabre" not in text_of(organiser.get(PAGE))
    for answer in (organiser.post(f"{PAGE}/epci:243400819/effacer"), organiser.get(f"{PAGE}/x")):
        assert answer.status_code in (400, 404)


def test_the_erasure_and_the_file_of_a_person_know_the_book(
    organiser: PageClient, first: Edition
) -> None:
    person = make_person(place=AGDE, first_name="Anne", last_name="Fabre")
    [number] = register(person).added
    same_name = dict.fromkeys(("34003", "34001"), ("FABRE", "Anne", "F"))
    bring(organiser, elected_list(same_name))
    with transaction() as session:
        named = LocalAuthority.head_last_name == "Fabre"
        for authority in session.scalars(select(LocalAuthority).where(named)):
            authority.email = f"mairie{authority.commune_code}@mairie.example"
    [row] = file_of(number, words_of)["Carnet des communes"]
    assert row["Nom du maire ou du président"] == "Fabre"
    make_due(first, audience="places", text="{civilité},\n\n{nom}")
    send_mailings(now())
    send_due(lambda message: Delivery(sent=True, copy=copy_of(message, [])))
    with transaction() as session:
        for invitation in session.scalars(select(OrganisationInvitation)):
            invitation.note, invitation.decline_reason = "Le maire est malade", "Il opère"
    [row] = file_of(number, words_of)["Invitations au salon"]
    assert (row["Précision"], row["Motif du non"]) == ("Le maire est malade", "Il opère")
    erase(Act(SYSTEM), number, settings().file_store, real_now())
    assert book()["34003"].head == ""
    assert book()["34001"].head == "Mme\u00a0Anne Fabre"
    assert [message.recipient for message in posted()] == ["mairie34001@mairie.example"]
    rows = current_session().scalars(select(OrganisationInvitation))
    notes = {row.commune_code: row.note + row.decline_reason for row in rows}
    assert (notes["34003"], notes["34001"]) == ("", "Le maire est maladeIl opère")
    fiche = f"{PAGE}/commune:34001"
    organiser.confirm(organiser.fill(fiche, f"{fiche}/effacer"))
    erased = select(Message.sent_text).where(Message.kind == "erased")
    assert (posted(), list(current_session().scalars(erased))[-2:]) == ([], ["", ""])
    assert book()["34001"].email == "mairie34001@mairie.example"


def test_names_go_seven_years_after_the_last_change(organiser: PageClient) -> None:
    bring(organiser, elected_list())
    for years, gone in ((6, False), (8, True)):
        with transaction() as session:
            at = now() - timedelta(days=365 * years)
            session.execute(update(LocalAuthority).values(written_at=at))
        purge(Act(SYSTEM), real_now(), dry_run=False)
        assert (book()["34003"].head == "") is gone
    assert len(book()) == COUNT


def test_the_book_is_for_those_who_invite_communes(app: Flask, first: Edition) -> None:
    assert colleague(app, first, Domain.REGISTRATIONS).get(PAGE).status_code == 200
    strangers = [colleague(app, first, Domain.EXHIBITORS), app.test_client()]
    strangers += [sign_in(app, role) for role in (Role.AGENT, Role.EXHIBITOR)]
    for stranger in strangers:
        for path in (PAGE, IMPORT, f"{PAGE}/appels", f"{PAGE}.csv", f"{PAGE}/commune:34003"):
            assert stranger.get(path).status_code in (302, 401, 403, 404), path
