"""Single-use codes of links and of enrolments."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from salon.accounts.models import SingleUseCode
from salon.accounts.queries import digest
from salon.platform.settings.clock import real_now


def issue_code(
    session: Session,
    purpose: str,
    lifetime: timedelta,
    account_id: int | None = None,
    station_id: int | None = None,
) -> str:
    """Write a single-use code and return it; the former ones of its owner are void."""
    owner = (
        SingleUseCode.account_id == account_id
        if account_id
        else SingleUseCode.station_id == station_id
    )
    void_codes(session, owner, SingleUseCode.purpose == purpose)
    secret = secrets.token_urlsafe(24)
    add_code(session, purpose, secret, lifetime, account_id, station_id)
    return secret


def add_code(
    session: Session,
    purpose: str,
    secret: str,
    lifetime: timedelta,
    account_id: int | None = None,
    station_id: int | None = None,
) -> None:
    """Write a single-use code beside the former ones of its owner."""
    now = real_now()
    session.add(
        SingleUseCode(
            purpose=purpose,
            code_hash=digest(secret),
            account_id=account_id,
            station_id=station_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )


def void_codes(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Mark the unused codes that `conditions` selects as used."""
    unused = update(SingleUseCode).where(*conditions, SingleUseCode.used_at.is_(None))
    session.execute(unused.values(used_at=real_now()))
