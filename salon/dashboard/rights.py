"""Rights of a person (RGPD art. 15 to 17): everything known of them, and its erasure.

A person is every registration, in any edition, with the same address and the same name.
"""

import logging
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Consent,
    Group,
    Printing,
    PrintRun,
)
from salon.dashboard.rules import check_is_known, check_nothing_prints
from salon.db import db, session, transaction
from salon.identity import Identity
from salon.journal import JournalEntry, write_entry
from salon.limits import RateCounter
from salon.outbox import Message, MessageStatus
from salon.texts import folded

log = logging.getLogger("salon")

PRINT_RUNS = "print_runs"
GONE = "[effacé]"
ANONYMOUS: dict[str, Any] = {
    "first_name": "Personne",
    "last_name": "effacée",
    "name_key": "",
    "function": "other",
    "function_other": "",
    "organisation": "",
    "email": "",
    "email_key": "",
    "phone": "",
    "needs": [],
    "needs_note": "",
    "is_vip": False,
    "registered_by": "",
}
"""What stays of an erased person: category, civility, half-day and commune, for the figures."""

STATUS_AFTER = case(
    (Attendee.status == AttendeeStatus.REGISTERED, AttendeeStatus.ERASED.value),
    else_=Attendee.status,
)


@dataclass(frozen=True)
class Person:
    """The registrations of a person, their badges, and the groups that hold nobody else."""

    attendees: Sequence[Attendee]
    badge_ids: Sequence[int]
    own_groups: Sequence[Group]

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.attendees]

    @property
    def emails(self) -> set[str]:
        return {one.email.lower() for one in self.attendees if one.email}

    @property
    def subjects(self) -> list[str]:
        """How the journal and the messages name this person."""
        return [
            *(f"attendee:{number}" for number in self.ids),
            *(f"badge:{number}" for number in self.badge_ids),
            *(f"group:{group.id}" for group in self.own_groups),
        ]


def person_of(attendee_id: int) -> Person:
    """The person of a registration. Raises NoResultFound, AlreadyErased."""
    first = session().get_one(Attendee, attendee_id)
    check_is_known(first.email_key, first.name_key)
    attendees = session().scalars(
        select(Attendee)
        .where(Attendee.email_key == first.email_key, Attendee.name_key == first.name_key)
        .order_by(Attendee.id)
    )
    found = attendees.all()
    ids = {one.id for one in found}
    badges = session().scalars(select(Badge.id).where(Badge.attendee_id.in_(ids)))
    groups = {one.group_id: one.group for one in found}.values()
    own = [group for group in groups if {one.id for one in group.attendees} <= ids]
    return Person(found, badges.all(), own)


def addresses_alone(person: Person) -> set[str]:
    """The addresses of the person (lower case), none when another person or an account has one."""
    keys = {one.email_key for one in person.attendees}
    others = select(Attendee.id).where(Attendee.email_key.in_(keys), Attendee.id.not_in(person.ids))
    of_accounts = {email_key_of(email) for email in person.emails}
    accounts = select(Account.id).where(Account.email_key.in_(of_accounts))
    shared = any(session().scalar(one.limit(1)) is not None for one in (others, accounts))
    return set() if shared else person.emails


def erase(attendee_id: int, data: Path, real_now: datetime, by: Identity) -> None:
    """Erases a person everywhere: rows are kept without what says who, so that counts stay.

    Raises AlreadyErased, PrintingUnderWay. Backups made before keep the person until they expire.
    """
    person = person_of(attendee_id)
    editions = {one.edition_id for one in person.attendees}
    with transaction(*person.attendees) as writing:
        first = person.attendees[0]
        check_is_known(first.email_key, first.name_key)
        unfinished = writing.scalars(
            select(PrintRun)
            .where(PrintRun.edition_id.in_(editions), PrintRun.finished_at.is_(None))
            .with_for_update()
        ).all()
        check_nothing_prints([run.leased_until for run in unfinished], real_now)
        emails = addresses_alone(person)
        mask = Mask.of(person.attendees, emails)
        _forget_messages(writing, person, emails, mask)
        _forget_journal(writing, person, mask)
        _forget_groups(writing, person, emails)
        _forget_printed(writing, person, unfinished, data, mask)
        for email in emails:
            counted = RateCounter.key.contains(email_key_of(email), autoescape=True)
            writing.execute(delete(RateCounter).where(counted))
        _forget_registrations(writing, person, real_now)
        write_entry(writing, by, "attendee.erased", f"attendee:{attendee_id}", rows=len(person.ids))
    session().expire_all()
    wipe_free_space()


def _forget_registrations(writing: Session, person: Person, real_now: datetime) -> None:
    writing.execute(
        update(Attendee)
        .where(Attendee.id.in_(person.ids))
        .values(**ANONYMOUS, status=STATUS_AFTER, version=Attendee.version + 1)
        .execution_options(synchronize_session=False)
    )
    revoked_at = func.coalesce(Badge.revoked_at, real_now)
    writing.execute(
        update(Badge)
        .where(Badge.id.in_(person.badge_ids))
        .values(revoked_at=revoked_at, revoked_reason="erased")
        .execution_options(synchronize_session=False)
    )
    writing.execute(
        update(Consent)
        .where(Consent.attendee_id.in_(person.ids), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=real_now)
        .execution_options(synchronize_session=False)
    )


