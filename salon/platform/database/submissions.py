"""Idempotency of forms: one key, one effect, one page, for 48 hours.

`claim_submission` is called first inside the service's transaction. A second transaction with the
same key waits for the first and then gets its result (the unique key decides, not a check).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model, UtcDateTime, upsert
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import RuleBroken

KEPT_HOURS = 48
Row = TypeVar("Row")


class Identified(Protocol):
    """A row whose id is its own number."""

    @property
    def id(self) -> int: ...


class SubmissionDiffers(RuleBroken):
    status = 422
    message = (
        "Ce formulaire a déjà été envoyé avec d’autres réponses. "
        "Rechargez la page pour faire un nouvel envoi."
    )


class Submission(Model):
    """A form that was sent: its key, the digest of its content, and its result."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def digest_of(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of a form's content."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def claim_submission(session: Session, key: str, content: Mapping[str, object]) -> str | None:
    """Claim `key`; return None when it is new, else the result of its first sending.

    An empty key is no form's: it is always new. Raises SubmissionDiffers when the same key comes
    back with another content.
    """
    if not key:
        return None
    digest = digest_of(content)
    claimed_key = session.scalar(
        upsert(Submission)
        .values(key=key, digest=digest, result="", created_at=real_now())
        .on_conflict_do_nothing()
        .returning(Submission.key)
    )
    if claimed_key is not None:
        return None
    earlier = session.scalars(select(Submission).where(Submission.key == key)).one()
    if earlier.digest != digest:
        raise SubmissionDiffers
    return earlier.result


def earlier_row(
    session: Session, table: type[Row], key: str, content: Mapping[str, object]
) -> Row | None:
    """Claim `key`; return the row that its first sending made, None when it is new.

    The result of the first sending is the row's id. Raises SubmissionDiffers.
    """
    earlier = claim_submission(session, key, content)
    return None if earlier is None else session.get_one(table, int(earlier))


def settle_submission(session: Session, key: str, result: str) -> None:
    """Save the result that a second sending of `key` will get."""
    if key:
        session.execute(update(Submission).where(Submission.key == key).values(result=result))


def save_new_row(session: Session, key: str, row: Identified) -> None:
    """Insert a row, whose id is the result of its sending."""
    session.add(row)
    session.flush()
    settle_submission(session, key, str(row.id))
