"""Building blocks of the steps of the purge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.platform.db import Model

QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True)
class Due:
    """Scope of a step: rows from `before` or earlier, of the past `editions`.

    `before` is a time of the world; `fair_before` the same by the fair's clock.
    """

    before: datetime
    fair_before: datetime
    editions: Sequence[int]
    now: datetime
    data: Path
    dry_run: bool


@dataclass(frozen=True)
class Volume:
    """Number of rows (or files) destroyed, and the times they are from."""

    rows: int
    first: datetime | None = None
    last: datetime | None = None


Step = Callable[[Session, Due], Volume]


def volume_of(session: Session, column: InstrumentedAttribute[Any], *where: Any) -> Volume:
    counted = select(func.count(), func.min(column), func.max(column)).where(*where)
    return Volume(*session.execute(counted).one())


def delete_old(column: InstrumentedAttribute[Any], *where: Any) -> Step:
    """Return a step that deletes the rows whose `column` is old enough."""

    def step(session: Session, due: Due) -> Volume:
        old = (column <= due.before, *where)
        volume = volume_of(session, column, *old)
        if due.dry_run:
            return volume
        session.execute(delete(column.class_).where(*old), execution_options=QUIETLY)
        return volume

    return step


def blank(
    model: type[Model],
    of_edition: Callable[[Sequence[int]], Any],
    column: InstrumentedAttribute[Any],
    where: Any,
    **values: Any,
) -> Step:
    """Return a step that blanks the rows of ended editions not yet blank (`where`)."""

    def step(session: Session, due: Due) -> Volume:
        left = (of_edition(due.editions), where)
        volume = volume_of(session, column, *left)
        if due.dry_run:
            return volume
        session.execute(update(model).where(*left).values(values), execution_options=QUIETLY)
        return volume

    return step