def _forget_groups(writing: Session, person: Person, emails: Iterable[str]) -> None:
    """The contact of a group of several people becomes the first of those who stay."""
    for group in person.own_groups:
        group.contact_email = ""
    theirs = select(Group).where(func.lower(Group.contact_email).in_(list(emails)))
    for group in writing.scalars(theirs):
        stay = [one.email for one in group.attendees if one.id not in person.ids and one.email]
        group.contact_email = stay[0] if stay else ""


def _forget_messages(writing: Session, person: Person, emails: Iterable[str], mask: "Mask") -> None:
    """Messages to or about the person: those sent are blanked, the others are deleted."""
    theirs = or_(
        Message.about.in_(person.subjects), func.lower(Message.recipient).in_(list(emails))
    )
    quietly = {"synchronize_session": False}
    writing.execute(
        delete(Message)
        .where(theirs, Message.status != MessageStatus.SENT)
        .execution_options(**quietly)
    )
    writing.execute(
        update(Message)
        .where(theirs)
        .values(kind="erased", recipient="", context={}, last_error="")
        .execution_options(**quietly)
    )
    mask.cover(writing, Message.id, Message.context)


def _forget_journal(writing: Session, person: Person, mask: "Mask") -> None:
    theirs = JournalEntry.subject.in_(person.subjects)
    quietly = {"synchronize_session": False}
    writing.execute(
        update(JournalEntry).where(theirs).values(details={}).execution_options(**quietly)
    )
    writing.execute(
        update(JournalEntry)
        .where(theirs, JournalEntry.actor.startswith("public:"))
        .values(actor="public:", address="")
        .execution_options(**quietly)
    )
    mask.cover(writing, JournalEntry.id, JournalEntry.details, names_alone=True)


def _forget_printed(
    writing: Session, person: Person, unfinished: Sequence[PrintRun], data: Path, mask: "Mask"
) -> None:
    """Deletes the files that hold a badge of the person, and what interrupted runs left."""
    runs = select(Printing.print_run_id).where(Printing.badge_id.in_(person.badge_ids))
    printed = writing.scalars(select(PrintRun).where(PrintRun.id.in_(runs))).all()
    for run in (*printed, *unfinished):
        delete_file_of(run, data)
    mask.cover(writing, PrintRun.id, PrintRun.filters, names_alone=True)


def delete_file_of(run: PrintRun, data: Path) -> bool:
    """Deletes the file of a print run; its row stays. Answers whether there was one."""
    if not run.file_name:
        return False
    path = data / PRINT_RUNS / run.file_name
    path.unlink(missing_ok=True)
    path.with_suffix(".part").unlink(missing_ok=True)
    run.file_name = ""
    return True


@dataclass(frozen=True)
class Mask:
    """Finds a person in any text: addresses, telephone, full name in both orders."""

    pattern: re.Pattern[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, attendees: Sequence[Attendee], emails: Iterable[str]) -> "Mask":
        found = {re.escape(email) for email in emails}
        pairs = set()
        for one in attendees:
            digits = re.findall(r"\d", one.phone)
            if len(digits) >= 6:
                found.add(r"\+?" + r"[\s.\-]*".join(digits))
            for first, last in (
                (one.first_name, one.last_name),
                (folded(one.first_name), folded(one.last_name)),
            ):
                if not (first and last):
                    continue
                names = [r"\s+".join(map(re.escape, name.split())) for name in (first, last)]
                for order in (names, names[::-1]):
                    found.add(r"\b" + r"\s+".join(order) + r"\b")
                pairs.add((first.casefold(), last.casefold()))
        return cls(
            re.compile("|".join(sorted(found, key=len, reverse=True)), re.I), frozenset(pairs)
        )

    def over(self, value: Any, names_alone: bool = False) -> Any:
        """The same value without the person. `names_alone`: nor a text made of their names."""
        if isinstance(value, str):
            words = folded(value).split()
            if names_alone and words and any(set(words) <= known for known in self._words):
                return GONE
            return self.pattern.sub(GONE, value)
        if isinstance(value, list):
            return [self.over(one, names_alone) for one in value]
        if isinstance(value, dict):
            texts = {one.casefold() for one in value.values() if isinstance(one, str)}
            named = {name for pair in self.pairs if set(pair) <= texts for name in pair}
            return {
                key: GONE
                if isinstance(one, str) and one.casefold() in named
                else self.over(one, names_alone)
                for key, one in value.items()
            }
        return value

    @property
    def _words(self) -> list[set[str]]:
        return [set(folded(f"{first} {last}").split()) for first, last in self.pairs]

    def cover(
        self,
        writing: Session,
        key: InstrumentedAttribute[int],
        column: InstrumentedAttribute[Any],
        names_alone: bool = False,
    ) -> None:
        """Covers the person in a JSON column of every row of a table."""
        table = key.class_
        rows = writing.execute(select(key, column))
        changed = [
            (number, clean)
            for number, value in rows
            if (clean := self.over(value, names_alone)) != value
        ]
        for number, clean in changed:
            writing.execute(
                update(table)
                .where(key == number)
                .values({column: clean})
                .execution_options(synchronize_session=False)
            )


def wipe_free_space() -> None:
    """Leaves nothing of deleted rows in the SQLite file; PostgreSQL has its own vacuum."""
    if db.engine.dialect.name != "sqlite":
        return
    session().rollback()
    with closing(db.engine.raw_connection()) as connection:
        raw: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]
        try:
            raw.execute("VACUUM")
            (blocked, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            log.warning("free space not wiped: %s", error)
        else:
            if blocked:
                log.warning("free space not wiped: a reader holds the journal")
