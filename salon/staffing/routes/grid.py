"""The grid: agents × half hours and stands × half hours, edited together by several people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from salon.fair.models import Edition, PartnerBody
from salon.platform.access import LAST_ROW, actor, only
from salon.platform.clock import local, now
from salon.platform.errors import RuleBroken
from salon.platform.identity import Role
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import DayFrame, half_hours
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.forms.grid import read_rows
from salon.staffing.models import ShiftStatus
from salon.staffing.presenters.grid import Grid, GridRow
from salon.staffing.presenters.grid_json import answer_of, page_of
from salon.staffing.queries.grid import read_grid, row_versions
from salon.staffing.queries.rota import shifts_of
from salon.staffing.routes import blueprint
from salon.staffing.rules.shifts import RowsChanged
from salon.staffing.services.rows import NewRow, set_rows


@blueprint.get("/organisation/village/planning")
@only(Role.ORGANISER, Role.AGENT)
def grid() -> ResponseReturnValue:
    scope = own_scope()
    drawn = Grid(read_grid(scope.edition), scope.covers)
    day = _day(drawn.read.days)
    groups = _groups(drawn, scope)
    return render_template(
        "staffing/grid.html",
        grid=drawn,
        scope=scope,
        day=day,
        groups=groups,
        cover=drawn.cover_rows(day),
        colours={one.id: one.colour for one in drawn.stands},
        state=page_of(drawn, day, [row for _, rows in groups for row in rows]),
    )


@blueprint.get("/organisation/village/planning/etat")
@only(Role.ORGANISER, Role.AGENT)
def grid_state() -> ResponseReturnValue:
    """The version of each row, for who has the grid open: what changed is then asked for."""
    return jsonify(rows=row_versions(own_scope().edition))


@blueprint.get("/organisation/village/planning/lignes")
@only(Role.ORGANISER, Role.AGENT)
def grid_rows() -> ResponseReturnValue:
    """These agents' rows as they are, and the whole cover."""
    scope = own_scope()
    asked = request.args.getlist("agent", type=int)
    return jsonify(_answer(scope, [one for one in asked if 0 < one <= LAST_ROW]))


@blueprint.post("/organisation/village/planning/lignes")
@only(Role.ORGANISER, Role.AGENT)
def set_grid_rows() -> ResponseReturnValue:
    """Gives agents the rows that were drawn, all or nothing; each answer says what they break."""
    scope = own_scope()
    try:
        sent = read_rows(request.get_data())
        rows = [NewRow(one.agent_id, one.version, one.shifts) for one in sent]
        before = _drafts(scope.edition, [one.agent_id for one in sent])
        set_rows(scope.edition, rows, actor(), scope.body_ids)
    except RowsChanged as refusal:
        current = _answer(scope, refusal.agent_ids)
        return jsonify(message=refusal.message, **current), refusal.status
    except RuleBroken as refusal:
        return jsonify(message=refusal.message), refusal.status
    touched = [*before, *(shift for one in sent for shift in one.shifts)]
    times = {at for one in touched for at in half_hours(one.starts_at, one.ends_at)}
    stand_ids = {one.stand_id for one in touched}
    return jsonify(_answer(scope, [one.agent_id for one in sent], times, stand_ids))


def _answer(
    scope: Scope,
    agent_ids: list[int],
    times: Iterable[datetime] | None = None,
    stand_ids: set[int] | None = None,
) -> dict[str, Any]:
    """The rows of these agents, those who were removed apart, and the cover there and then."""
    drawn = Grid(read_grid(scope.edition, agent_ids), scope.covers)
    rows = [drawn.row(one) for one in drawn.agents if one.id in agent_ids]
    asked = drawn.starts if times is None else times
    numbers = sorted(drawn.number[at] for at in asked if at in drawn.number)
    return answer_of(drawn, rows, drawn.cover(numbers, stand_ids))


def _drafts(edition: Edition, agent_ids: list[int]) -> list[PlannedShift]:
    """What the draft gives these agents, as values: the rows themselves are about to change."""
    found = shifts_of(edition, ShiftStatus.DRAFT, agent_ids)
    return [PlannedShift(one.stand_id, one.starts_at, one.ends_at) for one in found]


def _day(days: Sequence[DayFrame]) -> DayFrame:
    """The day that the address asks for; today when the fair is on, else the first."""
    asked = request.args.get("jour") or local(now()).date().isoformat()
    return next((one for one in days if one.day_on.isoformat() == asked), days[0])


def _groups(drawn: Grid, scope: Scope) -> list[tuple[PartnerBody, list[GridRow]]]:
    """The rows by body, a coordinator's own first."""
    found: dict[int, tuple[PartnerBody, list[GridRow]]] = {}
    for agent in drawn.agents:
        _, rows = found.setdefault(agent.body_id, (agent.body, []))
        rows.append(drawn.row(agent))
    return sorted(found.values(), key=lambda one: (not scope.covers(one[0].id), one[0].rank))
