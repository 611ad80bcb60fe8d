"""Bank statements: imported without repetition, lines set aside, noted, or put back to wait."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.imports.statements import ReadLine
from salon.billing.models import LineOutcome, Payment, Refund, StatementLine
from salon.billing.rules.receipts import LineAlreadySettled, check_line_waits
from salon.billing.services.payments import settle
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import upsert, violation_as
from salon.platform.database.journal import JournalAction, write_entry

AT_ONCE = 500


def import_statement(act: FairAct, lines: Sequence[ReadLine]) -> int:
    """Add the lines that no earlier statement of the edition had; return their number."""
    common = {
        "edition_id": act.edition.id,
        "imported_at": act.now,
        "imported_by": act.actor.display_name,
        "settled_by": "",
    }
    rows = [{**asdict(line), **common} for line in lines]
    with act.transaction() as session:
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
        write_entry(
            session,
            act.actor,
            BillingAction.STATEMENT_IMPORTED,
            f"edition:{act.edition.id}",
            **counts,
        )
    return len(added)


def set_line_aside(act: Act, line: StatementLine) -> None:
    """Say that a line is not of the fair. Raises LineAlreadySettled."""
    with act.transaction(line) as session:
        check_line_waits(line.settled_by, is_settled=line.settled_at is not None)
        settle(act, line, LineOutcome.SET_ASIDE)
        _write_entry(act, session, BillingAction.STATEMENT_SET_ASIDE, line)


def note_line(
    act: Act, line: StatementLine, payment: Payment | None = None, refund: Refund | None = None
) -> None:
    """Say that a line is a receipt or a refund that is recorded. Raises LineAlreadySettled.

    A receipt, and a refund, is one line.
    """
    name = "payment_id" if payment else "refund_id"
    unique = f"uq_statement_lines_{name}_outcome"
    outcome = LineOutcome.RECORDED if payment else LineOutcome.REFUNDED
    with (
        violation_as(LineAlreadySettled, unique, f"statement_lines.{name}"),
        act.transaction(line) as session,
    ):
        check_line_waits(line.settled_by, is_settled=line.settled_at is not None)
        settle(act, line, outcome, payment=payment, refund=refund)
        _write_entry(act, session, BillingAction.STATEMENT_NOTED, line)


def reopen_line(act: Act, line: StatementLine) -> None:
    """Let a settled line wait again; what it recorded stays recorded. Idempotent."""
    with act.transaction(line) as session:
        if line.settled_at is None:
            return
        line.outcome = line.payment = line.refund = line.settled_at = None
        line.settled_by = ""
        _write_entry(act, session, BillingAction.STATEMENT_REOPENED, line)


def _write_entry(act: Act, session: Session, action: JournalAction, line: StatementLine) -> None:
    subject = f"edition:{line.edition_id}"
    details = {"amount": str(line.amount), "booked_on": line.booked_on.isoformat()}
    write_entry(session, act.actor, action, subject, line=line.id, **details)
