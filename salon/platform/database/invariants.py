"""Triggers for the invariants that no constraint of a table can express.

Each is written once, in SQL that both databases read. `docs/invariants.md` lists them beside the
constraints. `create_all()` installs them; migrations have their own copies.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, delete, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model

ERASURE = "erasure"


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


UNLESS_ERASING = f"NOT EXISTS (SELECT 1 FROM unsettled WHERE name = '{ERASURE}')"
ALWAYS = "1 = 1"


@dataclass(frozen=True)
class Refusal:
    """A change of a row of `table` that is refused at once, by its `name`, if `condition` holds.

    `when`: a condition on NEW and OLD alone, evaluated first. `lock`: rows that PostgreSQL locks
    before, so that two transactions cannot pass together.
    """

    name: str
    table: str
    events: Sequence[str]
    condition: str
    when: str = ""
    lock: str = ""

    def on_sqlite(self) -> Iterator[str]:
        condition = f" WHEN {self.when}" if self.when else ""
        for trigger_event in self.events:
            yield (
                f"CREATE TRIGGER {self.name}_on_{trigger_event.split()[0].lower()}\n"
                f"AFTER {trigger_event} ON {self.table} FOR EACH ROW{condition} BEGIN\n"
                f"    SELECT RAISE(ABORT, '{self.name}') WHERE {self.condition};\n"
                "END"
            )

    def on_postgresql(self) -> Iterator[str]:
        yield function_of(self.name, self.condition, self.lock)
        condition = f" WHEN ({self.when})" if self.when else ""
        yield (
            f"CREATE TRIGGER {self.name} AFTER {' OR '.join(self.events)} ON {self.table}\n"
            f"FOR EACH ROW{condition} EXECUTE FUNCTION {self.name}()"
        )


@dataclass(frozen=True)
class Contradiction:
    """Two rows, `a` and `b`, that no commit may leave together; `clash` says when they do.

    `a` and `b` are tables, each with the columns that matter; `b` None: two rows of `a`, which
    PostgreSQL keeps apart by the exclusion constraint `exclusion`. `lock` as in Refusal.
    """

    name: str
    clash: str
    a: tuple[str, str]
    b: tuple[str, str] | None = None
    exclusion: str = ""
    lock: str = ""

    @property
    def sides(self) -> Iterator[tuple[str, str, str, str]]:
        """Return (alias, table, columns, column of the row in `unsettled`)."""
        yield "a", *self.a, "row_id" if self.b else "row_id, other_id"
        if self.b:
            yield "b", *self.b, "other_id"

    @property
    def pairs(self) -> str:
        return f"FROM {self.a[0]} a, {(self.b or self.a)[0]} b WHERE {self.clash}"

    def on_sqlite(self) -> Iterator[str]:
        for alias, table, columns, places in self.sides:
            delete_sql = (
                f"DELETE FROM unsettled WHERE name = '{self.name}' AND {{}}.id IN ({places})"
            )
            insert_sql = (
                "INSERT INTO unsettled (name, row_id, other_id)\n"
                f"    SELECT '{self.name}', a.id, b.id {self.pairs} AND {alias}.id = NEW.id"
            )
            for trigger_event, *steps in (
                ("INSERT", insert_sql),
                (f"UPDATE OF {columns}", delete_sql.format("NEW"), insert_sql),
                ("DELETE", delete_sql.format("OLD")),
            ):
                body = "".join(f"    {step};\n" for step in steps)
                yield (
                    f"CREATE TRIGGER {self.name}_{table}_{trigger_event.split()[0].lower()}\n"
                    f"AFTER {trigger_event} ON {table} FOR EACH ROW BEGIN\n{body}END"
                )

    def on_postgresql(self) -> Iterator[str]:
        if self.exclusion:
            yield (
                f"ALTER TABLE {self.a[0]} ADD CONSTRAINT {self.name}\n"
                f"EXCLUDE USING gist ({self.exclusion}) DEFERRABLE INITIALLY DEFERRED"
            )
            return
        for alias, table, columns, _ in self.sides:
            function = f"{self.name}_{table}"
            condition = f"EXISTS (SELECT 1 {self.pairs} AND {alias}.id = NEW.id)"
            lock = self.lock if alias == "a" else ""
            yield function_of(function, condition, lock, raised=self.name)
            yield (
                f"CREATE CONSTRAINT TRIGGER {function} AFTER INSERT OR UPDATE OF {columns}\n"
                f"ON {table} DEFERRABLE INITIALLY DEFERRED\n"
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )


def function_of(name: str, condition: str, lock: str, raised: str = "") -> str:
    """Return a trigger function of PostgreSQL that raises an IntegrityError naming `raised`."""
    locking = f"    PERFORM 1 {lock};\n" if lock else ""
    raised = raised or name
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        f"{locking}    IF {condition} THEN\n"
        f"        RAISE EXCEPTION '{raised}'\n"
        f"        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{raised}';\n"
        "    END IF;\n    RETURN NULL;\nEND $$"
    )


def truncation_of(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()"
    )


CHANGED = ("UPDATE", "DELETE")

REFUNDED = (
    "(SELECT coalesce(sum(refunds.amount), 0) FROM refunds"
    " WHERE refunds.payment_id = {} AND refunds.cancelled_at IS NULL)"
)
WITHIN_RECEIPT = (
    "NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id"
    " AND payments.cancelled_at IS NULL AND round(payments.amount"
    " - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations"
    f" WHERE allocations.payment_id = payments.id) - {REFUNDED.format('payments.id')}, 2) >= 0)"
)
"""What a receipt pays and what is paid back of it make its amount at most."""
RECEIPT_LOCKED = "FROM payments WHERE id = NEW.payment_id FOR UPDATE"

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
    Refusal("sales_documents_stay", "sales_documents", ("DELETE",), ALWAYS),
    Refusal(
        "sales_documents_say_what_was_issued",
        "sales_documents",
        (
            "UPDATE OF edition_id, exhibitor_id, kind, series, number, reference, issued_on,"
            " due_on, from_id, cancels_id, seller, service_code, net, vat, gross, line_count,"
            " created_at",
        ),
        ALWAYS,
    ),
    Refusal(
        "sales_documents_name_their_buyer",
        "sales_documents",
        ("UPDATE OF buyer, engagement_number, purchase_order, created_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "sales_documents_keep_their_remark",
        "sales_documents",
        ("UPDATE OF remark",),
        UNLESS_ERASING,
    ),
    Refusal(
        "sales_documents_keep_their_vat", "sales_documents", ("UPDATE OF vat_by_rate",), ALWAYS
    ),
    Refusal(
        "service_is_done_once",
        "sales_documents",
        ("UPDATE OF service_done_on",),
        ALWAYS,
        when="OLD.kind <> 'order' OR OLD.service_done_on IS NOT NULL",
    ),
    Refusal(
        "sales_documents_follow_one_another",
        "sales_documents",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents"
        " WHERE series = NEW.series AND number = NEW.number - 1)",
        when="NEW.number <> 1",
    ),
    Refusal(
        "credit_notes_within_their_invoice",
        "sales_documents",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents invoice"
        " WHERE invoice.id = NEW.from_id AND invoice.kind = 'invoice' AND round(invoice.net"
        " - (SELECT sum(note.net) FROM sales_documents note"
        " WHERE note.from_id = NEW.from_id AND note.kind = 'credit_note'), 2) >= 0)",
        when="NEW.kind = 'credit_note'",
        lock="FROM sales_documents WHERE id = NEW.from_id FOR UPDATE",
    ),
    Refusal(
        "closed_sales_sell_nothing",
        "sales_documents",
        ("INSERT",),
        "EXISTS (SELECT 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id AND status = 'closed')",
        when="NEW.kind <> 'credit_note'",
        lock="FROM sales WHERE exhibitor_id = NEW.exhibitor_id FOR UPDATE",
    ),
    Refusal("sales_lines_stay", "sales_lines", CHANGED, ALWAYS),
    Refusal(
        "sales_lines_make_the_document",
        "sales_lines",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents document, (SELECT count(*) AS lines,"
        " sum(net) AS net FROM sales_lines WHERE document_id = NEW.document_id) written"
        " WHERE document.id = NEW.document_id AND (written.lines < document.line_count OR"
        " written.lines = document.line_count AND round(written.net - document.net, 2) = 0))",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal("negotiated_lines_stay", "negotiated_lines", ("DELETE",), ALWAYS),
    Refusal(
        "negotiated_lines_say_what_was_granted",
        "negotiated_lines",
        ("UPDATE OF exhibitor_id, quantity, unit_price, vat_rate, granted_at",),
        ALWAYS,
    ),
    Refusal(
        "negotiated_lines_name_who_granted_them",
        "negotiated_lines",
        ("UPDATE OF label, reason, granted_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "negotiated_lines_are_withdrawn_once",
        "negotiated_lines",
        ("UPDATE OF withdrawn_at",),
        ALWAYS,
        when="OLD.withdrawn_at IS NOT NULL",
    ),
    Refusal("payments_stay", "payments", ("DELETE",), ALWAYS),
    Refusal(
        "payments_say_what_was_received",
        "payments",
        ("UPDATE OF document_id, amount, method, received_on, recorded_at",),
        ALWAYS,
    ),
    Refusal(
        "payments_name_who_recorded_them",
        "payments",
        ("UPDATE OF reference, recorded_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "payments_are_cancelled_once",
        "payments",
        ("UPDATE OF cancelled_at",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "payments_keep_their_words",
        "payments",
        ("UPDATE OF payer, cancel_reason",),
        UNLESS_ERASING,
        when="OLD.payer <> NEW.payer OR OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "payments_of_an_invoice",
        "payments",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id"
        " AND document.kind <> 'credit_note' AND round(2 * document.gross"
        f" - (SELECT sum(amount - {REFUNDED.format('payments.id')}) FROM payments"
        " WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0)",
        when="NEW.cancelled_at IS NULL",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal(
        "refunded_payments_stand",
        "payments",
        ("UPDATE OF cancelled_at",),
        f"{REFUNDED.format('NEW.id')} > 0",
        when="NEW.cancelled_at IS NOT NULL",
    ),
    Refusal("allocations_stay", "allocations", CHANGED, ALWAYS),
    Refusal(
        "allocations_within_their_receipt",
        "allocations",
        ("INSERT",),
        WITHIN_RECEIPT,
        when="NEW.amount > 0",
        lock=RECEIPT_LOCKED,
    ),
    Refusal(
        "allocations_within_their_invoice",
        "allocations",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents invoice"
        " JOIN payments ON payments.id = NEW.payment_id"
        " JOIN sales_documents document ON document.id = payments.document_id"
        " WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice'"
        " AND invoice.exhibitor_id = document.exhibitor_id AND round(invoice.gross"
        " - (SELECT coalesce(sum(note.gross), 0) FROM sales_documents note"
        " WHERE note.from_id = invoice.id AND note.kind = 'credit_note')"
        " - (SELECT sum(paid.amount) FROM allocations paid JOIN payments receipt"
        " ON receipt.id = paid.payment_id WHERE paid.document_id = invoice.id"
        " AND receipt.cancelled_at IS NULL), 2) >= 0)",
        when="NEW.amount > 0",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal(
        "allocations_are_freed_once",
        "allocations",
        ("INSERT",),
        "(SELECT round(sum(amount), 2) FROM allocations WHERE payment_id = NEW.payment_id"
        " AND document_id = NEW.document_id) < 0",
        when="NEW.amount < 0",
        lock=RECEIPT_LOCKED,
    ),
    Refusal("refunds_stay", "refunds", ("DELETE",), ALWAYS),
    Refusal(
        "refunds_say_what_was_paid_back",
        "refunds",
        ("UPDATE OF payment_id, amount, method, refunded_on, recorded_at",),
        ALWAYS,
    ),
    Refusal(
        "refunds_name_who_recorded_them",
        "refunds",
        ("UPDATE OF reference, recorded_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "refunds_are_cancelled_once",
        "refunds",
        ("UPDATE OF cancelled_at",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "refunds_keep_why_they_were_cancelled",
        "refunds",
        ("UPDATE OF cancel_reason",),
        UNLESS_ERASING,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "refunds_within_their_receipt",
        "refunds",
        ("INSERT",),
        WITHIN_RECEIPT,
        when="NEW.cancelled_at IS NULL",
        lock=RECEIPT_LOCKED,
    ),
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
def _install(target: Any, connection: Connection, tables: Any = (), **_: Any) -> None:
    if Unsettled.__table__ in tables:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
