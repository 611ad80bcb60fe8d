"""Follow a change of place: contacts of the exhibitors told, texts to reread."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.exhibitors.models import ApplicationStatus, ExhibitorTerms
from salon.exhibitors.services.days import exhibitors_in, tell_contacts, texts_to_reread
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    PlaceChange,
)


class ExhibitorsPlaceFollower(Follower[PlaceChange]):
    """The accepted exhibitors keep their stand: the plan of the halls is theirs."""

    name = "exhibitors"

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        statement = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == change.edition_id)
        terms = session.scalar(statement)
        consequences = [] if terms is None else [*texts_to_reread(terms)]
        if change.is_past:
            return consequences
        accepted = exhibitors_in(session, change.edition_id, [ApplicationStatus.ACCEPTED])
        before = change.former_label
        tell_contacts(session, change, accepted, "exhibitor_place_changed", before=before)
        names = [exhibitor.name for exhibitor in accepted]
        return [Consequence(Fate.UPDATED, "Exposants", names), *consequences]
