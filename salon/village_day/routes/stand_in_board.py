"""The coordinators' pages: open requests, hastening, assigning a shift."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import now
from salon.platform.web.access import only, row_asked
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import duration, plural, span
from salon.platform.words.people import agreed
from salon.staffing.access import Scope, own_scope
from salon.staffing.models import Shift, StandIn
from salon.staffing.presenters.promised_appointments import promised_in
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.rota import get_shift
from salon.village_day.forms import AskNextForm, AssignShiftForm, OpenStandInForm
from salon.village_day.presenters.day import partial_cover
from salon.village_day.presenters.my_rota import wait
from salon.village_day.presenters.stand_ins import (
    Option,
    line_of,
    opening_words,
    options_of,
    rest_of,
)
from salon.village_day.queries import standins as queries
from salon.village_day.queries.day import read_day
from salon.village_day.routes import blueprint
from salon.village_day.rules.standins import BreaksMore
from salon.village_day.services import asking
from salon.village_day.services import standins as services


@blueprint.get("/organisation/village/remplacements")
@only(Domain.VILLAGE, Role.AGENT)
def stand_ins() -> ResponseReturnValue:
    scope, moment = own_scope(), now()
    requests = [
        stand_in
        for stand_in in queries.open_stand_ins(scope.edition, scope.body_ids)
        if stand_in.shift.ends_at > moment
    ]
    published = queries.published_of(scope.edition, moment) if requests else None
    return render_template(
        "village_day/stand_ins.html",
        lines=[line_of(published, stand_in) for stand_in in requests] if published else [],
        unasked=queries.unasked_absences(scope.edition, moment, scope.body_ids),
        settled=queries.settled_stand_ins(scope.edition, scope.body_ids),
        moment=moment,
        wait=wait,
        duration=duration,
        ask_next=AskNextForm,
    )


@blueprint.route("/organisation/village/remplacements/nouveau", methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
def open_stand_in() -> ResponseReturnValue:
    scope = own_scope()
    form = OpenStandInForm(shift=row_asked("shift"))
    form.shift.choices = _choices(scope)
    if form.validate_on_submit():
        shift = get_shift(scope.edition, form.shift.data)
        key, reason = form.submission_key.data, form.reason.data or ""
        with form.refusals():
            stand_in = services.ask_stand_in(fair_act(scope.edition), shift, reason, key)
            flash(*opening_words(stand_in))
            return redirect(url_for("village_day.stand_in", stand_in_id=stand_in.id))
    return _open_page(form), form.status_code


def _open_page(form: OpenStandInForm) -> str:
    return render_template("village_day/open_stand_in.html", form=form)


def _choices(scope: Scope) -> dict[str, list[tuple[int, str]]]:
    """Return the shifts not over of the agents in scope without an open request, by agent."""
    moment, edition = now(), scope.edition
    requested = {stand_in.shift_id for stand_in in queries.open_stand_ins(edition)}
    choices: dict[str, list[tuple[int, str]]] = {}
    for shift in queries.shifts_to_come(edition, moment, scope.body_ids):
        if shift.id not in requested:
            choices.setdefault(shift.agent.full_name, []).append((shift.id, _words(shift)))
    return choices


def _words(shift: Shift) -> str:
    name = shift.stand.body.short_name if shift.stand.body else f"stand {shift.stand.number}"
    hours = span(shift.starts_at, shift.ends_at)
    return f"{shift.agent.full_name}, {hours}, {name}"


@blueprint.get("/organisation/village/remplacements/<int:stand_in_id>")
@only(Domain.VILLAGE, Role.AGENT)
def stand_in(stand_in_id: int) -> ResponseReturnValue:
    scope = own_scope()
    return _page(scope, queries.get_stand_in(scope.edition, stand_in_id, scope.body_ids))


def _page(scope: Scope, stand_in: StandIn, refusal: str = "") -> str:
    moment = now()
    published = queries.published_of(scope.edition, moment)
    return render_template(
        "village_day/stand_in.html",
        line=line_of(published, stand_in),
        promised=promised_in([stand_in.shift], moment).get(stand_in.shift_id, 0),
        options=options_of(published, stand_in) if stand_in.is_open else [],
        partial=partial_cover(read_day(scope.edition, moment), stand_in.shift, scope.body_ids)
        if stand_in.is_open
        else [],
        scope=scope,
        refusal=refusal,
        moment=moment,
        wait=wait,
        duration=duration,
        ask_next=AskNextForm,
    )


@blueprint.post("/organisation/village/remplacements/<int:stand_in_id>/solliciter")
@only(Domain.VILLAGE, Role.AGENT)
def ask_next(stand_in_id: int) -> ResponseReturnValue:
    scope, form = own_scope(), AskNextForm()
    stand_in = queries.get_stand_in(scope.edition, stand_in_id, scope.body_ids)
    if not form.validate_on_submit():
        return _page(scope, stand_in, form.submission_key.errors[0]), 400
    try:
        count = asking.ask_next(fair_act(scope.edition), stand_in, form.submission_key.data)
    except RuleBroken as refusal:
        return _page(scope, stand_in, refusal.message), refusal.status
    words = f"{plural(count, 'collègue')} de plus\u00a0: le courriel part."
    flash(words if count else "Il n’y a plus personne à solliciter.", "success")
    return redirect(url_for("village_day.stand_in", stand_in_id=stand_in_id))


@blueprint.post("/organisation/village/remplacements/<int:stand_in_id>/clore")
@only(Domain.VILLAGE, Role.AGENT)
def close_stand_in(stand_in_id: int) -> ResponseReturnValue:
    scope = own_scope()
    stand_in = queries.get_stand_in(scope.edition, stand_in_id, scope.body_ids)

    def close() -> None:
        services.close_stand_in(fair_act(scope.edition), stand_in)

    question = Confirmation(
        title="Ne plus chercher de remplaçant",
        kicker=stand_in.agent.full_name,
        button="Ne plus chercher",
        back=url_for("village_day.stand_in", stand_in_id=stand_in_id),
        facts=[f"La vacation reste à {stand_in.agent.full_name}."],
        layout="base_staff.html",
        section="village_day.stand_ins",
    )
    try:
        if page := confirm_first(question, close):
            return page
    except RuleBroken as refusal:
        return _page(scope, stand_in, refusal.message), refusal.status
    ending = agreed(stand_in.agent.civility)
    flash(f"La vacation reste à {stand_in.agent.full_name}, qui en est prévenu{ending}.", "success")
    return redirect(url_for("village_day.stand_ins"))


@blueprint.route(
    "/organisation/village/remplacements/<int:stand_in_id>/confier/<int:agent_id>",
    methods=["GET", "POST"],
)
@only(Domain.VILLAGE, Role.AGENT)
def assign_shift(stand_in_id: int, agent_id: int) -> ResponseReturnValue:
    scope, form = own_scope(), AssignShiftForm()
    stand_in = queries.get_stand_in(scope.edition, stand_in_id, scope.body_ids)
    agent = get_agent(scope.edition, agent_id)
    if not scope.covers(agent.body_id):
        abort(404)
    if not form.validate_on_submit():
        return _assign_page(scope, stand_in, agent_id, form), 400 if form.errors else 200
    accepted = form.obstacles
    try:
        services.assign_shift(request_act(), stand_in, agent, accepted, scope.body_ids)
    except BreaksMore as refusal:
        form.refuse(refusal)
        return _assign_page(scope, stand_in, agent_id, form), refusal.status
    except RuleBroken as refusal:
        return _page(scope, stand_in, refusal.message), refusal.status
    flash(
        f"{agent.full_name} remplace {stand_in.agent.full_name}. Tous deux sont prévenus.",
        "success",
    )
    return redirect(url_for("village_day.stand_in", stand_in_id=stand_in_id))


def _assign_page(scope: Scope, stand_in: StandIn, agent_id: int, form: AssignShiftForm) -> str:
    if not stand_in.is_open:
        return _page(scope, stand_in)
    options: Sequence[Option] = options_of(queries.published_of(scope.edition, now()), stand_in)
    option = next((choice for choice in options if choice.agent.id == agent_id), None)
    if option is None:
        abort(404)
    form.accepted.data = ",".join(map(str, option.candidate.obstacles))
    return render_template(
        "village_day/assign_shift.html",
        stand_in=stand_in,
        rest=rest_of(stand_in, now()),
        option=option,
        form=form,
        duration=duration,
    )
