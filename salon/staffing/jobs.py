"""Run the solver in the worker; nothing moves until the rota is accepted."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from salon.fair.models import Edition
from salon.platform.clock import real_now
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.leases import TO_RUN, has_work, lease_next
from salon.staffing.documents.rota_export import Answer, planned_rows, result_of, solve_and_explain
from salon.staffing.engine.solving.solution import Progress
from salon.staffing.models import RotaRun, ShiftOrigin, ShiftStatus
from salon.staffing.models.effort import Effort
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import by_agent, shifts_of
from salon.staffing.queries.runs import get_run
from salon.staffing.rules import runs as rules
from salon.staffing.services.publication import planned_shift_of
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota

LEASE = timedelta(minutes=1)
REPORT_EVERY_S = 1.0


def solve_now(edition: Edition, now: datetime, effort: Effort) -> dict[str, Any]:
    """Return the JSON of `flask solve-rota`; read and compute without writing."""
    instance = problem_of(edition, now)
    current_session().rollback()
    return result_of(instance, solve_and_explain(instance.problem, effort))


def ask_run(
    edition: Edition, effort: Effort, keeps_draft: bool, actor: Identity, now: datetime
) -> int:
    """Queue a run for the worker, or return the id of the one waiting or running."""
    rota = get_or_create_rota(edition)
    with transaction(rota) as session:
        waiting = session.scalar(
            select(RotaRun.id)
            .where(RotaRun.edition_id == edition.id, RotaRun.status.in_(TO_RUN))
            .limit(1)
        )
        if waiting is not None:
            return waiting
        run = RotaRun(
            edition_id=edition.id,
            effort=effort.value,
            keeps_draft=keeps_draft,
            asked_by=actor.display_name,
            asked_at=now,
        )
        session.add(run)
        session.flush()
        write_entry(session, actor, "rota.run_asked", f"rota_run:{run.id}", effort=effort.value)
    return run.id


def stop_run(edition: Edition, run_id: int, actor: Identity) -> None:
    """Stop a run and keep its best result so far; a waiting run never starts. Raises RunIsOver."""
    run = get_run(edition, run_id)
    with transaction(run) as session:
        rules.check_can_be_stopped(run)
        run.stop_asked = True
        if run.status == "waiting":
            run.status = "discarded"
        write_entry(session, actor, "rota.run_stopped", f"rota_run:{run.id}")


def run_rotas(
    now: Callable[[], datetime],
    ending: Callable[[], bool] = lambda: False,
) -> int:
    """Make each rota that waits; return how many. Called by the worker.

    When `ending()` becomes true the run goes back to wait for the next worker; a run whose worker
    was killed is taken again when its lease is over.
    """
    made = 0
    while not ending() and (run := _lease_run()) is not None:
        edition = current_session().get_one(Edition, run.edition_id)
        instance = problem_of(edition, now(), run.keeps_draft)
        following = _RunMonitor(run.id, ending)
        current_session().rollback()
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(
                solve_and_explain,
                instance.problem,
                Effort(run.effort),
                following.report,
                following.stop.is_set,
            )
            answered = following.wait(work)
        with transaction(run):
            if ending() and not run.stop_asked:
                run.status, run.leased_until = "waiting", None
            elif run.status == "running":
                run.status, run.leased_until = "done", None
                run.finished_at = real_now()
                run.agent_versions = {
                    str(key): version for key, version in instance.versions.items()
                }
                run.result = result_of(instance, answered)
        made += 1
    return made


class _RunMonitor:
    """Save the progress of a run and poll for its stop, while another thread computes."""

    def __init__(self, run_id: int, ending: Callable[[], bool]) -> None:
        self.run_id = run_id
        self.ending = ending
        self.stop = threading.Event()
        self.latest: Progress | None = None

    def report(self, progress: Progress) -> None:
        self.latest = progress

    def wait(self, work: Future[Answer]) -> Answer:
        while True:
            try:
                return work.result(timeout=REPORT_EVERY_S)
            except TimeoutError:
                if self.ending() or self._save_progress():
                    self.stop.set()

    def _save_progress(self) -> bool:
        """Save the progress and extend the lease; return whether a stop was requested."""
        values: dict[str, Any] = {"leased_until": real_now() + LEASE}
        if self.latest is not None:
            values["progress"] = vars(self.latest)
        with transaction() as session:
            mine = RotaRun.id == self.run_id
            session.execute(update(RotaRun).where(mine).values(**values))
            return bool(session.scalar(select(RotaRun.stop_asked).where(mine)))


def _lease_run() -> RotaRun | None:
    if not has_work(RotaRun):
        return None
    with transaction() as session:
        return lease_next(session, RotaRun, LEASE)


def accept_run(edition: Edition, run_id: int, actor: Identity, now: datetime) -> int:
    """Make the draft the result of a run; return how many agents' rows change.

    Raises RunIsNotReady, RunIsStale when any row changed since the solver read it.
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
        changed = 0
        for agent_id, agent in agents.items():
            before = {planned_shift_of(shift) for shift in draft.get(agent_id, [])}
            if before != set(rows.get(agent_id, [])):
                put_row(session, agent, rows.get(agent_id, []), ShiftOrigin.PROPOSED, actor)
                changed += 1
        run.status, run.accepted_at = "accepted", now
        write_entry(session, actor, "rota.run_accepted", f"rota_run:{run.id}", rows=changed)
    return changed


def discard_run(edition: Edition, run_id: int, actor: Identity) -> None:
    """Discard a run. Raises RunIsNotReady."""
    run = get_run(edition, run_id)
    with transaction(run) as session:
        rules.check_can_be_accepted(run)
        run.status = "discarded"
        write_entry(session, actor, "rota.run_discarded", f"rota_run:{run.id}")
