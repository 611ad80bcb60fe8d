"""Fields sent to the pages of an exhibitor, and rows that they wrote."""

import io
import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.exhibitors.models import Document, Exhibitor
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from tests.pages import PageClient

ELISE = "elise@exposant.example"


def address(exhibitor: Exhibitor, more: str = "") -> str:
    return f"/mon-stand/{exhibitor.id}{more}"


def send(
    client: PageClient, exhibitor: Exhibitor, content: bytes, name: str = "contrat.pdf", **more: str
) -> TestResponse:
    """Send a document through the page."""
    return client.fill(
        address(exhibitor, "/documents"),
        **{"kind": "contract", **more},
        file=(io.BytesIO(content), name),
    )


def documents() -> list[Document]:
    current_session().rollback()
    return list(current_session().scalars(select(Document).order_by(Document.id)))


def actions() -> list[str]:
    current_session().rollback()
    return list(current_session().scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def raw_form(
    client: PageClient,
    exhibitor: Exhibitor,
    name: str,
    content: bytes,
    page: str = "/documents",
    **fields: str,
) -> tuple[str, bytes, str]:
    """Return a form's address, its whole multipart body, and its content type.

    The test client's own bodies go through temporary files that it leaves open.
    """
    path = address(exhibitor, page)
    text = client.get(path).text
    hidden = dict(
        re.findall(r'name="(csrf_token|submission_key|version)"[^>]*value="([^"]+)"', text)
    )
    parts = [
        f'--limite\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in {**hidden, "kind": "contract", **fields}.items()
    ]
    field = "file" if page == "/documents" else "logo"
    file = f'--limite\r\nContent-Disposition: form-data; name="{field}"; {name}\r\n\r\n'
    body = "".join([*parts, file]).encode() + content + b"\r\n--limite--\r\n"
    return path, body, "multipart/form-data; boundary=limite"
