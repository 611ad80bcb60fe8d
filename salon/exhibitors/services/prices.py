"""The price list of an edition, loaded from its file."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.exhibitors.models import PriceItem, PriceUnit, Supply
from salon.fair.imports.seed_tables import Row, read_table
from salon.fair.models import Edition, StandCategory
from salon.platform.words.amounts import AmountUnreadable, read_amount
from salon.platform.words.errors import RuleBroken

HEADS = ("code", "libelle", "unite", "prix", "tva", "categorie", "puissance", "badges", "maximum")
SUPPLY = "nature"
"""A column that a file may lack: all is then sold with a stand."""
DEFAULT_MAXIMUM = 20


@dataclass(frozen=True)
class Price:
    """A line of the price list."""

    code: str
    label: str
    unit: PriceUnit
    unit_price: Decimal
    vat_rate: Decimal
    supply: Supply = Supply.STAND
    price_category: str = ""
    power_kw: int = 0
    extra_badges: int = 0
    maximum: int = DEFAULT_MAXIMUM


class PriceCodeTaken(RuleBroken):
    message = "Un prix porte déjà ce code."


def load_prices(session: Session, edition: Edition, path: Path) -> list[PriceItem]:
    """Add the prices of a CSV file to an edition, in the caller's transaction.

    Columns: those of `HEADS`, and « nature » where there is one. Raises FileNotUnderstood,
    PriceCodeTaken.
    """
    prices = [_price_of(row) for row in read_table(path, *HEADS)]
    return [insert_price(session, edition.id, price) for price in prices]


def _price_of(row: Row) -> Price:
    try:
        category = row.raw("categorie")
        return Price(
            code=row.key("code"),
            label=row.text("libelle"),
            unit=PriceUnit(row.key("unite")),
            unit_price=read_amount(row.key("prix")),
            vat_rate=read_amount(row.key("tva")),
            supply=Supply(row.cells.get(SUPPLY) or Supply.STAND),
            price_category=StandCategory(category).value if category else "",
            power_kw=int(row.raw("puissance") or 0),
            extra_badges=int(row.raw("badges") or 0),
            maximum=int(row.raw("maximum") or DEFAULT_MAXIMUM),
        )
    except (ValueError, AmountUnreadable):
        raise row.refuse("une valeur est illisible.") from None


def insert_price(session: Session, edition_id: int, price: Price) -> PriceItem:
    """Add a price at the end of the list, in the caller's transaction. Raises PriceCodeTaken."""
    duplicate = select(PriceItem.id).where(
        PriceItem.edition_id == edition_id, PriceItem.code == price.code
    )
    if session.scalar(duplicate) is not None:
        raise PriceCodeTaken(f"Un prix porte déjà le code {price.code}.")
    ranks = select(func.max(PriceItem.rank)).where(PriceItem.edition_id == edition_id)
    last = session.scalar(ranks)
    item = PriceItem(edition_id=edition_id, rank=0 if last is None else last + 1, **asdict(price))
    session.add(item)
    session.flush()
    return item
