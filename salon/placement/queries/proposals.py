"""Proposed plans, and the input of the solver."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import defer

from salon.exhibitors.models import Exhibitor, exhibitor_themes
from salon.placement.engine import Problem
from salon.placement.models import PlanProposal
from salon.placement.queries.placement import (
    accepted_exhibitors,
    floor_of,
    stands_of_bodies,
    wishes_of,
)
from salon.placement.rules import CurrentState
from salon.platform.database.db import current_session


@dataclass(frozen=True)
class PlacementInput:
    """Input of the solver, with the version of each accepted exhibitor.

    `awaited` are exhibitors without stand for whom their partner body's stand is reserved.
    """

    problem: Problem
    versions: dict[int, int]
    awaited: set[int]


def problem_of(edition_id: int) -> PlacementInput:
    """Return the exhibitors to place, those settled, and the floor."""
    floor = floor_of(edition_id)
    reserved_stands = stands_of_bodies(edition_id)
    exhibitors = (
        current_session().scalars(accepted_exhibitors(edition_id).order_by(Exhibitor.id)).all()
    )
    themes: dict[int, list[int]] = defaultdict(list)
    pairs = (
        select(exhibitor_themes.c.exhibitor_id, exhibitor_themes.c.theme_id)
        .join(Exhibitor, Exhibitor.id == exhibitor_themes.c.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(exhibitor_themes.c.theme_id)
    )
    for exhibitor_id, theme_id in current_session().execute(pairs):
        themes[exhibitor_id].append(theme_id)
    names = names_of(exhibitors)
    to_place, settled = [], []
    stands = {stand.id: stand for stand in floor.stands}
    awaited = set()
    for exhibitor in exhibitors:
        wishes = wishes_of(exhibitor, names, themes[exhibitor.id])
        reserved_stand = stands.get(reserved_stands.get(exhibitor.name_key, 0))
        if exhibitor.stand_id is not None:
            settled.append(wishes)
        elif (
            reserved_stand is not None
            and reserved_stand.occupant is None
            and not exhibitor.is_pavilion
        ):
            stands[reserved_stand.id] = replace(reserved_stand, occupant=exhibitor.id)
            settled.append(wishes)
            awaited.add(exhibitor.id)
        elif not exhibitor.is_pavilion:
            to_place.append(wishes)
    problem = Problem(floor.rooms, list(stands.values()), to_place, settled)
    return PlacementInput(
        problem, {exhibitor.id: exhibitor.version for exhibitor in exhibitors}, awaited
    )


def names_of(exhibitors: Sequence[Exhibitor]) -> dict[str, int]:
    """Return ids by name key; of two exhibitors with one name, the first."""
    ids_by_name: dict[str, int] = {}
    for exhibitor in exhibitors:
        ids_by_name.setdefault(exhibitor.name_key, exhibitor.id)
    return ids_by_name


def current_states_of(edition_id: int) -> dict[int, CurrentState]:
    """Return the version, status and stand of each exhibitor of an edition."""
    rows = select(Exhibitor.id, Exhibitor.version, Exhibitor.status, Exhibitor.stand_id).where(
        Exhibitor.edition_id == edition_id
    )
    return {
        row.id: CurrentState(row.version, row.status, row.stand_id)
        for row in current_session().execute(rows)
    }


def get_proposal(proposal_id: int) -> PlanProposal:
    return current_session().get_one(PlanProposal, proposal_id)


def recent_proposals(edition_id: int, limit: int = 5) -> Sequence[PlanProposal]:
    """Return the last proposals that are not discarded, without their result."""
    statement = (
        select(PlanProposal)
        .where(PlanProposal.edition_id == edition_id, PlanProposal.status != "discarded")
        .options(defer(PlanProposal.result))
        .order_by(PlanProposal.id.desc())
        .limit(limit)
    )
    return current_session().scalars(statement).all()
