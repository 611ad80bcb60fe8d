"""The contact of an exhibitor with papers, staff and money is erased: the rest goes on."""

import io

import pypdfium2
from flask import Flask
from sqlalchemy import select

from salon.billing.models import SalesDocument
from salon.billing.services.reminders import post_invoice_reminders
from salon.dashboard.services import erasure
from salon.exhibitor_space.services.reminders import post_reminders
from salon.exhibitors.models import Exhibitor
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now, real_now
from tests.pages import PageClient


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def test_invoices_pages_and_reminders_live_without_the_only_contact(
    app: Flask, client: PageClient
) -> None:
    data = {"role": "organiser", "csrf_token": client.token("/demonstration")}
    client.post("/demonstration/entrer", data=data)
    statement = select(Exhibitor).where(Exhibitor.name == "Lumières de l’Agly")
    exhibitor = current_session().scalars(statement).one()
    (contact,) = exhibitor.contacts
    texts = (contact.last_name, contact.email)
    number = exhibitor.id
    pieces = [
        f"/organisation/facturation/pieces/{row}.pdf"
        for row in current_session().scalars(
            select(SalesDocument.id).where(SalesDocument.exhibitor_id == number)
        )
    ]
    assert len(pieces) == 3
    before = [text_of(client.get(path).data) for path in pieces]

    erasure.erase_contact(Act(SYSTEM), contact.id, app.config["SALON"].file_store, real_now())

    assert [text_of(client.get(path).data) for path in pieces] == before
    for path in (
        f"/organisation/exposants/{number}",
        f"/organisation/exposants/{number}/facturation",
        f"/organisation/exposants/{number}/modifier",
        f"/organisation/securite/{number}",
        f"/organisation/placement/{number}",
        "/organisation/exposants",
        "/organisation/exposants/retards",
        "/organisation/exposants.csv",
        "/exposants.csv",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not any(word in answer.text for word in texts), path
    post_reminders(now())
    post_invoice_reminders(now())
    assert "" not in current_session().scalars(
        select(Message.recipient).where(Message.kind != "erased")
    )
