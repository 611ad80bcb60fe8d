"""A stand takes another number: it follows everywhere, and what was invoiced stays as it was."""

import io

import pypdfium2

from salon.badges.documents.badge_sheet import write_badges
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import fair_face, settings_of
from salon.billing.models import SalesDocument, SalesKind, SalesLine
from salon.fair import services
from salon.fair.engine.plan_frames import numbered
from salon.fair.models import Edition
from salon.fair.queries import get_hall
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from tests.badges.test_sheet import make_face
from tests.billing.sales import make_buyer, make_invoice, make_shop
from tests.exhibitors.make import make_hall, make_stand, make_theme
from tests.fair.floor.desk import plain
from tests.pages import PageClient


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def badge_of(edition: Edition) -> bytes:
    stream = io.BytesIO()
    write_badges(stream, [make_face()], fair_face(edition, settings_of(edition.id)), Layout.A6)
    return stream.getvalue()


def invoiced() -> list[tuple[object, ...]]:
    current_session().expire_all()
    lines = current_session().query(SalesLine).order_by(SalesLine.id)
    documents = current_session().query(SalesDocument).filter_by(kind=SalesKind.INVOICE)
    return [(line.label, line.quantity, line.net) for line in lines] + [
        (document.number, document.gross, document.buyer) for document in documents
    ]


def test_a_new_number_follows_everywhere(client: PageClient, edition: Edition) -> None:
    make_shop(edition)
    hall = make_hall(edition, name="2")
    own_stand, other_stand = (
        make_stand(hall, number=str(n), x=6 * (n - 700), y=3) for n in (701, 702)
    )
    make_theme(edition, other_stand)
    exhibitor = make_buyer(edition, stand=own_stand, name="Lumières de l’Agly", slug="lumieres")
    make_invoice(exhibitor, edition)
    paths = ("/plan/2", "/exposants/lumieres", "/exposants.json", "/exposants.csv")
    for path in paths:
        assert "701" in plain(client.get(path)), path
    assert "702" in text_of(badge_of(edition))
    before = invoiced()
    keys = [own_stand.id, other_stand.id]
    services.number_stands(
        Act(SYSTEM), hall, get_hall(edition, "2").version, numbered(keys, 901, 1)
    )
    for path in paths:
        page = plain(client.get(path))
        assert ("901" in page, "701" in page) == (True, False), path
    paper = text_of(client.get("/plan/2.pdf").data)
    assert "901 Lumières de l’Agly" in paper.replace("\r\n", " ")
    assert "701" not in paper
    badge = text_of(badge_of(edition))
    assert ("902" in badge, "702" in badge) == (True, False)
    assert "902" in plain(client.get("/village"))
    assert invoiced() == before
