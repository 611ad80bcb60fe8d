"""The safety forms of the stands of an edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition, Hall, Stand
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.texts import folded
from salon.safety.engine import assessment
from salon.safety.engine.assessment import JudgedFinding, Verdict
from salon.safety.engine.questions import Answers
from salon.safety.models import SafetyForm

INCOMPLETE = "incomplete"
"""Value of `sheet` in a filter: not yet complete, begun or not."""
TO_SUBMIT = "to_submit"
"""Value of `verdict` in a filter: findings for the *chargé de sécurité*."""


class Sheet(LabelledEnum):
    """Progress of the safety form of a stand."""

    MISSING = "missing", "À remplir"
    BEGUN = "begun", "Commencée"
    COMPLETE = "complete", "Complète"


class Holder(NamedTuple):
    """The exhibitor of a stand; `hall` and `number` are the stand's."""

    id: int
    name: str
    name_key: str
    area: int
    hall: str
    number: str


@dataclass(frozen=True)
class StandSafety:
    """Safety answers and findings of one exhibitor's stand."""

    exhibitor: Holder
    sheet: Sheet
    answers: Answers
    findings: list[JudgedFinding]

    @property
    def verdict(self) -> Verdict:
        return assessment.gravest_verdict(self.findings)

    @property
    def is_complete(self) -> bool:
        return self.sheet == Sheet.COMPLETE

    @property
    def has_something_to_submit(self) -> bool:
        """Return whether the *chargé de sécurité* must see it before the stand is built."""
        return self.verdict in (Verdict.ADVICE, Verdict.FORBIDDEN)

    @property
    def is_quiet(self) -> bool:
        """Return whether the form is complete and no rule asks for anything."""
        return self.is_complete and self.verdict == Verdict.NOTHING

    @property
    def hall(self) -> str:
        return self.exhibitor.hall

    @property
    def number(self) -> str:
        return self.exhibitor.number


def get_sheet(exhibitor_id: int) -> SafetyForm:
    """Return the form of an exhibitor; raise NoResultFound before it is begun."""
    statement = select(SafetyForm).where(SafetyForm.exhibitor_id == exhibitor_id)
    return current_session().scalars(statement.options(joinedload(SafetyForm.exhibitor))).one()


def find_sheet(exhibitor_id: int) -> SafetyForm | None:
    statement = select(SafetyForm).where(SafetyForm.exhibitor_id == exhibitor_id)
    return current_session().scalars(statement).one_or_none()


def safety_of(exhibitor: Exhibitor, form: SafetyForm | None) -> StandSafety:
    stand = exhibitor.stand
    place = (stand.hall.name, stand.number) if stand else ("", "")
    holder = Holder(exhibitor.id, exhibitor.name, exhibitor.name_key, exhibitor.area, *place)
    if form is None:
        return _judged(holder, None, None, None)
    return _judged(holder, form.answers, form.overrides, form.completed_at)


def _judged(
    holder: Holder,
    answers: Answers | None,
    overrides: dict[str, dict[str, str]] | None,
    completed_at: datetime | None,
) -> StandSafety:
    """`answers` is None while the form is not begun."""
    if answers is None:
        return StandSafety(holder, Sheet.MISSING, {}, [])
    sheet = Sheet.COMPLETE if completed_at else Sheet.BEGUN
    return StandSafety(holder, sheet, answers, assessment.judge(answers, holder.area, overrides))


def stands_of(edition: Edition) -> list[StandSafety]:
    """Return accepted exhibitors with a stand to make safe, by hall and stand, unplaced last.

    One query, however many there are.
    """
    statement = (
        select(
            Exhibitor.id,
            Exhibitor.name,
            Exhibitor.name_key,
            Exhibitor.area,
            func.coalesce(Hall.name, ""),
            func.coalesce(Stand.number, ""),
            SafetyForm.answers,
            SafetyForm.overrides,
            SafetyForm.completed_at,
        )
        .outerjoin(Exhibitor.stand)
        .outerjoin(Stand.hall)
        .outerjoin(Exhibitor.safety)
        .where(
            Exhibitor.edition_id == edition.id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
            Exhibitor.area > 0,
        )
    )
    rows = current_session().execute(statement)
    columns = len(Holder._fields)
    stands = [_judged(Holder(*row[:columns]), *row[columns:]) for row in rows]
    return sorted(stands, key=_place)


@dataclass(frozen=True)
class Counts:
    """Number of stands, and progress of their forms."""

    total: int
    complete: int
    quiet: int
    to_submit: int

    @property
    def incomplete(self) -> int:
        return self.total - self.complete


def counts_of(rows: Sequence[StandSafety]) -> Counts:
    return Counts(
        total=len(rows),
        complete=sum(stand.is_complete for stand in rows),
        quiet=sum(stand.is_quiet for stand in rows),
        to_submit=sum(stand.has_something_to_submit for stand in rows),
    )


def matching_stands(
    rows: Sequence[StandSafety], text: str = "", sheet: str = "", verdict: str = ""
) -> list[StandSafety]:
    """Return the rows that pass every filter; `text` is part of a name, or a stand number.

    « Rien à signaler » is only said of a complete form.
    """
    words, number = folded(text), text.strip().casefold()
    return [
        stand
        for stand in rows
        if (not words or words in stand.exhibitor.name_key or number == stand.number.casefold())
        and (sheet in ("", stand.sheet) or (sheet == INCOMPLETE and not stand.is_complete))
        and (
            not verdict
            or (verdict == TO_SUBMIT and stand.has_something_to_submit)
            or (verdict == stand.verdict and (verdict != Verdict.NOTHING or stand.is_quiet))
        )
    ]


def _place(stand: StandSafety) -> tuple[bool, str, tuple[int, str], str]:
    digits = "".join(filter(str.isdigit, stand.number))
    number = (int(digits or 0), stand.number)
    return (not stand.number, stand.hall, number, stand.exhibitor.name_key)


SAFETY = Listing(
    {
        "place": Column("Stand", _place),
        "exhibitor": Column("Exposant", lambda stand: stand.exhibitor.name_key),
        "verdict": Column("Résultat", lambda stand: list(Verdict).index(stand.verdict)),
    },
    sort="place",
)
