"""Reads of the solver's runs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import defer

from salon.fair.models import Edition
from salon.platform.db import current_session
from salon.staffing.models import RotaRun

SHOWN = 10


def get_run(edition: Edition, run_id: int) -> RotaRun:
    """Return a run of the edition. Raises NoResultFound."""
    statement = select(RotaRun).where(RotaRun.edition_id == edition.id, RotaRun.id == run_id)
    return current_session().scalars(statement).one()


def latest_runs(edition: Edition) -> Sequence[RotaRun]:
    """Return the last runs, the newest first, without their results."""
    statement = select(RotaRun).where(RotaRun.edition_id == edition.id)
    newest = statement.options(defer(RotaRun.result)).order_by(RotaRun.id.desc()).limit(SHOWN)
    return current_session().scalars(newest).all()
