"""An agent's row of the draft without the grid: a plain form for each shift."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.platform.access import actor, only
from salon.platform.clock import local
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.formats import day, hour
from salon.platform.identity import Role
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.engine.solving.scoring import AGREED_RUN
from salon.staffing.forms.grid import RowForm, ShiftForm
from salon.staffing.models import Agent, Shift
from salon.staffing.presenters.grid import Grid
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.grid import read_grid
from salon.staffing.routes import blueprint
from salon.staffing.rules.shifts import RowsChanged, check_own_agent
from salon.staffing.services.rows import NewRow, set_rows


@dataclass(frozen=True)
class Opened:
    """An agent's page: whose it is, and what the grid says of them."""

    scope: Scope
    agent: Agent
    grid: Grid

    @property
    def held(self) -> dict[str, Shift]:
        """The shifts by their start, as forms name them."""
        found = self.grid.read.drafts.get(self.agent.id, [])
        return {one.starts_at.isoformat(): one for one in found}


@blueprint.get("/organisation/village/planning/agents/<int:agent_id>")
@only(Role.ORGANISER, Role.AGENT)
def edit_row(agent_id: int) -> ResponseReturnValue:
    return _page(_open(agent_id))


@blueprint.post("/organisation/village/planning/agents/<int:agent_id>")
@only(Role.ORGANISER, Role.AGENT)
def put_shift(agent_id: int) -> ResponseReturnValue:
    """Adds a shift, or puts it in the place of the one that the form holds."""
    opened = _open(agent_id)
    form = _offer(ShiftForm(), opened)
    if not form.validate():
        return _page(opened, form), 400
    return _set(opened, form, [form.wanted], "La vacation est enregistrée dans le brouillon.")


@blueprint.post("/organisation/village/planning/agents/<int:agent_id>/retirer")
@only(Role.ORGANISER, Role.AGENT)
def remove_shift(agent_id: int) -> ResponseReturnValue:
    opened, form = _open(agent_id), RowForm()
    if not form.validate():
        raise BadInput
    return _set(opened, form, [], "La vacation est retirée du brouillon.")


def _open(agent_id: int) -> Opened:
    scope = own_scope()
    agent = get_agent(scope.edition, agent_id)
    check_own_agent(agent, scope.body_ids)
    return Opened(scope, agent, Grid(read_grid(scope.edition, [agent_id]), scope.covers))


def _set(
    opened: Opened, form: RowForm, wanted: list[PlannedShift], done: str
) -> ResponseReturnValue:
    agent, scope = opened.agent, opened.scope
    kept = [_wanted(one) for start, one in opened.held.items() if start != form.held.data]
    row = NewRow(agent.id, form.read_version, [*kept, *wanted])
    try:
        if form.held.data and form.held.data not in opened.held:
            raise RowsChanged([agent.id], [agent.polite_name])
        set_rows(scope.edition, [row], actor(), scope.body_ids)
    except RuleBroken as refusal:
        reopened = _open(agent.id)
        if form.held.data not in reopened.held:
            form.held.data = ""
        sent = form if isinstance(form, ShiftForm) else None
        return _page(reopened, sent, refusal.message), refusal.status
    flash(done, "success")
    return redirect(url_for("staffing.edit_row", agent_id=agent.id))


def _wanted(one: Shift) -> PlannedShift:
    return PlannedShift(one.stand_id, one.starts_at, one.ends_at, one.is_locked)


def _page(opened: Opened, sent: ShiftForm | None = None, refusal: str = "") -> str:
    """The shifts, each in its form, and one more; a refused form keeps what was typed."""
    row = opened.grid.row(opened.agent)
    forms: list[tuple[Shift | None, ShiftForm]] = []
    for start, shift in (*opened.held.items(), ("", None)):
        is_sent = sent is not None and (sent.held.data or "") == start
        forms.append((shift, sent if is_sent and sent else _blank(opened, start, shift)))
    for number, (_, form) in enumerate(forms):
        form.version.data = str(row.version)
        for field in form:
            field.id = f"{field.name}-{number}"
    return render_template(
        "staffing/grid_row.html",
        row=row,
        forms=forms,
        refusal=refusal,
        sent=sent,
        stands={one.id: one for one in opened.grid.stands},
    )


def _blank(opened: Opened, start: str, shift: Shift | None) -> ShiftForm:
    """A form that holds a shift, or nothing yet on the agent's likeliest stand."""
    places = sorted(opened.agent.places, key=lambda one: not one.is_wished)
    starts = opened.grid.starts
    values: dict[str, Any] = {
        "held": start,
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
    return _offer(ShiftForm(formdata=None, data=values), opened)


def _offer(form: ShiftForm, opened: Opened) -> ShiftForm:
    """The form with its choices: the agent's stands first, each half hour of each day."""
    own = {one.stand_id for one in opened.agent.places}
    stands = sorted(opened.grid.stands, key=lambda one: one.id not in own)
    form.stand.choices = [
        (str(one.id), one.name if one.id in own else f"{one.name} (pas prévu)") for one in stands
    ]
    several = len(opened.grid.read.days) > 1
    starts = opened.grid.starts
    form.starts_at.choices = [(one.isoformat(), _time(one, several)) for one in starts]
    ends = [one + HALF_HOUR for one in starts]
    form.ends_at.choices = [(one.isoformat(), _time(one, several)) for one in ends]
    return form


def _time(at: datetime, several: bool) -> str:
    return f"{day(local(at).date())}, {hour(at)}" if several else hour(at)
