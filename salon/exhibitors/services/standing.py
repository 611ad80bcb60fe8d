"""Follow the standing of the fair: exhibitors and applicants are told."""

from sqlalchemy.orm import Session

from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.services.days import exhibitors_in, tell_contacts
from salon.platform.database.consequences import Consequence, Consequences, Follower, StandingChange

UNDECIDED = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.CHANGES_ASKED,
    ApplicationStatus.WAITING,
    ApplicationStatus.OFFERED,
)


class ExhibitorsStandingFollower(Follower[StandingChange]):
    """Applications and stands stay as they are; reminders read the standing themselves."""

    name = "exhibitors"

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        accepted = exhibitors_in(session, change.edition_id, [ApplicationStatus.ACCEPTED])
        applicants = exhibitors_in(session, change.edition_id, UNDECIDED)
        recipients = [*accepted, *applicants]
        standing = change.after.value
        tell_contacts(session, change, recipients, "exhibitor_standing_changed", standing=standing)
        return [
            Consequence(change.fate, "Exposants", [exhibitor.name for exhibitor in accepted]),
            Consequence(change.fate, "Candidatures", [exhibitor.name for exhibitor in applicants]),
        ]
