"""The buyer of an exhibitor's documents and the references of its accounts."""

import re
from collections.abc import Mapping
from typing import Any

from salon.billing.models import BillingDetails, PublicBuyer
from salon.billing.queries.sales import find_billing
from salon.exhibitors.engine.vat import TreatedLines, facts_of, treat
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.charges import lines_for
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.words.company_numbers import ASSOCIATION_NUMBER
from salon.platform.words.countries import EUROPEAN_UNION

REFERENCES = ("engagement_number", "service_code", "purchase_order")


def references_of(exhibitor: Exhibitor) -> dict[str, str]:
    """Return the references that a public buyer's accounts ask for; "" where not given."""
    billing = find_billing(exhibitor.id)
    return {name: getattr(billing, name) if billing else "" for name in REFERENCES}


def _place(party: BillingDetails | Exhibitor) -> str:
    parts = (party.address, f"{party.postal_code} {party.city}".strip())
    return ", ".join(filter(None, parts))


def buyer_of(exhibitor: Exhibitor) -> dict[str, Any]:
    """Return the buyer as frozen on a document: the billing details, else the exhibitor itself.

    `exhibitor_address` is set where it differs (Code de commerce, L441-9).
    """
    billing = find_billing(exhibitor.id)
    source: BillingDetails | Exhibitor = billing if billing and billing.name else exhibitor
    name = billing.name if billing and billing.name else exhibitor.legal_name or exhibitor.name
    number = source.vat_number if source is billing else facts_of(exhibitor)["vat_number"]
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
        "vat_number": number,
        **_identity_of(exhibitor, billing if source is billing else None),
        "public_kind": (billing.public_kind if billing else PublicBuyer.AUTHORITY).value,
        "is_public": exhibitor.is_public_body,
    }


def _identity_of(exhibitor: Exhibitor, billing: BillingDetails | None) -> dict[str, str]:
    """Return the legal form and the registers; an association may have given its RNA as number."""
    if billing is not None:
        return {name: getattr(billing, name) for name in ("legal_form", "rcs_city", "rna")}
    number = exhibitor.foreign_number
    is_rna = exhibitor.country == "FR" and re.fullmatch(ASSOCIATION_NUMBER, number)
    return {"legal_form": "", "rcs_city": "", "rna": number.upper() if is_rna else ""}


def vies_number(buyer: Mapping[str, Any]) -> str:
    """Return the VAT number of a buyer of the Union, which VIES knows; "" for another."""
    number = str(buyer.get("vat_number") or "")
    return number if number[:2] in ("EL", *EUROPEAN_UNION) else ""


def seller_of(exhibitor: Exhibitor) -> dict[str, Any]:
    """Return the issuer of the exhibitor's documents, as the terms describe it today."""
    terms = find_terms(current_session().get_one(Edition, exhibitor.edition_id))
    return dict(terms.seller) if terms else {}


def treated_lines(exhibitor: Exhibitor) -> TreatedLines:
    """Return the lines charged today with the VAT that their quote would have."""
    return treat(lines_for(exhibitor), seller_of(exhibitor), buyer_of(exhibitor))
