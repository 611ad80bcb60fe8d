"""Pages where two agents exchange their shifts."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import day, hour
from salon.staffing.access import own_agent
from salon.staffing.models import Exchange, Shift, ShiftStatus
from salon.village_day.forms import AskExchangeForm
from salon.village_day.presenters.stand_ins import Swap, swaps_for
from salon.village_day.queries import standins as queries
from salon.village_day.queries.my_rota import get_exchange
from salon.village_day.routes import blueprint
from salon.village_day.routes.standins import offers_page
from salon.village_day.services import exchanges as services

MOST = 60
"""The most shifts listed to choose from."""


@blueprint.route("/planning/vacations/<int:shift_id>/echange", methods=["GET", "POST"])
@only(Role.AGENT)
def ask_exchange(shift_id: int) -> ResponseReturnValue:
    own_shift = queries.get_own_shift(own_agent(), shift_id)
    if own_shift.status != ShiftStatus.PUBLISHED:
        abort(404)
    moment, form = now(), AskExchangeForm()
    published = queries.published_of(get_request_edition(), moment)
    swaps = swaps_for(published, own_shift, moment)[:MOST] if own_shift.starts_at > moment else []
    form.requested_shift.choices = [(swap.shift.id, _words(swap)) for swap in swaps]
    if form.validate_on_submit():
        chosen_swap = next(swap for swap in swaps if swap.shift.id == form.requested_shift.data)
        proposal = services.Proposal(own_shift, chosen_swap.shift, form.words.data or "")
        key = form.submission_key.data
        with form.refusals():
            services.ask_exchange(fair_act(), proposal, key)
            flash(
                f"{chosen_swap.agent.full_name} reçoit votre proposition par courriel.", "success"
            )
            return redirect(url_for("village_day.stand_in_offers"))
    return _page(own_shift, swaps, form), form.status_code


def _page(own_shift: Shift, swaps: list[Swap], form: AskExchangeForm) -> str:
    return render_template(
        "village_day/ask_exchange.html",
        shift=own_shift,
        swaps=swaps,
        form=form,
        has_begun=own_shift.starts_at <= now(),
    )


def _words(swap: Swap) -> str:
    """Return « Bruno Vidal, de 14 h à 16 h, Habitat, hall 3, stand 66 »."""
    shift = swap.shift
    stand = shift.stand
    name = stand.body.short_name if stand.body else "stand"
    date = f" {day(local(shift.starts_at).date())}" if swap.is_other_day else ""
    hours = f"de {hour(shift.starts_at)} à {hour(shift.ends_at)}"
    return f"{swap.agent.full_name}{date} {hours}, {name}, stand\u00a0{stand.number}"


def _own_exchange(exchange_id: int, asked_of_me: bool) -> Exchange:
    """Return an exchange that the agent received or proposed; else abort with 404."""
    agent = own_agent()
    exchange = get_exchange(agent, exchange_id)
    if agent.id != (exchange.asked_of_id if asked_of_me else exchange.asked_by_id):
        abort(404)
    return exchange


@blueprint.post("/planning/echanges/<int:exchange_id>/oui")
@only(Role.AGENT)
def accept_exchange(exchange_id: int) -> ResponseReturnValue:
    exchange = _own_exchange(exchange_id, asked_of_me=True)
    name = exchange.asked_by.full_name
    words = f"Vous avez échangé avec {name}. Votre planning est à jour."
    return _answered(services.accept_exchange, exchange, words, "village_day.my_rota")


@blueprint.post("/planning/echanges/<int:exchange_id>/non")
@only(Role.AGENT)
def decline_exchange(exchange_id: int) -> ResponseReturnValue:
    exchange = _own_exchange(exchange_id, asked_of_me=True)
    words = "Votre refus est noté\u00a0: vous gardez votre vacation."
    return _answered(services.decline_exchange, exchange, words)


@blueprint.post("/planning/echanges/<int:exchange_id>/retirer")
@only(Role.AGENT)
def withdraw_exchange(exchange_id: int) -> ResponseReturnValue:
    exchange = _own_exchange(exchange_id, asked_of_me=False)
    return _answered(services.withdraw_exchange, exchange, "Votre proposition est retirée.")


def _answered(
    answer: Callable[[Act, Exchange], None],
    exchange: Exchange,
    words: str,
    following: str = "village_day.stand_in_offers",
) -> ResponseReturnValue:
    """Answer an exchange; a refusal is shown on the page of requests."""
    try:
        answer(request_act(), exchange)
    except RuleBroken as refusal:
        return offers_page(own_agent(), refusal.message), refusal.status
    flash(words, "success")
    return redirect(url_for(following))
