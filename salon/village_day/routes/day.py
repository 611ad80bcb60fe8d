"""Pages of the day: the board and its marks, the wall; an agent's « je suis là »."""

from collections.abc import Callable
from typing import TypeVar

from flask import (
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.fields import UNREADABLE, instant
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only
from salon.platform.web.json_answers import polled_json
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import hour
from salon.staffing.access import own_agent, own_scope
from salon.staffing.models import Agent, Shift
from salon.staffing.presenters.promised_appointments import promised_in
from salon.staffing.queries.rota import get_shift, stands_of
from salon.village_day.engine import expected_at
from salon.village_day.forms import MyArrivalForm, ReinforceForm
from salon.village_day.presenters.day import Board, board_of
from salon.village_day.presenters.wall import wall_of
from salon.village_day.queries.day import get_body_of_stand, read_day, shifts_today
from salon.village_day.routes import blueprint
from salon.village_day.rules.day import time_of_tap
from salon.village_day.services import day as services

Marked = TypeVar("Marked", Shift, Agent)


@blueprint.get("/organisation/village/jour")
@only(Domain.VILLAGE, Role.AGENT)
def day() -> ResponseReturnValue:
    return _day_page()


def _day_page(refusal: str = "") -> str:
    scope = own_scope()
    board = board_of(read_day(scope.edition, now()), scope.body_ids)
    return render_template(
        "village_day/day.html",
        board=board,
        scope=scope,
        promised=promised_in([line.shift for line in board.to_fill], board.now),
        refusal=refusal,
        can_ask_run=scope.is_organiser,
    )


@blueprint.post("/organisation/village/jour/<int:shift_id>/arrivee")
@only(Domain.VILLAGE, Role.AGENT)
def note_arrival(shift_id: int) -> ResponseReturnValue:
    shift = _own_shift(shift_id)
    return _noted(lambda: services.note_arrival(request_act(), shift.id, "tap"), _arrived)


@blueprint.post("/organisation/village/jour/<int:shift_id>/annuler")
@only(Domain.VILLAGE, Role.AGENT)
def undo_mark(shift_id: int) -> ResponseReturnValue:
    shift = _own_shift(shift_id)
    return _noted(
        lambda: services.undo_mark(request_act(), shift.id),
        lambda undone: f"{undone.agent.polite_name}\u00a0: le pointage est annulé.",
    )


def _own_shift(shift_id: int) -> Shift:
    """Return a shift of the edition, of an agent in the signed-in person's scope; else abort with
    404.
    """
    scope = own_scope()
    shift = get_shift(scope.edition, shift_id)
    if not scope.covers(shift.agent.body_id):
        abort(404)
    return shift


def _arrived(shift: Shift) -> str:
    assert shift.arrived_at is not None
    return f"{shift.agent.polite_name}\u00a0: l’arrivée est notée à {hour(shift.arrived_at)}."


def _noted(act: Callable[[], Marked], words: Callable[[Marked], str]) -> ResponseReturnValue:
    try:
        flash(words(act()), "success")
    except RuleBroken as error:
        return _day_page(error.message), error.status
    return redirect(url_for("village_day.day"))


@blueprint.post("/organisation/village/jour/renfort")
@only(Domain.VILLAGE, Role.AGENT)
def reinforce() -> ResponseReturnValue:
    form, scope = ReinforceForm(), own_scope()
    starts_at, ends_at = instant(form.starts_at.data), instant(form.ends_at.data)
    if not form.validate() or starts_at is None or ends_at is None:
        raise BadInput(UNREADABLE)
    reinforcement = services.Reinforcement(
        form.agent_id.data, form.stand_id.data, starts_at, ends_at
    )
    body = stands_of(scope.edition).get(reinforcement.stand_id)
    if body is None:
        abort(404)
    note = f"Renfort au stand {body.short_name}, de {hour(starts_at)} à {hour(ends_at)}"
    return _noted(
        lambda: services.reinforce(fair_act(scope.edition), reinforcement, note, scope.body_ids),
        lambda agent: (
            f"{agent.polite_name} va au stand {body.short_name}, de {hour(starts_at)} "
            f"à {hour(ends_at)}. Le message part par courriel."
        ),
    )


@blueprint.get("/organisation/village/mural")
@only(Domain.VILLAGE, Domain.WELCOME, Role.AGENT, Role.STATION, kinds=(StationKind.DESK,))
def wall() -> ResponseReturnValue:
    board = _wall_board()
    return render_template("village_day/wall.html", board=board, wall=wall_of(board))


@blueprint.get("/organisation/village/mural.json")
@only(Domain.VILLAGE, Domain.WELCOME, Role.AGENT, Role.STATION, kinds=(StationKind.DESK,))
def wall_now() -> ResponseReturnValue:
    return polled_json(wall_of(_wall_board()))


def _wall_board() -> Board:
    """Return the board of the wall. A station sees the whole village: it has no body, and the wall
    shows no telephone.
    """
    if actor().role == Role.STATION:
        return board_of(read_day(get_request_edition(), now()), None)
    scope = own_scope()
    return board_of(read_day(scope.edition, now()), scope.body_ids)


@blueprint.get("/planning/stand/<number>")
@only(Role.AGENT)
def at_stand(number: str) -> ResponseReturnValue:
    agent, edition, moment = own_agent(), get_request_edition(), now()
    body = get_body_of_stand(edition, number)
    expected = expected_at(body.stand_id, shifts_today(edition, agent.id, moment), moment)
    return render_template(
        "village_day/day_at_stand.html",
        agent=agent,
        body=body,
        expected=expected,
        form=MyArrivalForm(),
    )


@blueprint.post("/planning/vacations/<int:shift_id>/arrivee")
@only(Role.AGENT)
def note_my_arrival(shift_id: int) -> ResponseReturnValue:
    agent = own_agent()
    shift = get_shift(get_request_edition(), shift_id)
    if shift.agent_id != agent.id:
        abort(404)
    at = time_of_tap(instant(MyArrivalForm().tapped_at.data), now())
    as_json = request.accept_mimetypes.best == "application/json"
    try:
        services.note_arrival(request_act(now=at), shift.id, "own")
    except RuleBroken as error:
        if not as_json:
            raise
        return jsonify({"message": error.message}), error.status
    assert shift.arrived_at is not None
    words = f"Votre arrivée est notée à {hour(shift.arrived_at)}."
    if as_json:
        return jsonify({"arrived_at": shift.arrived_at.isoformat(), "message": words})
    flash(words, "success")
    return redirect(url_for("village_day.my_rota"))
