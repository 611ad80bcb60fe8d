"""Mail of a database restored from a backup: held until an organiser lets it leave.

What waited in the backup has mostly left since; and a restore made to try writes to nobody. Only
what opens the door leaves, once it is asked for anew: a code, a password, an organiser's
invitation.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from salon.platform.database.db import current_session
from salon.platform.database.marks import MAIL_HELD, Mark

ACCESS = frozenset(
    {
        *("mail_check", "organiser_invited", "password_lost", "password_lost_colleague"),
        "sign_in_code",
    }
)


def mail_held_since() -> datetime | None:
    """Return when the database was restored whose mail is held; None when it leaves."""
    return current_session().scalar(select(Mark.written_at).where(Mark.name == MAIL_HELD))


def may_leave(
    kind: InstrumentedAttribute[str], created_at: InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    """Return the condition for messages that no restore holds."""
    held_since = select(Mark.written_at).where(Mark.name == MAIL_HELD).scalar_subquery()
    return or_(held_since.is_(None), and_(kind.in_(ACCESS), created_at > held_since))
