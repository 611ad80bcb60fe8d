"""The safety forms of the stands of an edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.db import session
from salon.exhibitors import safety
from salon.exhibitors.models import ApplicationStatus, Exhibitor, SafetyForm
from salon.exhibitors.safety import Judged, Verdict
from salon.fair.models import Edition, Stand


class Sheet(StrEnum):
    """How far the form of a stand is."""

    MISSING = "missing"
    BEGUN = "begun"
    COMPLETE = "complete"

    @property
    def label(self) -> str:
        return {"missing": "À remplir", "begun": "Commencée", "complete": "Complète"}[self.value]


@dataclass(frozen=True)
class StandSafety:
    """What is known of the safety of one exhibitor's stand."""

    exhibitor: Exhibitor
    sheet: Sheet
    found: list[Judged]

    @property
    def verdict(self) -> Verdict:
        return safety.gravest(self.found)

    @property
    def hall(self) -> str:
        return self.exhibitor.stand.hall.name if self.exhibitor.stand else ""

    @property
    def number(self) -> str:
        return self.exhibitor.stand.number if self.exhibitor.stand else ""


def get_sheet(exhibitor_id: int) -> SafetyForm:
    """The form of an exhibitor; raises NoResultFound before it is begun."""
    wanted = select(SafetyForm).where(SafetyForm.exhibitor_id == exhibitor_id)
    return session().scalars(wanted.options(joinedload(SafetyForm.exhibitor))).one()


def find_sheet(exhibitor_id: int) -> SafetyForm | None:
    wanted = select(SafetyForm).where(SafetyForm.exhibitor_id == exhibitor_id)
    return session().scalars(wanted).one_or_none()


def safety_of(exhibitor: Exhibitor, form: SafetyForm | None) -> StandSafety:
    if form is None:
        return StandSafety(exhibitor, Sheet.MISSING, [])
    sheet = Sheet.COMPLETE if form.completed_at else Sheet.BEGUN
    return StandSafety(exhibitor, sheet, safety.judge(form.answers, exhibitor.area, form.overrides))


def stands_of(edition: Edition) -> list[StandSafety]:
    """Every accepted exhibitor that has a stand to make safe, by hall and stand, unplaced last.

    One query, however many there are.
    """
    wanted = (
        select(Exhibitor)
        .where(
            Exhibitor.edition_id == edition.id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
            Exhibitor.area > 0,
        )
        .options(joinedload(Exhibitor.stand).joinedload(Stand.hall), joinedload(Exhibitor.safety))
    )
    exhibitors: Sequence[Exhibitor] = session().scalars(wanted).unique().all()
    found = [safety_of(one, one.safety) for one in exhibitors]
    return sorted(found, key=_place)


def _place(one: StandSafety) -> tuple[bool, str, tuple[int, str], str]:
    digits = "".join(filter(str.isdigit, one.number))
    number = (int(digits or 0), one.number)
    return (not one.number, one.hall, number, one.exhibitor.name_key)
