"""The price list: loaded from a file, changed by organisers.

Issued documents hold copies: no change here reaches them. A price that was used is retired and
replaced; exhibitors with this option and no quote yet get the new price.
"""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from salon.exhibitors.models import PriceItem, PriceUnit, SalesDocument, SalesLine, WantedOption
from salon.exhibitors.rules import money as rules
from salon.fair.imports.seed_tables import FileNotUnderstood, typeset
from salon.fair.models import Edition, StandCategory
from salon.platform.amounts import AmountUnreadable, read_amount
from salon.platform.db import current_session, transaction
from salon.platform.errors import RuleBroken
from salon.platform.identity import Identity
from salon.platform.journal import write_entry

HEADS = ("code", "libelle", "unite", "prix", "tva", "categorie", "puissance", "badges", "maximum")
DEFAULT_MAXIMUM = 20


@dataclass(frozen=True)
class Price:
    """A line of the price list."""

    code: str
    label: str
    unit: PriceUnit
    unit_price: Decimal
    vat_rate: Decimal
    price_category: str = ""
    power_kw: int = 0
    extra_badges: int = 0
    maximum: int = DEFAULT_MAXIMUM


class PriceCodeTaken(RuleBroken):
    message = "Un prix porte déjà ce code."


def load_prices(session: Session, edition: Edition, path: Path) -> list[PriceItem]:
    """Add the prices of a CSV file to an edition, in the caller's transaction.

    Columns: code;libelle;unite;prix;tva;categorie;puissance;badges;maximum. Raises
    FileNotUnderstood, PriceCodeTaken.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        if tuple(reader.fieldnames or ()) != HEADS:
            raise FileNotUnderstood(path, f"les colonnes sont {' ; '.join(HEADS)}.")
        prices = [_price_of(path, row, reader.line_num) for row in reader]
    return [_add(session, edition.id, price) for price in prices]


def _price_of(path: Path, row: Mapping[str, str | None], line: int) -> Price:
    values = {key: (row.get(key) or "").strip() for key in HEADS}
    if not values["code"] or not values["libelle"]:
        raise FileNotUnderstood(path, f"ligne {line} : il manque le code ou le libellé.")
    try:
        category = StandCategory(values["categorie"]).value if values["categorie"] else ""
        return Price(
            code=values["code"],
            label=typeset(values["libelle"]),
            unit=PriceUnit(values["unite"]),
            unit_price=read_amount(values["prix"]),
            vat_rate=read_amount(values["tva"]),
            price_category=category,
            power_kw=int(values["puissance"] or 0),
            extra_badges=int(values["badges"] or 0),
            maximum=int(values["maximum"] or DEFAULT_MAXIMUM),
        )
    except (ValueError, AmountUnreadable):
        raise FileNotUnderstood(path, f"ligne {line} : une valeur est illisible.") from None


def _add(session: Session, edition_id: int, price: Price) -> PriceItem:
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


def add_price(edition: Edition, price: Price, actor: Identity) -> PriceItem:
    """Add a price at the end of the list. Raises PriceCodeTaken."""
    with transaction(edition) as session:
        item = _add(session, edition.id, price)
        write_entry(session, actor, "price.added", f"price:{item.id}", code=item.code)
    return item


def change_price(item_id: int, price: Price, actor: Identity, now: datetime) -> PriceItem:
    """Change a price; retire and replace it if it was used. Its code and unit stay.

    Raises PriceRetired.
    """
    item = current_session().get_one(PriceItem, item_id)
    with transaction(item) as session:
        if item.retired_at is not None:
            raise rules.PriceRetired
        if not _is_used(session, item):
            for name, value in asdict(price).items():
                if name not in ("code", "unit"):
                    setattr(item, name, value)
            write_entry(session, actor, "price.changed", f"price:{item.id}", code=item.code)
            return item
        code = item.code
        _retire(item, now)
        session.flush()
        values = {**asdict(price), "code": code, "unit": item.unit}
        replacing = PriceItem(edition_id=item.edition_id, rank=item.rank, **values)
        session.add(replacing)
        session.flush()
        session.execute(
            update(WantedOption)
            .where(WantedOption.price_item_id == item.id)
            .values(price_item_id=replacing.id)
        )
        write_entry(
            session, actor, "price.replaced", f"price:{replacing.id}", code=code, was=f"{item.id}"
        )
    return replacing


def retire_price(item_id: int, actor: Identity, now: datetime) -> None:
    """Retire a price; exhibitors with this option keep it. Raises PriceRetired."""
    item = current_session().get_one(PriceItem, item_id)
    with transaction(item) as session:
        if item.retired_at is not None:
            raise rules.PriceRetired
        write_entry(session, actor, "price.retired", f"price:{item.id}", code=item.code)
        _retire(item, now)


def _retire(item: PriceItem, now: datetime) -> None:
    """Retire a price and free its code for its replacement."""
    item.retired_at = now
    item.code = f"{item.code}@{item.id}"


def _is_used(session: Session, item: PriceItem) -> bool:
    sold = (
        select(SalesLine.id)
        .join(SalesDocument, SalesDocument.id == SalesLine.document_id)
        .where(SalesDocument.edition_id == item.edition_id, SalesLine.code == item.code)
    )
    options = select(WantedOption.id).where(WantedOption.price_item_id == item.id)
    return session.scalar(sold.limit(1)) is not None or session.scalar(options.limit(1)) is not None
