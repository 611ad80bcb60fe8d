"""An agent's row of the draft without the grid: a plain form for each shift."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import local
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import day, hour
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.engine.solving.scoring import AGREED_RUN
from salon.staffing.forms.grid import SEPARATOR, RowForm, ShiftForm
from salon.staffing.models import Agent, Shift
from salon.staffing.presenters.grid import Grid
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.grid import read_grid
from salon.staffing.routes import blueprint
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.rules.shifts import RowsChanged, check_own_agent
from salon.staffing.services.rows import NewRow, set_rows


@dataclass(frozen=True)
class RowContext:
    """An agent's row, with its grid and the reader's scope."""

    scope: Scope
    agent: Agent
    grid: Grid

    @property
    def shifts_by_start(self) -> dict[str, Shift]:
        """Return the shifts by their start, as forms name them."""
        shifts = self.grid.read.drafts.get(self.agent.id, [])
        return {shift.starts_at.isoformat(): shift for shift in shifts}


@blueprint.get("/organisation/village/planning/agents/<int:agent_id>")
@only(Domain.VILLAGE, Role.AGENT)
def edit_row(agent_id: int) -> ResponseReturnValue:
    return _page(_open(agent_id))


@blueprint.post("/organisation/village/planning/agents/<int:agent_id>")
@only(Domain.VILLAGE, Role.AGENT)
def put_shift(agent_id: int) -> ResponseReturnValue:
    """Add a shift, or replace the one that the form holds."""
    context = _open(agent_id)
    form = _offer(ShiftForm(), context)
    if not form.validate():
        return _page(context, form), 400
    return _set(
        context, form, [form.planned_shift], "La vacation est enregistrée dans le brouillon."
    )


@blueprint.post("/organisation/village/planning/agents/<int:agent_id>/retirer")
@only(Domain.VILLAGE, Role.AGENT)
def remove_shift(agent_id: int) -> ResponseReturnValue:
    return _set(_open(agent_id), RowForm(), [], "La vacation est retirée du brouillon.")


def _open(agent_id: int) -> RowContext:
    scope = own_scope()
    agent = get_agent(scope.edition, agent_id)
    check_own_agent(agent, scope.body_ids)
    return RowContext(scope, agent, Grid(read_grid(scope.edition, [agent_id]), scope.covers))


def _set(
    context: RowContext, form: RowForm, new_shifts: list[PlannedShift], done: str
) -> ResponseReturnValue:
    agent, scope = context.agent, context.scope
    kept_shifts = [
        planned_shift_of(shift)
        for start, shift in context.shifts_by_start.items()
        if start != form.shift_start.data
    ]
    row = NewRow(agent.id, form.read_version, [*kept_shifts, *new_shifts])
    try:
        if form.shift_start.data and form.shift_start.data not in context.shifts_by_start:
            raise RowsChanged([agent.id], [agent.polite_name])
        set_rows(fair_act(scope.edition), [row], scope.body_ids, form.accepted_sentences)
    except RuleBroken as refusal:
        sentences = refusal.sentences if isinstance(refusal, WorseForAgents) else []
        form.accepted.data = SEPARATOR.join(sentences)
        fresh = _open(agent.id)
        if form.shift_start.data not in fresh.shifts_by_start:
            form.shift_start.data = ""
        sent_form = form if isinstance(form, ShiftForm) else None
        return _page(fresh, sent_form, refusal.message), refusal.status
    flash(done, "success")
    return redirect(url_for("staffing.edit_row", agent_id=agent.id))


def _page(context: RowContext, sent_form: ShiftForm | None = None, refusal: str = "") -> str:
    """Return the page: the shifts, each in its form, and one more; a refused form keeps what was
    typed.
    """
    row = context.grid.row(context.agent)
    forms: list[tuple[Shift | None, ShiftForm]] = []
    for start, shift in (*context.shifts_by_start.items(), ("", None)):
        is_sent = sent_form is not None and (sent_form.shift_start.data or "") == start
        forms.append((shift, sent_form if is_sent and sent_form else _blank(context, start, shift)))
    for number, (_, form) in enumerate(forms):
        form.version.data = str(row.version)
        for field in form:
            field.id = f"{field.name}-{number}"
    return render_template(
        "staffing/grid_row.html",
        row=row,
        forms=forms,
        refusal=refusal,
        sent=sent_form,
        stands={stand.id: stand for stand in context.grid.stands},
    )


def _blank(context: RowContext, start: str, shift: Shift | None) -> ShiftForm:
    """Return a form that holds a shift, or nothing yet on the agent's likeliest stand."""
    places = sorted(context.agent.places, key=lambda place: not place.is_wished)
    starts = context.grid.starts
    values: dict[str, object] = {
        "shift_start": start,
        "stand": str(places[0].stand_id) if places else "",
        "starts_at": starts[0].isoformat(),
        "ends_at": (starts[0] + AGREED_RUN * HALF_HOUR).isoformat(),
    }
    if shift:
        values |= {
            "stand": str(shift.stand_id),
            "starts_at": start,
            "ends_at": shift.ends_at.isoformat(),
            "locked": shift.is_locked,
        }
    return _offer(ShiftForm(formdata=None, data=values), context)


def _offer(form: ShiftForm, context: RowContext) -> ShiftForm:
    """Return the form with its choices: the agent's stands first, each half hour of each day."""
    own_stand_ids = {place.stand_id for place in context.agent.places}
    stands = sorted(context.grid.stands, key=lambda stand: stand.id not in own_stand_ids)
    form.stand.choices = [
        (str(stand.id), stand.name if stand.id in own_stand_ids else f"{stand.name} (pas prévu)")
        for stand in stands
    ]
    several = len(context.grid.read.days) > 1
    starts = context.grid.starts
    form.starts_at.choices = [(at.isoformat(), _time(at, several)) for at in starts]
    ends = [at + HALF_HOUR for at in starts]
    form.ends_at.choices = [(at.isoformat(), _time(at, several)) for at in ends]
    return form


def _time(at: datetime, several: bool) -> str:
    return f"{day(local(at).date())}, {hour(at)}" if several else hour(at)
