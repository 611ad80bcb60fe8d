"""Cut the hours at which stands are staffed into half hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salon.fair.models import EditionDay
from salon.platform.settings.clock import local

HALF_HOUR = timedelta(minutes=30)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class DayFrame:
    """A day's half hours, each by its start (UTC), from the first staffed to the last."""

    day_on: date
    starts: tuple[datetime, ...]

    @property
    def starts_at(self) -> datetime:
        return self.starts[0]

    @property
    def ends_at(self) -> datetime:
        return self.starts[-1] + HALF_HOUR


def frames_of(
    days: Sequence[EditionDay], before_minutes: int, after_minutes: int
) -> list[DayFrame]:
    """Return the frame of each day: its opening hours, widened, cut on whole half hours of the
    clock.
    """
    frames = []
    for day in days:
        at = _floor(day.opens_at - timedelta(minutes=before_minutes))
        end = day.closes_at + timedelta(minutes=after_minutes)
        starts = []
        while at < end:
            starts.append(at)
            at += HALF_HOUR
        frames.append(DayFrame(local(starts[0]).date(), tuple(starts)))
    return frames


def half_hours(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the half hours that a range touches, by their start."""
    at, starts = _floor(starts_at), []
    while at < ends_at:
        starts.append(at)
        at += HALF_HOUR
    return starts


def is_whole(at: datetime) -> bool:
    """Return whether an instant is the start of a half hour."""
    return _floor(at) == at


def _floor(at: datetime) -> datetime:
    return at - (at - EPOCH) % HALF_HOUR
