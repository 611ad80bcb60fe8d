"""Published versions of the open data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from salon.fair.models import Edition
from salon.open_data.engine import (
    ATTENDANCE,
    CATEGORIES,
    DAYS,
    ENTERED,
    EPCIS,
    QUARTERS,
    read_table,
)
from salon.open_data.models import DataFile, DataRelease
from salon.platform.database.db import current_session


@dataclass(frozen=True)
class PublishedTable:
    """A table that is online, in the version `number`."""

    number: int
    name: str
    content: bytes


@dataclass(frozen=True)
class PublishedAttendance:
    """The attendance as a version tells it: rows by the names of their fields, none of a table
    that the version leaves out."""

    people: int
    by_day: Sequence[Mapping[str, str]]
    by_quarter: Sequence[Mapping[str, str]]
    by_category: Sequence[Mapping[str, str]]
    by_epci: Sequence[Mapping[str, str]]


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


def tables_online(edition: Edition, number: int | None = None) -> list[PublishedTable]:
    """Return the tables of the versions that are served, or of one of them, by version."""
    statement = (
        select(DataRelease.number, DataFile.name, DataFile.content)
        .join(DataFile, DataFile.release_id == DataRelease.id)
        .where(
            DataRelease.edition_id == edition.id,
            DataRelease.withdrawn_at.is_(None),
            DataFile.row_count.is_not(None),
        )
        .order_by(DataRelease.number, DataFile.id)
    )
    if number is not None:
        statement = statement.where(DataRelease.number == number)
    return [PublishedTable(*row) for row in current_session().execute(statement)]


def find_published_attendance(edition: Edition) -> PublishedAttendance | None:
    """Return the attendance of the latest version, None where that version tells none."""
    number = find_latest_number(edition)
    if number is None:
        return None
    online = tables_online(edition, number)
    tables = {
        key: read_table(table.content) for table in online if (key := ATTENDANCE.get(table.name))
    }
    if not tables:
        return None
    return PublishedAttendance(
        people=sum(int(row[ENTERED]) for row in next(iter(tables.values()))),
        by_day=[
            row
            for table in online
            if table.name == f"{DAYS}.csv"
            for row in read_table(table.content)
        ],
        by_quarter=tables.get(QUARTERS, []),
        by_category=tables.get(CATEGORIES, []),
        by_epci=tables.get(EPCIS, []),
    )


def was_withdrawn(edition: Edition, number: int) -> bool:
    """Return whether this version was published, then withdrawn."""
    statement = select(DataRelease.id).where(
        DataRelease.edition_id == edition.id,
        DataRelease.number == number,
        DataRelease.withdrawn_at.is_not(None),
    )
    return current_session().scalar(statement) is not None
