"""The answer of VIES about a VAT number, kept beside the exhibitor who gave it."""

from sqlalchemy import update

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.imports.vat_lookup import VatConsultation
from salon.exhibitors.models import Exhibitor, VatAnswer
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry


def keep_vat_answer(
    act: Act, exhibitor: Exhibitor, vat_number: str, consultation: VatConsultation
) -> None:
    """Keep the answer of VIES about a VAT number; UNKNOWN replaces no answer about the same one."""
    exhibitor_id, kept = exhibitor.id, exhibitor.vat_check or {}
    if consultation.answer == VatAnswer.UNKNOWN and kept.get("vat_number") == vat_number:
        return
    check = {
        "vat_number": vat_number,
        "answer": consultation.answer.value,
        "checked_at": act.now.isoformat(),
        "consultation": consultation.number,
    }
    with act.transaction() as session:
        statement = update(Exhibitor).where(Exhibitor.id == exhibitor_id)
        session.execute(statement.values(vat_check=check))
        details = {name: check[name] for name in ("answer", "consultation")}
        write_entry(
            session, act.actor, ExhibitorAction.VAT_CHECKED, f"exhibitor:{exhibitor_id}", **details
        )
