"""Addresses that want no message sent to many: the one list that every mailing asks.

An address is stored by its SHA-256 alone: it cannot be read back, and neither an import nor an
erasure takes it off the list.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model, UtcDateTime, current_session, upsert
from salon.platform.web.access import settings
from salon.platform.words.email_addresses import email_key_of
from salon.platform.words.labels import LabelledEnum

UNSUBSCRIBE_PATH = "/courriels/arreter/"
"""Beginning of the path of the page that stops the messages sent to many."""


class OppositionSource(LabelledEnum):
    LINK = "link", "par le lien d’un courriel"
    INVITATION = "invitation", "sur la page d’une invitation"
    ORGANISER = "organiser", "par l’organisation"
    IMPORT = "import", "par une liste importée"


class Opposition(Model):
    """An address that wants no message sent to many, by its hash; `source`: where that was said."""

    __tablename__ = "mail_oppositions"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[OppositionSource]
    opposed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def address_hash(address: str) -> str:
    """Return the SHA-256 of an address as compared."""
    return hashlib.sha256(email_key_of(address).encode()).hexdigest()


def opposed(addresses: Collection[str]) -> frozenset[str]:
    """Return those of these addresses that want no message sent to many."""
    hashes = {address: address_hash(address) for address in addresses}
    statement = select(Opposition.address_hash)
    listed = statement.where(Opposition.address_hash.in_(set(hashes.values())))
    oppositions = set(current_session().scalars(listed))
    return frozenset(address for address, key in hashes.items() if key in oppositions)


def find_opposition(hash_of_address: str) -> Opposition | None:
    return current_session().get(Opposition, hash_of_address)


def count_oppositions() -> int:
    """Return the number of addresses on the list."""
    return current_session().scalar(select(func.count()).select_from(Opposition)) or 0


def oppose(session: Session, address: str, source: OppositionSource, at: datetime) -> bool:
    """Put an address on the list; return whether it was not there. Idempotent."""
    return oppose_hash(session, address_hash(address), source, at)


def oppose_hash(
    session: Session, hash_of_address: str, source: OppositionSource, at: datetime
) -> bool:
    """Put the address of this hash on the list (see `oppose`)."""
    statement = (
        upsert(Opposition)
        .values(address_hash=hash_of_address, source=source, opposed_at=at)
        .on_conflict_do_nothing()
        .returning(Opposition.address_hash)
    )
    return session.scalar(statement) is not None


def readmit(session: Session, hash_of_address: str) -> bool:
    """Take the address of this hash off the list; return whether it was there. Idempotent."""
    statement = delete(Opposition).where(Opposition.address_hash == hash_of_address)
    return session.scalar(statement.returning(Opposition.address_hash)) is not None


def unsubscribe_token(address: str) -> str:
    """Return the signed hash of an address, which its messages carry: it cannot be guessed, and
    does not say the address."""
    return _signer().sign(base64_encode(bytes.fromhex(address_hash(address)))).decode()


def hash_of_token(token: str) -> str | None:
    """Return the hash that a token carries; None for one that we did not sign."""
    try:
        return base64_decode(_signer().unsign(token)).hex()
    except BadData:
        return None


def _signer() -> Signer:
    keys = [*settings().secret_key_fallbacks, settings().secret_key]
    return Signer(keys, salt="unsubscribe")
