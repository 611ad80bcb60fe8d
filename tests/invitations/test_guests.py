"""Other organisations: listed by hand and by spreadsheet, invited, counted, erased."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.badges.engine.matching import Affiliation
from salon.dashboard.documents.person_file import file_of
from salon.dashboard.services.erasure import erase
from salon.dashboard.services.purge import purge
from salon.fair.models import Edition
from salon.invitations.models import Guest, InvitedKind, OrganisationInvitation
from salon.invitations.rules import GuestIsKnown
from salon.invitations.services.sending import mark_all_invited
from salon.mailings.models import MailingRecipient
from salon.mailings.queries.audiences.organisations import ORGANISATIONS
from salon.mailings.services.sending import send_mailings
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import words_of
from salon.platform.mail.oppositions import address_hash, opposed
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from tests.badges.people import make_person, register
from tests.fair.test_practical import text_of
from tests.invitations.book.test_book import carried
from tests.mailings.make import make_due, posted
from tests.pages import PageClient

PAGE = "/organisation/invites"
IMPORT = f"{PAGE}/importer"
LIST = (
    "Structure;Type;Titre;Prénom;Nom;Qualité;Tél;Mail\n"
    "Préfecture de l’Hérault;État;Mme;Claire;ROUX;Préfète;0467616161;cabinet@prefecture.example\n"
    "Midi Libre;Presse;M.;;VIDAL;;12;redaction@midi.example\n"
    "  ;Presse;;;;;;sans-nom@x.example\n"
    "Radio des Garrigues;Presse;;;;;;radio.example\n"
    "Préfecture de l'Hérault;État;;;;;;autre@x.example\n"
)


def guests() -> dict[str, Guest]:
    current_session().rollback()
    return {guest.name: guest for guest in current_session().scalars(select(Guest))}


def upload(client: PageClient, text: str, source: str = "Tableau de l’association") -> Any:
    file = (io.BytesIO(text.encode()), "liste.csv")
    data = {"csrf_token": client.token(IMPORT), "file": file, "dated_on": "2026-11-02"}
    return client.post(IMPORT, data={**data, "source": source}, content_type="multipart/form-data")


def confirm(client: PageClient, data: dict[str, Any]) -> Any:
    return client.post(f"{IMPORT}/confirmer", data=data, content_type="multipart/form-data")


def test_a_spreadsheet_is_compared_corrected_and_written(
    organiser: PageClient, edition: Edition
) -> None:
    organiser.fill(f"{PAGE}/nouveau", name="Midi Libre", kind="Médias", phone="0467000000")
    known = organiser.fill(f"{PAGE}/nouveau", name="midi libre")
    assert known.status_code >= 400
    assert GuestIsKnown.message in text_of(known)
    assert organiser.fill(f"{PAGE}/nouveau", name="").status_code == 400
    assert "Dites d’où vient cette liste" in upload(organiser, LIST, source="").text
    for wrong in ("", "Nom;Mail\nx;y\n", "Organisme\n" + "x\n" * 501):
        assert upload(organiser, wrong).status_code == 400
    preview = upload(organiser, LIST)
    page = text_of(preview)
    for words in (
        "1 à ajouter",
        "1 à modifier",
        "2 lignes à corriger",
        "1 ligne répétée",
        "Genre : Presse (avant : Médias).",
        "Non lu : Téléphone « 12 ».",
        "Il manque le nom de l’organisme.",
        "radio.example » ne paraît pas complète",
    ):
        assert words in page, words
    assert list(guests()) == ["Midi Libre"]
    fields = carried(preview.text) | {"cell-5-email": "antenne@radio.example"}
    second = confirm(organiser, fields)
    assert "2 à ajouter" in text_of(second)
    confirm(organiser, carried(second.text))
    prefecture = guests()["Préfecture de l’Hérault"]
    assert (prefecture.contact, prefecture.kind) == ("Mme\u00a0Claire Roux", "État")
    assert prefecture.source == "Tableau de l’association"
    assert guests()["Midi Libre"].phone == "04 67 00 00 00"
    assert sorted(guests()) == ["Midi Libre", "Préfecture de l’Hérault", "Radio des Garrigues"]
    again = text_of(upload(organiser, LIST.replace("Préfecture de l’", "PRÉFECTURE de l'")))
    assert "2 lignes sans changement" in again
    assert "à modifier" not in again
    press = text_of(organiser.get(f"{PAGE}?kind=Presse"))
    assert "2 organismes" in press


@pytest.mark.on_both
def test_they_are_invited_as_places_are_counted_and_erased(
    app: Flask, organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    confirm(organiser, carried(upload(organiser, LIST).text))
    organiser.fill(f"{PAGE}/nouveau", name="Banque du Midi", email="com@banque.example")
    ids = {name: guest.id for name, guest in guests().items()}
    keys = [f"guest:{number}" for number in ids.values()]
    question = organiser.fill(PAGE, f"{PAGE}/inviter", row=[*keys, "guest:999", "commune:34032"])
    assert "Inviter 3 organisations" in text_of(question)
    organiser.confirm(question)
    statement = select(Message).where(Message.kind == "organisation_invited")
    mails = {mail.recipient: mail for mail in current_session().scalars(statement)}
    assert len(mails) == 3
    text = words_of(mails["cabinet@prefecture.example"])[1]
    assert text.startswith("Madame,")
    assert "Tableau de l’association, 02/11/2026" in text
    assert organiser.fill(PAGE, f"{PAGE}/inviter", row=keys).status_code == 302, "a week later"

    rows = current_session().scalars(select(OrganisationInvitation)).all()
    paths = {row.name: f"/invitation/{row.private_token}" for row in rows}
    names = ("Préfecture de l’Hérault", "Midi Libre", "Banque du Midi")
    prefecture, paper, bank = (paths[name] for name in names)
    [link] = re.findall(r'href="(/inscription\?[^"]+)"', client.get(prefecture).text)
    assert 'value="Préfecture de l’Hérault"' in client.get(link).text
    register(
        make_person(place=Affiliation("Préfecture de l'Hérault"), email="a@x.example"),
        make_person(place=Affiliation("Cabinet"), email="cabinet@prefecture.example"),
        contact="secretariat@x.example",
    )
    assert "2 personnes inscrites" in text_of(client.get(prefecture))
    assert "2 inscrits" in text_of(organiser.get(f"{PAGE}?state=answered"))
    client.fill(paper, f"{paper}/reponse", answer="decline", reason="bouclage")
    assert "bouclage" in text_of(organiser.get(f"{PAGE}?state=declined"))
    client.fill(bank, f"{bank}/reponse", answer="oppose")
    addresses = {row.address for row in ORGANISATIONS.find(edition, {}, now())}
    assert addresses == {"cabinet@prefecture.example"}
    assert not ORGANISATIONS.find(edition, {"kind": "Presse"}, now())
    with transaction() as session:
        tokens = mark_all_invited(session, edition, InvitedKind.OTHER, keys[:1], now())
    assert {f"/invitation/{token}" for token in tokens.values()} <= set(paths.values())
    assert dict(ORGANISATIONS.filters[0].options(edition)) == {"Presse": "Presse", "État": "État"}

    make_due(edition, audience="organisations")
    send_mailings(now())
    assert {message.recipient for message in posted()} == addresses
    for name in ("Banque du Midi", "Midi Libre"):
        page = f"{PAGE}/{ids[name]}"
        organiser.confirm(organiser.fill(page, f"{page}/effacer"))
        assert organiser.get(page).status_code == 404
    assert opposed(["com@banque.example", "redaction@midi.example"]) == {"com@banque.example"}
    assert [message.recipient for message in posted()] == ["cabinet@prefecture.example"]
    recipients = current_session().scalars(select(MailingRecipient.address)).all()
    assert "redaction@midi.example" not in recipients
    hashes = set(current_session().scalars(select(OrganisationInvitation.email_hash)))
    assert address_hash("redaction@midi.example") not in hashes


def test_a_contact_finds_itself_in_its_file_and_is_erased(
    organiser: PageClient, edition: Edition
) -> None:
    confirm(organiser, carried(upload(organiser, LIST).text))
    [number] = register(make_person(email="cabinet@prefecture.example")).added
    [row] = file_of(number, words_of)["Autres invités"]
    assert row["Nom du contact"] == "Roux"
    erase(Act(SYSTEM), number, settings().file_store, real_now())
    prefecture = guests()["Préfecture de l’Hérault"]
    assert (prefecture.contact, prefecture.email, prefecture.contact_function) == ("", "", "")
    purge(Act(SYSTEM, now() + timedelta(days=1095)), real_now(), dry_run=False)
    assert guests()["Midi Libre"].email == "redaction@midi.example"
    purge(Act(SYSTEM, now() + timedelta(days=1097)), real_now(), dry_run=False)
    assert guests()["Midi Libre"].email == ""
