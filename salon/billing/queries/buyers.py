"""The buyer of an exhibitor's documents and the references of its accounts."""

import re
from collections.abc import Sequence
from itertools import chain

from salon.billing.engine.invoicing import lines_beyond, lines_left
from salon.billing.engine.issued_lines import lines_of
from salon.billing.engine.ledger import SalesFile, sales_file_of
from salon.billing.models import BillingDetails, PublicBuyer, SalesDocument
from salon.billing.queries.pavilion import charged_to, payer_of
from salon.billing.queries.sales import credit_notes_of, find_billing, sales_of
from salon.exhibitors.engine.pricing import PricedLine
from salon.exhibitors.engine.vat import TreatedLines, facts_of, treat
from salon.exhibitors.models import Exhibitor, Party
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


def buyer_of(exhibitor: Exhibitor) -> Party:
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


def _identity_of(exhibitor: Exhibitor, billing: BillingDetails | None) -> Party:
    """Return the legal form and the registers; an association may have given its RNA as number."""
    if billing is not None:
        return {
            "legal_form": billing.legal_form,
            "rcs_city": billing.rcs_city,
            "rna": billing.rna,
        }
    number = exhibitor.foreign_number
    is_rna = exhibitor.country == "FR" and re.fullmatch(ASSOCIATION_NUMBER, number)
    return {"legal_form": "", "rcs_city": "", "rna": number.upper() if is_rna else ""}


def vies_number(buyer: Party) -> str:
    """Return the VAT number of a buyer of the Union, which VIES knows; "" for another."""
    number = str(buyer.get("vat_number") or "")
    return number if number[:2] in ("EL", *EUROPEAN_UNION) else ""


def seller_of(exhibitor: Exhibitor) -> Party:
    """Return the issuer of the exhibitor's documents, as the terms describe it today."""
    terms = find_terms(current_session().get_one(Edition, exhibitor.edition_id))
    return terms.seller.copy() if terms else {}


def lines_to_quote(exhibitor: Exhibitor, file: SalesFile) -> list[PricedLine]:
    """Return the lines charged today that no invoice sells, credited in part or not."""
    return lines_beyond(charged_to(exhibitor), chain.from_iterable(map(lines_of, sold_by(file))))


def lines_in_excess(exhibitor: Exhibitor, file: SalesFile) -> list[PricedLine]:
    """Return the lines that invoices sell, that credit notes leave, and charged no more."""
    sold = [
        line
        for document in sold_by(file)
        for line in lines_left(document, credit_notes_of(document.id)).values()
    ]
    return lines_beyond((line for line in sold if line.quantity > 0), charged_to(exhibitor))


def billed_with(payer: Exhibitor, member: Exhibitor) -> list[str]:
    """Return the references of what bills lines of a member to its payer, credit notes deducted."""
    return [
        document.reference
        for document in sold_by(sales_file_of(sales_of(payer.id)))
        if any(
            line.exhibitor_id == member.id
            for line in lines_left(document, credit_notes_of(document.id)).values()
        )
    ]


def is_invoiced(exhibitor: Exhibitor) -> bool:
    """Return whether an invoice stands with lines of the exhibitor, its own or its payer's."""
    payer = payer_of(exhibitor)
    if payer is not None:
        return bool(billed_with(payer, exhibitor))
    return bool(sales_file_of(sales_of(exhibitor.id)).invoices)


def sold_by(file: SalesFile) -> list[SalesDocument]:
    """Return the live invoices, and the orders of which the deposit alone is invoiced."""
    invoices = [invoice for order in file.orders if (invoice := file.invoiced(order))]
    return invoices + [order for order in file.to_invoice if file.deposit(order)]


def treated(exhibitor: Exhibitor, lines: Sequence[PricedLine]) -> TreatedLines:
    """Return lines charged to the exhibitor with the VAT that their quote would have."""
    return treat(lines, seller_of(exhibitor), buyer_of(exhibitor))
