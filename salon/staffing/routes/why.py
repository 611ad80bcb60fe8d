"""Why a shift is this agent's: what they bring, and what a colleague instead would cost."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from salon.platform.access import only
from salon.platform.clock import now
from salon.platform.identity import Role
from salon.staffing.access import own_scope
from salon.staffing.engine.solving.problem import FREE
from salon.staffing.engine.solving.reasons import why as reasons_of
from salon.staffing.models import ShiftStatus
from salon.staffing.presenters.solver_explanations import reasons_words
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import shifts_of
from salon.staffing.routes import blueprint


@blueprint.get("/organisation/village/planning/agents/<int:agent_id>/pourquoi")
@only(Role.ORGANISER, Role.AGENT)
def why(agent_id: int) -> ResponseReturnValue:
    """Of the draft shift that the agent holds at the time `a` of the address."""
    scope = own_scope()
    agent = get_agent(scope.edition, agent_id)
    asked = problem_of(scope.edition, now())
    number = {start.isoformat(): t for t, start in enumerate(asked.starts)}
    at = number.get(request.args.get("a", ""))
    worker = [one.id for one in asked.agents].index(agent.id)
    if at is None or asked.draft[worker][at] == FREE or not scope.covers(agent.body_id):
        abort(404)
    drafted = shifts_of(scope.edition, ShiftStatus.DRAFT, [agent.id])
    return render_template(
        "staffing/why.html",
        shift=next(one for one in drafted if one.starts_at <= asked.starts[at] < one.ends_at),
        body=list(asked.stands.values())[asked.draft[worker][at]],
        reasons=reasons_words(
            asked.problem, worker, reasons_of(asked.problem, asked.draft, worker, at)
        ),
    )
