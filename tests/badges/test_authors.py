"""Who registered whom: told to the person, as far as theirs to know, and to the organisers."""

import re

from flask import Flask

from salon.accounts.models import StationKind
from salon.badges.engine.matching import contact_words
from salon.badges.models import Attendee
from salon.badges.services import register_on_the_spot, replace_attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.delivery import page_of, words_of
from salon.platform.mail.outbox import Message
from tests.badges.people import PUBLIC, all_of, badge_of, make_person, register
from tests.badges.test_group_routes import group_fields
from tests.factories import act_in, new_key, sign_in
from tests.pages import PageClient

OFFICE = "secretariat@mons.example"
ORGANISER = Identity(Role.ORGANISER, 1, "Claire Martin")
DESK = Identity(Role.STATION, 1, "Accueil 1", kind=StationKind.DESK)
KIOSK = Identity(Role.STATION, 2, "Borne 1", kind=StationKind.KIOSK)


def author_told(message: Message) -> str:
    """Return who registered the person, as the message says; "" when it does not."""
    told = re.search(r"(?:faites?) par\u00a0?\s?: (.*)", words_of(message)[1])
    return told[1] if told else ""


def test_only_the_mailbox_of_an_office_is_told() -> None:
    told = {
        address: contact_words(address, "Mons")
        for address in (OFFICE, "mairie.mons@orange.fr", "mons@mons.example", "j.dupuy@orange.fr")
    }
    assert told == {
        OFFICE: f"{OFFICE} (Mons)",
        "mairie.mons@orange.fr": "mairie.mons@orange.fr (Mons)",
        "mons@mons.example": "mons@mons.example (Mons)",
        "j.dupuy@orange.fr": "une personne qui écrit depuis @orange.fr, pour Mons",
    }


def test_who_was_registered_by_a_commune_reads_it_and_can_say_no(
    client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux", "Trois", "Quatre") | {"email": OFFICE}
    shared = dict.fromkeys(("lines-2-email", "lines-3-email"), "cabinet@mons.example")
    fields |= shared | {"lines-0-email": "jean@mons.example"}
    client.fill("/inscription/commune", **fields)
    messages = {message.recipient: message for message in all_of(Message)}
    assert {address: author_told(message) for address, message in messages.items()} == {
        "jean@mons.example": f"{OFFICE} (Mons)",
        "cabinet@mons.example": f"{OFFICE} (Mons)",
        OFFICE: "",
    }
    message = messages["jean@mons.example"]
    path = f"/badge/{message.context['token']}/annuler"
    subject, words = words_of(message)
    assert re.search(rf"Annulez cette inscription\s?:\n\S+{path}\n", words)
    assert ">Annuler cette inscription</a>" in page_of(message, subject, words)
    assert "<h1>Annuler la venue</h1>" in client.get(path).text
    client.fill("/inscription/commune", **fields)
    again = [message for message in all_of(Message) if message.kind == "already_registered"]
    assert {message.recipient: author_told(message) for message in again} == {
        "jean@mons.example": f"{OFFICE} (Mons)",
        OFFICE: "",
    }


def test_each_way_to_register_somebody_says_who_did(edition: Edition) -> None:
    told = []
    for actor in (ORGANISER, DESK, KIOSK):
        register_on_the_spot(act_in(edition, actor), make_person(), new_key())
        told.append(author_told(all_of(Message)[-1]))
    assert told == ["l’organisation du salon", "l’accueil du salon", ""]
    attendee = register(make_person()).added[0]
    assert author_told(all_of(Message)[-1]) == ""
    replace_attendee(Act(PUBLIC), attendee, make_person(), new_key())
    assert author_told(all_of(Message)[-1]) == "la personne que vous remplacez, pour Béziers"


def test_the_page_of_a_person_says_who_registered_them(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux") | {"lines-0-email": "jean@mons.example"}
    client.fill("/inscription/commune", **fields)
    register(make_person(email="paule@mons.example"))
    register_on_the_spot(act_in(edition, ORGANISER), make_person(), new_key())
    organiser = sign_in(app, Role.ORGANISER)
    facts = [
        re.search(
            r"<dt>Inscription</dt>\s*<dd>\S+ à \S+ h \S+, (.*?)</dd>",
            organiser.get(f"/organisation/participants/{person.id}").text.replace("\u00a0", " "),
        )
        for person in all_of(Attendee)
    ]
    assert [fact and fact[1] for fact in facts] == [
        "en ligne, dossier de 2 personnes (mairie@mons.example)",
        "en ligne, dossier de 2 personnes (mairie@mons.example)",
        "en ligne",
        "par Claire Martin",
    ]
    assert badge_of(all_of(Attendee)[0].id)
