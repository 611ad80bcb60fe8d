"""Bank statements: imported without repetition, lines set aside, noted, or put back to wait."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from salon.billing.imports.statements import ReadLine
from salon.billing.models import LineOutcome, Payment, Refund, StatementLine
from salon.billing.rules.receipts import LineAlreadySettled, check_line_waits
from salon.billing.services.payments import settle
from salon.fair.models import Edition
from salon.platform.database.db import transaction, upsert, violation_as
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry

AT_ONCE = 500


def import_statement(
    edition: Edition, lines: Sequence[ReadLine], actor: Identity, now: datetime
) -> int:
    """Add the lines that no earlier statement of the edition had; return their number."""
    common = {
        "edition_id": edition.id,
        "imported_at": now,
        "imported_by": actor.display_name,
        "settled_by": "",
    }
    rows = [{**asdict(line), **common} for line in lines]
    with transaction() as session:
        added = [
            line_id
            for start in range(0, len(rows), AT_ONCE)
            for line_id in session.scalars(
                upsert(StatementLine)
                .values(rows[start : start + AT_ONCE])
                .on_conflict_do_nothing()
                .returning(StatementLine.id)
            )
        ]
        counts = {"lines": len(rows), "added": len(added)}
        write_entry(session, actor, "statement.imported", f"edition:{edition.id}", **counts)
    return len(added)


def set_line_aside(line: StatementLine, actor: Identity, now: datetime) -> None:
    """Say that a line is not of the fair. Raises LineAlreadySettled."""
    with transaction(line) as session:
        check_line_waits(line.settled_by, is_settled=line.settled_at is not None)
        settle(line, LineOutcome.SET_ASIDE, actor, now)
        _write_entry(session, actor, "statement.set_aside", line)


def note_line(
    line: StatementLine,
    actor: Identity,
    now: datetime,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    """Say that a line is a receipt or a refund that is recorded. Raises LineAlreadySettled.

    A receipt, and a refund, is one line.
    """
    name = "payment_id" if payment else "refund_id"
    unique = f"uq_statement_lines_{name}_outcome"
    outcome = LineOutcome.RECORDED if payment else LineOutcome.REFUNDED
    with (
        violation_as(LineAlreadySettled, unique, f"statement_lines.{name}"),
        transaction(line) as session,
    ):
        check_line_waits(line.settled_by, is_settled=line.settled_at is not None)
        settle(line, outcome, actor, now, payment=payment, refund=refund)
        _write_entry(session, actor, "statement.noted", line)


def reopen_line(line: StatementLine, actor: Identity) -> None:
    """Let a settled line wait again; what it recorded stays recorded. Idempotent."""
    with transaction(line) as session:
        if line.settled_at is None:
            return
        line.outcome = line.payment = line.refund = line.settled_at = None
        line.settled_by = ""
        _write_entry(session, actor, "statement.reopened", line)


def _write_entry(session: Session, actor: Identity, action: str, line: StatementLine) -> None:
    subject = f"edition:{line.edition_id}"
    details = {"amount": str(line.amount), "booked_on": line.booked_on.isoformat()}
    write_entry(session, actor, action, subject, line=line.id, **details)
