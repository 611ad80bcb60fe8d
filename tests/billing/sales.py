"""An exhibitor with a quote, an order and an invoice, made through the services."""

from datetime import date, datetime, timedelta
from typing import Any

from salon.billing.engine.agreements import OnlineSignature
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.services.billing import Billing, record_service_done, save_billing
from salon.billing.services.sales import issue
from salon.exhibitors.models import (
    CoExhibitor,
    Exhibitor,
    OrganisationKind,
    PriceItem,
    WantedOption,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.settings.clock import now
from tests.exhibitors.make import make_exhibitor, make_prices, make_terms

ORGANISER = Identity(Role.ORGANISER, 1, "Claire Organise")
EXHIBITOR = Identity(Role.EXHIBITOR, 2, "contact@exposant.example")
TOWN = {
    "kind": OrganisationKind.PUBLIC_BODY,
    "name": "Communauté d’agglomération Hérault-Méditerranée",
    "legal_name": "CA HERAULT-MEDITERRANEE",
    "siret": "24340081900013",
}


def make_shop(edition: Edition) -> list[PriceItem]:
    """Make the terms and the price list, without which nothing is sold."""
    make_terms(edition)
    return make_prices(edition)


def make_buyer(
    edition: Edition, options: dict[PriceItem, int] | None = None, **overrides: Any
) -> Exhibitor:
    """Make an exhibitor that wants a corner, power, water, a co-exhibitor and some options."""
    values = {"wants_corner": True, "power_kw": 4, "wants_water": True, **overrides}
    exhibitor = make_exhibitor(edition, **values)
    with transaction() as session:
        session.add(CoExhibitor(exhibitor_id=exhibitor.id, name="Ami", name_key="ami"))
        for item, quantity in (options or {}).items():
            session.add(
                WantedOption(exhibitor_id=exhibitor.id, price_item_id=item.id, quantity=quantity)
            )
    return exhibitor


def make_town(edition: Edition, **overrides: Any) -> Exhibitor:
    """Make a public buyer that gave its engagement number and service code."""
    town = make_buyer(edition, **{**TOWN, **overrides})
    save_billing(
        Act(EXHIBITOR),
        town.id,
        0,
        Billing(
            name="Agglomération Hérault-Méditerranée, finances",
            address="22 avenue du 3e Millénaire",
            postal_code="34630",
            city="Saint-Thibéry",
            siret="24340081900013",
            engagement_number="2021-000417",
            service_code="FINANCES",
        ),
    )
    return town


def make_invoice(
    exhibitor: Exhibitor, edition: Edition, at: datetime | None = None
) -> SalesDocument:
    """Make the exhibitor's invoice, by way of its quote and its order."""
    at = at or now() + timedelta(days=3 if exhibitor.is_public_body else 0)
    issue(Act(ORGANISER, at), exhibitor.id, SalesKind.QUOTE)
    order = issue(
        Act(EXHIBITOR, at),
        exhibitor.id,
        SalesKind.ORDER,
        agreement=OnlineSignature("Élise Cabanel"),
    )
    if exhibitor.is_public_body:
        record_service_done(Act(ORGANISER, at), order.id, fair_day(edition))
    return issue(Act(ORGANISER, at), exhibitor.id, SalesKind.INVOICE)


def fair_day(edition: Edition) -> date:
    return edition.days[0].day_on
