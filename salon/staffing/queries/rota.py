"""Reads of needs, shifts, publications and the solver's runs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload

from salon.fair.models import Edition, PartnerBody, Stand
from salon.fair.queries import bodies_of
from salon.platform.database.db import current_session
from salon.staffing.engine.half_hours import DayFrame, frames_of
from salon.staffing.models import Agent, Need, Publication, Rota, RotaRun, Shift, ShiftStatus


def rota_of(edition: Edition) -> Rota:
    """Return the settings of the rota, or the defaults when none were saved."""
    rota = current_session().get(Rota, edition.id)
    return rota or Rota(
        edition_id=edition.id,
        before_minutes=30,
        after_minutes=30,
        weights={},
        limits={},
        lunch_is_due=False,
        least_stint=2,
    )


def frames(edition: Edition) -> list[DayFrame]:
    """Return the half hours at which stands are staffed, day by day."""
    rota = rota_of(edition)
    return frames_of(edition.days, rota.before_minutes, rota.after_minutes)


def stands_of(edition: Edition) -> dict[int, PartnerBody]:
    """Return the body of each stand of the village, by the stand's id, the Département first."""
    return {body.stand_id: body for body in bodies_of(edition)}


def needs_of(edition: Edition) -> dict[int, list[Need]]:
    """Return the needs of each stand, by stand, in time, with the themes."""
    statement = (
        select(Need)
        .join(Need.stand)
        .where(Stand.edition_id == edition.id)
        .options(selectinload(Need.themes))
        .order_by(Need.starts_at)
    )
    needs: dict[int, list[Need]] = defaultdict(list)
    for need in current_session().scalars(statement):
        needs[need.stand_id].append(need)
    return dict(needs)


def shifts_of(
    edition: Edition, status: ShiftStatus, agent_ids: Collection[int] | None = None
) -> Sequence[Shift]:
    """Return the shifts of a layer with their agent and stand, by time, then stand."""
    statement = (
        select(Shift)
        .where(Shift.edition_id == edition.id, Shift.status == status)
        .options(joinedload(Shift.agent), joinedload(Shift.stand).joinedload(Stand.body))
        .order_by(Shift.starts_at, Shift.stand_id, Shift.agent_id)
    )
    if agent_ids is not None:
        statement = statement.where(Shift.agent_id.in_(agent_ids))
    return current_session().scalars(statement).all()


def by_agent(shifts: Sequence[Shift]) -> Mapping[int, list[Shift]]:
    """Return shifts by agent, in the order given."""
    grouped: dict[int, list[Shift]] = defaultdict(list)
    for shift in shifts:
        grouped[shift.agent_id].append(shift)
    return grouped


def get_shift(edition: Edition, shift_id: int) -> Shift:
    """Return a shift of the edition, of any layer. Raises NoResultFound."""
    statement = select(Shift).where(Shift.edition_id == edition.id, Shift.id == shift_id)
    return current_session().scalars(statement.options(joinedload(Shift.agent))).one()


def get_shift_of_any_edition(shift_id: int) -> Shift:
    """Return a shift with its agent and their edition."""
    return current_session().get_one(
        Shift, shift_id, options=[joinedload(Shift.agent).joinedload(Agent.edition)]
    )


def find_publication(edition: Edition) -> Publication | None:
    """Return the published version, None before the first."""
    statement = select(Publication).where(Publication.edition_id == edition.id)
    return current_session().scalar(statement.order_by(Publication.number.desc()).limit(1))


def publications_of(edition: Edition) -> Sequence[Publication]:
    """Return every published version, the newest first."""
    statement = select(Publication).where(Publication.edition_id == edition.id)
    return current_session().scalars(statement.order_by(Publication.number.desc())).all()


SHOWN_RUNS = 10


def get_run(edition: Edition, run_id: int) -> RotaRun:
    """Return a run of the edition. Raises NoResultFound."""
    statement = select(RotaRun).where(RotaRun.edition_id == edition.id, RotaRun.id == run_id)
    return current_session().scalars(statement).one()


def latest_runs(edition: Edition) -> Sequence[RotaRun]:
    """Return the last runs, the newest first, without their results."""
    statement = select(RotaRun).where(RotaRun.edition_id == edition.id)
    newest = statement.options(defer(RotaRun.result)).order_by(RotaRun.id.desc()).limit(SHOWN_RUNS)
    return current_session().scalars(newest).all()


def latest_reason(shifts: Iterable[Shift]) -> str:
    """Return why the latest publication of some shifts passed a limit of working time."""
    publications = [shift.publication for shift in shifts if shift.publication]
    latest = max(
        (publication for publication in publications if publication.reason),
        key=lambda publication: publication.number,
        default=None,
    )
    return latest.reason if latest else ""
