"""Erasure of a person (RGPD art. 17) in every feature."""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.badges.jobs import file_of
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Consent,
    DistinctPeople,
    Group,
    MergedPerson,
    Printing,
    PrintRun,
)
from salon.dashboard.actions import DashboardAction
from salon.dashboard.queries.persons import (
    Person,
    addresses_alone,
    named_places,
    person_of,
    person_of_agent,
    person_of_contact,
)
from salon.dashboard.rules import check_holds_nothing, check_is_not_erased, check_nothing_prints
from salon.dashboard.services.exhibitor_erasure import (
    forget_contact,
    forget_papers,
    write_search_keys,
)
from salon.dashboard.services.exhibitor_purge import HASH_OF_OPPOSED
from salon.dashboard.services.lead_erasure import forget_leads
from salon.dashboard.services.mask import Mask
from salon.dashboard.services.meeting_erasure import end_meetings, forget_meetings, settings_behind
from salon.dashboard.services.purge_steps import QUIETLY, blank_rows
from salon.dashboard.services.rota_erasure import expected_until, forget_agent
from salon.invitations.models import Guest, OrganisationInvitation
from salon.invitations.services.authorities import forget_person
from salon.mailings.models import MailingRecipient
from salon.platform.database.act import Act
from salon.platform.database.db import (
    after_commit,
    current_session,
    db,
    is_on_sqlite,
)
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.invariants import erasing
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.files.uploads import delete_unnamed
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.storage.store import FileStore
from salon.platform.web.limits import RateCounter

log = logging.getLogger("salon")

ERASED = DashboardAction.ATTENDEE_ERASED
CHECKPOINT_PATIENCE_MS = 250
WIPING_TRIES = 8
STATUS_AFTER = case(
    (Attendee.status == AttendeeStatus.REGISTERED, AttendeeStatus.ERASED.value),
    else_=Attendee.status,
)


def erase(act: Act, attendee_id: int, store: FileStore, real_now: datetime) -> None:
    """Erase the person of a registration everywhere (see `_erase`)."""
    person = person_of(attendee_id)
    _erase(act, person, f"attendee:{attendee_id}", store, real_now)


def erase_contact(act: Act, contact_id: int, store: FileStore, real_now: datetime) -> None:
    """Erase the person of an exhibitor's contact everywhere (see `_erase`)."""
    _erase(act, person_of_contact(contact_id), f"contact:{contact_id}", store, real_now)


def erase_agent(act: Act, agent_id: int, store: FileStore, real_now: datetime) -> None:
    """Erase the person of an agent everywhere (see `_erase`)."""
    _erase(act, person_of_agent(agent_id), f"agent:{agent_id}", store, real_now)


@across_editions()
def _erase(act: Act, person: Person, subject: str, store: FileStore, real_now: datetime) -> None:
    """Blank the rows of a person, which stay for the counts.

    Their appointments to come are cancelled. Raises AlreadyErased, PrintingUnderWay,
    StillOnTheRota. Earlier backups hold the person until they expire; invoices and orders hold what
    the law requires.
    """
    editions = {attendee.edition_id for attendee in person.attendees}
    settings = settings_behind(person)
    with act.transaction(*settings, *person.people) as session, erasing(session):
        for attendee in person.attendees:
            check_is_not_erased(attendee.email_key, attendee.name_key)
        for contact in person.contacts:
            check_is_not_erased(contact.email_key, contact.first_name + contact.last_name)
        check_holds_nothing(expected_until(session, person), act.now)
        unfinished = session.scalars(
            select(PrintRun)
            .where(PrintRun.edition_id.in_(editions), PrintRun.finished_at.is_(None))
            .with_for_update()
        ).all()
        check_nothing_prints([run.leased_until for run in unfinished], real_now)
        emails = addresses_alone(person)
        mask = Mask.of(person.people, emails)
        end_meetings(act, session, person, settings)
        _forget_messages(session, person, emails)
        _forget_mailings(session, person, emails)
        _forget_journal(session, person)
        _forget_groups(session, person, emails)
        invited = func.lower(OrganisationInvitation.email).in_(list(emails))
        blank_rows(session, OrganisationInvitation, invited, email_hash=HASH_OF_OPPOSED)
        forget_person(session, named_places(person), emails)
        blank_rows(session, Guest, func.lower(Guest.email).in_(list(emails)))
        _forget_printed(session, person, unfinished, store)
        for email in emails:
            of_address = RateCounter.key.contains(email_key_of(email), autoescape=True)
            session.execute(delete(RateCounter).where(of_address))
        forget_meetings(session, person, emails, store)
        forget_leads(session, person, act.now)
        if person.contacts:
            forget_contact(session, person, emails, mask, real_now)
        if person.agents:
            forget_agent(session, person, mask, real_now)
        _forget_registrations(session, person, real_now)
        forget_papers(session, mask, store)
        mask.cover_texts(session)
        write_search_keys(session)
        write_entry(session, act.actor, ERASED, subject, rows=len(person.people))
    current_session().expire_all()
    wipe_free_space()


