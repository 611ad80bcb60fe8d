"""Plan proposals: solved by the worker, applied only when an organiser accepts them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.exhibitors.models import Exhibitor
from salon.fair.engine.layout import NewStand
from salon.fair.models import Edition, Hall, Stand
from salon.fair.services import put_stands
from salon.fair.services.acts import FairAct
from salon.placement import engine, rules
from salon.placement.actions import PlacementAction
from salon.placement.models import PlanProposal
from salon.placement.queries import proposals as queries
from salon.placement.queries.placement import floor_of
from salon.placement.services import is_stand_taken, put_on_stand
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.work.jobs import JobKind, JobRun, ask, discard, find_in_hand

Result = dict[str, Any]


def propose(edition: Edition) -> Result:
    """Return the JSON of `flask propose-plan`; writes nothing.

    `placed` holds every accepted exhibitor that has a stand or is proposed one; a pavilion has none
    of its own and is left out. `proposed` marks the new ones, `stand_id` the drawn ones among them.
    """
    started = perf_counter()
    placement = queries.problem_of(edition.id)
    problem, versions = placement.problem, placement.versions
    current_session().rollback()
    plan = engine.solve(problem)
    wishes_by_id = {wishes.id: wishes for wishes in (*problem.wishes, *problem.settled)}
    rooms = {room.id: room for room in problem.rooms}
    settled = {wishes.id for wishes in problem.settled} - placement.awaited
    placed = [
        {
            "exhibitor": wishes_by_id[place.exhibitor_id].name,
            "stand": place.number,
            "hall": rooms[place.room_id].name,
            "x": float(place.box.x),
            "y": float(place.box.y),
            "width": float(place.box.width),
            "depth": float(place.box.depth),
            "id": place.exhibitor_id,
            "version": versions[place.exhibitor_id],
            "area": wishes_by_id[place.exhibitor_id].area,
            "proposed": place.exhibitor_id not in settled,
            "stand_id": place.stand_id,
            "corner": place.is_corner,
            "power_kw": wishes_by_id[place.exhibitor_id].power_kw,
            "water": wishes_by_id[place.exhibitor_id].water,
            "met": plan.met[place.exhibitor_id],
            "unmet": plan.unmet[place.exhibitor_id],
        }
        for place in plan.places
    ]
    return {
        "seconds": round(perf_counter() - started, 2),
        "halls": [
            {
                "hall": room.name,
                "width": float(room.width),
                "depth": float(room.depth),
                "aisle": float(room.aisle),
            }
            for room in problem.rooms
        ],
        "placed": placed,
        "unplaced": [
            {
                "exhibitor": wishes_by_id[unplaced.exhibitor_id].name,
                "reason": unplaced.reason,
                "id": unplaced.exhibitor_id,
                "area": wishes_by_id[unplaced.exhibitor_id].area,
            }
            for unplaced in plan.unplaced
        ],
        "rivals_side_by_side": plan.rivals,
        "near_their_theme": list(plan.alike),
    }


def ask_proposal(act: FairAct) -> int:
    """Queue a proposal for the worker, or return the id of the one in progress."""
    edition_id = act.edition.id
    with act.transaction() as session:
        proposal = find_in_hand(PlanProposal, edition_id)
        if proposal is None:
            proposal = ask(act, session, PLAN_PROPOSALS, {}, edition_id=edition_id)
    return proposal.id


def _compute(proposal: PlanProposal, run: JobRun[PlanProposal]) -> tuple[Mapping[int, int], Result]:
    edition = current_session().get_one(Edition, proposal.edition_id)
    return floor_of(edition.id).versions, propose(edition)


def _save_result(
    session: Session, proposal: PlanProposal, computed: tuple[Mapping[int, int], Result]
) -> None:
    versions, proposal.result = computed
    proposal.hall_versions = {str(hall_id): version for hall_id, version in versions.items()}


PLAN_PROPOSALS = JobKind(
    PlanProposal,
    name="proposer un plan",
    lane="solvers",
    act="plan.",
    make=_compute,
    save=_save_result,
)


@dataclass(frozen=True)
class AcceptedRows:
    """Rows of a proposal that an organiser accepts, with their exhibitors and halls."""

    rows: list[Result]
    exhibitors: dict[int, Exhibitor]
    halls: dict[str, Hall]


def accept_proposal(act: Act, proposal_id: int, exhibitor_ids: Sequence[int]) -> int:
    """Draw the new stands and give them, all or nothing; return the number of exhibitors placed.

    Raises ProposalIsStale with the halls or exhibitors changed since the plan was computed,
    ProposalIsNotReady, ProposalIsDiscarded, NothingChosen.
    """
    proposal = queries.get_proposal(proposal_id)
    rules.check_can_be_accepted(proposal)
    accepted_rows = _accepted_rows(proposal, set(exhibitor_ids))
    try:
        with act.transaction(
            proposal, *accepted_rows.exhibitors.values(), *accepted_rows.halls.values()
        ) as session:
            rules.check_can_be_accepted(proposal)
            _check_nothing_changed(proposal, accepted_rows)
            _give_all(act, session, accepted_rows)
            proposal.accepted_at = act.now
            proposal.hall_versions = proposal.hall_versions | {
                str(hall.id): hall.version for hall in accepted_rows.halls.values()
            }
            proposal.result = _with_accepted(proposal.result, accepted_rows.exhibitors)
            write_entry(
                session,
                act.actor,
                PlacementAction.PLAN_ACCEPTED,
                proposal.subject,
                exhibitors=len(accepted_rows.rows),
            )
    except IntegrityError as error:
        if is_stand_taken(error):
            raise rules.ProposalIsStale(["un stand vient d’être donné"]) from None
        raise
    return len(accepted_rows.rows)


def discard_proposal(act: Act, proposal_id: int) -> None:
    """Discard a proposal: it can no longer be accepted. Raises ProposalIsAccepted."""
    proposal = queries.get_proposal(proposal_id)
    with act.transaction(proposal) as session:
        rules.check_can_be_discarded(proposal)
        if proposal.status != "discarded":
            discard(act, session, PLAN_PROPOSALS, proposal)


def _accepted_rows(proposal: PlanProposal, ids: set[int]) -> AcceptedRows:
    chosen_rows = [row for row in proposal.result["placed"] if row["proposed"] and row["id"] in ids]
    if not chosen_rows:
        raise rules.NothingChosen
    rows = [row for row in chosen_rows if not row.get("accepted")]
    if not rows:
        raise rules.ProposalIsStale(f"{row['exhibitor']} a reçu un stand" for row in chosen_rows)
    exhibitors = select(Exhibitor).where(Exhibitor.id.in_([row["id"] for row in rows]))
    halls = select(Hall).where(
        Hall.edition_id == proposal.edition_id, Hall.name.in_({row["hall"] for row in rows})
    )
    return AcceptedRows(
        rows,
        {exhibitor.id: exhibitor for exhibitor in current_session().scalars(exhibitors)},
        {hall.name: hall for hall in current_session().scalars(halls)},
    )


def _check_nothing_changed(proposal: PlanProposal, accepted_rows: AcceptedRows) -> None:
    changes = rules.changes_since(
        proposal,
        accepted_rows.rows,
        {hall.name: (hall.id, hall.version) for hall in accepted_rows.halls.values()},
        {
            exhibitor.id: rules.CurrentState(
                exhibitor.version, exhibitor.status, exhibitor.stand_id
            )
            for exhibitor in accepted_rows.exhibitors.values()
        },
    )
    if changes:
        raise rules.ProposalIsStale(changes.values())


def _give_all(act: Act, session: Session, accepted_rows: AcceptedRows) -> None:
    by_hall: dict[str, list[Result]] = defaultdict(list)
    for row in accepted_rows.rows:
        by_hall[row["hall"]].append(row)
    for name, rows in sorted(by_hall.items()):
        hall = accepted_rows.halls[name]
        new_rows = [row for row in rows if row["stand_id"] is None]
        drawn_stands = {
            stand.number: stand for stand in put_stands(session, hall, _new_stands(new_rows))
        }
        if not new_rows:
            hall.version += 1
        for row in rows:
            stand_id = row["stand_id"]
            stand = (
                drawn_stands[row["stand"]] if stand_id is None else session.get_one(Stand, stand_id)
            )
            rules.check_stand_can_be_given(stand, accepted_rows.exhibitors[row["id"]])
            put_on_stand(act, session, accepted_rows.exhibitors[row["id"]], stand, "")


def _new_stands(rows: Sequence[Mapping[str, Any]]) -> list[NewStand]:
    """Return stands to draw with the power and the water that their exhibitor wishes."""
    return [
        NewStand(
            number=row["stand"],
            x=row["x"],
            y=row["y"],
            width=row["width"],
            depth=row["depth"],
            power_kw=row["power_kw"],
            has_water=row["water"],
        )
        for row in rows
    ]


def _with_accepted(result: Mapping[str, Any], accepted: Mapping[int, Exhibitor]) -> Result:
    """Return the result with the accepted rows marked."""
    placed = [
        row | ({"accepted": True} if row["id"] in accepted else {}) for row in result["placed"]
    ]
    return {**result, "placed": placed}
