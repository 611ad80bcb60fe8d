"""Purge according to PERSONAL_DATA (RGPD art. 5.1.e).

Deadlines after a fair follow the fair's clock, the others the time of the world.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import String, cast, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.accounts.models import Account, SavedForm, SignIn, SingleUseCode
from salon.badges.models import (
    Attendee,
    Badge,
    DistinctPeople,
    Group,
    MergedPerson,
    Printing,
    PrintRun,
)
from salon.dashboard.actions import DashboardAction
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.engine.table_data import DataClass, TableData
from salon.dashboard.services.account_closing import BLANK_KEY
from salon.dashboard.services.erasure import STATUS_AFTER, delete_file_of, wipe_free_space
from salon.dashboard.services.exhibitor_purge import EXHIBITOR_STEPS
from salon.dashboard.services.meeting_purge import MEETING_STEPS
from salon.dashboard.services.onsite_purge import ONSITE_STEPS
from salon.dashboard.services.purge_steps import (
    QUIETLY,
    Due,
    Step,
    Volume,
    Where,
    blank,
    blank_rows,
    delete_old,
    delete_rows,
    make_step,
    of_editions,
)
from salon.dashboard.services.rota_purge import ROTA_STEPS
from salon.entrance.models import KeptFigure, Presence, Scan
from salon.entrance.queries.attendance import entry_figures
from salon.exhibitors.models import DistinctExhibitors, Exhibitor
from salon.fair.models import Edition
from salon.mailings.models import Mailing, MailingRecipient
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.invariants import erasing
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.submissions import Submission
from salon.platform.mail.outbox import Message
from salon.platform.web.access import settings
from salon.platform.web.limits import RateCounter
from salon.staffing.models import Agent, DistinctAgents, MergedAgent

SLIP = DashboardAction.RETENTION_PURGED
"""Journal action of a slip (bordereau d’élimination)."""
VISA = DashboardAction.RETENTION_APPROVED
"""Journal action of an organiser's approval of an edition's destructions."""
NEVER_PURGED = (SLIP, VISA)


@across_editions()
def purge(
    act: Act, real_now: datetime, *, dry_run: bool, approved: Collection[int] | None = None
) -> dict[str, object]:
    """Destroy the data past their retention; return the slips, one per table that lost rows.

    Of the past editions, only the `approved` ones lose data; None: all of them. Each table is one
    transaction, which also writes its slip in the journal unless its data are technical. A dry run
    counts, and writes nothing.
    """
    slips = []
    for table, step in STEPS.items():
        due = _due_of(PERSONAL_DATA[table], act.now, real_now, dry_run, approved)
        slip = _purge_table(act, table, step, due)
        if slip is not None:
            slips.append(slip)
    if slips and not dry_run:
        wipe_free_space()
    return {
        "now": act.now.isoformat(),
        "real_now": real_now.isoformat(),
        "dry_run": dry_run,
        "slips": slips,
    }


def _due_of(
    rule: TableData,
    now: datetime,
    real_now: datetime,
    dry_run: bool,
    approved: Collection[int] | None,
) -> Due:
    """Return what is past the retention of a table, in the editions that are over and approved."""
    assert rule.lifetime is not None
    before, fair_before = real_now - rule.lifetime, now - rule.lifetime
    editions = [
        edition.id
        for edition in current_session().scalars(select(Edition))
        if edition.days
        and edition.is_over(fair_before)
        and (approved is None or edition.id in approved)
    ]
    return Due(before, fair_before, editions, now, settings().file_store, dry_run)


def _purge_table(act: Act, table: str, step: Step, due: Due) -> dict[str, object] | None:
    rule = PERSONAL_DATA[table]
    if due.dry_run:
        volume = step(current_session(), due)
        return _slip(table, rule, volume) if volume.rows else None
    slip = None
    with act.transaction() as session:
        with erasing(session):
            volume = step(session, due)
        if volume.rows:
            slip = _slip(table, rule, volume)
            if rule.data != DataClass.TECHNICAL:
                write_entry(session, act.actor, SLIP, f"table:{table}", **slip)
    current_session().expire_all()
    return slip


@dataclass(frozen=True)
class Destruction:
    """Rows that an edition loses from one table, `due_at` at the soonest."""

    table: str
    title: str
    volume: Volume
    outcome: str
    due_at: datetime


@across_editions()
def destructions_of(edition: Edition, now: datetime) -> list[Destruction]:
    """Return the destructions due for an edition, soonest first. Counts; writes nothing."""
    destructions = []
    for table, step in STEPS.items():
        rule = PERSONAL_DATA[table]
        if rule.follows_fair and rule.lifetime is not None:
            due = Due(now, now, [edition.id], now, settings().file_store, dry_run=True)
            volume = step(current_session(), due)
            if volume.rows:
                due_at = edition.ends_at + rule.lifetime
                destructions.append(Destruction(table, rule.title, volume, rule.outcome, due_at))
    return sorted(destructions, key=lambda destruction: destruction.due_at)


def _slip(table: str, rule: TableData, volume: Volume) -> dict[str, object]:
    assert rule.lifetime is not None
    return {
        "table": table,
        "data": rule.data.value,
        "rows": volume.rows,
        "from": volume.first.isoformat() if volume.first else "",
        "to": volume.last.isoformat() if volume.last else "",
        "what": rule.outcome,
        "deadline": f"{rule.lifetime.days} jours après {rule.since}",
        "reason": rule.reason,
    }


def _delete_presences(session: Session, due: Due) -> Volume:
    """Save the figures of the ended editions, then delete their presences."""
    if not due.dry_run:
        for edition_id in due.editions:
            _save_figures(session, session.get_one(Edition, edition_id))
    return delete_rows(Presence.last_at)(session, due)


def _save_figures(session: Session, edition: Edition) -> None:
    for kind, people in entry_figures(edition).items():
        for label, value in people.items():
            if value:
                session.merge(
                    KeptFigure(edition_id=edition.id, kind=kind, label=label, value=value)
                )


def _revoke_badges(session: Session, due: Due, where: Where) -> None:
    values = {"revoked_at": due.now, "revoked_reason": "erased"}
    session.execute(update(Badge).where(*where).values(values), execution_options=QUIETLY)


def _delete_files(session: Session, due: Due, where: Where) -> None:
    for run in session.scalars(select(PrintRun).where(*where)):
        delete_file_of(session, run, due.store)


def _ended_sign_ins(due: Due) -> Where:
    ended = due.before - timedelta(seconds=settings().session_absolute)
    return (SignIn.created_at <= ended,)


def _of_people(
    owner: InstrumentedAttribute[int],
    people: type[Attendee] | type[Agent] | type[Exhibitor],
    due: Due,
) -> Where:
    return (owner.in_(select(people.id).where(people.edition_id.in_(due.editions))),)


def _blank_accounts(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, Account, *where, email_key=BLANK_KEY)


STEPS: dict[str, Step] = {
    "presences": _delete_presences,
    "scans": delete_rows(Scan.happened_at),
    "badges": make_step(
        Badge.issued_at,
        lambda due: (of_editions(Badge, due), Badge.revoked_at.is_(None)),
        _revoke_badges,
    ),
    "attendees.needs": blank(
        Attendee.registered_at,
        or_(Attendee.needs_note != "", cast(Attendee.needs, String) != "[]"),
        part=".needs",
        version=Attendee.version + 1,
    ),
    "attendees": blank(
        Attendee.registered_at,
        or_(Attendee.email_key != "", Attendee.name_key != ""),
        status=STATUS_AFTER,
        version=Attendee.version + 1,
    ),
    **{
        owner.class_.__tablename__: delete_rows(at, partial(_of_people, owner, people))
        for at, owner, people in (
            (MergedPerson.merged_at, MergedPerson.kept_id, Attendee),
            (DistinctPeople.decided_at, DistinctPeople.first_id, Attendee),
            (MergedAgent.merged_at, MergedAgent.kept_id, Agent),
            (DistinctAgents.decided_at, DistinctAgents.first_id, Agent),
            (DistinctExhibitors.decided_at, DistinctExhibitors.first_id, Exhibitor),
        )
    },
    "groups": blank(Group.created_at, Group.contact_email != ""),
    "printings": blank(Printing.printed_at, Printing.printed_by != ""),
    "print_runs": blank(PrintRun.asked_at, PrintRun.asked_by != ""),
    "print_runs.file": make_step(
        PrintRun.finished_at,
        lambda due: (PrintRun.finished_at <= due.before, PrintRun.file_name != ""),
        _delete_files,
    ),
    "messages": delete_old(Message.created_at),
    "mailing_recipients": delete_old(MailingRecipient.drawn_at),
    "mailings": blank(Mailing.created_at, Mailing.author != ""),
    "accounts": make_step(
        Account.disabled_at,
        lambda due: (Account.disabled_at <= due.before, Account.email != ""),
        _blank_accounts,
    ),
    "journal_entries": delete_old(JournalEntry.at, JournalEntry.action.not_in(NEVER_PURGED)),
    "sign_ins": delete_rows(SignIn.created_at, _ended_sign_ins),
    "kept_forms": delete_old(SavedForm.kept_at),
    "single_use_codes": delete_old(SingleUseCode.expires_at),
    "rate_counters": delete_old(RateCounter.window_at),
    "submissions": delete_old(Submission.created_at),
    **EXHIBITOR_STEPS,
    **ROTA_STEPS,
    **MEETING_STEPS,
    **ONSITE_STEPS,
}
"""Presences before scans: they are counted first. Badges before attendees: a valid badge needs a
registered attendee."""
