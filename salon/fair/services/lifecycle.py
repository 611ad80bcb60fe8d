"""The acts that change the state of an edition; each is undone by another."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair import queries
from salon.fair.models import Edition, EditionState
from salon.fair.rules.lifecycle import EditionAct, check_act_is_allowed, state_once_replaced
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import digest_of
from salon.platform.database.versions import check_version
from salon.platform.settings.clock import now

STATES = {
    EditionAct.WITHDRAW: EditionState.DRAFT,
    EditionAct.HOLD: EditionState.HELD,
    EditionAct.CLOSE: EditionState.CLOSED,
    EditionAct.REOPEN: EditionState.HELD,
}
ENTRIES = {
    EditionAct.OPEN: "edition.opened",
    EditionAct.WITHDRAW: "edition.withdrawn",
    EditionAct.HOLD: "edition.held",
    EditionAct.CLOSE: "edition.closed",
    EditionAct.REOPEN: "edition.reopened",
}


def stamp_of(editions: Sequence[Edition]) -> str:
    """Return a digest of the states of all editions (optimistic lock)."""
    states = {edition.slug: [edition.state, bool(edition.is_current)] for edition in editions}
    return digest_of(states)


def change_state(
    edition: Edition, act: EditionAct, stamp_read: str, actor: Identity, at: datetime
) -> None:
    """Change the state of an edition as it was read. Raises StaleVersion, EditionActRefused."""
    all_editions = queries.editions()
    with transaction(*all_editions) as session:
        check_version(stamp_read, stamp_of(all_editions))
        check_act_is_allowed(edition, act, at)
        _apply(session, all_editions, edition, act, actor, at)


def open_edition(edition_id: int, actor: Identity) -> None:
    """Make an edition the public one, in place of any other, whatever its state."""
    all_editions = queries.editions()
    with transaction(*all_editions) as session:
        edition = session.get_one(Edition, edition_id)
        _apply(session, all_editions, edition, EditionAct.OPEN, actor, now())


def _apply(
    session: Session,
    all_editions: Sequence[Edition],
    edition: Edition,
    act: EditionAct,
    actor: Identity,
    at: datetime,
) -> None:
    if act == EditionAct.OPEN:
        for other_edition in all_editions:
            if other_edition.is_current and other_edition is not edition:
                other_edition.state = state_once_replaced(other_edition, at)
                other_edition.is_current = None
        session.flush()
        edition.state, edition.is_current = EditionState.OPEN, True
    else:
        edition.state = STATES[act]
        if act == EditionAct.WITHDRAW:
            edition.is_current = None
    write_entry(session, actor, ENTRIES[act], f"edition:{edition.id}", slug=edition.slug)
