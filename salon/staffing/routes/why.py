"""The page that explains a shift: what the agent brings, and what a colleague instead would
cost.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.staffing.access import own_scope
from salon.staffing.engine.solving.problem import FREE
from salon.staffing.engine.solving.reasons import reasons_of
from salon.staffing.models import ShiftStatus
from salon.staffing.presenters.solver_explanations import reasons_words
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import shifts_of
from salon.staffing.routes import blueprint


@blueprint.get("/organisation/village/planning/agents/<int:agent_id>/pourquoi")
@only(Domain.VILLAGE, Role.AGENT)
def why(agent_id: int) -> ResponseReturnValue:
    """Explain the draft shift that the agent holds at the time `a` of the address."""
    scope = own_scope()
    agent = get_agent(scope.edition, agent_id)
    instance = problem_of(scope.edition, now())
    number = {start.isoformat(): t for t, start in enumerate(instance.starts)}
    at = number.get(request.args.get("a", ""))
    worker = [other_agent.id for other_agent in instance.agents].index(agent.id)
    if at is None or instance.draft[worker][at] == FREE or not scope.covers(agent.body_id):
        abort(404)
    drafted = shifts_of(scope.edition, ShiftStatus.DRAFT, [agent.id])
    return render_template(
        "staffing/why.html",
        shift=next(
            shift for shift in drafted if shift.starts_at <= instance.starts[at] < shift.ends_at
        ),
        body=list(instance.stands.values())[instance.draft[worker][at]],
        reasons=reasons_words(
            instance.problem, worker, reasons_of(instance.problem, instance.draft, worker, at)
        ),
    )
