"""Exhibitors as open data: these fields and no other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Exhibitor,
    exhibitor_themes,
)
from salon.exhibitors.queries.catalogue import BY_NAME, is_listed
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.database.db import current_session

LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SEPARATOR = " | "

PUBLIC_FIELDS = {
    "name": "Nom",
    "sector": "Catégorie",
    "hall": "Hall",
    "stand": "Stand",
    "pavilion": "Pavillon",
    "themes": "Thèmes",
    "co_exhibitors": "Co-exposants",
    "presentation": "Présentation",
    "website": "Site",
    "page": "Page",
}
"""Each public field and its French head. No person, no address, no SIRET."""


@dataclass(frozen=True)
class PublicExhibitor:
    """An exhibitor as published for reuse: its row, and the fields of PUBLIC_FIELDS."""

    id: int
    name: str
    sector: str
    hall: str
    stand: str
    pavilion: str
    themes: list[str]
    co_exhibitors: list[str]
    presentation: str
    website: str
    page: str

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in PUBLIC_FIELDS}

    def as_cells(self) -> list[str]:
        return [
            SEPARATOR.join(value) if isinstance(value, list) else value
            for value in self.as_dict().values()
        ]


def public_exhibitors(edition: Edition, address: str) -> list[PublicExhibitor]:
    """Return every listed exhibitor by name, in three queries; `address` is the catalogue's."""
    listed = select(Exhibitor.id).where(is_listed(edition))
    return _read(edition, address, listed, BY_NAME)


def public_exhibitors_after(
    edition: Edition, address: str, last_id: int, most: int
) -> list[PublicExhibitor]:
    """Return at most `most` listed exhibitors beyond a row, by row, in three queries.

    Rows added or renamed between two reads neither repeat nor hide another.
    """
    next_ids = select(Exhibitor.id).where(is_listed(edition), Exhibitor.id > last_id)
    return _read(edition, address, next_ids.order_by(Exhibitor.id).limit(most), (Exhibitor.id,))


def _read(
    edition: Edition, address: str, ids: Select[int], order: Sequence[Any]
) -> list[PublicExhibitor]:
    parent = aliased(Exhibitor)
    is_read = Exhibitor.id.in_(ids.subquery().select())
    rows = current_session().execute(
        select(
            Exhibitor.id,
            Exhibitor.slug,
            Exhibitor.name,
            Exhibitor.sector,
            Exhibitor.presentation,
            Exhibitor.website,
            Hall.name,
            Stand.number,
            parent.name,
        )
        .outerjoin(Exhibitor.stand)
        .outerjoin(Stand.hall)
        .outerjoin(
            parent,
            and_(parent.id == Exhibitor.parent_id, parent.status == ApplicationStatus.ACCEPTED),
        )
        .where(is_read)
        .order_by(*order)
    )
    themes, co_exhibitors = _themes(edition, is_read), _co_exhibitors(is_read)
    return [
        PublicExhibitor(
            id=key,
            name=name,
            sector=sector.label if sector else "",
            hall=hall or "",
            stand=number or "",
            pavilion=pavilion or "",
            themes=themes.get(key, []),
            co_exhibitors=co_exhibitors.get(key, []),
            presentation=presentation,
            website=safe_website(website),
            page=f"{address}/{slug}",
        )
        for key, slug, name, sector, presentation, website, hall, number, pavilion in rows
    ]


def _themes(edition: Edition, is_read: ColumnElement[bool]) -> dict[int, list[str]]:
    names_by_exhibitor: dict[int, list[str]] = defaultdict(list)
    rows = current_session().execute(
        select(exhibitor_themes.c.exhibitor_id, Theme.name)
        .join(Theme, Theme.id == exhibitor_themes.c.theme_id)
        .join(Exhibitor, Exhibitor.id == exhibitor_themes.c.exhibitor_id)
        .where(Theme.edition_id == edition.id, is_read)
        .order_by(Theme.rank)
    )
    for exhibitor, name in rows:
        names_by_exhibitor[exhibitor].append(name)
    return names_by_exhibitor


def _co_exhibitors(is_read: ColumnElement[bool]) -> dict[int, list[str]]:
    names_by_exhibitor: dict[int, list[str]] = defaultdict(list)
    rows = current_session().execute(
        select(CoExhibitor.exhibitor_id, CoExhibitor.name)
        .join(Exhibitor, Exhibitor.id == CoExhibitor.exhibitor_id)
        .where(is_read)
        .order_by(CoExhibitor.name_key)
    )
    for exhibitor, name in rows:
        names_by_exhibitor[exhibitor].append(name)
    return names_by_exhibitor


def safe_website(address: str) -> str:
    """Return the address if it is http or https, else "": never `javascript:`."""
    if not address:
        return ""
    try:
        parts = urlsplit(address.strip())
        return address.strip() if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
