"""Use cases of the kiosk and of the print station. Leases run in real time, the rest in the fair's
time.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from salon.badges import services as badges
from salon.badges.actions import BadgeAction
from salon.badges.models import Badge, Printing
from salon.badges.queries import get_valid_badge
from salon.badges.services import Person
from salon.fair.services.acts import FairAct
from salon.kiosk import queries, rules
from salon.kiosk.models import PrintJob
from salon.platform.database.act import Act
from salon.platform.database.db import upsert
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import real_now


def ask_print(act: Act, badge_id: int, job_id: str, layout: str) -> PrintJob:
    """Add a badge to the print queue. Idempotent per `job_id`, the requesting device's own.

    Raises BadgeNoLongerValid, JobDiffers.
    """
    badge = queries.get_badge(badge_id)
    rules.check_badge_is_valid(queries.is_valid(badge))
    with act.transaction() as session:
        job, _ = _add_job(act, session, badge, job_id, layout)
    return job


def record_printing(act: Act, edition_id: int, code_hash: str, job_id: str, layout: str) -> bool:
    """Record that a kiosk printed a badge by itself, once for each `job_id`; return False when the
    code is not a badge of the edition.

    Raises JobDiffers.
    """
    badge = queries.find_badge_by_hash(edition_id, code_hash)
    if badge is None:
        return False
    with act.transaction() as session:
        job, is_new = _add_job(act, session, badge, job_id, layout)
        if is_new:
            job.taken_by_id, job.taken_at = act.actor.id, real_now()
            _write_printing(act, session, job)
    return True


def take_next(act: Act, edition_id: int) -> PrintJob | None:
    """Lease to a station the oldest waiting badge, or one whose print station went silent; None
    when none waits.

    A badge the station already holds is returned again. Badges cancelled since are removed from the
    queue.
    """
    with act.transaction() as session:
        while (job := _lock_next(act, session, edition_id)) is not None:
            job.taken_by_id, job.taken_at = act.actor.id, real_now()
            if queries.is_valid(queries.get_badge(job.badge_id)):
                return job
            job.done_at = real_now()
            session.flush()
    return None


def _lock_next(act: Act, session: Session, edition_id: int) -> PrintJob | None:
    is_free = or_(
        PrintJob.taken_at.is_(None),
        PrintJob.taken_at <= real_now() - rules.LEASE,
        PrintJob.taken_by_id == act.actor.id,
    )
    return session.scalar(
        select(PrintJob)
        .where(PrintJob.edition_id == edition_id, PrintJob.done_at.is_(None), is_free)
        .order_by(PrintJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def finish_job(act: Act, edition_id: int, number: int) -> None:
    """Record that a print station printed the badge it had taken. Idempotent.

    Raises TakenElsewhere.
    """
    job = queries.get_job(edition_id, number)
    with act.transaction(job) as session:
        assert act.actor.id is not None
        rules.check_holds_job(job.taken_by_id, act.actor.id)
        if job.done_at is None:
            _write_printing(act, session, job)


def _add_job(
    act: Act, session: Session, badge: Badge, job_id: str, layout: str
) -> tuple[PrintJob, bool]:
    """Return the job of this id, added unless it exists (the unique index decides), and whether it
    was. Raises JobDiffers.
    """
    added_id = session.scalar(
        upsert(PrintJob)
        .values(
            edition_id=badge.edition_id,
            job_id=job_id,
            badge_id=badge.id,
            layout=layout,
            asked_by=act.actor.display_name,
            asked_at=act.now,
        )
        .on_conflict_do_nothing()
        .returning(PrintJob.id)
    )
    job = session.scalars(select(PrintJob).where(PrintJob.job_id == job_id)).one()
    rules.check_same_job(job.badge_id, badge.id)
    return job, added_id is not None


def _write_printing(act: Act, session: Session, job: PrintJob) -> None:
    job.done_at = real_now()
    session.add(
        Printing(badge_id=job.badge_id, printed_at=act.now, printed_by=act.actor.display_name)
    )
    subject = f"badge:{job.badge_id}"
    write_entry(session, act.actor, BadgeAction.PRINTED, subject, badges=1, layout=job.layout)


def correct_holder(act: Act, badge_id: int, version: int, first_name: str, last_name: str) -> Badge:
    """Respell the holder of a badge; `version` of the holder is the one that was read.

    Raises BadgeNoLongerValid, NotARespelling, AlreadyRespelt, StaleVersion, NoLongerRegistered,
    AlreadyRegistered, FollowsAgent.
    """
    badge = queries.get_badge(badge_id)
    rules.check_badge_is_valid(queries.is_valid(badge))
    holder = badge.attendee
    former = (holder.first_name, holder.last_name)
    rules.check_is_a_respelling(former, (first_name, last_name))
    rules.check_is_the_first_respelling(queries.count_corrections(holder.id))
    values = {"first_name": first_name, "last_name": last_name}
    badges.change_attendee(act, holder.id, version, values)
    return queries.get_badge(badge_id)


def register_walk_in(act: FairAct, person: Person, key: str) -> Badge:
    """Register a person at a kiosk and return their new badge. Idempotent per `key`.

    Raises RegisterAtTheDesk when they are registered already, SubmissionDiffers.
    """
    registration = badges.register_on_the_spot(act, person, key)
    rules.check_is_new(len(registration.added))
    return get_valid_badge(registration.added[0])