def _forget_registrations(session: Session, person: Person, real_now: datetime) -> None:
    for table, column in (
        (MergedPerson, MergedPerson.kept_id),
        (MergedPerson, MergedPerson.attendee_id),
        (DistinctPeople, DistinctPeople.first_id),
        (DistinctPeople, DistinctPeople.second_id),
    ):
        session.execute(delete(table).where(column.in_(person.ids)).execution_options(**QUIETLY))
    blank_rows(
        session,
        Attendee,
        Attendee.id.in_(person.ids),
        status=STATUS_AFTER,
        version=Attendee.version + 1,
    )
    revoked_at = func.coalesce(Badge.revoked_at, real_now)
    session.execute(
        update(Badge)
        .where(Badge.id.in_(person.badge_ids))
        .values(revoked_at=revoked_at, revoked_reason="erased")
        .execution_options(**QUIETLY)
    )
    session.execute(
        update(Consent)
        .where(Consent.attendee_id.in_(person.ids), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=real_now)
        .execution_options(**QUIETLY)
    )


def _forget_groups(session: Session, person: Person, emails: Iterable[str]) -> None:
    """Make the first remaining person the contact of a group of several people."""
    for group in person.own_groups:
        group.contact_email = ""
    statement = select(Group).where(func.lower(Group.contact_email).in_(list(emails)))
    for group in session.scalars(statement):
        stay = [
            attendee.email
            for attendee in group.attendees
            if attendee.id not in person.ids and attendee.email
        ]
        group.contact_email = stay[0] if stay else ""


def _forget_messages(session: Session, person: Person, emails: Iterable[str]) -> None:
    """Blank the sent messages to or about the person, and delete the others."""
    to_person = or_(
        Message.about.in_(person.subjects), func.lower(Message.recipient).in_(list(emails))
    )
    session.execute(
        delete(Message)
        .where(to_person, Message.status != MessageStatus.SENT)
        .execution_options(**QUIETLY)
    )
    blank_rows(session, Message, to_person)


def _forget_mailings(session: Session, person: Person, emails: Iterable[str]) -> None:
    """Delete the person among the recipients of mailings; who shares their address stays."""
    is_theirs = MailingRecipient.address_key.in_([email.casefold() for email in emails])
    is_named = MailingRecipient.key.in_(person.subjects)
    session.execute(
        delete(MailingRecipient)
        .where(or_(is_theirs, is_named & (MailingRecipient.others == 0)))
        .execution_options(**QUIETLY)
    )
    session.execute(
        update(MailingRecipient).where(is_named).values(key="").execution_options(**QUIETLY)
    )


def _forget_journal(session: Session, person: Person) -> None:
    """Remove details about the person, and the addresses of public acts on their applications."""
    about_person = JournalEntry.subject.in_(person.subjects)
    session.execute(
        update(JournalEntry).where(about_person).values(details={}).execution_options(**QUIETLY)
    )
    session.execute(
        update(JournalEntry)
        .where(
            JournalEntry.subject.in_([*person.subjects, *person.exhibitor_subjects]),
            JournalEntry.actor.startswith("public:"),
        )
        .values(actor="public:", address="")
        .execution_options(**QUIETLY)
    )


def _forget_printed(
    session: Session, person: Person, unfinished: Sequence[PrintRun], store: FileStore
) -> None:
    """Delete the files that hold a badge of the person, and those of interrupted runs."""
    runs = select(Printing.print_run_id).where(Printing.badge_id.in_(person.badge_ids))
    print_runs = session.scalars(select(PrintRun).where(PrintRun.id.in_(runs))).all()
    for run in (*print_runs, *unfinished):
        delete_file_of(session, run, store)


def delete_file_of(session: Session, run: PrintRun, store: FileStore) -> None:
    """Delete the file of a print run, if any, once this is committed; its row stays."""
    if run.file_name:
        after_commit(session, partial(delete_unnamed, store, file_of(run)))
        run.file_name = ""


def wipe_free_space() -> None:
    """Remove deleted rows from the SQLite files; PostgreSQL has its own vacuum."""
    _on_sqlite("VACUUM")
    for _ in range(WIPING_TRIES):
        if empty_write_ahead_log():
            return
    log.warning("the write-ahead log is not emptied: a reader holds it")


def empty_write_ahead_log() -> bool:
    """Move SQLite's write-ahead log into the database, and truncate it.

    Until then the log holds rows as they were before they were erased. Writers wait while this
    waits for readers, so it gives up soon: return False when a reader holds the log.
    """
    result = _on_sqlite("PRAGMA wal_checkpoint(TRUNCATE)", patience_ms=CHECKPOINT_PATIENCE_MS)
    return result is not None and result[0] == 0


def _on_sqlite(statement: str, patience_ms: int | None = None) -> tuple[int, ...] | None:
    """Run a statement outside any transaction; (0,) elsewhere, None when it cannot run now.

    `patience_ms`: how long it waits for a lock, where it is not the connection's own patience.
    """
    if not is_on_sqlite():
        return (0,)
    current_session().rollback()
    with closing(db.engine.raw_connection()) as connection:
        raw: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]
        (own_patience_ms,) = raw.execute("PRAGMA busy_timeout").fetchone()
        if patience_ms is not None:
            raw.execute(f"PRAGMA busy_timeout={patience_ms}")
        try:
            row: tuple[int, ...] | None = raw.execute(statement).fetchone()
        except sqlite3.OperationalError as error:
            log.warning("%s not done: %s", statement, error.sqlite_errorname)
            return None
        finally:
            raw.execute(f"PRAGMA busy_timeout={own_patience_ms}")
    return row
