"""The badge in its message: the code in the HTML, the PDF as a file, the message as it left."""

from email import message_from_bytes, policy
from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select

from salon.badges import queries
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail import sending
from salon.platform.mail.delivery import attachments_of, copy_of, envelope
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.web.access import settings
from tests.badges.people import badge_of, register_one
from tests.factories import sign_in


def message() -> Message:
    return current_session().scalars(select(Message).order_by(Message.id)).all()[-1]


def parts_of(content: bytes) -> dict[str, Any]:
    mail = message_from_bytes(content, policy=policy.default)
    return {part.get_content_type(): part for part in mail.walk()}


def code_of(image: Image.Image) -> str:
    (barcode,) = zxingcpp.read_barcodes(image)
    return barcode.text


def test_the_message_carries_the_code_and_the_badge(app: Flask, edition: Edition) -> None:
    """A mayor without network at the door shows the message itself, or the paper."""
    attendee = register_one()
    content = envelope(message())
    parts = parts_of(content)
    page = parts["text/html"].get_content()
    picture = parts["image/png"]
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in page
    expected = queries.payload_of(badge_of(attendee.id), settings().qr_prefix)
    assert code_of(Image.open(BytesIO(picture.get_content()))) == expected
    assert parts["application/pdf"].get_filename() == "badge.pdf"
    drawing = pypdfium2.PdfDocument(parts["application/pdf"].get_content())[0].render(scale=3)
    assert code_of(drawing.to_pil()) == expected
    assert len(content) < 150_000


def test_a_replaced_badge_is_not_sent(app: Flask, edition: Edition) -> None:
    register_one()
    with transaction():
        message().context = {**message().context, "token": "former"}
    assert [file.file_name for file in attachments_of(message())] == ["salon-des-maires.ics"]


def test_a_message_is_shown_as_it_left(app: Flask, edition: Edition) -> None:
    """The place changes afterwards: what was told stays what is shown, secrets hidden."""
    register_one()
    sending.send_due(lambda due: Delivery(True, copy=copy_of(due, attachments_of(due))))
    place = edition.place
    with transaction(edition):
        edition.place = "Salle des fêtes"
    assert [name for name, _ in message().sent_files] == ["salon-des-maires.ics", "badge.pdf"]
    client = sign_in(app, Role.ORGANISER)
    path = f"/organisation/courriels/{message().id}"
    for address in (path, f"{path}/lettre"):
        page = client.get(address).text
        assert f"{place}, {edition.address}" in page
    assert HIDDEN in client.get(path).text
    assert "href=" not in client.get(f"{path}/lettre").text, "its links are the recipient's"
    policy_of_letter = client.get(f"{path}/lettre").headers["Content-Security-Policy"]
    assert "script-src" not in policy_of_letter
    assert "default-src 'none'" in policy_of_letter
    assert "frame-ancestors 'self'" in policy_of_letter
    assert "badge.pdf" in client.get(path).text
