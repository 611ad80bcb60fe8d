"""A mistyped address, a lost message; and nobody has a mailbox filled."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.services import change_attendee
from salon.badges.services.retrieval import CORRECTED_WITHIN
from salon.badges.services.telling import MOST_OF_A_MAILBOX
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.mail.delivery import shown_words_of, words_of
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from salon.platform.web.limits import MAILS_AN_HOUR
from salon.platform.words.errors import TooMuchMail
from tests.badges.people import PUBLIC, all_of, badge_of, kinds_sent, make_person, register
from tests.factories import new_key
from tests.pages import PageClient

VISITOR = {
    "civility": "madame",
    "first_name": "Paule",
    "last_name": "Rouanet",
    "function": "mayor",
    "commune": "Mons",
    "email": "paule@wanadoo.fr",
    "half_day": "morning",
}


def test_a_mistyped_address_comes_back_once_with_the_likely_one(
    client: PageClient, edition: Edition
) -> None:
    typed = {**VISITOR, "email": "paule@orange.f"}
    page = client.fill("/inscription", **typed)
    assert page.status_code == 400
    assert "vouliez-vous dire paule@orange.fr" in html.unescape(page.text)
    assert 'name="email-choice" value="paule@orange.fr"' in page.text
    assert 'name="email-choice" value="paule@orange.f"' in page.text
    assert all_of(Attendee) == []
    client.fill("/inscription", **typed, **{"email-choice": "paule@orange.fr"})
    client.fill(
        "/inscription", **{**typed, "last_name": "Sicard", "email-choice": "paule@orange.f"}
    )
    assert [attendee.email for attendee in all_of(Attendee)] == [
        "paule@orange.fr",
        "paule@orange.f",
    ]


def test_a_choice_is_checked_as_what_is_typed(client: PageClient, edition: Edition) -> None:
    for choice in ("paule", "a@b.example\r\nBcc: x@y.example"):
        page = client.fill("/inscription", **VISITOR, **{"email-choice": choice})
        assert page.status_code == 400
    assert all_of(Attendee) == []


def test_the_page_says_whom_and_where_to_read_again(client: PageClient, edition: Edition) -> None:
    answer = client.fill("/inscription", **VISITOR)
    page = client.get(answer.location).text
    assert 'class="sent-to__name">Paule Rouanet<' in page
    assert 'class="sent-to__address">paule@wanadoo.fr<' in page
    assert 'href="/inscription/corriger"' in page
    assert client.application.test_client().get("/inscription/corriger").status_code == 302


def test_a_slip_is_put_right_and_the_first_link_opens_nothing(
    client: PageClient, edition: Edition
) -> None:
    client.fill("/inscription", **VISITOR, needs="parking", newsletter="y")
    (attendee,) = all_of(Attendee)
    first = badge_of(attendee.id).private_token
    page = client.get("/inscription/corriger").text
    for name in ("first_name", "last_name", "email", "commune"):
        assert f'value="{VISITOR[name]}"' in page
    right = {**VISITOR, "last_name": "Rouanet-Sicard", "email": "paule@orange.fr"}
    answer = client.fill("/inscription/corriger", **right)
    assert "paule@orange.fr" in client.get(answer.location).text
    (attendee,) = all_of(Attendee)
    assert (attendee.last_name, attendee.email) == ("Rouanet-Sicard", "paule@orange.fr")
    assert attendee.group.contact_email == "paule@orange.fr"
    assert attendee.needs == ["parking"]
    assert [consent.withdrawn_at is None for consent in attendee.consents] == [False]
    assert client.get(f"/badge/{first}").text.count("Rouanet") == 0
    assert client.get(f"/badge/{first}.ics").status_code == 410
    assert kinds_sent("paule@wanadoo.fr") == ["registration"]
    assert kinds_sent("paule@orange.fr") == ["registration"]
    # And once more, from the page that follows.
    client.fill("/inscription/corriger", **{**right, "function": "deputy_mayor"})
    (attendee,) = all_of(Attendee)
    assert attendee.function == "deputy_mayor"


def test_who_types_somebody_registered_changes_nothing_of_them(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    """Decision 0004: the pages are the same, and what was registered before stays as it is."""
    expected_attendee = register(
        make_person(first_name="Paule", last_name="Rouanet", email=VISITOR["email"])
    )
    pages = []
    for last_name in ("Rouanet", "Inconnu"):
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.fill("/inscription", **{**VISITOR, "last_name": last_name})
        answer = client.fill(
            "/inscription/corriger", **{**VISITOR, "last_name": last_name, "email": "x@y.example"}
        )
        page = client.get(answer.location).text.replace(last_name, "X")
        pages.append((answer.status_code, answer.location, page))
    assert pages[0] == pages[1]
    session_of = {attendee.id: attendee for attendee in all_of(Attendee)}
    before = session_of[expected_attendee.added[0]]
    assert (before.email, before.status) == (VISITOR["email"], AttendeeStatus.REGISTERED)
    assert badge_of(before.id)
    assert "registered_again" not in str(kinds_sent("x@y.example"))


def test_a_badge_is_sent_again_and_the_page_never_says_whether(
    client: PageClient, edition: Edition
) -> None:
    people = [make_person(email="mairie@mons.example") for _ in range(3)]
    register(*people, contact="mairie@mons.example")
    register(make_person(email="mairie+x@mons.example"))
    pages = []
    for email in ("mairie@mons.example", "inconnu@mons.example"):
        answer = client.fill("/inscription/retrouver", email=email)
        pages.append((answer.status_code, answer.text.replace(email, "X")))
    assert pages[0] == pages[1]
    messages = [message for message in all_of(Message) if message.kind == "badges_of_address"]
    # Two writings of an address may be two mailboxes: each gets what is its own.
    assert [message.recipient for message in messages] == [
        "mairie@mons.example",
        "mairie+x@mons.example",
    ]
    _, words = words_of(messages[0])
    for attendee in all_of(Attendee)[:3]:
        assert attendee.full_name in words
        assert f"/badge/{badge_of(attendee.id).private_token}" in words
    assert badge_of(all_of(Attendee)[3].id).private_token not in words
    assert shown_words_of(messages[0])[1].count(f"/badge/{HIDDEN}") == 3
    subjects, sentences = zip(*map(words_of, messages), strict=True)
    assert [subject.split()[0] for subject in subjects] == ["Vos", "Votre"]
    assert "Ces personnes sont inscrites" in sentences[0]
    assert "Une personne est inscrite" in sentences[1]


def test_a_badge_is_not_sent_again_and_again(client: PageClient, edition: Edition) -> None:
    for number in range(MAILS_AN_HOUR):
        email = f"Mairie+{number}@mons.example"
        assert client.fill("/inscription/retrouver", email=email).status_code == 200
    refused = client.fill("/inscription/retrouver", email="mairie@mons.example")
    assert refused.status_code == 429
    assert "Plusieurs messages viennent déjà de partir" in refused.text


def group_of(count: int, address: str) -> MultiDict[str, str]:
    fields: dict[str, str] = {"commune": "Mons", "email": "secretariat@mons.example"}
    for number in range(count):
        fields |= {
            f"lines-{number}-civility": "monsieur",
            f"lines-{number}-first_name": "Jean",
            f"lines-{number}-last_name": f"Nom {'abcdefghij'[number % 10]}{number}",
            f"lines-{number}-function": "councillor",
            f"lines-{number}-email": address.format(number),
        }
    return MultiDict(fields)


@pytest.mark.parametrize("address", ["victime+{}@gmail.com", "v.ic{}time@gmail.com"])
def test_one_group_does_not_fill_a_mailbox(
    client: PageClient, edition: Edition, address: str
) -> None:
    address = address.replace("c{}t", "c+{}.t") if "+" not in address else address
    answer = client.fill("/inscription/commune", **group_of(50, address).to_dict())
    assert answer.status_code == 302
    assert len(all_of(Badge)) == 50
    to_victim = [message for message in all_of(Message) if message.recipient.endswith("@gmail.com")]
    assert len(to_victim) == MOST_OF_A_MAILBOX
    assert kinds_sent("secretariat@mons.example") == ["group_registered"]


def test_groups_sent_again_and_again_do_not_fill_a_mailbox(
    client: PageClient, edition: Edition
) -> None:
    statuses = []
    for number in range(MAILS_AN_HOUR + 2):
        fields = group_of(3, f"victime+{number}-{{}}@gmail.com").to_dict()
        fields["email"] = f"s{number}@mons.example"
        statuses.append(client.fill("/inscription/commune", **fields).status_code)
    assert statuses == [302] * MAILS_AN_HOUR + [429] * 2
    to_victim = [message for message in all_of(Message) if message.recipient.endswith("@gmail.com")]
    assert len(to_victim) <= MAILS_AN_HOUR * MOST_OF_A_MAILBOX


def test_a_commune_of_one_address_gets_one_message_when_sent_again(
    client: PageClient, edition: Edition
) -> None:
    people = [make_person(email="mairie@mons.example") for _ in range(30)]
    register(*people, contact="mairie@mons.example")
    register(*people, contact="mairie@mons.example")
    assert kinds_sent() == ["group_registered", "badges_of_address"]


def test_a_link_of_a_badge_sends_no_mail_everywhere(app: Flask, edition: Edition) -> None:
    attendee = all_registered()[0]
    with pytest.raises(TooMuchMail):
        for number in range(MAILS_AN_HOUR + 1):
            fresh = all_of(Attendee)[0]
            change_attendee(
                Act(PUBLIC), fresh.id, fresh.version, {"email": f"victime+{number}@gmail.com"}
            )
    assert attendee.id


def all_registered() -> list[Any]:
    register(make_person(), key=new_key())
    return all_of(Attendee)


def test_no_name_is_a_link(client: PageClient, edition: Edition) -> None:
    for name in ("http://evil.tld/x", "www.evil.tld"):
        page = client.fill("/inscription", **{**VISITOR, "last_name": name})
        assert page.status_code == 400
        assert "Un nom ne contient pas d’adresse de site" in re.sub(r"\s", " ", page.text)
    assert all_of(Message) == []


def test_what_was_registered_long_ago_is_corrected_no_more(
    client: PageClient, edition: Edition
) -> None:
    client.fill("/inscription", **VISITOR)
    with transaction() as session:
        session.execute(update(Attendee).values(registered_at=now() - CORRECTED_WITHIN))
    assert (
        client.fill("/inscription/corriger", **VISITOR | {"last_name": "Autre"}).status_code == 302
    )
    names = {attendee.last_name: attendee.status for attendee in all_of(Attendee)}
    assert names == {
        VISITOR["last_name"]: AttendeeStatus.REGISTERED,
        "Autre": AttendeeStatus.REGISTERED,
    }


def test_a_correction_into_somebody_registered_leaves_one_registration(
    client: PageClient, edition: Edition
) -> None:
    expected_attendee = register(
        make_person(first_name="Paule", last_name="Rouanet", email=VISITOR["email"])
    )
    client.fill("/inscription", **{**VISITOR, "last_name": "Rouanne"})
    mistaken = all_of(Attendee)[-1]
    first = badge_of(mistaken.id).private_token
    answer = client.fill("/inscription/corriger", **VISITOR)
    assert answer.status_code == 302
    mistaken, attendee = all_of(Attendee)[-1], all_of(Attendee)[0]
    assert (mistaken.status, attendee.id) == (AttendeeStatus.CANCELLED, expected_attendee.added[0])
    assert attendee.status == AttendeeStatus.REGISTERED
    assert client.get(f"/badge/{first}").text.count("Rouanne") == 0
    kinds = ["registration", "registration", "already_registered"]
    assert kinds_sent(VISITOR["email"]) == kinds
