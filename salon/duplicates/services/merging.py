"""Merge registrations of one person: one badge stays, the others say where to go.

The rows of the others (badges, appointments, places, contacts) go over to the kept registration and
are written down by their numbers, so that `separate_people` gives each back its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.services.merging import (
    end_appointments,
    end_double_places,
    transfer_times,
)
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.actions import BadgeAction
from salon.badges.models import (
    MERGED,
    Attendee,
    AttendeeStatus,
    Badge,
    Consent,
    HalfDay,
    MergedPerson,
)
from salon.badges.queries import find_valid_badge, get_badge, short_code
from salon.badges.services.changes import apply_changes
from salon.badges.services.registration import is_same_person
from salon.badges.services.telling import notify_person
from salon.duplicates import queries, rules
from salon.fair.services.acts import FairAct
from salon.kiosk.models import PrintJob
from salon.leads.models import Lead
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import real_now

PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("civility", "first_name", "last_name"),
    "function": ("function", "function_other", "category"),
    "place": ("commune_code", "epci_siren", "organisation"),
    "contact": ("email", "phone"),
}
"""Fields that are taken together from one of the registrations."""
DIRECT = ("category", "is_vip")
"""Fields that `apply_changes` leaves."""
MOVED = (Badge.attendee_id, *queries.VISITOR_COLUMNS)


@dataclass(frozen=True)
class Merge:
    """What an organiser chose: the registration that gives each of PARTS, the appointments that
    stay where two clash; `badge_id`: the badge that the page said would stay."""

    ids: tuple[int, ...]
    badge_id: int
    sources: Mapping[str, int] = field(default_factory=dict)
    kept_appointments: Collection[int] = ()


def merge_people(act: FairAct, merge: Merge) -> Attendee:
    """Merge registrations of one person; return the one whose badge stays.

    Raises FewerThanTwo, TooManyRegistrations, NotTheirOwn, AlreadyMerged, NoValidBadge,
    OtherBadgeHeld, AppointmentsClash, PrintingUnderWay, RegisteredAgain.
    """
    settings = get_or_create_settings(act.edition)
    people = list(queries.people_of(act.edition.id, merge.ids))
    rules.check_can_merge(states_of(people))
    badges = [badge for person in people for badge in person.badges]
    try:
        runs = queries.unfinished_runs(act.edition.id)
        with act.transaction(settings, *runs, *people, *badges) as session:
            rules.check_can_merge(states_of(people))
            leases = [run.leased_until for run in queries.unfinished_runs(act.edition.id)]
            rules.check_nothing_prints(leases, real_now())
            held = rules.held_badge(queries.badge_uses([person.id for person in people]))
            rules.check_is_held(held.badge_id, merge.badge_id)
            kept = next(person for person in people if person.id == held.attendee_id)
            former = [person for person in people if person is not kept]
            values = _chosen_values(people, kept, merge)
            cancelled = _settle_clashes(session, people, merge, act.now)
            merged_at = max(act.now, _last_merge_at(kept, act.now))
            rows = [
                _take_over(replace(act, now=merged_at), session, person, kept, held.badge_id)
                for person in former
            ]
            if cancelled:
                rows[0].ended = {**rows[0].ended, "appointments": cancelled}
            for person, row in zip(former, rows, strict=True):
                row.brought = _bring(kept, person, values.get(person.id, {}))
            session.flush()
            replaced = [person.id for person in former]
            details = {"replaced": replaced, "badge": held.badge_id}
            write_entry(
                session, act.actor, BadgeAction.ATTENDEE_MERGED, f"attendee:{kept.id}", **details
            )
            _notify(session, kept, former, get_badge(held.badge_id))
    except IntegrityError as error:
        if is_same_person(error):
            raise rules.RegisteredAgain from None
        raise
    return kept


def states_of(people: Sequence[Attendee]) -> list[tuple[str, int | None, int | None]]:
    """Return the status, the stand and the agent of each registration, as the rules read them."""
    return [(person.status, person.exhibitor_id, person.agent_id) for person in people]


def _chosen_values(
    people: Sequence[Attendee], kept: Attendee, merge: Merge
) -> dict[int, dict[str, object]]:
    """Return the fields that each registration gives to the kept one."""
    by_id = {person.id: person for person in people}
    values: dict[int, dict[str, object]] = {}
    for part, names in PARTS.items():
        source = by_id.get(merge.sources.get(part, kept.id), kept)
        if source is not kept:
            values.setdefault(source.id, {}).update({name: getattr(source, name) for name in names})
    return values


def _settle_clashes(
    session: Session, people: Sequence[Attendee], merge: Merge, now: datetime
) -> list[int]:
    """Cancel the appointments that do not stay; return which."""
    clashes = [
        [appointment.id for appointment in clash]
        for clash in queries.clashes_of([person.id for person in people])
    ]
    rules.check_no_clash(clashes, merge.kept_appointments)
    ids = [number for clash in clashes for number in clash]
    leaving = [number for number in ids if number not in merge.kept_appointments]
    return end_appointments(session, leaving, now)


def _last_merge_at(kept: Attendee, now: datetime) -> datetime:
    """Return a moment after the former merges into the same registration, whatever the clock."""
    earlier = [merge.merged_at for merge in queries.merges_into(kept.id)]
    return max(earlier) + timedelta(microseconds=1) if earlier else now


def _take_over(
    act: Act, session: Session, person: Attendee, kept: Attendee, badge_id: int
) -> MergedPerson:
    """Replace a registration by the kept one, which takes over its rows; write down which."""
    own_badge = find_valid_badge(person.id)
    ended = end_double_places(session, person.id, kept.id)
    if own_badge is not None:
        own_badge.revoked_at, own_badge.revoked_reason = act.now, MERGED
        ended["badges"] = [own_badge.id]
        subject = f"badge:{own_badge.id}"
        write_entry(session, act.actor, BadgeAction.REVOKED, subject, reason=MERGED)
    transfer_times(session, person.id, kept.id)
    moved = {
        **{
            column.class_.__tablename__: _move(session, column, person.id, kept.id)
            for column in MOVED
        },
        "print_jobs": _move_print_jobs(session, own_badge, badge_id),
        "consents": _copy_consents(session, person, kept),
    }
    person.status, person.replaced_by_id = AttendeeStatus.REPLACED, kept.id
    subject = f"attendee:{person.id}"
    write_entry(session, act.actor, BadgeAction.ATTENDEE_MERGED, subject, by_attendee=kept.id)
    row = MergedPerson(
        attendee_id=person.id,
        kept_id=kept.id,
        merged_at=act.now,
        merged_by=act.actor.display_name,
        moved={table: ids for table, ids in moved.items() if ids},
        ended={table: rows for table, rows in ended.items() if rows},
    )
    session.add(row)
    session.flush()
    session.expire(person, ["badges"])
    session.expire(kept, ["badges", "consents"])
    return row


def _move(
    session: Session, column: InstrumentedAttribute[object], former_id: int, kept_id: int
) -> list[int]:
    """Give rows to the kept registration; return their numbers.

    An exhibitor who met both keeps two contacts: what was agreed with one is not the other's.
    """
    table = column.class_
    statement = select(table.id).where(column == former_id)
    if table is Lead:
        met = select(Lead.exhibitor_id).where(Lead.attendee_id == kept_id)
        statement = statement.where(Lead.exhibitor_id.not_in(met))
    ids = list(session.scalars(statement.order_by(table.id)))
    give_rows(session, column, ids, kept_id)
    return ids


def give_rows(
    session: Session, column: InstrumentedAttribute[object], ids: Collection[int], owner_id: int
) -> None:
    """Let `column` of these rows name another registration."""
    table = column.class_
    values = {column.key: owner_id}
    if hasattr(table, "version"):
        values["version"] = table.version + 1
    statement = update(table).where(table.id.in_(ids)).values(values)
    session.execute(statement, execution_options={"synchronize_session": "fetch"})


def _move_print_jobs(session: Session, own_badge: Badge | None, badge_id: int) -> list[int]:
    """Let badges that wait for a printer be printed as the one that stays."""
    if own_badge is None:
        return []
    waiting = select(PrintJob.id).where(
        PrintJob.badge_id == own_badge.id, PrintJob.done_at.is_(None)
    )
    ids = list(session.scalars(waiting))
    give_rows(session, PrintJob.badge_id, ids, badge_id)
    return ids


def _copy_consents(session: Session, person: Attendee, kept: Attendee) -> list[int]:
    """Give the kept registration the consents on which it said nothing; a refusal stands.

    What was agreed never changes: the rows are written again.
    """
    decided_purposes = {consent.purpose for consent in kept.consents}
    copies = [
        Consent(
            attendee_id=kept.id,
            purpose=consent.purpose,
            text_version=consent.text_version,
            given_at=consent.given_at,
        )
        for consent in person.consents
        if consent.withdrawn_at is None and consent.purpose not in decided_purposes
    ]
    session.add_all(copies)
    session.flush()
    return [copy.id for copy in copies]


def _bring(kept: Attendee, person: Attendee, chosen: Mapping[str, object]) -> dict[str, Any]:
    """Give the kept registration the chosen fields of another, and what it needs at the fair;
    return by field the former and the new value."""
    notes = [kept.needs_note, person.needs_note]
    values = {
        **chosen,
        "needs": [*kept.needs, *(need for need in person.needs if need not in kept.needs)],
        "needs_note": " ; ".join(dict.fromkeys(filter(None, notes))),
        "half_day": kept.half_day if kept.half_day == person.half_day else HalfDay.WHOLE_DAY.value,
        "visit_days": _days_of_both(kept.visit_days, person.visit_days),
        "is_vip": kept.is_vip or person.is_vip,
    }
    brought = {
        name: [getattr(kept, name), value]
        for name, value in values.items()
        if getattr(kept, name) != value
    }
    set_fields(kept, {name: value for name, (_, value) in brought.items()})
    return brought


def _days_of_both(*visit_days: str) -> str:
    """Return the days on which either comes, "" when one comes on all of them."""
    return " ".join(sorted({*" ".join(visit_days).split()})) if all(visit_days) else ""


def set_fields(person: Attendee, values: Mapping[str, object]) -> None:
    """Set fields of a registration, with the keys and the category that follow from them."""
    apply_changes(person, values)
    for name in DIRECT:
        if name in values:
            setattr(person, name, values[name])


def _notify(session: Session, kept: Attendee, former: Sequence[Attendee], badge: Badge) -> None:
    """Tell each address of the replaced registrations which badge opens the door now."""
    addresses = {person.email.casefold(): person.email for person in former if person.email}
    for address in addresses.values():
        number = short_code(badge.code)
        notify_person(session, "merged", kept, recipient=address, number=number)
