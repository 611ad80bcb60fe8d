"""Destruction of data past their retention, never by the clock alone.

A wrong clock, an old backup restored, a second machine with an empty folder: nothing is destroyed
within a day of such a start, and nothing of an edition before an organiser has read the list and
agreed (visa, code du patrimoine, art. L. 212-2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from salon.accounts.queries import live_organisers
from salon.dashboard import rules
from salon.dashboard.rules import QuietReason, ServiceWatch
from salon.dashboard.services import purge
from salon.dashboard.services.draft_purge import warn_of_deletion
from salon.dashboard.services.purge import VISA, Destruction
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.marks import MAIL_HELD, Mark
from salon.platform.mail.outbox import Message, post

ASKED = "destruction_to_approve"
ASK_AGAIN = timedelta(days=30)
SEEN, QUIET = "service_seen", "quiet_day"
"""The marks of the last look, and of the last odd start with its reason."""


@dataclass(frozen=True)
class EditionDestructions:
    """Destructions due for a past edition, and the visa that allows them."""

    edition: Edition
    visa: JournalEntry | None
    destructions: list[Destruction]

    @property
    def is_to_approve(self) -> bool:
        return self.visa is None and bool(self.destructions)


def watch_over(real_now: datetime) -> None:
    """Record that the service runs on this database; a suspicious start begins a quiet day."""
    reason = rules.quiet_reason(_watch(), real_now)
    if reason is not None:
        begin_quiet(reason, real_now)
        return
    with transaction() as session:
        session.merge(Mark(name=SEEN, value="", written_at=real_now))


def begin_quiet(reason: QuietReason, real_now: datetime) -> None:
    """Destroy nothing for a day from now on."""
    with transaction() as session:
        session.merge(Mark(name=SEEN, value="", written_at=real_now))
        session.merge(Mark(name=QUIET, value=reason.value, written_at=real_now))


def note_restored(real_now: datetime) -> None:
    """Record that this database was restored from a backup: for a day nothing is destroyed, and its
    mail is held until an organiser lets it leave."""
    begin_quiet(QuietReason.RESTORED, real_now)
    with transaction() as session:
        session.merge(Mark(name=MAIL_HELD, value="", written_at=real_now))


def _watch() -> ServiceWatch | None:
    marks = current_session().scalars(select(Mark).where(Mark.name.in_((SEEN, QUIET))))
    by_name = {mark.name: mark for mark in marks}
    if by_name.keys() != {SEEN, QUIET}:
        return None
    quiet = by_name[QUIET]
    return ServiceWatch(
        by_name[SEEN].written_at, quiet.written_at + rules.QUIET, QuietReason(quiet.value)
    )


def check_may_destroy(real_now: datetime) -> None:
    """Raise DestructionSuspended, with the reason and the end of the suspension."""
    acts = select(JournalEntry.id).where(JournalEntry.actor != SYSTEM.key).limit(1)
    has_acts = current_session().scalar(acts) is not None
    rules.check_may_destroy(_watch(), has_acts, clock_doubt(real_now), real_now)


def suspension(real_now: datetime) -> str:
    """Return why nothing is destroyed now; empty when destructions go on."""
    try:
        check_may_destroy(real_now)
    except rules.DestructionSuspended as refusal:
        return refusal.message
    return ""


def purge_approved(act: Act, real_now: datetime) -> dict[str, object]:
    """Purge the past editions that an organiser approved; ask for the visa of the others, and warn
    the contacts of drafts that rest.

    Raises DestructionSuspended.
    """
    check_may_destroy(real_now)
    _ask_for_visas(act.now, real_now)
    warn_of_deletion(act.now)
    return purge.purge(act, real_now, dry_run=False, approved=visas().keys())


def visas() -> dict[int, JournalEntry]:
    """Return the first visa of each edition that has one."""
    entries = select(JournalEntry).where(JournalEntry.action == VISA).order_by(JournalEntry.id)
    first_visas: dict[int, JournalEntry] = {}
    for entry in current_session().scalars(entries):
        first_visas.setdefault(int(entry.subject.removeprefix("edition:")), entry)
    return first_visas


def destructions_by_edition(now: datetime) -> list[EditionDestructions]:
    """Return the editions that are over, the latest first."""
    visa_by_edition = visas()
    return [
        EditionDestructions(
            edition, visa_by_edition.get(edition.id), purge.destructions_of(edition, now)
        )
        for edition in _editions_over(now)
    ]


def approve(act: Act, edition_id: int) -> None:
    """Give the visa of an edition that is over. Idempotent.

    Raises EditionNotOver; NoResultFound for an unknown edition.
    """
    edition = current_session().get_one(Edition, edition_id)
    rules.check_is_over(edition in _editions_over(act.now))
    counts = {
        destruction.table: destruction.volume.rows
        for destruction in purge.destructions_of(edition, act.now)
    }
    with act.transaction(edition) as session:
        if edition_id not in visas():
            write_entry(session, act.actor, VISA, f"edition:{edition_id}", counts=counts)


def _editions_over(now: datetime) -> Sequence[Edition]:
    editions = [
        edition
        for edition in current_session().scalars(select(Edition))
        if edition.days and edition.is_over(now)
    ]
    return sorted(editions, key=lambda edition: edition.ends_at, reverse=True)


def _ask_for_visas(now: datetime, real_now: datetime) -> None:
    """Write to the organisers of an edition whose first deadline has come, at most once a month."""
    for edition_destructions in destructions_by_edition(now):
        about = f"edition:{edition_destructions.edition.id}"
        is_due = any(destruction.due_at <= now for destruction in edition_destructions.destructions)
        if (
            edition_destructions.visa is None
            and is_due
            and not _visa_requested_since(about, real_now - ASK_AGAIN)
        ):
            with transaction() as session:
                for organiser in live_organisers():
                    post(
                        session,
                        ASKED,
                        organiser.email,
                        about=about,
                        year=edition_destructions.edition.ends_at.year,
                    )


def _visa_requested_since(about: str, moment: datetime) -> bool:
    statement = select(Message.id).where(
        Message.kind == ASKED, Message.about == about, Message.created_at > moment
    )
    return current_session().scalar(statement.limit(1)) is not None
