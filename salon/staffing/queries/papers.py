"""Read the published rota as the printed papers need it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from salon.fair.models import Edition, Hall, PartnerBody
from salon.fair.queries import StandOnPlan, halls_by_name, stands_on_plan
from salon.platform.settings.clock import local
from salon.staffing.engine.half_hours import DayFrame, half_hours
from salon.staffing.models import Agent, Need, Publication, Shift, ShiftStatus
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import find_publication, frames, needs_of, shifts_of, stands_of


@dataclass(frozen=True)
class PublishedRota:
    """A published version. `agents`: those requested, by body then name; `plan`: all stands.

    `days` contain each published shift, even outside the hours at which stands are staffed now.
    """

    edition: Edition
    publication: Publication
    days: Sequence[DayFrame]
    bodies: Mapping[int, PartnerBody]
    needs: Mapping[int, Sequence[Need]]
    shifts: Sequence[Shift]
    agents: Sequence[Agent]
    halls: Mapping[str, Hall]
    plan: Sequence[StandOnPlan]


def find_published(
    edition: Edition, body_ids: Collection[int] | None = None
) -> PublishedRota | None:
    """Return the published version with the agents of these bodies (None: all); None before the
    first.
    """
    publication = find_publication(edition)
    if publication is None:
        return None
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    return PublishedRota(
        edition=edition,
        publication=publication,
        days=[_widened(day, shifts) for day in frames(edition)],
        bodies=stands_of(edition),
        needs=needs_of(edition),
        shifts=shifts,
        agents=agents_of(edition, body_ids),
        halls={hall.name: hall for hall in halls_by_name(edition)},
        plan=stands_on_plan(edition),
    )


def _widened(day: DayFrame, shifts: Sequence[Shift]) -> DayFrame:
    """Return the frame of a day, widened to its shifts."""
    day_shifts = [shift for shift in shifts if local(shift.starts_at).date() == day.day_on]
    start = min([day.starts_at, *(shift.starts_at for shift in day_shifts)])
    end = max([day.ends_at, *(shift.ends_at for shift in day_shifts)])
    return DayFrame(day.day_on, tuple(half_hours(start, end)))
