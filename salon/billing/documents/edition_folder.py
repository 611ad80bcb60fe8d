"""Files of the billing in an edition's folder; `exhibitors.services.prices` reads them."""

from pathlib import Path

from salon.billing.queries.sales import prices_of
from salon.exhibitors.services.loading import PRICES, TERMS
from salon.exhibitors.services.prices import HEADS, SUPPLY
from salon.fair.documents.edition_files import write_table
from salon.fair.models import Edition


def write_prices(edition: Edition, folder: Path) -> None:
    """Write the prices on sale, beside the exhibitors' terms; nothing without terms."""
    if not (folder / TERMS).exists():
        return
    rows = [
        (
            *(price.code, price.label, price.unit.value, price.unit_price, price.vat_rate),
            *(price.price_category, price.power_kw, price.extra_badges, price.maximum),
            price.supply.value,
        )
        for price in prices_of(edition)
    ]
    write_table(folder / PRICES, (*HEADS, SUPPLY), rows)
