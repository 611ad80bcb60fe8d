"""Exhibitors, terms and prices made for tests: keyword arguments only, every one with a default."""

import itertools
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    PriceItem,
    PriceUnit,
    Sector,
)
from salon.fair.models import Edition, Hall, PartnerBody, Stand, Theme
from salon.platform.database.db import transaction
from salon.platform.settings.clock import local, now, paris
from salon.platform.words.texts import folded

counter = itertools.count(1)


def make_terms(edition: Edition, **overrides: Any) -> ExhibitorTerms:
    """Terms whose applications are open and close today, in an hour or sooner; deadlines two weeks
    before the fair.
    """
    day = edition.days[0].day_on
    midnight = paris(local(now()).date() + timedelta(days=1), time())
    closes_at = now() + min(timedelta(hours=1), (midnight - now()) / 2)
    values: dict[str, Any] = {
        "edition_id": edition.id,
        "applications_open_at": now() - timedelta(days=60),
        "applications_close_at": closes_at,
        "answer_by_on": local(closes_at).date(),
        "deadlines": {
            task: (day - timedelta(days=14)).isoformat()
            for task in ("profile", "logo", "contract", "insurance", "safety", "staff", "invoice")
        },
        "set_up": "La veille de 14 h à 20 h.",
        "dismantling": "Le soir même, de 18 h à 22 h.",
        "to_bring": ["L’attestation d’assurance"],
        "guide": [{"title": "Arriver", "text": "Par l’entrée des exposants."}],
        "seller": {
            "name": "AMF34",
            "address": "1 place des Communes",
            "postal_code": "34000",
            "city": "Montpellier",
            "siret": "77606778700015",
            "vat_number": "FR61776067787",
            "iban": "FR7630006000011234567890189",
            "bic": "AGRIFRPP",
        },
        **overrides,
    }
    terms = ExhibitorTerms(**values)
    with transaction() as session:
        session.add(terms)
    return terms


def make_prices(edition: Edition) -> list[PriceItem]:
    """Make a price list with one line of each unit."""
    rows: tuple[tuple[str, str, PriceUnit, str, str, dict[str, Any]], ...] = (
        ("m2", "Stand équipé, m²", PriceUnit.AREA, "120.00", "20", {"price_category": "standard"}),
        ("m2-premium", "Stand équipé, allée d’entrée, le m²", PriceUnit.AREA, "150.00", "20",
         {"price_category": "premium"}),
        ("m2-nu", "Surface nue, le m²", PriceUnit.AREA, "80.00", "20", {"price_category": "bare"}),
        ("angle", "Angle", PriceUnit.CORNER, "180.00", "20", {}),
        ("elec-3", "Branchement électrique 3 kW", PriceUnit.POWER, "145.00", "20", {"power_kw": 3}),
        ("elec-6", "Branchement électrique 6 kW", PriceUnit.POWER, "210.00", "20", {"power_kw": 6}),
        ("eau", "Arrivée et évacuation d’eau", PriceUnit.WATER, "190.00", "20", {}),
        ("co", "Co-exposant", PriceUnit.CO_EXHIBITOR, "150.00", "20", {}),
        ("badge", "Badge d’exposant en plus", PriceUnit.OPTION, "15.00", "20", {"extra_badges": 1}),
        ("repas", "Déjeuner", PriceUnit.OPTION, "22.73", "10", {}),
    )  # fmt: skip
    items = [
        PriceItem(
            edition_id=edition.id,
            code=code,
            label=label,
            unit=unit,
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            rank=rank,
            **more,
        )
        for rank, (code, label, unit, price, rate, more) in enumerate(rows)
    ]
    with transaction() as session:
        session.add_all(items)
    return items


def make_exhibitor(
    edition: Edition,
    *,
    status: ApplicationStatus = ApplicationStatus.ACCEPTED,
    email: str = "",
    stand: Stand | None = None,
    **overrides: Any,
) -> Exhibitor:
    """Make an exhibitor with a main contact, accepted unless said."""
    number = next(counter)
    name = overrides.pop("name", f"Éclairage du Biterrois {number}")
    email = email or f"contact{number}@exposant.example"
    values: dict[str, Any] = {
        "edition_id": edition.id,
        "private_token": f"jeton-{number}-aaaaaaaaaaaaaaaa",
        "status": status,
        "created_at": now() - timedelta(days=30),
        "submitted_at": now() - timedelta(days=29),
        "status_at": now() - timedelta(days=20),
        "name": name,
        "name_key": folded(name),
        "slug": f"exposant-{number}",
        "legal_name": name,
        "siret": "44306184100047",
        "address": "1 rue des Vignes",
        "postal_code": "34500",
        "city": "Béziers",
        "sector": Sector.ENERGY,
        "presentation": "Éclairage public et bornes de recharge.",
        "area": 9,
        "stand_id": stand.id if stand else None,
        **overrides,
    }
    if status == ApplicationStatus.OFFERED:
        values.setdefault("offer_expires_at", now() + timedelta(days=7))
    exhibitor = Exhibitor(**values)
    with transaction() as session:
        session.add(exhibitor)
        session.flush()
        session.add(
            Contact(
                exhibitor_id=exhibitor.id,
                kind=ContactKind.MAIN,
                civility="madame",
                first_name="Élise",
                last_name="Cabanel",
                function="Responsable commerciale",
                email=email,
                email_key=email.casefold(),
                phone="04 67 00 00 00",
            )
        )
    return exhibitor


def make_hall(edition: Edition, *, name: str = "", **overrides: Any) -> Hall:
    values: dict[str, Any] = {
        "width": 40,
        "depth": 30,
        "area": 1200,
        "has_water": True,
        **overrides,
    }
    hall = Hall(edition_id=edition.id, name=name or f"H{next(counter)}", **values)
    with transaction() as session:
        session.add(hall)
    return hall


def make_stand(hall: Hall, *, number: str = "", **overrides: Any) -> Stand:
    """Make a stand beside those that the hall has, unless `x` and `y` say where."""
    number = number or f"S{next(counter)}"
    with transaction() as session:
        beside = session.scalar(select(func.count()).where(Stand.hall_id == hall.id)) or 0
        place = {"x": 3 * (beside % 13), "y": 3 * (beside // 13)}
        values: dict[str, Any] = {"width": 3, "depth": 3, "power_kw": 6, **place, **overrides}
        stand = Stand(edition_id=hall.edition_id, hall_id=hall.id, number=number, **values)
        session.add(stand)
    return stand


def make_theme(edition: Edition, stand: Stand, *, slug: str = "fibre", **overrides: Any) -> Theme:
    """Make a theme of a partner body that stands on `stand`."""
    values: dict[str, Any] = {"name": "Fibre", "summary": "Le très haut débit.", **overrides}
    body = PartnerBody(
        edition_id=edition.id,
        stand_id=stand.id,
        slug=f"organisme-{slug}",
        name="Organisme",
        short_name="Organisme",
        topics="fibre",
        presentation="Un organisme du village.",
        rank=0,
    )
    with transaction() as session:
        session.add(body)
        session.flush()
        theme = Theme(edition_id=edition.id, body_id=body.id, slug=slug, rank=0, **values)
        session.add(theme)
    return theme
