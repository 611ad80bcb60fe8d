"""Plans that are proposed, and all that the solver is asked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import defer

from salon.exhibitors.engine.placing import Problem
from salon.exhibitors.models import Exhibitor, PlanProposal, exhibitor_themes
from salon.exhibitors.queries.placement import accepted, floor_of, stands_of_bodies, wishes_of
from salon.exhibitors.rules.placement import Present
from salon.fair.queries import get_current_edition
from salon.platform.db import current_session


@dataclass(frozen=True)
class ToPlace:
    """What the solver is asked, with the version of each accepted exhibitor.

    `awaited` are those without stand whose partner body has one drawn for them: that is theirs.
    """

    problem: Problem
    versions: dict[int, int]
    awaited: set[int]


def problem_of(edition_id: int) -> ToPlace:
    """All there is to place."""
    floor = floor_of(edition_id)
    kept = stands_of_bodies(edition_id)
    everyone = current_session().scalars(accepted(edition_id).order_by(Exhibitor.id)).all()
    themes: dict[int, list[int]] = defaultdict(list)
    pairs = (
        select(exhibitor_themes.c.exhibitor_id, exhibitor_themes.c.theme_id)
        .join(Exhibitor, Exhibitor.id == exhibitor_themes.c.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(exhibitor_themes.c.theme_id)
    )
    for exhibitor_id, theme_id in current_session().execute(pairs):
        themes[exhibitor_id].append(theme_id)
    names = names_of(everyone)
    to_place, settled = [], []
    stands = {stand.id: stand for stand in floor.stands}
    awaited = set()
    for one in everyone:
        wishes = wishes_of(one, names, themes[one.id])
        own = stands.get(kept.get(one.name_key, 0))
        if one.stand_id is not None:
            settled.append(wishes)
        elif own is not None and own.occupant is None and not one.is_pavilion:
            stands[own.id] = replace(own, occupant=one.id)
            settled.append(wishes)
            awaited.add(one.id)
        elif not one.is_pavilion:
            to_place.append(wishes)
    problem = Problem(floor.rooms, list(stands.values()), to_place, settled)
    return ToPlace(problem, {one.id: one.version for one in everyone}, awaited)


def names_of(everyone: Sequence[Exhibitor]) -> dict[str, int]:
    """Ids by the key of the name; a name that two share stands for the first."""
    found: dict[str, int] = {}
    for one in everyone:
        found.setdefault(one.name_key, one.id)
    return found


def present_of(edition_id: int) -> dict[int, Present]:
    """What is known now of each exhibitor of an edition."""
    rows = select(Exhibitor.id, Exhibitor.version, Exhibitor.status, Exhibitor.stand_id).where(
        Exhibitor.edition_id == edition_id
    )
    return {
        row.id: Present(row.version, row.status, row.stand_id)
        for row in current_session().execute(rows)
    }


def get_proposal(proposal_id: int) -> PlanProposal:
    """A proposal of the current edition."""
    edition = get_current_edition()
    wanted = select(PlanProposal).where(
        PlanProposal.id == proposal_id, PlanProposal.edition_id == edition.id
    )
    return current_session().scalars(wanted).one()


def recent_proposals(edition_id: int, limit: int = 5) -> Sequence[PlanProposal]:
    """The last ones not set aside, without their result."""
    wanted = (
        select(PlanProposal)
        .where(PlanProposal.edition_id == edition_id, PlanProposal.status != "discarded")
        .options(defer(PlanProposal.result))
        .order_by(PlanProposal.id.desc())
        .limit(limit)
    )
    return current_session().scalars(wanted).all()
