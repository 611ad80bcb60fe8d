"""Triggers for the invariants that no constraint of a table can express.

Each is written once, in SQL that both databases read. `docs/invariants.md` lists them beside the
constraints. `create_all()` installs them; migrations have their own copies.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import CheckConstraint, Connection, ForeignKey, FromClause, delete, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model
from salon.platform.database.guards import (
    ALWAYS,
    CHANGED,
    ERASURE,
    UNLESS_ERASING,
    Contradiction,
    Refusal,
    function_of,
    truncation_of,
)
from salon.platform.database.money_invariants import MONEY


class Unsettled(Model):
    """A row to settle before the transaction ends: it cannot be committed, because `never` refers
    to a row that cannot exist, and is checked at the commit.

    `name` is ERASURE while a purge or an erasure may change protected rows; on SQLite, which defers
    no trigger, also the name of a Contradiction between the rows `row_id` and `other_id`.
    """

    __tablename__ = "unsettled"
    __table_args__ = (CheckConstraint("id > 0 AND never = 0", name="never_settled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    row_id: Mapped[int | None]
    other_id: Mapped[int | None]
    never: Mapped[int] = mapped_column(
        ForeignKey("unsettled.id", deferrable=True, initially="DEFERRED"), server_default="0"
    )


@contextmanager
def erasing(session: Session) -> Iterator[None]:
    """Let the caller's transaction change protected rows. Only for the purge and for erasures."""
    session.execute(insert(Unsettled).values(name=ERASURE))
    yield
    session.flush()
    session.execute(delete(Unsettled).where(Unsettled.name == ERASURE))


REFUSALS = (
    Refusal("journal_stays", "journal_entries", CHANGED, UNLESS_ERASING),
    Refusal("scans_stay", "scans", CHANGED, UNLESS_ERASING),
    Refusal("printings_stay", "printings", CHANGED, UNLESS_ERASING),
    Refusal("readings_stay", "lead_readings", ("UPDATE",), UNLESS_ERASING),
    Refusal("consents_stay", "consents", ("DELETE",), UNLESS_ERASING),
    Refusal(
        "consents_say_what_was_agreed",
        "consents",
        ("UPDATE OF attendee_id, purpose, text_version, given_at",),
        ALWAYS,
    ),
    Refusal("text_versions_stay", "text_versions", CHANGED, ALWAYS),
    Refusal(
        "consents_end_once",
        "consents",
        ("UPDATE OF withdrawn_at",),
        ALWAYS,
        when="OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL",
    ),
    Refusal(
        "lead_consents_say_what_was_agreed",
        "lead_consents",
        ("UPDATE OF lead_id, purpose, fields, text_version, given_at",),
        UNLESS_ERASING,
    ),
    Refusal("data_files_stay", "data_files", CHANGED, ALWAYS),
    *MONEY,
    Refusal(
        "invitation_quota",
        "attendees",
        ("INSERT", "UPDATE OF status, invitation_id"),
        "EXISTS (SELECT 1 FROM invitations WHERE id = NEW.invitation_id AND quota <"
        " (SELECT count(*) FROM attendees"
        " WHERE invitation_id = NEW.invitation_id AND status = 'registered'))",
        when="NEW.invitation_id IS NOT NULL AND NEW.status = 'registered'",
        lock="FROM invitations WHERE id = NEW.invitation_id FOR UPDATE",
    ),
    Refusal(
        "invitation_quota_lowered",
        "invitations",
        ("UPDATE OF quota",),
        "NEW.quota < (SELECT count(*) FROM attendees"
        " WHERE invitation_id = NEW.id AND status = 'registered')",
    ),
    Refusal(
        "stand_in_its_hall",
        "stands",
        ("INSERT", "UPDATE OF hall_id, edition_id, x, y, width, depth"),
        "NOT EXISTS (SELECT 1 FROM halls WHERE id = NEW.hall_id AND edition_id = NEW.edition_id"
        " AND NEW.x + NEW.width < width + 0.01 AND NEW.y + NEW.depth < depth + 0.01)",
    ),
)
"""Refused at once."""

AT_ONCE = (
    "a.id <> b.id AND a.{whose} = b.{whose}"
    " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
    " AND a.status = '{status}' AND b.status = '{status}'"
)
AT_ONCE_EXCLUDED = (
    "int4range({whose}, {whose}, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&"
    ") WHERE (status = '{status}'"
)


def one_place_at_a_time(name: str, table: str, owner_column: str, status: str) -> Contradiction:
    """Forbid rows of this status with the same `owner_column` and overlapping times.

    Ranges of one number stand for equality, which a gist index without extension does not know.
    """
    return Contradiction(
        name,
        AT_ONCE.format(whose=owner_column, status=status),
        (table, f"{owner_column}, starts_at, ends_at, status"),
        exclusion=AT_ONCE_EXCLUDED.format(whose=owner_column, status=status),
    )


CONTRADICTIONS = (
    one_place_at_a_time("appointments_of_an_agent", "appointments", "agent_id", "booked"),
    one_place_at_a_time("appointments_of_a_visitor", "appointments", "attendee_id", "booked"),
    one_place_at_a_time("published_shifts_of_an_agent", "shifts", "agent_id", "published"),
    one_place_at_a_time("draft_shifts_of_an_agent", "shifts", "agent_id", "draft"),
    Contradiction(
        "stands_on_one_place",
        "a.id <> b.id AND a.hall_id = b.hall_id"
        " AND a.x + a.width - b.x > 0.01 AND b.x + b.width - a.x > 0.01"
        " AND a.y + a.depth - b.y > 0.01 AND b.y + b.depth - a.y > 0.01",
        ("stands", "hall_id, x, y, width, depth"),
        exclusion="int4range(hall_id, hall_id, '[]') WITH &&,"
        " box(point(x + 0.005, y + 0.005), point(x + width - 0.005, y + depth - 0.005)) WITH &&",
    ),
    Contradiction(
        "valid_badges_of_registered_people",
        "a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered'",
        ("badges", "attendee_id, revoked_at"),
        ("attendees", "status"),
        lock="FROM attendees WHERE id = NEW.attendee_id FOR SHARE",
    ),
)
"""Refused at the commit: rows may contradict each other until then, as two shifts that swap do."""

NEVER_EMPTIED = (
    *("journal_entries", "scans", "consents"),
    *("sales_documents", "sales_lines", "payments", "allocations", "refunds"),
)


def statements(dialect: str) -> Iterator[str]:
    """Return the statements that install the triggers, in order."""
    for guard in (*REFUSALS, *CONTRADICTIONS):
        yield from guard.on_sqlite() if dialect == "sqlite" else guard.on_postgresql()
    if dialect == "postgresql":
        yield function_of("rows_stay", "true", "")
        yield from map(truncation_of, NEVER_EMPTIED)


@event.listens_for(Model.metadata, "after_create")
def _install(
    target: object, connection: Connection, tables: Collection[FromClause] = (), **_: object
) -> None:
    if Unsettled.__table__ in tables:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
