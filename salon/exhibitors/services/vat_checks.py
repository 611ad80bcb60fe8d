"""The answer of VIES about a VAT number, kept beside the exhibitor who gave it."""

from datetime import datetime

from sqlalchemy import update

from salon.exhibitors.imports.vat_lookup import consult
from salon.exhibitors.models import Exhibitor, VatAnswer
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry


def check_at_vies(
    exhibitor: Exhibitor,
    vat_number: str,
    requester: str,
    url: str,
    timeout: float,
    actor: Identity,
    now: datetime,
) -> VatAnswer:
    """Ask VIES about a VAT number and keep its answer. Nothing waits for it, nothing is refused.

    No answer replaces no earlier one about the same number. The request is made outside any
    transaction.
    """
    exhibitor_id, kept = exhibitor.id, exhibitor.vat_check or {}
    consultation = consult(vat_number, requester, url, timeout)
    if consultation.answer == VatAnswer.UNKNOWN and kept.get("vat_number") == vat_number:
        return consultation.answer
    check = {
        "vat_number": vat_number,
        "answer": consultation.answer.value,
        "checked_at": now.isoformat(),
        "consultation": consultation.number,
    }
    with transaction() as session:
        statement = update(Exhibitor).where(Exhibitor.id == exhibitor_id)
        session.execute(statement.values(vat_check=check))
        details = {name: check[name] for name in ("answer", "consultation")}
        write_entry(session, actor, "exhibitor.vat_checked", f"exhibitor:{exhibitor_id}", **details)
    return consultation.answer
