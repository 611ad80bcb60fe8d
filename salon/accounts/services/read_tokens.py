"""Creation, use and revocation of the tokens by which other services read an edition."""

import secrets
from datetime import date, datetime

from sqlalchemy import or_, update

from salon.accounts.actions import AccountAction
from salon.accounts.models import ReadToken
from salon.accounts.queries import digest, get_read_token
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.settings.clock import real_now

PREFIX = "lecture-"
"""First letters of each token: it is recognised where it leaks, and told from a station's."""


def make_read_token(
    act: Act, edition_id: int, name: str, expires_at: datetime, submission_key: str
) -> tuple[ReadToken, str | None]:
    """Create a token; return its row and the secret, which only its hash remembers.

    The secret is None when this form was sent before: its first answer showed it.
    """
    content = {"edition": edition_id, "name": name, "expires_at": expires_at}
    with act.transaction() as session:
        earlier = earlier_row(session, ReadToken, submission_key, content)
        if earlier is not None:
            return earlier, None
        secret = PREFIX + secrets.token_urlsafe(32)
        row = ReadToken(
            edition_id=edition_id,
            name=name,
            token_hash=digest(secret),
            created_at=real_now(),
            expires_at=expires_at,
        )
        save_new_row(session, submission_key, row)
        subject = f"read_token:{row.id}"
        write_entry(
            session,
            act.actor,
            AccountAction.READ_TOKEN_CREATED,
            subject,
            name=name,
            until=expires_at.isoformat(),
        )
    return row, secret


def revoke_read_token(act: Act, edition_id: int, token_id: int) -> ReadToken:
    """Revoke a token for good. Idempotent."""
    token = get_read_token(edition_id, token_id)
    with act.transaction(token) as session:
        if token.revoked_at is None:
            token.revoked_at = real_now()
            subject = f"read_token:{token.id}"
            write_entry(
                session, act.actor, AccountAction.READ_TOKEN_REVOKED, subject, name=token.name
            )
    return token


def note_use(token_id: int, day: date) -> None:
    """Save the last day on which a token was used."""
    is_earlier = or_(ReadToken.last_used_on.is_(None), ReadToken.last_used_on < day)
    with transaction() as session:
        session.execute(
            update(ReadToken)
            .where(ReadToken.id == token_id, is_earlier)
            .values(last_used_on=day)
            .execution_options(synchronize_session=False)
        )
