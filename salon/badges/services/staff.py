"""A stand names its people, within its quota, until the day before the fair."""

from dataclasses import replace
from datetime import datetime

from salon.badges import queries, rules
from salon.badges.models import Category
from salon.badges.services.changes import cancel_attendee, cancel_in, replace_attendee
from salon.badges.services.person import Person
from salon.badges.services.registration import add_attendee, new_group
from salon.badges.services.telling import tell_person
from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.exhibitors import get_exhibitor, terms_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.platform.db import transaction
from salon.platform.identity import SYSTEM, Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission


def add_staff(exhibitor_id: int, person: Person, key: str, now: datetime, by: Identity) -> int:
    """One more person on a stand, with an exhibitor's badge sent to them; answers who.

    The row of the exhibitor is locked: the quota holds whoever adds at the same time. The same
    `key` again has no effect. Raises TeamClosed, TeamFull, AlreadyInTeam, NotExhibiting.
    """
    edition = queries.get_edition()
    rules.check_team_is_open(edition.days[0].day_on, now)
    exhibitor, terms = get_exhibitor(exhibitor_id), terms_of(edition)
    person = replace(person, exhibitor_id=exhibitor_id, category=Category.EXHIBITOR)
    with transaction(exhibitor) as session:
        earlier = claim_submission(session, key, {"stand": exhibitor_id, "email": person.email})
        if earlier is not None:
            return int(earlier)
        rules.check_is_exhibiting(exhibitor.status == ApplicationStatus.ACCEPTED)
        size = queries.count_staff(exhibitor_id)
        rules.check_team_has_room(size, staff_quota_of(exhibitor, terms))
        group = new_group(session, edition.id, person.email, now)
        attendee, is_new = add_attendee(session, group, person, now, by)
        if not is_new:
            raise rules.AlreadyInTeam
        tell_person(session, "staff_named", attendee, stand=exhibitor.name)
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(session, by, "exhibitor.staff_added", subject, attendee=attendee.id)
        settle_submission(session, key, str(attendee.id))
    return attendee.id


def replace_staff(
    exhibitor_id: int, attendee_id: int, person: Person, key: str, now: datetime, by: Identity
) -> int:
    """Somebody else takes the place of a person of the stand; answers who.

    Raises TeamClosed, NotExhibiting, AlreadyInTeam, NoLongerRegistered; NoResultFound for another
    stand's.
    """
    absent = queries.get_staff(exhibitor_id, attendee_id)
    return replace_attendee(absent.id, person, key, now, by)


def remove_staff(exhibitor_id: int, attendee_id: int, now: datetime, by: Identity) -> None:
    """A person leaves the stand's team; their badge no longer lets in. Twice is as once.

    Raises TeamClosed; NoResultFound for another stand's.
    """
    absent = queries.get_staff(exhibitor_id, attendee_id)
    rules.check_team_is_open(queries.get_edition().days[0].day_on, now)
    cancel_attendee(absent.id, now, by)


def revoke_orphans(now: datetime) -> int:
    """The people of stands that exhibit no more lose their badge; answers how many (worker)."""
    revoked = 0
    for exhibitor in queries.exhibitors_gone_with_staff():
        team = queries.staff_of(exhibitor.id)
        with transaction(*team, exhibitor) as session:
            if exhibitor.status == ApplicationStatus.ACCEPTED:
                continue
            for attendee in team:
                revoked += cancel_in(session, attendee, now, SYSTEM)
    return revoked
