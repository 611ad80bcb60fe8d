"""Why a shift is this agent's: what they bring, and what a colleague instead would cost."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from salon.access import only
from salon.identity import Role
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import get_shift
from salon.staffing.routes import blueprint
from salon.staffing.routes.scope import own_scope
from salon.staffing.solving.reasons import why as reasons_of
from salon.staffing.solving.words import reasons_words
from salon.times import now


@blueprint.get("/organisation/village/planning/vacations/<int:shift_id>/pourquoi")
@only(Role.ORGANISER, Role.AGENT)
def why(shift_id: int) -> ResponseReturnValue:
    scope = own_scope()
    shift = get_shift(scope.edition, shift_id)
    if shift.status != ShiftStatus.DRAFT or not scope.covers(shift.agent.body_id):
        abort(404)
    asked = problem_of(scope.edition, now())
    numbers = [one.id for one in asked.agents]
    if shift.agent_id not in numbers or shift.starts_at not in asked.starts:
        abort(404)
    worker, at = numbers.index(shift.agent_id), asked.starts.index(shift.starts_at)
    reasons = reasons_of(asked.problem, asked.draft, worker, at)
    return render_template(
        "staffing/why.html",
        shift=shift,
        body=asked.stands[shift.stand_id],
        reasons=reasons_words(asked.problem, worker, reasons),
    )
