"""The acts that change the state of an edition; each is undone by another."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from salon.fair import queries
from salon.fair.actions import FairAction
from salon.fair.models import Edition, EditionState
from salon.fair.rules.lifecycle import EditionAct, check_act_is_allowed, state_once_replaced
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import digest_of
from salon.platform.database.versions import check_version

STATES = {
    EditionAct.WITHDRAW: EditionState.DRAFT,
    EditionAct.HOLD: EditionState.HELD,
    EditionAct.CLOSE: EditionState.CLOSED,
    EditionAct.REOPEN: EditionState.HELD,
}
ENTRIES = {
    EditionAct.OPEN: FairAction.EDITION_OPENED,
    EditionAct.WITHDRAW: FairAction.EDITION_WITHDRAWN,
    EditionAct.HOLD: FairAction.EDITION_HELD,
    EditionAct.CLOSE: FairAction.EDITION_CLOSED,
    EditionAct.REOPEN: FairAction.EDITION_REOPENED,
}


def stamp_of(editions: Sequence[Edition]) -> str:
    """Return a digest of the states of all editions (optimistic lock)."""
    states = {edition.slug: [edition.state, bool(edition.is_current)] for edition in editions}
    return digest_of(states)


def change_state(act: FairAct, decision: EditionAct, stamp_read: str) -> None:
    """Change the state of an edition as it was read. Raises StaleVersion, EditionActRefused."""
    all_editions = queries.editions()
    with act.transaction(*all_editions) as session:
        check_version(stamp_read, stamp_of(all_editions))
        check_act_is_allowed(act.edition, decision, act.now)
        _apply(act, session, all_editions, decision)


def open_edition(act: Act, edition_id: int) -> None:
    """Make an edition the public one, in place of any other, whatever its state."""
    all_editions = queries.editions()
    with act.transaction(*all_editions) as session:
        edition = session.get_one(Edition, edition_id)
        _apply(FairAct.of(act, edition), session, all_editions, EditionAct.OPEN)


def _apply(
    act: FairAct, session: Session, all_editions: Sequence[Edition], decision: EditionAct
) -> None:
    if decision == EditionAct.OPEN:
        for other_edition in all_editions:
            if other_edition.is_current and other_edition is not act.edition:
                other_edition.state = state_once_replaced(other_edition, act.now)
                other_edition.is_current = None
        session.flush()
        act.edition.state, act.edition.is_current = EditionState.OPEN, True
    else:
        act.edition.state = STATES[decision]
        if decision == EditionAct.WITHDRAW:
            act.edition.is_current = None
    write_entry(
        session, act.actor, ENTRIES[decision], f"edition:{act.edition.id}", slug=act.edition.slug
    )
