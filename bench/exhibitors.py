"""A national fair's halls and exhibitors: the rows that applying, placing and billing write.

They are inserted in bulk, always the same: a fifth have no stand yet, half have been invoiced.
"""

import random
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from salon.badges.models import Attendee, Group
from salon.billing.models import BillingDetails, Payment, PaymentMethod, SalesDocument, SalesKind
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Contact,
    ContactKind,
    Document,
    DocumentKind,
    Exhibitor,
    OrganisationKind,
    Sector,
    exhibitor_themes,
)
from salon.fair.models import Hall, Stand, Theme
from salon.platform.database.db import transaction
from salon.platform.settings.clock import real_now
from salon.platform.words.texts import folded
from salon.safety.models import SafetyForm

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
        accepted = [row for row in rows if row["status"] == ApplicationStatus.ACCEPTED]
        giving = [(row["id"], kind) for row in accepted[::2] for kind in KINDS]
        for model, several in (
            (Contact, [_contact(row["id"], kind) for row in rows for kind in ContactKind]),
            (CoExhibitor, [_guest(row["id"]) for row in rows[::8]]),
            (BillingDetails, [_billing(row) for row in accepted]),
            (SafetyForm, [_safety(row["id"]) for row in accepted[::2]]),
            (Document, [_document(*row, now) for row in giving]),
        ):
            session.execute(insert(model), several)
        _add_sales(session, edition_id, accepted, now)
        _add_staff(session, edition_id, accepted, now)
        session.execute(update(Hall).values(version=Hall.version + 1))


KINDS = (DocumentKind.CONTRACT, DocumentKind.INSURANCE)


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


def _contact(exhibitor_id: int, kind: ContactKind) -> Row:
    address = f"{kind.value}.{exhibitor_id}@exposant.example"
    return {
        "exhibitor_id": exhibitor_id,
        "kind": kind,
        "first_name": "Élise",
        "last_name": "Cabanel",
        "email": address,
        "email_key": address,
    }


def _guest(exhibitor_id: int) -> Row:
    name = f"Atelier du Caroux {exhibitor_id}"
    return {"exhibitor_id": exhibitor_id, "name": name, "name_key": folded(name)}


def _billing(exhibitor: Row) -> Row:
    return {"exhibitor_id": exhibitor["id"], "name": exhibitor["name"], "city": "Béziers"}


def _safety(exhibitor_id: int) -> Row:
    answers = {"machines": False, "moving_parts": False, "vehicles": False, "gas": False}
    return {"exhibitor_id": exhibitor_id, "answers": answers, "completed_at": None}


def _document(exhibitor_id: int, kind: DocumentKind, now: datetime) -> Row:
    return {
        "exhibitor_id": exhibitor_id,
        "kind": kind,
        "name": f"{kind.value}.pdf",
        "stored_name": f"{secrets.token_hex(16)}.pdf",
        "media_type": "application/pdf",
        "size": 50_000,
        "sha256": secrets.token_hex(32),
        "uploaded_at": now - timedelta(days=30),
        "uploaded_by": "contact",
    }


def _add_sales(session: Session, edition_id: int, accepted: list[Row], now: datetime) -> None:
    """A quote each, an order and an invoice for every second one, half of these paid."""
    ids = count(1 + (session.scalar(select(func.max(SalesDocument.id))) or 0))
    numbers = {kind: count(1) for kind in SalesKind}
    sales: list[Row] = []
    payments: list[Row] = []
    for n, exhibitor in enumerate(accepted):
        former = None
        kinds = (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE)
        for kind in kinds if n % 2 else kinds[:1]:
            sales.append(
                _sale(edition_id, next(ids), next(numbers[kind]), exhibitor, kind, former, now)
            )
            former = sales[-1]["id"]
        if n % 4 == 1:
            payments.append(_payment(sales[-1], now))
    session.execute(insert(SalesDocument), sales)
    session.execute(insert(Payment), payments)


def _sale(
    edition_id: int,
    key: int,
    number: int,
    exhibitor: Row,
    kind: SalesKind,
    former: int | None,
    now: datetime,
) -> Row:
    return {
        "id": key,
        "edition_id": edition_id,
        "exhibitor_id": exhibitor["id"],
        "kind": kind,
        "series": f"national-{kind.value}",
        "number": number,
        "reference": f"N-{kind.value}-{number:06d}",
        "issued_on": (now - timedelta(days=60)).date(),
        "due_on": (now - timedelta(days=30)).date() if kind == SalesKind.INVOICE else None,
        "from_id": former,
        "seller": {"name": "AMF34"},
        "buyer": {"name": exhibitor["name"]},
        "net": Decimal("900.00"),
        "vat": Decimal("180.00"),
        "gross": Decimal("1080.00"),
        "line_count": 1,
        "created_at": now - timedelta(days=60),
        "created_by": "organiser",
    }


def _payment(sale: Row, now: datetime) -> Row:
    return {
        "document_id": sale["id"],
        "amount": sale["gross"],
        "method": PaymentMethod.TRANSFER,
        "received_on": now.date(),
        "recorded_at": now,
        "recorded_by": "organiser",
    }


def _add_staff(session: Session, edition_id: int, accepted: list[Row], now: datetime) -> None:
    """Two people named by each."""
    group = Group(
        edition_id=edition_id,
        contact_email="equipe@exposant.example",
        private_token=secrets.token_hex(32),
        created_at=now,
    )
    session.add(group)
    session.flush()
    session.execute(
        insert(Attendee),
        [
            {
                "edition_id": edition_id,
                "group_id": group.id,
                "exhibitor_id": exhibitor["id"],
                "status": "registered",
                "category": "exhibitor",
                "civility": "monsieur",
                "first_name": "Hugo",
                "last_name": f"Vidal {exhibitor['id']}",
                "name_key": f"vidal {exhibitor['id']} hugo",
                "function": "technician",
                "email": f"equipe.{exhibitor['id']}.{n}@exposant.example",
                "email_key": f"equipe.{exhibitor['id']}.{n}@exposant.example",
                "registered_by": "exhibitor",
                "registered_at": now,
            }
            for exhibitor in accepted
            for n in range(2)
        ],
    )
