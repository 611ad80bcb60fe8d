"""Staff of a stand, within its quota, until the day before the fair."""

from dataclasses import replace
from datetime import datetime

from salon.badges import queries, rules
from salon.badges.models import Category
from salon.badges.services.changes import cancel_attendee, cancel_in, replace_attendee
from salon.badges.services.person import Person
from salon.badges.services.registration import add_attendee, new_group
from salon.badges.services.telling import notify_person
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.exhibitors import get_exhibitor, terms_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.fair.models import EditionState
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission


def add_staff(act: Act, exhibitor_id: int, person: Person, key: str) -> int:
    """Add a person to a stand and mail them an exhibitor's badge; return their id.

    The exhibitor's row is locked, so that concurrent additions respect the quota. Idempotent for
    the same `key`. Raises TeamClosed, TeamFull, AlreadyInTeam, NotExhibiting.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    edition = exhibitor.edition
    rules.check_team_is_open(edition.days[-1].day_on, act.now)
    terms = terms_of(edition)
    person = replace(person, exhibitor_id=exhibitor_id, category=Category.EXHIBITOR)
    with act.transaction(exhibitor) as session:
        earlier = claim_submission(session, key, {"stand": exhibitor_id, "email": person.email})
        if earlier is not None:
            return int(earlier)
        rules.check_is_exhibiting(exhibitor.status == ApplicationStatus.ACCEPTED)
        size = queries.count_staff(exhibitor_id)
        rules.check_team_has_room(size, staff_quota_of(exhibitor, terms))
        group = new_group(session, edition.id, person.email, act.now)
        attendee, is_new = add_attendee(act, session, group, person)
        if not is_new:
            raise rules.AlreadyInTeam
        notify_person(session, "staff_named", attendee, stand=exhibitor.name)
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(session, act.actor, ExhibitorAction.STAFF_ADDED, subject, attendee=attendee.id)
        settle_submission(session, key, str(attendee.id))
    return attendee.id


def replace_staff(act: Act, exhibitor_id: int, attendee_id: int, person: Person, key: str) -> int:
    """Replace a person of the stand by another; return the new person's id.

    Raises TeamClosed, NotExhibiting, AlreadyInTeam, NoLongerRegistered; NoResultFound for another
    stand's.
    """
    absent = queries.get_staff(exhibitor_id, attendee_id)
    return replace_attendee(act, absent.id, person, key)


def remove_staff(act: Act, exhibitor_id: int, attendee_id: int) -> None:
    """Remove a person from the stand's team and revoke their badge. Idempotent.

    Raises TeamClosed; NoResultFound for another stand's.
    """
    absent = queries.get_staff(exhibitor_id, attendee_id)
    rules.check_team_is_open(queries.edition_of(absent).days[-1].day_on, act.now)
    cancel_attendee(act, absent.id)


def revoke_orphans(now: datetime) -> int:
    """Revoke the badges of the staff of stands no longer accepted; return how many (worker)."""
    revoked = 0
    for exhibitor in queries.former_exhibitors_with_staff():
        if exhibitor.edition.state == EditionState.CLOSED:
            continue
        team = queries.staff_of(exhibitor.id)
        with transaction(*team, exhibitor) as session:
            if exhibitor.status == ApplicationStatus.ACCEPTED:
                continue
            for attendee in team:
                revoked += cancel_in(Act(SYSTEM, now), session, attendee)
    return revoked
