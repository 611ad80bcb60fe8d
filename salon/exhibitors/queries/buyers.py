"""Who pays, and the references of its accounts, as the next document will say them."""

from typing import Any

from salon.exhibitors.models import BillingDetails, Exhibitor
from salon.exhibitors.queries.money import find_billing

REFERENCES = ("engagement_number", "service_code", "purchase_order")


def references_of(exhibitor: Exhibitor) -> dict[str, str]:
    """What a public buyer's accounts ask on each document; empty where not given."""
    billing = find_billing(exhibitor.id)
    return {name: getattr(billing, name) if billing else "" for name in REFERENCES}


def _place(party: BillingDetails | Exhibitor) -> str:
    found = (party.address, f"{party.postal_code} {party.city}".strip())
    return ", ".join(filter(None, found))


def buyer_of(exhibitor: Exhibitor) -> dict[str, Any]:
    """Who pays, as frozen on a document: the billing details, else the exhibitor itself.

    `exhibitor_address` where it is another one (Code de commerce, L441-9).
    """
    billing = find_billing(exhibitor.id)
    source: BillingDetails | Exhibitor = billing if billing and billing.name else exhibitor
    name = billing.name if billing and billing.name else exhibitor.legal_name or exhibitor.name
    place = _place(exhibitor)
    return {
        "name": name,
        "exhibitor": exhibitor.name,
        "exhibitor_address": "" if place == _place(source) else place,
        "address": source.address,
        "postal_code": source.postal_code,
        "city": source.city,
        "country": source.country,
        "siret": source.siret,
        "vat_number": source.vat_number,
        "is_public": exhibitor.is_public_body,
    }
