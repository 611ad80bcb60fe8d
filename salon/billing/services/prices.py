"""Changes of the price list by organisers.

Issued documents hold copies: no change here reaches them. A price that was used is retired and
replaced; exhibitors with this option and no quote yet get the new price.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.models import SalesDocument, SalesLine
from salon.billing.rules import sales as rules
from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    NegotiatedLine,
    PriceItem,
    WantedOption,
)
from salon.exhibitors.services.prices import Price, insert_price
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry

APPLYING = (ApplicationStatus.DRAFT, ApplicationStatus.CHANGES_ASKED)


def add_price(act: FairAct, price: Price) -> PriceItem:
    """Add a price at the end of the list. Raises PriceCodeTaken."""
    with act.transaction(act.edition) as session:
        item = insert_price(session, act.edition.id, price)
        write_entry(
            session, act.actor, BillingAction.PRICE_ADDED, f"price:{item.id}", code=item.code
        )
    return item


def change_price(act: Act, item_id: int, price: Price) -> PriceItem:
    """Change a price; retire and replace it if it was used. Its code and unit stay.

    Raises PriceRetired.
    """
    item = current_session().get_one(PriceItem, item_id)
    with act.transaction(item) as session:
        if item.retired_at is not None:
            raise rules.PriceRetired
        if not _is_used(session, item):
            for name, value in asdict(price).items():
                if name not in ("code", "unit"):
                    setattr(item, name, value)
            write_entry(
                session, act.actor, BillingAction.PRICE_CHANGED, f"price:{item.id}", code=item.code
            )
            return item
        code = item.code
        _retire(item, act.now)
        session.flush()
        values = {**asdict(price), "code": code, "unit": item.unit}
        replacing = PriceItem(edition_id=item.edition_id, rank=item.rank, **values)
        session.add(replacing)
        session.flush()
        _renew_version_of_applicants(session, item)
        session.execute(
            update(WantedOption)
            .where(WantedOption.price_item_id == item.id)
            .values(price_item_id=replacing.id)
        )
        session.execute(
            update(NegotiatedLine)
            .where(NegotiatedLine.item_id == item.id, NegotiatedLine.withdrawn_at.is_(None))
            .values(item_id=replacing.id)
        )
        write_entry(
            session,
            act.actor,
            BillingAction.PRICE_REPLACED,
            f"price:{replacing.id}",
            code=code,
            was=f"{item.id}",
        )
    return replacing


def _renew_version_of_applicants(session: Session, item: PriceItem) -> None:
    """Make stale the open pages of applicants with this option: they name the former price, and
    would be read as a page without the option."""
    with_option = select(WantedOption.exhibitor_id).where(WantedOption.price_item_id == item.id)
    session.execute(
        update(Exhibitor)
        .where(Exhibitor.status.in_(APPLYING), Exhibitor.id.in_(with_option))
        .values(version=Exhibitor.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def retire_price(act: Act, item_id: int) -> None:
    """Retire a price; exhibitors with this option keep it. Raises PriceRetired."""
    item = current_session().get_one(PriceItem, item_id)
    with act.transaction(item) as session:
        if item.retired_at is not None:
            raise rules.PriceRetired
        write_entry(
            session, act.actor, BillingAction.PRICE_RETIRED, f"price:{item.id}", code=item.code
        )
        _retire(item, act.now)


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
