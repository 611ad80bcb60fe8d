"""Pages where an agent gives up a shift, and answers the requests of others."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import duration
from salon.staffing.access import own_agent
from salon.staffing.models import Agent, ExchangeStatus, Shift, ShiftStatus, StandInStatus
from salon.staffing.queries.agents import coordinators_of
from salon.village_day.forms import AskStandInForm
from salon.village_day.presenters.stand_ins import offers_of
from salon.village_day.queries import standins as queries
from salon.village_day.queries.my_rota import exchanges_with
from salon.village_day.routes import blueprint
from salon.village_day.rules.standins import AlreadyLooking
from salon.village_day.services import standins as services


@blueprint.route("/planning/vacations/<int:shift_id>/remplacement", methods=["GET", "POST"])
@only(Role.AGENT)
def ask_stand_in(shift_id: int) -> ResponseReturnValue:
    agent = own_agent()
    shift, form = queries.get_own_shift(agent, shift_id), AskStandInForm()
    if not form.validate_on_submit():
        return _ask_page(agent, shift, form), 400 if form.errors else 200
    edition, key = get_request_edition(), form.submission_key.data
    try:
        services.ask_stand_in(fair_act(edition), shift, form.reason.data or "", key)
    except AlreadyLooking as already_open:
        flash(already_open.message, "warning")
    except RuleBroken as refusal:
        form.refuse(refusal)
        shift = queries.get_own_shift(agent, shift_id)
        return _ask_page(agent, shift, form), refusal.status
    return redirect(url_for("village_day.ask_stand_in", shift_id=shift_id))


def _ask_page(agent: Agent, shift: Shift, form: AskStandInForm) -> str:
    """Return the form, or the progress of the request."""
    latest = queries.latest_of(shift.id, agent.id)
    if shift.status != ShiftStatus.PUBLISHED and latest is None:
        abort(404)
    return render_template(
        "village_day/ask_stand_in.html",
        agent=agent,
        shift=shift,
        form=form,
        latest=latest,
        is_open=latest is not None and latest.status == StandInStatus.OPEN,
        is_over=shift.ends_at <= now(),
        has_begun=shift.starts_at <= now(),
        refused=queries.refused_by(latest) if latest else set(),
        coordinators=coordinators_of(get_request_edition(), agent.body_id),
    )


@blueprint.post("/planning/vacations/<int:shift_id>/remplacement/retirer")
@only(Role.AGENT)
def withdraw_stand_in(shift_id: int) -> ResponseReturnValue:
    agent = own_agent()
    shift = queries.get_own_shift(agent, shift_id)
    latest = queries.latest_of(shift.id, agent.id)
    if latest is None:
        abort(404)
    services.withdraw_stand_in(fair_act(), latest)
    flash("Vous gardez votre vacation. Vos collègues sont prévenus.", "success")
    return redirect(url_for("village_day.my_rota"))


@blueprint.get("/planning/demandes")
@only(Role.AGENT)
def stand_in_offers() -> ResponseReturnValue:
    return offers_page(own_agent())


@blueprint.post("/planning/demandes/<int:ask_id>/oui")
@only(Role.AGENT)
def take_shift(ask_id: int) -> ResponseReturnValue:
    agent = own_agent()
    ask = queries.get_ask(agent, ask_id)
    try:
        stand_in = services.take_shift(request_act(), ask.id)
    except RuleBroken as refusal:
        return offers_page(agent, refusal.message), refusal.status
    flash(
        f"Merci\u00a0! Vous remplacez {stand_in.agent.full_name}. C’est à votre planning.",
        "success",
    )
    return redirect(url_for("village_day.my_rota"))


@blueprint.post("/planning/demandes/<int:ask_id>/non")
@only(Role.AGENT)
def decline_shift(ask_id: int) -> ResponseReturnValue:
    ask = services.decline_shift(request_act(), queries.get_ask(own_agent(), ask_id).id)
    name = ask.stand_in.agent.full_name
    flash(f"Nous demandons à quelqu’un d’autre pour {name}.", "success")
    return redirect(url_for("village_day.stand_in_offers"))


def offers_page(agent: Agent, refusal: str = "") -> str:
    """Return the page of requests that wait for the agent's answer, and of the agent's
    proposals.
    """
    edition, moment = get_request_edition(), now()
    asks = queries.offers_to(agent, moment)
    waiting = [ask for ask in asks if ask.stand_in.status == StandInStatus.OPEN]
    exchanges = exchanges_with(agent)
    waits = [
        exchange
        for exchange in exchanges
        if exchange.status == ExchangeStatus.OPEN
        and moment < min(exchange.offered_shift.starts_at, exchange.requested_shift.starts_at)
    ]
    return render_template(
        "village_day/stand_in_offers.html",
        agent=agent,
        refusal=refusal,
        offers=offers_of(queries.published_of(edition, moment), waiting) if waiting else [],
        settled=[ask for ask in asks if ask.stand_in.status != StandInStatus.OPEN],
        to_answer=[exchange for exchange in waits if exchange.asked_of_id == agent.id],
        proposed=[exchange for exchange in waits if exchange.asked_by_id == agent.id],
        answered=[exchange for exchange in exchanges if exchange.status != ExchangeStatus.OPEN],
        duration=duration,
    )
