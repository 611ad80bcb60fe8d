"""Reads of the first day."""

from collections.abc import Sequence

from sqlalchemy import select

from salon.accounts.queries import accounts_by_role
from salon.fair.models import Edition, EditionState, Hall
from salon.fair.queries import bodies_of, editions
from salon.first_day.rules import SetUpStep
from salon.platform.database.db import current_session
from salon.platform.database.marks import Mark

__all__ = [
    "STEP_MARK",
    "bodies_of",
    "find_edition_in_preparation",
    "halls_in_order",
    "is_empty",
    "is_first_day",
    "step_reached",
]

STEP_MARK = "first_day.step"


def is_empty() -> bool:
    """Return whether the database has no data of a fair: neither edition nor account."""
    return not (accounts_by_role() or editions())


def is_first_day() -> bool:
    """Return whether no edition was ever shown to the public."""
    statement = select(Edition.id).where(Edition.state != EditionState.DRAFT).limit(1)
    return current_session().scalar(statement) is None


def find_edition_in_preparation() -> Edition | None:
    """Return the edition that the set-up makes, or None before its first step."""
    statement = select(Edition).order_by(Edition.id.desc())
    return current_session().scalars(statement).first() if is_first_day() else None


def step_reached() -> SetUpStep:
    """Return the first step that was never saved."""
    if find_edition_in_preparation() is None:
        return SetUpStep.TERRITORY
    mark = current_session().get(Mark, STEP_MARK)
    return SetUpStep(mark.value) if mark else SetUpStep.ORGANISER


def halls_in_order(edition: Edition) -> Sequence[Hall]:
    statement = select(Hall).where(Hall.edition_id == edition.id).order_by(Hall.id)
    return current_session().scalars(statement).all()
