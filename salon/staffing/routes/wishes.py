"""The page where agents edit their own wishes, absences and needs."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.platform.database.identity import Role
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.staffing.access import own_agent
from salon.staffing.forms.agents import WishesForm
from salon.staffing.models import Agent
from salon.staffing.presenters.agent import (
    AgentFormChoices,
    choices_for,
    on_the_day_from,
    set_choices,
    values_of,
)
from salon.staffing.queries.agents import get_agent
from salon.staffing.routes import blueprint
from salon.staffing.routes.agents import asks_line
from salon.staffing.services import next_edition as services
from salon.staffing.services.agent_facts import facts_of
from salon.staffing.services.agents import change_wishes


@blueprint.route("/planning/souhaits", methods=["GET", "POST"])
@only(Role.AGENT)
def wishes() -> ResponseReturnValue:
    agent = own_agent()
    offered = choices_for(agent.edition, agent=agent)
    form = WishesForm(data=values_of(agent))
    _offer(form, offered, agent)
    if request.method == "GET" or asks_line(form, offered):
        return _page(form, agent)
    if not form.validate():
        return _page(form, agent), 400
    stands = {place.stand_id: place.stand_id in (form.wished.data or ()) for place in agent.places}
    facts = replace(facts_of(agent), stands=stands, **on_the_day_from(form))
    try:
        missed = change_wishes(request_act(), agent, int(form.version.data), facts)
    except StaleVersion as refusal:
        current = get_agent(agent.edition, agent.id)
        form = WishesForm(formdata=None, data=values_of(current))
        _offer(form, choices_for(agent.edition, agent=current), current)
        form.refuse(refusal)
        return _page(form, current), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _page(form, agent), refusal.status
    flash("Vos souhaits sont enregistrés.", "success")
    if missed:
        flash(
            "Une vacation déjà publiée ne vous convient plus\u00a0: la coordination de votre "
            "organisme le sait. Vous restez attendu tant que le planning ne change pas.",
            "warning",
        )
    return redirect(url_for("village_day.my_rota"))


@blueprint.post("/planning/edition-suivante")
@only(Role.AGENT)
def agree_to_next() -> ResponseReturnValue:
    """Let the agent agree to be taken over by the next edition, or withdraw it."""
    agent = own_agent()
    if request.form.get("answer") == "yes":
        services.agree_to_next(request_act(), agent)
        flash("Merci : vos coordonnées seront reprises pour la prochaine édition.", "success")
    else:
        services.withdraw_agreement(request_act(), agent)
        flash("Votre accord est retiré.", "success")
    return redirect(url_for("village_day.my_rota"))


def _offer(form: WishesForm, offered: AgentFormChoices, agent: Agent) -> None:
    """Set the choices; only the stands that the agent may hold can be preferred."""
    set_choices(form, offered)
    own_stand_ids = {place.stand_id for place in agent.places}
    form.wished.choices = {
        stand_id: label
        for stand_id, label in form.wished.choices.items()
        if stand_id in own_stand_ids
    }


def _page(form: WishesForm, agent: Agent) -> str:
    return render_template("staffing/wishes.html", form=form, agent=agent)
