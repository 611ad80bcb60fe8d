"""Mail of a restored database: held until an organiser says so, but for what opens the door."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.dashboard.services.destructions import note_restored
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import (
    Delivery,
    Message,
    MessageStatus,
    oldest_waiting,
    post,
)
from salon.platform.mail.sending import send_due
from salon.platform.settings.clock import real_now
from tests.factories import sign_in
from tests.pages import PageClient

HELD = "Les courriels sont retenus depuis la restauration"
PATH = "/organisation/courriels/apres-restauration"


def post_to(*recipients: str, kind: str = "registration") -> None:
    with transaction() as session:
        for recipient in recipients:
            post(session, kind, recipient, code="123456")


def sent() -> list[str]:
    """Send what is due; return the addresses, in the order of the messages."""
    recipients: list[str] = []

    def deliver(message: Message) -> Delivery:
        recipients.append(message.recipient)
        return Delivery(True)

    send_due(deliver)
    return recipients


def restored() -> None:
    """Restore a base that two messages wait in; since then a third is posted."""
    post_to("a@mairie.example")
    post_to("code@mairie.example", kind="sign_in_code")
    note_restored(real_now())
    post_to("b@mairie.example")


def messages_page(client: PageClient) -> str:
    return client.get("/organisation/courriels").get_data(as_text=True)


@pytest.mark.on_both
def test_after_a_restore_only_what_is_asked_for_to_sign_in_leaves(
    app: Flask, edition: Edition
) -> None:
    restored()
    assert sent() == []
    assert oldest_waiting() is None, "what is held raises no alarm of late mail"
    post_to("c@mairie.example", kind="sign_in_code")
    assert sent() == ["c@mairie.example"]


def test_an_organiser_lets_mail_leave_without_what_the_backup_held(
    app: Flask, edition: Edition
) -> None:
    restored()
    client = sign_in(app, Role.ORGANISER)
    assert HELD in client.get("/organisation").get_data(as_text=True)
    assert HELD in messages_page(client)
    assert client.fill("/organisation/courriels", f"{PATH}/annuler").status_code == 302
    page = messages_page(client)
    assert HELD not in page
    assert "2\u00a0courriels de la sauvegarde ne partiront pas" in page
    assert sent() == ["b@mairie.example"]
    statuses = current_session().scalars(select(Message.status).order_by(Message.id)).all()
    off = MessageStatus.CALLED_OFF
    assert statuses == [off, off, MessageStatus.SENT]


def test_an_organiser_lets_all_mail_leave(app: Flask, edition: Edition) -> None:
    restored()
    client = sign_in(app, Role.ORGANISER)
    assert client.fill("/organisation/courriels", f"{PATH}/envoyer").status_code == 302
    assert sent() == ["a@mairie.example", "code@mairie.example", "b@mairie.example"]
    assert client.fill("/organisation/courriels", f"{PATH}/annuler").status_code == 302
    assert "de la sauvegarde" not in messages_page(client)
