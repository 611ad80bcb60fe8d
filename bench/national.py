"""The pages of a fair of 1,200 exhibitors: catalogue, review list, plan, at 8 clients."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from bench.fairs import Fair, sqlite_fair
from bench.load import time_lines
from bench.pages import alternate
from bench.report import Line, print_table, step
from bench.scans import CLIENTS
from bench.web import Web, environment
from salon import create_app
from salon.badges.queries import get_edition
from salon.config import read_settings
from salon.db import db, transaction
from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    Exhibitor,
    Sector,
    exhibitor_themes,
)
from salon.fair.models import Hall, Stand, Theme
from salon.identity import Role
from salon.texts import folded
from salon.times import real_now
from tests.factories import sign_in
from tests.pages import PageClient

EXHIBITORS = 1_200
HALLS = 4
PITCH = 6.0
"""Metres from stand to stand: 3 m of stand, 3 m of aisle."""

PUBLIC = ("/exposants", "/exposants?q=eau", "/exposants.json", "/plan", "/plan/N1")
ORGANISER = ("/organisation/exposants", "/organisation/placement", "/organisation/plan/N1")
LIMIT_MS = 100


def run() -> None:
    step(f"{EXHIBITORS:,} exhibitors")
    with sqlite_fair(0) as fair:
        cookie = _fill(fair)
        hello = Web("bench.floors:hello", environment(fair.data))
        with Web("app:app", fair.environment()) as app, hello as floor:
            app.start()
            floor.start()
            lines: list[Line] = []
            for path in (*PUBLIC, *ORGANISER):
                step(path)
                ours, floors = alternate(app, floor, path, cookie if path in ORGANISER else "")
                lines.append(Line(f"{path}, pages/s", [one.rate for one in ours]))
                lines += time_lines(ours, floors, judged=95, limit_ms=LIMIT_MS)
            print_table(
                f"Pages with {EXHIBITORS:,} exhibitors, {CLIENTS} clients, 2 workers of 1 thread",
                lines,
                "floor: a Flask page of one line behind the same server, in turn.",
            )


def _fill(fair: Fair) -> str:
    """Adds the halls, stands and exhibitors; answers the cookie of an organiser."""
    app = create_app(read_settings(fair.environment()))
    app.test_client_class = PageClient
    with app.app_context():
        _add_rows()
        cookie = _cookie(app)
        db.session.remove()
        db.engine.dispose()
    return cookie


def _cookie(app: Flask) -> str:
    client = sign_in(app, Role.ORGANISER)
    name = app.config["SESSION_COOKIE_NAME"]
    found = client.get_cookie(name)
    assert found is not None
    return f"{name}={found.value}"


def _add_rows() -> None:
    edition = get_edition()
    themes = list(db.session.scalars(select(Theme.id).where(Theme.edition_id == edition.id)))
    now = real_now()
    each = EXHIBITORS // HALLS
    across = 20
    with transaction() as writing:
        # The demonstration's own exhibitors stay; the count is theirs and these.
        halls = [
            Hall(
                edition_id=edition.id,
                name=f"N{number}",
                width=across * PITCH + 3,
                depth=each // across * PITCH + 3,
                area=(across * PITCH + 3) * (each // across * PITCH + 3),
                has_water=True,
            )
            for number in range(1, HALLS + 1)
        ]
        writing.add_all(halls)
        writing.flush()
        stands = [
            {
                "edition_id": edition.id,
                "hall_id": hall.id,
                "number": f"{hall.name}-{number + 1:03d}",
                "x": 3 + number % across * PITCH,
                "y": 3 + number // across * PITCH,
                "width": 3,
                "depth": 3,
                "power_kw": 3,
                "has_water": False,
                "is_accessible": True,
            }
            for hall in halls
            for number in range(each)
        ]
        writing.execute(insert(Stand), stands)
        found = writing.scalars(
            select(Stand.id)
            .where(Stand.hall_id.in_([hall.id for hall in halls]))
            .order_by(Stand.id)
        ).all()
        writing.execute(
            insert(Exhibitor),
            [
                _exhibitor(edition.id, stand_id, number, now)
                for number, stand_id in enumerate(found)
            ],
        )
        ids = writing.scalars(
            select(Exhibitor.id).where(Exhibitor.stand_id.in_(found)).order_by(Exhibitor.id)
        ).all()
        writing.execute(
            insert(Contact),
            [
                {
                    "exhibitor_id": one,
                    "first_name": "Élise",
                    "last_name": "Cabanel",
                    "email": f"contact{one}@exposant.example",
                    "email_key": f"contact{one}@exposant.example",
                }
                for one in ids
            ],
        )
        writing.execute(
            insert(exhibitor_themes),
            [
                {"exhibitor_id": one, "theme_id": themes[(one + more) % len(themes)]}
                for one in ids
                for more in (0, 1)
            ],
        )
        writing.execute(update(Hall).values(version=Hall.version + 1))


def _exhibitor(edition_id: int, stand_id: int, number: int, now: Any) -> dict[str, Any]:
    name = f"Eau et réseaux de l’Orb {number:04d}"
    return {
        "edition_id": edition_id,
        "stand_id": stand_id,
        "private_token": f"banc-{number:08d}",
        "status": ApplicationStatus.ACCEPTED,
        "created_at": now - timedelta(days=90),
        "submitted_at": now - timedelta(days=89),
        "status_at": now - timedelta(days=80),
        "name": name,
        "name_key": folded(name),
        "legal_name": name,
        "slug": f"eau-et-reseaux-de-l-orb-{number:04d}",
        "sector": list(Sector)[number % len(Sector)],
        "presentation": "Réseaux d’eau potable, assainissement et eaux pluviales des communes.",
        "area": 9,
    }
