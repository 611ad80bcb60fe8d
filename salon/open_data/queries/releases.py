"""Published versions of the open data."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from salon.fair.models import Edition
from salon.open_data.models import DataFile, DataRelease
from salon.platform.database.db import current_session


def releases_of(edition: Edition) -> Sequence[DataRelease]:
    """Return the versions of an edition with their files, the latest first, withdrawn ones too."""
    statement = (
        select(DataRelease)
        .where(DataRelease.edition_id == edition.id)
        .options(selectinload(DataRelease.files))
        .order_by(DataRelease.number.desc())
    )
    return current_session().scalars(statement).all()


def get_release(edition: Edition, release_id: int) -> DataRelease:
    statement = select(DataRelease).where(
        DataRelease.id == release_id, DataRelease.edition_id == edition.id
    )
    return current_session().scalars(statement).one()


def next_number(edition: Edition) -> int:
    """Return the number of the next version: withdrawn ones leave theirs."""
    statement = select(func.max(DataRelease.number)).where(DataRelease.edition_id == edition.id)
    return (current_session().scalar(statement) or 0) + 1


def find_latest_number(edition: Edition) -> int | None:
    """Return the number of the latest version that is not withdrawn, None before any."""
    statement = select(func.max(DataRelease.number)).where(
        DataRelease.edition_id == edition.id, DataRelease.withdrawn_at.is_(None)
    )
    return current_session().scalar(statement)


def find_file(edition: Edition, number: int | None, name: str) -> DataFile | None:
    """Return a file of a version, of the latest for None; None for one that is not served."""
    if number is None:
        number = find_latest_number(edition)
    statement = (
        select(DataFile)
        .join(DataRelease, DataRelease.id == DataFile.release_id)
        .where(
            DataRelease.edition_id == edition.id,
            DataRelease.number == number,
            DataRelease.withdrawn_at.is_(None),
            DataFile.name == name,
        )
    )
    return current_session().scalar(statement)


def was_withdrawn(edition: Edition, number: int) -> bool:
    """Return whether this version was published, then withdrawn."""
    statement = select(DataRelease.id).where(
        DataRelease.edition_id == edition.id,
        DataRelease.number == number,
        DataRelease.withdrawn_at.is_not(None),
    )
    return current_session().scalar(statement) is not None
