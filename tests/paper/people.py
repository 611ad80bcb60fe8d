"""A crowd for the tests of paper: many badges in one transaction, and packs read as people do."""

import re
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import pypdfium2
import zxingcpp
from flask import Flask
from sqlalchemy import select

from salon.badges.models import Badge, Category
from salon.entrance.models import Conflict, Direction
from salon.fair.models import Edition
from salon.paper.jobs import PAPER_PACKS, ask_pack, file_of
from salon.paper.models import PaperPack, PaperPage
from salon.paper.services.typing_back import Pointing
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import local, paris
from salon.platform.settings.installation import Settings
from tests.entrance.people import NINE, make_badges
from tests.factories import act_in, make_edition, new_key
from tests.jobs import run as run_jobs

PLACES = ("34032", "34092", "34255", "34160", None)
CATEGORIES = (Category.ELECTED, Category.VISITOR, Category.EXHIBITOR)
PUBLIC_URL = "https://salon.example"
CODE = re.compile(r"(?<!\S)(\d{1,6}) (\d{2})(?!\S)")


def make_today(is_current: bool = True) -> Edition:
    """Make an edition on the day of NINE."""
    return make_edition(day=local(NINE).date(), is_current=is_current)


def make_crowd(edition: Edition, count: int) -> list[Badge]:
    """Make the same people each time: of four communes and an association, in three categories."""
    return make_badges(
        edition,
        [
            {
                "first_name": f"Élodie-{number}",
                "last_name": f"{chr(65 + number % 26)}rnal {number}",
                "commune_code": PLACES[number % len(PLACES)],
                "organisation": "" if PLACES[number % len(PLACES)] else "Les Cigales",
                "email": f"e{number}@commune.example",
                "category": CATEGORIES[number % len(CATEGORIES)],
            }
            for number in range(count)
        ],
    )


def at(hour: int, minute: int = 0) -> datetime:
    """Return an hour of the day of NINE, in Béziers."""
    return paris(local(NINE).date(), time(hour, minute))


def pointing(
    hour: int = 9, minute: int = 15, door: str = "A", direction: Direction = Direction.IN
) -> Pointing:
    return Pointing(door, direction, at(hour, minute))


def make_pack(app: Flask, edition: Edition, now: datetime = NINE) -> PaperPack:
    """Make a pack, asked for and made."""
    pack_id = ask_pack(act_in(edition, SYSTEM, now), new_key())
    assert run_jobs(PAPER_PACKS, public_url=PUBLIC_URL) == 1
    current_session().rollback()
    return current_session().get_one(PaperPack, pack_id, populate_existing=True)


def path_of(app: Flask, pack: PaperPack) -> Path:
    settings: Settings = app.config["SALON"]
    return settings.data / file_of(pack)


def texts_of(source: Path | bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    pdf = pypdfium2.PdfDocument(BytesIO(source) if isinstance(source, bytes) else source)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]


def qr_codes_of(source: Path, scale: float = 150 / 72) -> list[str]:
    """Return the content of each page's code, read from a grey picture of the page's head."""
    results = []
    for page in pypdfium2.PdfDocument(source):
        picture = page.render(scale=scale).to_pil().convert("L")
        head = picture.crop((picture.width // 2, 0, picture.width, picture.height // 6))
        (code,) = zxingcpp.read_barcodes(head, formats=zxingcpp.BarcodeFormat.QRCode)
        results.append(code.text)
    return results


def pages_of(pack: PaperPack) -> list[list[int]]:
    """Return the badges of each page of a pack, in order."""
    statement = select(PaperPage).where(PaperPage.pack_id == pack.id).order_by(PaperPage.number)
    return [row.badge_ids for row in current_session().scalars(statement)]


def conflicts() -> list[tuple[str, int | None]]:
    """(kind, badge) of each open conflict, in order."""
    current_session().rollback()
    statement = select(Conflict).where(Conflict.settlement == "").order_by(Conflict.id)
    return [(row.kind.value, row.badge_id) for row in current_session().scalars(statement)]
