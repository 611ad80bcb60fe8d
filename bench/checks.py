"""Invariants of a database after any fault, checked on its rows alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from bench.fairs import Fair
from bench.people import Ledger
from salon.badges.models import Attendee, Badge
from salon.entrance.models import Presence, Scan
from salon.platform.database.journal import JournalEntry
from salon.platform.database.submissions import Submission
from salon.platform.mail.outbox import Message

COUNTED = ("accepted", "already_inside", "re_entry", "exit")


def faults_in(fair: Fair, ledger: Ledger) -> dict[str, int]:
    """Return how many of each fault there are; a sound database has none of any."""
    with fair.engine().connect() as connection:
        faults = {
            "acknowledged scans lost": _lost_scans(connection, ledger),
            "acknowledged registrations lost": _lost_people(connection, ledger),
            "doubles (people, scans, mails)": _doubles(connection),
            "people without exactly one badge": _people_without_badge(connection),
            "badges without mail or journal entry": _badges_without_trace(connection),
            "presences that differ from the scans": _wrong_presences(connection),
            "forms taken but not settled": _count(connection, Submission, Submission.result == ""),
            "damage found by the database": _damage(connection),
        }
    return faults


def _lost_scans(connection: Connection, ledger: Ledger) -> int:
    saved = dict(connection.execute(select(Scan.scan_id, Scan.verdict)).all())
    return sum(saved.get(scan) != verdict for scan, verdict in ledger.scans.items())


def _lost_people(connection: Connection, ledger: Ledger) -> int:
    return len(ledger.people - set(connection.scalars(select(Attendee.email_key))))


def _doubles(connection: Connection) -> int:
    people = connection.scalars(select(Attendee.email_key).where(Attendee.email.like("%@charge.%")))
    mails = connection.scalars(select(Message.about).where(Message.kind == "registration"))
    scans = connection.execute(select(Scan.station_id, Scan.scan_id)).all()
    return sum(_repeated(values) for values in (people, mails, scans))


def _repeated(values: Iterable[object]) -> int:
    return sum(count - 1 for count in Counter(values).values())


def _people_without_badge(connection: Connection) -> int:
    badges = (
        select(func.count())
        .select_from(Badge)
        .where(Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None))
        .correlate(Attendee)
        .scalar_subquery()
    )
    return _count(connection, Attendee, badges != 1, Attendee.status == "registered")


def _badges_without_trace(connection: Connection) -> int:
    """Of the people registered by the crowd."""
    entries = set(
        connection.scalars(
            select(JournalEntry.subject).where(JournalEntry.action == "attendee.registered")
        )
    )
    mails = set(connection.scalars(select(Message.about).where(Message.kind == "registration")))
    people = connection.scalars(
        select(Attendee.id).join(Badge).where(Attendee.email.like("%@charge.example"))
    )
    return sum(
        not (f"attendee:{person}" in entries and f"attendee:{person}" in mails) for person in people
    )


def _wrong_presences(connection: Connection) -> int:
    """First entry, last time and whether inside, worked out again from the scans."""
    scans = connection.execute(
        select(Scan.badge_id, Scan.happened_at, Scan.direction)
        .where(Scan.verdict.in_(COUNTED))
        .order_by(Scan.happened_at, Scan.id)
    ).all()
    expected: dict[int, tuple[bool, datetime | None, datetime]] = {}
    for badge, at, direction in scans:
        assert badge is not None
        _, first, _ = expected.get(badge, (False, None, at))
        expected[badge] = (direction == "in", first or (at if direction == "in" else None), at)
    rows = connection.execute(
        select(Presence.badge_id, Presence.is_inside, Presence.first_entry_at, Presence.last_at)
    ).all()
    saved = {badge: (inside, first, last) for badge, inside, first, last in rows}
    return sum(saved.get(badge) != expected.get(badge) for badge in saved.keys() | expected.keys())


def _damage(connection: Connection) -> int:
    """SQLite's own check of its file and of its foreign keys; PostgreSQL keeps them by itself."""
    if connection.dialect.name != "sqlite":
        return 0
    words = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return len(broken) + (words != ["ok"]) * len(words)


def _count(connection: Connection, model: type, *conditions: object) -> int:
    statement = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]
    return connection.scalar(statement) or 0
