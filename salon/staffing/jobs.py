"""Run the solver in the worker; nothing moves until the rota is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session, unit_of_work
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import now
from salon.platform.work.jobs import JobKind, JobRun, JobStatus, ask, discard, find_in_hand
from salon.staffing.actions import StaffingAction
from salon.staffing.documents.remedies import remedy_of, rota_of_rows, stored_remedy
from salon.staffing.documents.rota_export import (
    Answer,
    Json,
    planned_rows,
    result_of,
    shortage_json,
    solve_and_explain,
)
from salon.staffing.engine.excesses import worse_words
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.engine.solving.changes import apply_remedy
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.scoring import (
    cost_of,
    gaps_of,
    missing_of,
    over_maximum,
    row_breaks,
    worse_limits,
)
from salon.staffing.engine.solving.shortages import shortages_of
from salon.staffing.engine.solving.solution import Progress, Solution, gap_of
from salon.staffing.models import RotaRun, ShiftOrigin, ShiftStatus
from salon.staffing.models.effort import Effort
from salon.staffing.presenters.run import progress_words
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.problem import RotaInstance, problem_of
from salon.staffing.queries.rota import by_agent, get_run, rota_of, shifts_of
from salon.staffing.rules import runs as rules
from salon.staffing.rules.legal import check_none_worse, past_words
from salon.staffing.services.remedies import make_change, undo_change
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota


def solve_now(edition: Edition, now: datetime, effort: Effort) -> dict[str, object]:
    """Return the JSON of `flask solve-rota`; read and compute without writing."""
    instance = problem_of(edition, now)
    current_session().rollback()
    return result_of(instance, solve_and_explain(instance.problem, effort))


def ask_run(act: FairAct, keeps_draft: bool, effort: Effort = Effort.FULL) -> int:
    """Queue a run for the worker, or return the id of the one waiting or running."""
    rota = get_or_create_rota(act.edition)
    with act.transaction(rota) as session:
        run = find_in_hand(RotaRun, act.edition.id)
        if run is None:
            columns = {"effort": effort.value, "keeps_draft": keeps_draft}
            details = {"effort": effort.value}
            run = ask(act, session, ROTA_RUNS, details, edition_id=act.edition.id, **columns)
    return run.id


def stop_run(act: FairAct, run_id: int) -> None:
    """Stop a run and keep its best result so far; a waiting run never starts. Raises RunIsOver."""
    run = get_run(act.edition, run_id)
    with act.transaction(run) as session:
        rules.check_can_be_stopped(run)
        run.stop_asked = True
        if run.status == JobStatus.WAITING:
            run.status = JobStatus.DISCARDED
        write_entry(session, act.actor, StaffingAction.ROTA_RUN_STOPPED, run.subject)


NEAR_BEST = 2.0
"""A quick rota within this many percent of the bound is not searched any further."""


def _compute(run: RotaRun, job_run: JobRun[RotaRun]) -> tuple[RotaInstance, Answer]:
    """Return the rota of a quick search or, when it may be far from the best, of a full one.

    The quick one is saved meanwhile, to be read while the search goes on.
    """
    edition = current_session().get_one(Edition, run.edition_id)
    effort, instance = Effort(run.effort), problem_of(edition, now(), run.keeps_draft)
    current_session().rollback()
    found: dict[str, object] = {}

    def report(progress: Progress) -> None:
        job_run.report(progress=progress_words(progress), **found)

    def search(effort: Effort) -> Answer:
        return solve_and_explain(instance.problem, effort, report, job_run.is_stopped)

    answer = search(Effort.QUICK)
    gap = gap_of(answer.solution.cost, answer.solution.bound)
    is_near = gap is not None and gap <= NEAR_BEST
    if effort == Effort.QUICK or is_near or job_run.is_stopped():
        return instance, answer
    found |= {"result": result_of(instance, answer), "agent_versions": _versions(instance)}
    full = search(effort)
    return instance, min(answer, full, key=_quality)


def _quality(answer: Answer) -> tuple[int, int]:
    return answer.solution.missing, answer.solution.cost


def _save_result(session: Session, run: RotaRun, computed: tuple[RotaInstance, Answer]) -> None:
    instance, _ = computed
    run.agent_versions = _versions(instance)
    run.result = result_of(*computed)


ROTA_RUNS = JobKind(
    RotaRun,
    name="proposer un planning",
    lane="solvers",
    act="rota.run_",
    make=_compute,
    save=_save_result,
    is_cut_short=True,
)


def accept_run(act: FairAct, run_id: int) -> int:
    """Make the draft the result of a run; return how many agents' rows change.

    Raises RunIsNotReady, RunIsStale when any row changed since the solver read it, WorseForAgents
    when limits of working time changed since.
    """
    run = get_run(act.edition, run_id)
    agents = {agent.id: agent for agent in agents_of(act.edition)}
    with act.transaction(run, get_or_create_rota(act.edition), *agents.values()) as session:
        rules.check_can_be_accepted(run)
        rules.check_draft_is_the_same(
            run.agent_versions,
            {str(agent.id): agent.rota_version for agent in agents.values()},
            {str(agent.id): agent.polite_name for agent in agents.values()},
        )
        draft = by_agent(shifts_of(act.edition, ShiftStatus.DRAFT))
        locked = [shift for row in draft.values() for shift in row if shift.is_locked]
        rows = planned_rows(run.result["shifts"], locked)
        rota = rota_of(act.edition)
        check_none_worse(
            [
                past_words(agent.polite_name, breach)
                for agent_id, agent in agents.items()
                for breach in worse_words(
                    draft.get(agent_id, ()), rows.get(agent_id, ()), limits_of_agent(agent, rota)
                )
            ]
        )
        changed_count = 0
        for agent_id, agent in agents.items():
            before = {planned_shift_of(shift) for shift in draft.get(agent_id, [])}
            if before != set(rows.get(agent_id, [])):
                put_row(act, session, agent, rows.get(agent_id, []), ShiftOrigin.PROPOSED)
                changed_count += 1
        run.status, run.accepted_at = JobStatus.ACCEPTED, act.now
        write_entry(
            session, act.actor, StaffingAction.ROTA_RUN_ACCEPTED, run.subject, rows=changed_count
        )
    return changed_count


def discard_run(act: FairAct, run_id: int) -> None:
    """Discard a run. Raises RunIsNotReady."""
    run = get_run(act.edition, run_id)
    with act.transaction(run) as session:
        rules.check_can_be_accepted(run)
        discard(act, session, ROTA_RUNS, run)


@dataclass(frozen=True)
class RemedyTrial:
    """What a remedy of a run would do: the problem and the rota before and after."""

    instance: RotaInstance
    words: str
    problem: Problem
    before: Rota
    after: Rota


def try_remedy(edition: Edition, run_id: int, key: str, now: datetime) -> RemedyTrial:
    """Return what the remedy of that key would do; write nothing.

    Raises RunIsNotReady, RunIsStale, NoSuchRemedy, RemedyNoLongerHelps.
    """
    run = get_run(edition, run_id)
    rules.check_can_be_accepted(run)
    instance, row = problem_of(edition, now, run.keeps_draft), _remedy_row(run, key)
    names = {str(agent.id): agent.polite_name for agent in instance.agents}
    rules.check_draft_is_the_same(run.agent_versions, _versions(instance), names)
    remedy = remedy_of(instance, stored_remedy(row))
    if remedy is None:
        raise rules.RemedyNoLongerHelps
    problem = apply_remedy(instance.problem, remedy)
    before, after = _rotas(instance, run, row)
    is_legal = not over_maximum(problem, after) and not any(
        set(row_breaks(problem, worker, new)) - set(row_breaks(problem, worker, old))
        or worse_limits(problem, worker, old, new)
        for worker, (old, new) in enumerate(zip(before, after, strict=True))
    )
    rules.check_remedy_helps(
        missing_of(instance.problem, before), missing_of(problem, after), is_legal
    )
    return RemedyTrial(instance, row["words"], problem, before, after)


def use_remedy(act: FairAct, run_id: int, key: str) -> str:
    """Apply the remedy of that key, and make its rota that of the run; return what it is.

    Raises as `try_remedy`, and what changing the agent or the stand raises.
    """
    with unit_of_work():
        trial, run = try_remedy(act.edition, run_id, key, act.now), get_run(act.edition, run_id)
        row, read = _remedy_row(run, key), run.result
        states = make_change(act, stored_remedy(row))
        with act.transaction(run) as session:
            rules.check_can_be_accepted(run)
            rules.check_is_as_applied(run.result == read)
            instance = problem_of(act.edition, act.now, run.keeps_draft)
            former = {name: value for name, value in run.result.items() if name != "applied"}
            step = {"remedy": row, "states": states, "result": former}
            answer = Answer(_solution_of(instance.problem, trial.after), [])
            result = result_of(instance, answer)
            shortages = shortages_of(instance.problem, trial.after)
            result["shortages"] = [
                _still_lacking(former["shortages"], shortage_json(instance, shortage))
                for shortage in shortages
            ]
            run.result = {**result, "applied": [*run.result.get("applied", ()), step]}
            run.agent_versions = _versions(instance)
            details = {"words": row["words"]}
            write_entry(
                session, act.actor, StaffingAction.ROTA_REMEDY_APPLIED, run.subject, **details
            )
    return str(row["words"])


def undo_remedy(act: FairAct, run_id: int) -> str:
    """Take back the remedy applied last, and give the run its former rota; return what it was.

    Raises RunIsNotReady, NoSuchRemedy, ChangedSinceApplied.
    """
    with unit_of_work():
        run = get_run(act.edition, run_id)
        rules.check_can_be_accepted(run)
        *earlier, step = run.result.get("applied", ()) or [None]
        if step is None:
            raise rules.NoSuchRemedy
        undo_change(act, stored_remedy(step["remedy"]), step["states"])
        with act.transaction(run) as session:
            run.result = {**step["result"], "applied": earlier}
            run.agent_versions = _versions(problem_of(act.edition, act.now, run.keeps_draft))
            details = {"words": step["remedy"]["words"]}
            write_entry(
                session, act.actor, StaffingAction.ROTA_REMEDY_UNDONE, run.subject, **details
            )
    return str(step["remedy"]["words"])


def _remedy_row(run: RotaRun, key: str) -> Json:
    """Return the remedy of a key, « 2-5 »: the sixth of the third shortage. Raises NoSuchRemedy."""
    shortage, _, number = key.partition("-")
    if not (key.isascii() and shortage.isdecimal() and number.isdecimal() and len(key) < 10):
        raise rules.NoSuchRemedy
    try:
        row = run.result["shortages"][int(shortage)]["remedies"][int(number)]
    except (KeyError, IndexError):
        raise rules.NoSuchRemedy from None
    if not isinstance(row, dict):
        raise rules.NoSuchRemedy
    return row


def _rotas(instance: RotaInstance, run: RotaRun, row: Json) -> tuple[Rota, Rota]:
    """Return the rota of a run, and the one that a remedy makes of it."""
    rows: dict[int, list[Json]] = {}
    for shift in run.result["shifts"]:
        rows.setdefault(shift["agent_id"], []).append(shift)
    changed = {int(agent_id): shifts for agent_id, shifts in row["rows"].items()}
    return rota_of_rows(instance, rows), rota_of_rows(instance, {**rows, **changed})


def _solution_of(problem: Problem, rota: Rota) -> Solution:
    """Return a rota of which nothing is proven."""
    missing, cost = missing_of(problem, rota), cost_of(problem, rota)
    return Solution("feasible", rota, missing, False, cost, None, 0.0, gaps_of(problem, rota))


def _still_lacking(former: Sequence[Json], shortage: Json) -> Json:
    """Return a shortage with the reasons and remedies of the former one that it is a part of."""
    for row in former:
        if row["stand_id"] == shortage["stand_id"] and (
            row["starts_at"] < shortage["ends_at"] and shortage["starts_at"] < row["ends_at"]
        ):
            return {**row, **shortage, "why": row["why"], "remedies": row["remedies"]}
    return shortage


def _versions(instance: RotaInstance) -> dict[str, int]:
    return {str(agent): version for agent, version in instance.versions.items()}
