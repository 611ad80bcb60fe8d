"""Facts about a whole installation, stored in its database: one row each.

They travel with the database: a copy or a restored backup carries them.
"""

from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model, UtcDateTime, current_session, transaction
from salon.platform.settings.clock import real_now
from salon.platform.settings.logs import log

DEMONSTRATION = "demonstration"
"""The database was made by `seed`: its accounts and their passwords are public."""
BACKUP = "backup"
"""A backup was written, to the file that the value names."""
DRILL = "restore_drill"
"""A backup, which the value names, was restored aside and compared."""

MAIL_HELD = "mail_held"
"""The database was restored: its mail is held until an organiser lets it leave."""


class Mark(Model):
    """One fact: its name, since when, and a value where there is one."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


def write_mark(session: Session, name: str, value: str = "") -> None:
    """Write or replace a mark inside the caller's transaction."""
    session.merge(Mark(name=name, value=value, written_at=real_now()))


def note_done(name: str, value: str) -> None:
    """Record what a command did; where the database takes no write, it is done all the same."""
    try:
        with transaction() as session:
            write_mark(session, name, value)
    except DBAPIError as error:
        log.warning("the date of %s is not recorded", name, exc_info=error)


def find_mark(name: str) -> Mark | None:
    return current_session().get(Mark, name)
