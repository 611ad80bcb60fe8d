"""Messages to many are stopped by one click, as RFC 8058 asks, and the list of who did outlives
imports and erasures."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind, LocalAuthority
from salon.invitations.queries.invitations import invited_organisations
from salon.invitations.services.authorities import change_authority, erase_head
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail import outbox, sending
from salon.platform.mail.catalogue import BULK_KINDS
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.oppositions import hash_of_token, opposed, unsubscribe_token
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.installation import ROOT, Settings
from salon.platform.web.access import settings as current_settings
from tests.factories import sign_in
from tests.invitations.make import make_invitation
from tests.pages import PageClient
from tests.postman import Postman, open_postman

TOWN_HALL = "mairie@mons.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LIST = "/organisation/courriels/a-qui-ne-plus-ecrire"


@pytest.fixture
def postman() -> Iterator[Postman]:
    with open_postman() as handler:
        yield handler


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port)


def invite(recipient: str = TOWN_HALL) -> Message:
    with transaction() as session:
        values = {"name": "Mons", "token": "abc", "closes": "31 mai", "past_year": None}
        outbox.post(session, "organisation_invited", recipient, urgent=False, **values)
        outbox.post(session, "sign_in_code", recipient, code="1", minutes=10)
    return current_session().query(Message).filter_by(kind="organisation_invited").all()[-1]


def send(postman: Postman) -> dict[str, EmailMessage]:
    """Send what is due; return the messages that arrived, by the first word of their subject."""
    postman.received.clear()
    with MailServer(current_settings()) as server:
        sending.send_due(lambda message: deliver(message, server))
    current_session().rollback()
    mails = [message_from_bytes(raw, policy=policy.default) for raw in postman.received]
    return {"code" if "code" in mail["Subject"] else "invitation": mail for mail in mails}


def test_one_click_stops_the_messages_to_many_and_no_other(
    app: Flask, edition: Edition, postman: Postman
) -> None:
    message = invite()
    mails = send(postman)
    assert mails["code"]["List-Unsubscribe"] is None
    assert mails["invitation"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mails["invitation"]["List-Unsubscribe"].strip().strip("<>")
    raw = next(raw for raw in postman.received if b"List-Unsubscribe:" in raw)
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in b"\r\n" + raw
    body, page = (str(part.get_content()) for part in mails["invitation"].iter_parts())
    assert address in body.splitlines()
    link = rf'<a href="{re.escape(address)}"[^>]*>Ne plus recevoir ces messages'
    assert re.search(rf'<p( style="[^"]*")?>{link}', page)  # the button is another's

    # Nobody else reads the link: it stops another person's mail.
    path, token = urlsplit(address).path, address.rpartition("/")[2]
    assert message.sent_text.count(HIDDEN) == 2
    organiser = sign_in(app, Role.ORGANISER)
    assert token not in organiser.get(f"/organisation/courriels/{message.id}/lettre").text

    # What mail filters and programs do: open the link, and post without page nor cookie.
    stranger = app.test_client()
    assert "Un bouton arrête" in stranger.get(path).text
    assert stranger.post(path).status_code == 400
    assert opposed([TOWN_HALL]) == frozenset()
    answer = app.test_client().post(path, data=ONE_CLICK, content_type="multipart/form-data")
    assert (answer.status_code, "C’est fait" in answer.text) == (200, True)
    assert opposed([TOWN_HALL, "autre@mons.example"]) == {TOWN_HALL}

    message = invite("Mairie@Mons.EXAMPLE")
    assert send(postman).keys() == {"code"}
    assert message.status == MessageStatus.CALLED_OFF
    reason = "cette adresse ne veut plus recevoir de messages écrits à plusieurs"
    assert reason in organiser.get(f"/organisation/courriels/{message.id}").text
    assert organiser.get(f"{LIST}?q={TOWN_HALL}").text.count("par le lien d’un courriel") == 1

    visitor = app.test_client()
    assert isinstance(visitor, PageClient)
    answer = visitor.fill(path, path.replace("arreter", "reprendre"))
    assert "Vous recevrez de nouveau ces messages" in answer.text
    invite()
    assert send(postman).keys() == {"invitation", "code"}


def test_the_text_of_each_kind_sent_to_many_has_the_link() -> None:
    texts = [ROOT / "templates" / "mail" / f"{kind}.txt" for kind in BULK_KINDS]
    written = [path for path in texts if path.exists()]
    assert written
    assert [path.stem for path in written if "unsubscribe" not in path.read_text()] == []


def test_a_link_is_ours_alone_and_outlives_a_change_of_key(app: Flask, settings: Settings) -> None:
    token = unsubscribe_token(TOWN_HALL)
    for forged in (token[:-1], f"{token}A", "A" + token[1:], "inconnu", "%2e"):
        assert app.test_client().get(f"/courriels/arreter/{forged}").status_code == 404
    newer = replace(settings, secret_key="n" * 40, secret_key_fallbacks=(settings.secret_key,))
    app.config["SALON"] = newer
    assert hash_of_token(token) is not None
    app.config["SALON"] = replace(newer, secret_key_fallbacks=())
    assert hash_of_token(token) is None


@pytest.mark.on_both
def test_an_organiser_adds_an_address_and_takes_it_off_with_a_reason(
    app: Flask, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Personne ne l’a demandé" in organiser.get(LIST).text
    assert organiser.fill(f"{LIST}?q={TOWN_HALL}", LIST, q="mons").status_code == 400
    invitation = make_invitation(edition, commune_code="34160", email=TOWN_HALL)
    organiser.fill(f"{LIST}?q={TOWN_HALL}", LIST, q="Mairie@mons.example")
    assert "par l’organisation" in organiser.get(f"{LIST}?q={TOWN_HALL}").text

    # An erasure does not take it off, nor does a list that brings the address again.
    for _ in range(2):
        change_authority(Act(SYSTEM), "34160", None, {"email": TOWN_HALL})
        (place,) = invited_organisations(edition, [InvitedKind.PLACE])
        assert (place.candidate.email, place.state) == (TOWN_HALL, InvitationState.OPPOSED)
        authority = current_session().query(LocalAuthority).one()
        erase_head(Act(SYSTEM), authority, erases_email=True)
    assert opposed([TOWN_HALL]) == {TOWN_HALL}

    off = f"{LIST}/retirer"
    answer = organiser.fill(f"{LIST}?q={TOWN_HALL}", off, q=TOWN_HALL, reason=" ")
    assert (answer.status_code, "Dites pourquoi" in answer.text) == (400, True)
    organiser.fill(f"{LIST}?q={TOWN_HALL}", off, q=TOWN_HALL, reason="Demandé au téléphone")
    assert opposed([TOWN_HALL]) == frozenset()
    current_session().expire_all()
    assert invitation.opposed_at is None
    entry = current_session().query(JournalEntry).filter_by(action="address.readmitted").one()
    assert entry.details == {"reason": "Demandé au téléphone"}
    assert TOWN_HALL not in f"{entry.subject}"
