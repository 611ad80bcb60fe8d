"""Whether the clock of the server may be wrong: the journal says when people used the service.

Time alone destroys nothing, lapses no offer, reminds nobody and dates no invoice while it may be.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, null, or_, select

from salon.platform.database.db import current_session
from salon.platform.database.demonstration_state import lives_as_demonstration
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.words.formats import short_day

LATELY = timedelta(days=30)
"""The service is used at least once in this time."""
PROVES_NOTHING = timedelta(days=1)
"""Who signs in under a wrong clock writes an act at its time: the last day is no evidence."""


def clock_doubt(real_now: datetime) -> str:
    """Return why the clock may be wrong, "" when it is believed.

    It is believed when people acted in the month before the last day, and on a database where they
    acted only since. A demonstration moves its clock as it likes.
    """
    if lives_as_demonstration():
        return ""
    since, until = real_now - LATELY, real_now - PROVES_NOTHING
    acts = select(JournalEntry.at).where(JournalEntry.actor != SYSTEM.key)
    is_lately = JournalEntry.at.between(since, until)
    is_far = or_(JournalEntry.at < since, JournalEntry.at > real_now + PROVES_NOTHING)
    latest_far = acts.where(is_far).order_by(JournalEntry.id.desc()).limit(1)
    # One statement, since the worker asks before each of its tasks.
    act_at = current_session().scalar(
        select(case((acts.where(is_lately).exists(), null()), else_=latest_far.scalar_subquery()))
    )
    if act_at is None:
        return ""
    return (
        f"L’horloge du serveur dit le {short_day(real_now)}, et le dernier acte du journal est du "
        f"{short_day(act_at)}. Si elle est juste, une connexion suffit et tout reprend demain ; "
        "sinon, faites-la régler."
    )
