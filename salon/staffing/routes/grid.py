"""The grid: agents × half hours and stands × half hours, edited by several people at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import PartnerBody
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import local, now
from salon.platform.web.access import LAST_ROW, only
from salon.platform.words.errors import RuleBroken
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import DayFrame, half_hours
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.forms.grid import PublishForm
from salon.staffing.imports.grid import read_rows
from salon.staffing.models import ShiftStatus
from salon.staffing.presenters.grid import Grid, GridRow
from salon.staffing.presenters.grid_json import answer_of, page_of
from salon.staffing.presenters.publication import PublicationView
from salon.staffing.queries.grid import read_grid, row_versions
from salon.staffing.queries.rota import shifts_of
from salon.staffing.routes import blueprint
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.rules.shifts import RowsChanged
from salon.staffing.services.publication import publish_rota
from salon.staffing.services.rows import set_rows


@blueprint.get("/organisation/village/planning")
@only(Domain.VILLAGE, Role.AGENT)
def grid() -> ResponseReturnValue:
    scope = own_scope()
    grid_view = Grid(read_grid(scope.edition), scope.covers)
    day = _day(grid_view.read.days)
    groups = _groups(grid_view, scope)
    return render_template(
        "staffing/grid.html",
        grid=grid_view,
        scope=scope,
        day=day,
        groups=groups,
        cover=grid_view.cover_rows(day),
        colours={stand.id: stand.colour for stand in grid_view.stands},
        state=page_of(grid_view, day, [row for _, rows in groups for row in rows]),
    )


@blueprint.get("/organisation/village/planning/etat")
@only(Domain.VILLAGE, Role.AGENT)
def grid_state() -> ResponseReturnValue:
    """Return the version of each row, so that an open grid requests only what changed."""
    return jsonify(rows=row_versions(own_scope().edition))


@blueprint.get("/organisation/village/planning/lignes")
@only(Domain.VILLAGE, Role.AGENT)
def grid_rows() -> ResponseReturnValue:
    """Return these agents' rows as they are, and the whole cover."""
    scope = own_scope()
    requested = request.args.getlist("agent", type=int)
    return jsonify(_answer(scope, [agent_id for agent_id in requested if 0 < agent_id <= LAST_ROW]))


@blueprint.post("/organisation/village/planning/lignes")
@only(Domain.VILLAGE, Role.AGENT)
def set_grid_rows() -> ResponseReturnValue:
    """Save the rows drawn, all or nothing; return the rules that they break.

    What they make worse beyond a limit of working time is asked first, in `asks`.
    """
    scope = own_scope()
    try:
        rows, accepted = read_rows(request.get_data())
        drafts = shifts_of(scope.edition, ShiftStatus.DRAFT, [row.agent_id for row in rows])
        # Values: the rows themselves are about to change.
        before = [planned_shift_of(shift) for shift in drafts]
        set_rows(fair_act(scope.edition), rows, scope.body_ids, accepted)
    except WorseForAgents as question:
        current = _answer(scope, [row.agent_id for row in rows])
        return jsonify(message=question.message, asks=question.sentences, **current), 409
    except RowsChanged as refusal:
        current = _answer(scope, refusal.agent_ids)
        return jsonify(message=refusal.message, **current), refusal.status
    except RuleBroken as refusal:
        return jsonify(message=refusal.message), refusal.status
    touched = [*before, *(shift for row in rows for shift in row.shifts)]
    times = {at for shift in touched for at in half_hours(shift.starts_at, shift.ends_at)}
    stand_ids = {shift.stand_id for shift in touched}
    return jsonify(_answer(scope, [row.agent_id for row in rows], times, stand_ids))


def _answer(
    scope: Scope,
    agent_ids: list[int],
    times: Iterable[datetime] | None = None,
    stand_ids: set[int] | None = None,
) -> dict[str, object]:
    """Return the rows of these agents, without removed ones, and the cover there and then."""
    grid_view = Grid(read_grid(scope.edition, agent_ids), scope.covers)
    rows = [grid_view.row(agent) for agent in grid_view.agents if agent.id in agent_ids]
    requested = grid_view.starts if times is None else times
    numbers = sorted(grid_view.number[at] for at in requested if at in grid_view.number)
    return answer_of(grid_view, rows, grid_view.cover(numbers, stand_ids))


def _day(days: Sequence[DayFrame]) -> DayFrame:
    """Return the day of the address; today when the fair is on, else the first."""
    requested = request.args.get("jour") or local(now()).date().isoformat()
    return next((frame for frame in days if frame.day_on.isoformat() == requested), days[0])


def _groups(grid_view: Grid, scope: Scope) -> list[tuple[PartnerBody, list[GridRow]]]:
    """Return the rows by body, a coordinator's own first."""
    groups: dict[int, tuple[PartnerBody, list[GridRow]]] = {}
    for agent in grid_view.agents:
        _, rows = groups.setdefault(agent.body_id, (agent.body, []))
        rows.append(grid_view.row(agent))
    return sorted(groups.values(), key=lambda group: (not scope.covers(group[0].id), group[0].rank))


PUBLICATION = "/organisation/village/publication"


@blueprint.get(PUBLICATION)
@only(Domain.VILLAGE, Role.AGENT)
def publication() -> ResponseReturnValue:
    return _publication_page(PublishForm(formdata=None))


@blueprint.post(PUBLICATION)
@only(Domain.VILLAGE)
def publish() -> ResponseReturnValue:
    form = PublishForm()
    if not form.validate():
        return _publication_page(form), 400
    edition = get_request_edition()
    stamp, note, key = form.stamp.data, form.note.data or "", form.submission_key.data
    reason = form.reason.data or ""
    try:
        version = publish_rota(fair_act(edition), stamp, note, key, reason)
    except RuleBroken as refusal:
        return _publication_page(form, refusal.message), refusal.status
    flash(f"Version {version.number} publiée. Chaque agent concerné reçoit un message.", "success")
    return redirect(url_for("staffing.publication"))


def _publication_page(form: PublishForm, refusal: str = "") -> str:
    """Return the page with the differences as they are now, whatever was read before."""
    scope = own_scope()
    view = PublicationView(scope.edition, scope.body_ids, now())
    form.stamp.data = view.stamp
    return render_template(
        "staffing/publication.html", view=view, form=form, scope=scope, refusal=refusal
    )
