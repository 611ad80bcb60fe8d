"""Take a merge back: each registration has its badge and its rows again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.models import Appointment, BookingSettings
from salon.appointments.services.merging import book_again, give_times_back, retake_places
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.models import Attendee, AttendeeStatus, Badge, Consent, MergedPerson
from salon.badges.queries import find_valid_badge, get_badge
from salon.badges.services.registration import is_same_person
from salon.badges.services.restoring import make_valid
from salon.badges.services.telling import notify_person
from salon.duplicates import queries, rules
from salon.duplicates.actions import DuplicateAction
from salon.duplicates.services.merging import MOVED, give_rows, set_fields
from salon.fair.services.acts import FairAct
from salon.kiosk.models import PrintJob
from salon.platform.database.act import Act
from salon.platform.database.db import violates
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import call_off_about
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import short_moment


def separate_people(act: FairAct, attendee_id: int) -> list[Attendee]:
    """Take back the merge of this registration and of those merged with it; return them.

    What changed since on the kept registration stays there. Raises NotMerged, PersonErased,
    KeptRegistrationEnded, MergedAgainSince, RegisteredAgain, InvitationIsFull, TimeTaken.
    """
    settings = get_or_create_settings(act.edition)
    merges = queries.merged_with(attendee_id)
    people = [person for merge in merges for person in (merge.attendee, merge.kept)]
    badge_ids = [number for merge in merges for number in merge.moved.get("badges", ())]
    badges = [get_badge(number) for number in badge_ids]
    try:
        with act.transaction(settings, *dict.fromkeys(people), *badges) as session:
            merges = queries.merged_with(attendee_id)
            rules.check_is_merged(len(merges))
            former, kept = [merge.attendee for merge in merges], merges[0].kept
            statuses = [person.status for person in former]
            rules.check_can_separate(kept.status, statuses, queries.is_last_merge(merges[0]))
            had_left = call_off_about(session, f"attendee:{kept.id}", "merged")
            for merge in reversed(merges):
                _give_fields_back(kept, merge)
                session.flush()
            for merge in merges:
                _give_back(act, session, merge)
            for merge in merges:
                for appointment_id in merge.ended.get("appointments", []):
                    _book_again(session, appointment_id, settings, act.now)
                session.delete(merge)
            replaced = [person.id for person in former]
            subject = f"attendee:{kept.id}"
            write_entry(
                session, act.actor, DuplicateAction.ATTENDEE_SEPARATED, subject, replaced=replaced
            )
            for person in former if had_left else ():
                notify_person(session, "registration", person)
    except IntegrityError as error:
        _explain(error)
    return former


def _explain(error: IntegrityError) -> None:
    """Raise the rule that the database refused, else the error itself."""
    if is_same_person(error):
        raise rules.RegisteredAgain from None
    if violates(error, "invitation_quota"):
        raise rules.InvitationIsFull from None
    raise error


def _give_fields_back(kept: Attendee, merge: MergedPerson) -> None:
    """Give the kept registration its own fields back; one changed since keeps what it has."""
    former_values = {
        name: before
        for name, (before, after) in merge.brought.items()
        if getattr(kept, name) == after
    }
    set_fields(kept, former_values)


def _give_back(act: Act, session: Session, merge: MergedPerson) -> None:
    """Give a registration its rows, its status and its badge back."""
    person, kept_id, moved, ended = merge.attendee, merge.kept_id, merge.moved, merge.ended
    person.status, person.replaced_by_id = AttendeeStatus.REGISTERED, None
    session.flush()
    give_times_back(session, moved, kept_id, person.id)
    for column in MOVED:
        ids = moved.get(column.class_.__tablename__, [])
        give_rows(session, column, _still_at(session, column, ids, kept_id), person.id)
    _give_print_jobs_back(session, moved.get("print_jobs", []), kept_id, ended.get("badges", []))
    _end_copies(session, moved.get("consents", []), person, act.now)
    retake_places(session, ended)
    for badge_id in ended.get("badges", []):
        badge = session.get_one(Badge, badge_id)
        if badge.is_merged:
            make_valid(act, session, badge)
    write_entry(session, act.actor, DuplicateAction.ATTENDEE_SEPARATED, f"attendee:{person.id}")
    session.flush()


def _still_at(
    session: Session, column: InstrumentedAttribute[object], ids: Sequence[int], kept_id: int
) -> list[int]:
    """Return those of these rows that nobody gave to somebody else since."""
    statement = select(column.class_.id).where(column.class_.id.in_(ids), column == kept_id)
    return list(session.scalars(statement))


def _give_print_jobs_back(
    session: Session, ids: Sequence[int], kept_id: int, badge_ids: Sequence[int]
) -> None:
    present = find_valid_badge(kept_id)
    if present is None or not badge_ids:
        return
    waiting = select(PrintJob.id).where(
        PrintJob.id.in_(ids), PrintJob.done_at.is_(None), PrintJob.badge_id == present.id
    )
    give_rows(session, PrintJob.badge_id, list(session.scalars(waiting)), badge_ids[0])


def _end_copies(session: Session, ids: Sequence[int], person: Attendee, now: datetime) -> None:
    """End the consents that were written again; one withdrawn since is withdrawn for both."""
    own = {consent.purpose: consent for consent in person.consents if not consent.withdrawn_at}
    for copy in session.scalars(select(Consent).where(Consent.id.in_(ids))).all():
        if copy.withdrawn_at is None:
            copy.withdrawn_at = now
        elif copy.purpose in own:
            own[copy.purpose].withdrawn_at = copy.withdrawn_at


def _book_again(
    session: Session, appointment_id: int, settings: BookingSettings, now: datetime
) -> None:
    appointment = session.get_one(Appointment, appointment_id)
    try:
        book_again(session, appointment, settings, now)
    except RuleBroken:
        words = f"{appointment.theme.name}, {short_moment(appointment.starts_at)}"
        raise rules.TimeTaken(words) from None
