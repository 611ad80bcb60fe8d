"""Restoring of cancelled registrations, removed staff and revoked badges."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries.registration_settings import places_of
from salon.badges.services.registration import is_same_person
from salon.badges.services.registration_settings import is_online, limits_of
from salon.badges.services.telling import notify_person
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import call_off_about
from salon.platform.web.limits import count_mail


def restore_attendee(act: Act, attendee_id: int) -> datetime | None:
    """Restore a cancelled registration with its badge; return when it was cancelled.

    None when it is already live or had no valid badge. The message of the cancellation is called
    off; the person gets a mail only if it had left. Raises NotCancelled, EditionOver,
    AlreadyRegistered, FollowsAgent; CancelledByOrganisers and TooMuchMail for the public;
    NotEnoughPlaces unless an organiser restores; for a stand's team NotExhibiting, and TeamClosed
    and TeamFull likewise.
    """
    attendee = queries.get_attendee(attendee_id)
    rules.check_is_not_an_agent(attendee.agent_id)
    stand, edition = queries.find_stand_of(attendee), queries.edition_of(attendee)
    try:
        with act.transaction(*filter(None, (attendee, stand)), *limits_of(edition)) as session:
            if attendee.status == AttendeeStatus.REGISTERED:
                return None
            rules.check_is_cancelled(attendee.status)
            if act.actor.role is None:
                cancelled_ids = queries.cancelled_by_holder([attendee.id])
                rules.check_holder_may_restore(attendee.id in cancelled_ids)
                rules.check_fair_takes_place(edition.is_cancelled)
                # Who registers others could cancel and restore them without end.
                count_mail(session, attendee.email)
            rules.check_edition_is_not_over(edition.ends_at, act.now)
            if stand is not None:
                _check_team(act, stand)
            elif is_online(act):
                rules.check_place_is_left(places_of(edition), attendee.category)
            attendee.status = AttendeeStatus.REGISTERED
            session.flush()
            badge = queries.find_badge_cancelled(attendee.id)
            cancelled_at = badge.revoked_at if badge is not None else None
            if badge is not None:
                make_valid(act, session, badge)
            write_entry(
                session, act.actor, BadgeAction.ATTENDEE_RESTORED, f"attendee:{attendee.id}"
            )
            _notify_restored(session, attendee, stand)
    except IntegrityError as error:
        if is_same_person(error):
            raise rules.AlreadyRegistered from None
        raise
    return cancelled_at


def restore_staff(act: Act, exhibitor_id: int, attendee_id: int) -> None:
    """Restore a removed person to the stand's team. Raises as `restore_attendee`."""
    attendee = queries.get_staff(exhibitor_id, attendee_id)
    restore_attendee(act, attendee.id)


def restore_badge(act: Act, badge_id: int) -> Badge:
    """Make a revoked badge valid again. Raises NoLongerRegistered, BadgeReplaced."""
    badge = queries.get_badge(badge_id)
    attendee = queries.get_attendee(badge.attendee_id)
    with act.transaction(attendee, badge) as session:
        if badge.revoked_at is None:
            return badge
        rules.check_is_registered(attendee.status)
        rules.check_has_no_other_badge(queries.find_valid_badge(attendee.id) is not None)
        make_valid(act, session, badge)
    return badge


def _check_team(act: Act, stand: Exhibitor) -> None:
    edition = stand.edition
    rules.check_is_exhibiting(stand.status == ApplicationStatus.ACCEPTED)
    if act.actor.role != Role.ORGANISER:
        rules.check_team_is_open(edition.days[-1].day_on, act.now)
        quota = staff_quota_of(stand, terms_of(edition))
        rules.check_team_has_room(len(queries.staff_of(stand.id)), quota)


def make_valid(act: Act, session: Session, badge: Badge) -> None:
    """Make a revoked badge valid again, in the caller's transaction."""
    badge.revoked_at = None
    badge.revoked_reason = ""
    session.flush()
    write_entry(session, act.actor, BadgeAction.RESTORED, f"badge:{badge.id}")


def _notify_restored(session: Session, attendee: Attendee, stand: Exhibitor | None) -> None:
    kind = "cancelled" if stand is None else "staff_removed"
    if not call_off_about(session, f"attendee:{attendee.id}", kind):
        return
    if stand is None:
        notify_person(session, "restored", attendee)
    else:
        notify_person(session, "staff_named", attendee, stand=stand.name)
