"""An act: who changes something, at what moment, and whether its mail is held.

A view, a job or a command opens it and hands it to a service as its first argument.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.settings import clock

MAIL_HOLD = "mail_hold"
"""Key of a session: the hold of the act whose transaction is under way."""


@dataclass
class MailHold:
    """A request of a signed-in person, whose messages are held and called off together."""

    author: Identity
    duration: timedelta
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    has_held: bool = False


@dataclass(frozen=True)
class Act:
    """`actor` changes something at `now`, the fair's time; without `hold` messages leave at once.

    `salon.fair.services.acts.FairAct` is an act in one edition.
    """

    actor: Identity
    now: datetime = field(default_factory=clock.now)
    hold: MailHold | None = None

    @contextmanager
    def transaction(self, *locked: object, is_durable: bool = True) -> Iterator[Session]:
        """Write as `db.transaction` does; the messages posted meanwhile are held as the act's."""
        with transaction(*locked, is_durable=is_durable) as session:
            session.info[MAIL_HOLD] = self.hold
            try:
                yield session
            finally:
                del session.info[MAIL_HOLD]


def mail_hold_of(session: Session) -> MailHold | None:
    """Return the hold of the act whose transaction is under way; None outside one."""
    hold: MailHold | None = session.info.get(MAIL_HOLD)
    return hold
