"""A national fair's halls and exhibitors, for the public pages: inserted in bulk, always the same.

A fifth of the exhibitors have no stand yet.
"""

import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    OrganisationKind,
    Sector,
    exhibitor_themes,
)
from salon.fair.models import Hall, Stand, Theme
from salon.platform.database.db import transaction
from salon.platform.settings.clock import real_now
from salon.platform.words.texts import folded

HALLS = 3
ACROSS = 20
PITCH = 6.0
"""Metres from stand to stand: 3 m of stand, 3 m of aisle."""
WORDS = ("Eau", "Voirie", "Réseaux", "Lumière", "Paysages", "Numérique", "Énergies", "Bâtir")
PLACES = ("l’Orb", "l’Hérault", "la Mosson", "l’Agly", "la Garonne", "l’Ardèche", "la Loire")
PRESENTATION = (
    "Études, travaux et entretien pour les communes : eau potable, assainissement, voirie et"
    " éclairage. Nos équipes répondent en deux jours, partout dans le département."
)
Row = dict[str, Any]


def add_exhibitors(edition_id: int, number: int) -> None:
    """So many exhibitors, and as many stands in HALLS halls."""
    chance, now = random.Random(34), real_now()
    with transaction() as session:
        stands = _add_stands(session, edition_id, number)
        themes = list(session.scalars(select(Theme.id).where(Theme.edition_id == edition_id)))
        first = 1 + (session.scalar(select(func.max(Exhibitor.id))) or 0)
        rows = [_exhibitor(edition_id, first + n, stands[n], n, chance, now) for n in range(number)]
        session.execute(insert(Exhibitor), rows)
        session.execute(
            insert(exhibitor_themes),
            [
                {"exhibitor_id": row["id"], "theme_id": theme}
                for row in rows
                for theme in chance.sample(themes, 2)
            ],
        )
        session.execute(update(Hall).values(version=Hall.version + 1))


def _add_stands(session: Session, edition_id: int, number: int) -> list[int]:
    """Return the ids of as many stands, hall after hall."""
    per_hall = -(-number // HALLS)
    width, depth = ACROSS * PITCH + 3, -(-per_hall // ACROSS) * PITCH + 3
    halls = [
        Hall(edition_id=edition_id, name=f"N{n}", width=width, depth=depth, area=width * depth)
        for n in range(1, HALLS + 1)
    ]
    session.add_all(halls)
    session.flush()
    session.execute(
        insert(Stand),
        [
            {
                "edition_id": edition_id,
                "hall_id": hall.id,
                "number": f"{hall.name}-{n + 1:03d}",
                "x": 3 + n % ACROSS * PITCH,
                "y": 3 + n // ACROSS * PITCH,
                "width": 3,
                "depth": 3,
                "power_kw": 3,
            }
            for hall in halls
            for n in range(per_hall)
        ],
    )
    own = Stand.hall_id.in_([hall.id for hall in halls])
    return list(session.scalars(select(Stand.id).where(own).order_by(Stand.id)))


def _exhibitor(
    edition_id: int, key: int, stand_id: int, n: int, chance: random.Random, now: datetime
) -> Row:
    name = f"{chance.choice(WORDS)} et {chance.choice(WORDS)} de {chance.choice(PLACES)} {n:04d}"
    sector = list(Sector)[n % len(Sector)]
    status = ApplicationStatus.ACCEPTED if n % 10 else ApplicationStatus.SUBMITTED
    kind = OrganisationKind.PUBLIC_BODY if n % 7 == 0 else OrganisationKind.COMPANY
    return {
        "id": key,
        "edition_id": edition_id,
        "stand_id": stand_id if status == ApplicationStatus.ACCEPTED and n % 10 != 1 else None,
        "private_token": secrets.token_hex(16),
        "status": status,
        "created_at": now - timedelta(days=90),
        "submitted_at": now - timedelta(days=89),
        "status_at": now - timedelta(days=80),
        "kind": kind,
        "name": name,
        "name_key": folded(name),
        "legal_name": name,
        "slug": folded(name).replace(" ", "-"),
        "city": "Béziers",
        "sector": sector,
        "presentation": PRESENTATION,
        "search_key": folded(f"{name} {sector.label} {PRESENTATION}"),
        "area": 9,
    }
