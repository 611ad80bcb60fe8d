"""Building blocks of the steps of the purge, and of erasures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.models import Appointment
from salon.badges.models import Badge
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Zone
from salon.platform.database.db import Model
from salon.platform.files.uploads import remove_file_after_commit
from salon.platform.storage.store import FileStore
from salon.staffing.models import Agent, Shift

QUIETLY = {"synchronize_session": False}
ERASED_TOKEN = "erased:"
PARENTS: dict[str, type[Any]] = {
    "exhibitor_id": Exhibitor,
    "appointment_id": Appointment,
    "shift_id": Shift,
    "offered_shift_id": Shift,
    "zone_id": Zone,
    "badge_id": Badge,
    "agent_id": Agent,
}
"""Tables with an edition, by the column that refers to them; the first that a table has counts."""


@dataclass(frozen=True)
class Due:
    """Scope of a step: rows from `before` or earlier, of the past `editions`.

    `before` is a time of the world; `fair_before` the same by the fair's clock.
    """

    before: datetime
    fair_before: datetime
    editions: Sequence[int]
    now: datetime
    store: FileStore
    dry_run: bool


@dataclass(frozen=True)
class Volume:
    """Number of rows (or files) destroyed, and the times they are from."""

    rows: int
    first: datetime | None = None
    last: datetime | None = None


Where = tuple[ColumnElement[bool], ...]
Step = Callable[[Session, Due], Volume]
Destroy = Callable[[Session, Due, Where], None]


def make_step(
    at: InstrumentedAttribute[Any],
    where_of: Callable[[Due], Where],
    destroy: Destroy,
    *,
    is_dated: bool = True,
) -> Step:
    """Return a step that counts rows and, but in a dry run, destroys them. `at`: their time."""

    def step(session: Session, due: Due) -> Volume:
        where = where_of(due)
        count, first, last = session.execute(
            select(func.count(), func.min(at), func.max(at)).where(*where)
        ).one()
        if not due.dry_run:
            destroy(session, due, where)
        return Volume(count, first, last) if is_dated else Volume(count)

    return step


def of_editions(model: type[Model], due: Due) -> ColumnElement[bool]:
    """Return the condition for rows of the ended editions."""
    condition: ColumnElement[bool]
    if hasattr(model, "edition_id"):
        condition = model.edition_id.in_(due.editions)
    else:
        name = next(name for name in PARENTS if hasattr(model, name))
        parent = PARENTS[name]
        ended = select(parent.id).where(parent.edition_id.in_(due.editions))
        condition = getattr(model, name).in_(ended)
    return condition


def delete_rows(
    at: InstrumentedAttribute[object],
    where_of: Callable[[Due], Where] | None = None,
    *,
    is_dated: bool = True,
    files: InstrumentedAttribute[str] | None = None,
    children: Sequence[InstrumentedAttribute[object]] = (),
) -> Step:
    """Return a step that deletes the rows of ended editions, or those of `where_of`.

    `files`: column of their stored files. `children`: columns that refer to the rows.
    """
    model = at.parent.mapper.class_

    def destroy(session: Session, due: Due, where: Where) -> None:
        names = [] if files is None else session.scalars(select(files).where(*where)).all()
        for child in children:
            ids = select(model.id).where(*where)
            session.execute(delete(child.class_).where(child.in_(ids)), execution_options=QUIETLY)
        session.execute(delete(model).where(*where), execution_options=QUIETLY)
        for name in names:
            remove_file_after_commit(session, due.store, name)

    where_of = where_of or (lambda due: (of_editions(model, due),))
    return make_step(at, where_of, destroy, is_dated=is_dated)


def delete_old(column: InstrumentedAttribute[object], *where: ColumnElement[bool]) -> Step:
    """Return a step that deletes the rows whose `column` is old enough."""
    return delete_rows(column, lambda due: (column <= due.before, *where))


def blank(
    at: InstrumentedAttribute[object],
    is_left: ColumnElement[bool],
    *,
    part: str = "",
    is_dated: bool = True,
    **more: object,
) -> Step:
    """Return a step that blanks the rows of ended editions not yet blank (`is_left`)."""
    model = at.parent.mapper.class_
    return make_step(
        at,
        lambda due: (of_editions(model, due), is_left),
        lambda session, due, where: blank_rows(session, model, *where, part=part, **more),
        is_dated=is_dated,
    )


def blank_rows(
    session: Session,
    model: type[Model],
    *where: ColumnElement[bool],
    part: str = "",
    **more: object,
) -> None:
    """Blank rows as PERSONAL_DATA declares, and set `more` values."""
    values = {**PERSONAL_DATA[model.__tablename__ + part].blank_values, **more}
    session.execute(update(model).where(*where).values(values), execution_options=QUIETLY)
