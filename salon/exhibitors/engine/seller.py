"""What the issuer of documents lacks. Pure."""

from salon.exhibitors.models import Party

IDENTITY = {
    "name": "le nom",
    "address": "l’adresse",
    "postal_code": "le code postal",
    "city": "la ville",
    "siret": "le SIRET",
}


def gaps_of_seller(seller: Party) -> list[str]:
    """Return what lacks before a price is told with its VAT; a VAT number says the regime."""
    gaps = [words for name, words in IDENTITY.items() if not seller.get(name)]
    if not (seller.get("vat_regime") or seller.get("vat_number")):
        gaps.append("le régime de TVA")
    return gaps
