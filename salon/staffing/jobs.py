"""Run the solver in the worker; nothing moves until the rota is accepted."""

from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import now
from salon.platform.work.jobs import JobKind, JobRun, JobStatus, ask, discard, find_in_hand
from salon.staffing.documents.rota_export import Answer, planned_rows, result_of, solve_and_explain
from salon.staffing.engine.excesses import worse_words
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.engine.solving.solution import Progress
from salon.staffing.models import RotaRun, ShiftOrigin, ShiftStatus
from salon.staffing.models.effort import Effort
from salon.staffing.presenters.run import progress_words
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.problem import RotaInstance, problem_of
from salon.staffing.queries.rota import by_agent, get_run, rota_of, shifts_of
from salon.staffing.rules import runs as rules
from salon.staffing.rules.legal import check_none_worse, past_words
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota


def solve_now(edition: Edition, now: datetime, effort: Effort) -> dict[str, object]:
    """Return the JSON of `flask solve-rota`; read and compute without writing."""
    instance = problem_of(edition, now)
    current_session().rollback()
    return result_of(instance, solve_and_explain(instance.problem, effort))


def ask_run(
    edition: Edition,
    keeps_draft: bool,
    actor: Identity,
    now: datetime,
    effort: Effort = Effort.FULL,
) -> int:
    """Queue a run for the worker, or return the id of the one waiting or running."""
    rota = get_or_create_rota(edition)
    with transaction(rota) as session:
        run = find_in_hand(RotaRun, edition.id)
        if run is None:
            columns = {"effort": effort.value, "keeps_draft": keeps_draft}
            details = {"effort": effort.value}
            run = ask(session, ROTA_RUNS, actor, now, details, edition_id=edition.id, **columns)
    return run.id


def stop_run(edition: Edition, run_id: int, actor: Identity) -> None:
    """Stop a run and keep its best result so far; a waiting run never starts. Raises RunIsOver."""
    run = get_run(edition, run_id)
    with transaction(run) as session:
        rules.check_can_be_stopped(run)
        run.stop_asked = True
        if run.status == JobStatus.WAITING:
            run.status = JobStatus.DISCARDED
        write_entry(session, actor, "rota.run_stopped", run.subject)


def _compute(run: RotaRun, job_run: JobRun[RotaRun]) -> tuple[RotaInstance, Answer]:
    edition = current_session().get_one(Edition, run.edition_id)
    effort, instance = Effort(run.effort), problem_of(edition, now(), run.keeps_draft)
    current_session().rollback()

    def report(progress: Progress) -> None:
        job_run.report(progress=progress_words(progress))

    return instance, solve_and_explain(instance.problem, effort, report, job_run.is_stopped)


def _save_result(session: Session, run: RotaRun, computed: tuple[RotaInstance, Answer]) -> None:
    instance, _ = computed
    run.agent_versions = {str(agent): version for agent, version in instance.versions.items()}
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


def accept_run(edition: Edition, run_id: int, actor: Identity, now: datetime) -> int:
    """Make the draft the result of a run; return how many agents' rows change.

    Raises RunIsNotReady, RunIsStale when any row changed since the solver read it, WorseForAgents
    when limits of working time changed since.
    """
    run = get_run(edition, run_id)
    agents = {agent.id: agent for agent in agents_of(edition)}
    with transaction(run, get_or_create_rota(edition), *agents.values()) as session:
        rules.check_can_be_accepted(run)
        rules.check_draft_is_the_same(
            run.agent_versions,
            {str(agent.id): agent.rota_version for agent in agents.values()},
            {str(agent.id): agent.polite_name for agent in agents.values()},
        )
        draft = by_agent(shifts_of(edition, ShiftStatus.DRAFT))
        locked = [shift for row in draft.values() for shift in row if shift.is_locked]
        rows = planned_rows(run.result["shifts"], locked)
        rota = rota_of(edition)
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
                put_row(session, agent, rows.get(agent_id, []), ShiftOrigin.PROPOSED, actor)
                changed_count += 1
        run.status, run.accepted_at = JobStatus.ACCEPTED, now
        write_entry(session, actor, "rota.run_accepted", run.subject, rows=changed_count)
    return changed_count


def discard_run(edition: Edition, run_id: int, actor: Identity) -> None:
    """Discard a run. Raises RunIsNotReady."""
    run = get_run(edition, run_id)
    with transaction(run) as session:
        rules.check_can_be_accepted(run)
        discard(session, ROTA_RUNS, run, actor)
