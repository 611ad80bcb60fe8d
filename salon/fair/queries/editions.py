"""Editions, and the words of their messages."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from salon.fair.models import Edition, EditionState, MailSettings
from salon.platform.database.db import current_session
from salon.platform.database.foreign_keys import owner_key
from salon.platform.mail.wording import MailChoices

WITH_DAYS = joinedload(Edition.days)


PUBLIC = select(Edition).where(Edition.is_current.is_(True)).options(WITH_DAYS)


def find_public_edition() -> Edition | None:
    """Return the edition that the public sees, with its days."""
    return current_session().scalars(PUBLIC).unique().one_or_none()


def get_public_edition() -> Edition:
    """Return the public edition; raise NoResultFound before any edition is open."""
    return current_session().scalars(PUBLIC).unique().one()


def get_edition(slug: str) -> Edition:
    """Return the edition of a slug with its days."""
    statement = select(Edition).where(Edition.slug == slug).options(WITH_DAYS)
    return current_session().scalars(statement).unique().one()


def get_edition_by_id(edition_id: int) -> Edition:
    """Return an edition with its days."""
    statement = select(Edition).where(Edition.id == edition_id).options(WITH_DAYS)
    return current_session().scalars(statement).unique().one()


def find_edition(slug: str) -> Edition | None:
    """Return the edition of a slug with its days, or None."""
    statement = select(Edition).where(Edition.slug == slug).options(WITH_DAYS)
    return current_session().scalars(statement).unique().one_or_none()


def find_edition_of_row(
    columns: Sequence[InstrumentedAttribute[object]], value: object
) -> Edition | None:
    """Return the edition, with its days, of the row that has this value in one of these unique
    columns, or None."""
    rows = current_session().scalars(_statement_of_row(tuple(columns)), {"value": value})
    return rows.unique().first()


@lru_cache
def _statement_of_row(columns: tuple[InstrumentedAttribute[object], ...]) -> Select[Edition]:
    table = Edition.metadata.tables["editions"]
    keys = [
        owner_key(column.expression.table, table).where(column == bindparam("value"))
        for column in columns
    ]
    return select(Edition).where(Edition.id.in_(union_all(*keys))).options(WITH_DAYS)


def live_editions() -> list[Edition]:
    """Return the editions that are not closed, the latest first: their work goes on."""
    statement = select(Edition).where(Edition.state != EditionState.CLOSED).options(WITH_DAYS)
    live = current_session().scalars(statement).unique()
    return sorted(live, key=lambda edition: edition.starts_at, reverse=True)


def confirmed_editions() -> list[Edition]:
    """Return the live editions whose days hold: neither postponed nor cancelled."""
    return [edition for edition in live_editions() if edition.is_as_planned]


def awaited_editions() -> list[Edition]:
    """Return the confirmed editions that were not held yet: people still come to them."""
    return [edition for edition in confirmed_editions() if edition.state != EditionState.HELD]


def editions() -> Sequence[Edition]:
    """Return every edition with its days, the latest first."""
    all_editions = current_session().scalars(select(Edition).options(WITH_DAYS)).unique()
    return sorted(all_editions, key=lambda edition: edition.starts_at, reverse=True)


def find_mail_settings(edition_id: int) -> MailSettings | None:
    return current_session().get(MailSettings, edition_id)


def find_mail_choices(edition_id: int) -> MailChoices:
    """Return the organiser's words for the messages of an edition; the product's own by default."""
    row = find_mail_settings(edition_id)
    if row is None:
        return MailChoices()
    return MailChoices(row.sender_name, row.reply_to, row.signature, row.texts)


def editions_before(edition: Edition) -> list[Edition]:
    """Return the editions held earlier than `edition`, the latest first."""
    return [
        earlier
        for earlier in editions()
        if earlier.starts_at < edition.starts_at and earlier.state != EditionState.DRAFT
    ]
