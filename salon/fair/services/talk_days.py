"""The programme follows a change of days: talks move with their day, and those of a day given up
move to another one or are withdrawn, as the organiser chose."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from salon.fair import rules
from salon.fair.models import Edition, EditionDay, ProgrammeItem
from salon.fair.queries import all_programme_of
from salon.fair.rules.programme import is_room_free
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    DaysChange,
    Facts,
    Fate,
    GivenUp,
)
from salon.platform.database.moments import OfDayGivenUp
from salon.platform.settings.clock import local, paris

LABEL = "Programme"
STEP = timedelta(minutes=15)


def follow_talks(session: Session, edition: Edition, change: DaysChange) -> Consequences:
    """Move the programme with its day. Raises ProgrammeOutsideOpeningHours for a talk that does not
    fit, unless its day is given up and talks are to be moved or withdrawn."""
    moved, withdrawn = [], []
    former: list[Facts] = []
    homeless = []
    for item in all_programme_of(edition):
        starts_at = change.moved(item.starts_at)
        if starts_at != item.starts_at:
            item.starts_at, item.ends_at = starts_at, change.moved(item.ends_at)
            moved.append(item.title)
        is_on_a_day = any(day.day_on == local(starts_at).date() for day in edition.days)
        if is_on_a_day or change.given_up is None:
            rules.check_item_is_in_opening_hours(item, edition)
        else:
            homeless.append(item)
    for item in homeless:
        before = {"starts_at": item.starts_at, "ends_at": item.ends_at}
        if change.given_up == GivenUp.WITHDRAWN:
            withdrawn.append(item.title)
            former.append([ProgrammeItem.__tablename__, 0, {"title": item.title}])
            for file in item.files:
                session.delete(file)
            session.flush()
            session.delete(item)
            continue
        _settle(
            item, edition, [other for other in all_programme_of(edition) if other not in homeless]
        )
        moved.append(item.title)
        former.append([ProgrammeItem.__tablename__, item.id, before])
        homeless = [other for other in homeless if other is not item]
    session.flush()
    return [
        Consequence(Fate.MOVED, LABEL, moved, former),
        Consequence(Fate.REMOVED, LABEL, withdrawn),
    ]


def restore_talks(session: Session, former: Facts) -> Consequences:
    """Give talks back the times of the day that they had left; name those that were withdrawn."""
    lost = []
    for table, item_id, values in former:
        if table != ProgrammeItem.__tablename__:
            continue
        item = session.get(ProgrammeItem, item_id)
        is_given_up = any(isinstance(value, OfDayGivenUp) for value in values.values())
        if item is not None and not is_given_up:
            item.starts_at, item.ends_at = values["starts_at"], values["ends_at"]
        elif "title" in values:
            lost.append(values["title"])
    return [Consequence(Fate.LEFT_OUT, LABEL, lost)]


def _settle(item: ProgrammeItem, edition: Edition, others: Sequence[ProgrammeItem]) -> None:
    """Give a talk a free time of its room: at its hour where it can be, on the nearest day first.

    Raises ProgrammeOutsideOpeningHours.
    """
    former = item.starts_at, item.ends_at
    length, day_on = item.ends_at - item.starts_at, local(item.starts_at).date()
    days = sorted(edition.days, key=lambda day: (abs(day.day_on - day_on), day.day_on))
    for day in days:
        for starts_at in _times(day, item.starts_at):
            ends_at = starts_at + length
            if day.opens_at <= starts_at and ends_at <= day.closes_at:
                item.starts_at, item.ends_at = starts_at, ends_at
                if is_room_free(item, others):
                    return
    item.starts_at, item.ends_at = former
    rules.check_item_is_in_opening_hours(item, edition)


def _times(day: EditionDay, former: datetime) -> Iterator[datetime]:
    """Yield the hour of a talk on a day, then every quarter hour from the opening."""
    yield paris(day.day_on, local(former).time())
    at = day.opens_at
    while at < day.closes_at:
        yield at
        at += STEP
