"""Write the remedies of a shortage as JSON, and read them again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from salon.staffing.engine.half_hours import HALF_HOUR, half_hours
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import row_stints
from salon.staffing.engine.solving.shortages import Remedy, RemedyKind, Shortage
from salon.staffing.presenters import solver_explanations
from salon.staffing.queries.problem import RotaInstance
from salon.staffing.services.remedies import StoredRemedy

Json = dict[str, Any]


def remedy_json(problem: Problem, shortage: Shortage, remedy: Remedy) -> Json:
    """Return a remedy by the ids of its rows; `rows`: the new shifts of agents."""
    worker, post = remedy.worker, remedy.post
    return {
        "words": solver_explanations.remedy_words(problem, shortage, remedy),
        "kind": remedy.kind.value,
        "starts_at": problem.starts[remedy.start].isoformat(),
        "ends_at": (problem.starts[remedy.end - 1] + HALF_HOUR).isoformat(),
        "agent_id": None if worker is None else problem.workers[worker].id,
        "stand_id": None if post is None else problem.posts[post].id,
        "theme_id": remedy.theme,
        "amount": remedy.amount,
        "rows": {
            str(problem.workers[number].id): shifts_json(problem, number, row)
            for number, row in remedy.rows
        },
    }


def shifts_json(problem: Problem, worker: int, row: Sequence[int]) -> list[Json]:
    """Return the shifts of a schedule."""
    return [
        {
            "stand_id": problem.posts[stint.post].id,
            "starts_at": problem.starts[stint.start].isoformat(),
            "ends_at": (problem.starts[stint.end - 1] + HALF_HOUR).isoformat(),
        }
        for stint in row_stints(problem, worker, row)
    ]


def stored_remedy(row: Json) -> StoredRemedy:
    """Return a remedy as it was written."""
    return StoredRemedy(
        RemedyKind(row["kind"]),
        datetime.fromisoformat(row["starts_at"]),
        datetime.fromisoformat(row["ends_at"]),
        *(row[name] for name in ("agent_id", "stand_id", "theme_id", "amount")),
    )


def remedy_of(instance: RotaInstance, stored: StoredRemedy) -> Remedy | None:
    """Return a remedy in the terms of a problem; None when its rows are there no more."""
    problem = instance.problem
    times = [
        at for at, start in enumerate(problem.starts) if stored.starts_at <= start < stored.ends_at
    ]
    workers = {agent.id: number for number, agent in enumerate(instance.agents)}
    posts = {stand_id: number for number, stand_id in enumerate(instance.stands)}
    is_there = (
        times
        and (stored.agent_id is None or stored.agent_id in workers)
        and (stored.stand_id is None or stored.stand_id in posts)
    )
    if not is_there:
        return None
    return Remedy(
        stored.kind,
        times[0],
        times[-1] + 1,
        worker=None if stored.agent_id is None else workers[stored.agent_id],
        post=None if stored.stand_id is None else posts[stored.stand_id],
        theme=stored.theme_id,
        amount=stored.amount,
    )


def rota_of_rows(instance: RotaInstance, rows: Mapping[int, Sequence[Json]]) -> Rota:
    """Return the rota that the shifts of agents make, by their id; others are left out."""
    number = {start: at for at, start in enumerate(instance.starts)}
    posts = {stand_id: post for post, stand_id in enumerate(instance.stands)}
    rota = []
    for agent in instance.agents:
        row = [FREE] * len(number)
        for shift in rows.get(agent.id, ()):
            ends = (
                datetime.fromisoformat(shift["starts_at"]),
                datetime.fromisoformat(shift["ends_at"]),
            )
            for start in half_hours(*ends):
                if start in number and shift["stand_id"] in posts:
                    row[number[start]] = posts[shift["stand_id"]]
        rota.append(tuple(row))
    return tuple(rota)
