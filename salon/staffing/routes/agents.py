"""Pages of the agents of a body, or of all: the list, an agent's form, removal."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.fair.queries import bodies_of
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.database.versions import StaleVersion
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.staffing.access import Scope, own_scope
from salon.staffing.actions import StaffingAction
from salon.staffing.forms.agents import (
    AddAgentForm,
    AgentFilterForm,
    ChangeAgentForm,
    RemoveAgentForm,
)
from salon.staffing.imports.agents import COLUMNS, cells_of
from salon.staffing.models import Agent, ShiftStatus
from salon.staffing.presenters.agent import (
    AgentFormChoices,
    choices_for,
    facts_from,
    set_choices,
    values_of,
)
from salon.staffing.queries import agents_list as queries
from salon.staffing.queries.agents import get_agent, removed_agents
from salon.staffing.queries.rota import shifts_of
from salon.staffing.routes import blueprint
from salon.staffing.rules.agents import ShiftsToCome
from salon.staffing.rules.shifts import check_own_agent
from salon.staffing.services import agents as services


def requested_filter(scope: Scope) -> tuple[AgentFilterForm, queries.AgentFilter]:
    """Return the filter of the address. An invalid filter filters nothing."""
    form = AgentFilterForm(request.args)
    names = {str(body.id): body.name for body in bodies_of(scope.edition) if scope.covers(body.id)}
    form.body.choices = {"": "Tous", **names}
    return form, requested_filters(form, partial(queries.AgentFilter, scope.body_ids), body=int)


@blueprint.get("/organisation/village/agents")
@only(Domain.VILLAGE, Role.AGENT)
def agents() -> ResponseReturnValue:
    scope = own_scope()
    form, filters = requested_filter(scope)
    page = queries.agents_page(scope.edition, filters, requested_page())
    return render_template(
        "staffing/agents.html",
        scope=scope,
        form=form,
        active=filters_in_force(form),
        page=page,
        counts=queries.agent_counts(scope.edition, scope.body_ids),
        shifts=queries.draft_shifts_of(page.items),
        removed=removed_agents(scope.edition, scope.body_ids),
    )


@blueprint.get("/organisation/village/agents.<any(csv,xlsx):kind>")
@only(Domain.VILLAGE, Role.AGENT)
@long_answer
def agents_file(kind: str) -> ResponseReturnValue:
    scope = own_scope()
    _, filters = requested_filter(scope)
    has_days = len(scope.edition.days) > 1
    agents = queries.filtered_agents(scope.edition, filters, requested_page())
    rows = [cells_of(agent, has_days) for agent in agents]
    note(actor(), StaffingAction.AGENTS_EXPORTED, f"edition:{scope.edition.id}", count=len(rows))
    table = Table("Agents", [Column(column.head) for column in COLUMNS], rows)
    return table.download("agents", kind)


@blueprint.route("/organisation/village/agents/nouveau", methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
def add_agent() -> ResponseReturnValue:
    scope = own_scope()
    offered = choices_for(scope.edition, scope.body_ids)
    form = AddAgentForm()
    set_choices(form, offered)
    if request.method == "GET" or asks_line(form, offered):
        return _form_page(form, scope, offered)
    if form.validate():
        facts, key = facts_from(form), form.submission_key.data
        with form.refusals():
            agent = services.add_agent(fair_act(scope.edition), facts, key, scope.body_ids)
            name = agent.full_name
            flash(f"{name} est de la liste. Un message lui dit comment se connecter.", "success")
            return redirect(url_for("staffing.agents"))
    return _form_page(form, scope, offered), form.status_code


def asks_line(form: SalonForm, offered: AgentFormChoices) -> bool:
    """Return whether the form asks for one more line of absences, after adding it."""
    if request.form.get("action") != "add":
        return False
    form.add_period(offered.starts, offered.ends)
    return True


def _form_page(
    form: SalonForm, scope: Scope, offered: AgentFormChoices, agent: Agent | None = None
) -> str:
    return render_template(
        "staffing/agent.html" if agent else "staffing/add_agent.html",
        form=form,
        scope=scope,
        offered=offered,
        agent=agent,
    )


def _own(scope: Scope, agent_id: int) -> Agent:
    """Return an agent of the author's bodies. Raises NoResultFound, AgentOfAnotherBody."""
    agent = get_agent(scope.edition, agent_id)
    check_own_agent(agent, scope.body_ids)
    return agent


@blueprint.route("/organisation/village/agents/<int:agent_id>", methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
def agent(agent_id: int) -> ResponseReturnValue:
    scope = own_scope()
    current = _own(scope, agent_id)
    offered = choices_for(scope.edition, scope.body_ids, current)
    form = ChangeAgentForm(data=values_of(current))
    set_choices(form, offered)
    if request.method == "GET" or asks_line(form, offered):
        return _form_page(form, scope, offered, current)
    if not form.validate():
        return _form_page(form, scope, offered, current), 400
    return _change(form, scope, offered, current)


def _change(
    form: SalonForm, scope: Scope, offered: AgentFormChoices, agent: Agent
) -> ResponseReturnValue:
    facts = facts_from(form)
    version = int(form.version.data)
    try:
        changed_agent = services.change_agent(request_act(), agent, version, facts, scope.body_ids)
    except StaleVersion as refusal:
        current = get_agent(scope.edition, agent.id)
        fresh = ChangeAgentForm(formdata=None, data=values_of(current))
        fresh_offer = choices_for(scope.edition, scope.body_ids, current)
        set_choices(fresh, fresh_offer)
        fresh.refuse(refusal)
        return _form_page(fresh, scope, fresh_offer, current), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _form_page(form, scope, offered, agent), refusal.status
    flash(f"{changed_agent.full_name} est à jour.", "success")
    shifts = shifts_of(scope.edition, ShiftStatus.PUBLISHED, [changed_agent.id])
    if missed := services.shifts_not_allowed(facts, shifts):
        count = plural(len(missed), "vacation publiée", "vacations publiées")
        flash(f"{count} ne lui conviennent plus\u00a0: revoyez le planning.", "warning")
    return redirect(url_for("staffing.agents"))


@blueprint.route("/organisation/village/agents/<int:agent_id>/retirer", methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
def remove_agent(agent_id: int) -> ResponseReturnValue:
    scope = own_scope()
    agent = _own(scope, agent_id)
    form = RemoveAgentForm(data={"version": agent.version})
    if request.method == "GET":
        return _remove_page(form, agent)
    if not form.validate():
        return _remove_page(form, agent), 400
    try:
        services.remove_agent(
            request_act(), agent, int(form.version.data), bool(form.confirmed.data), scope.body_ids
        )
    except (ShiftsToCome, StaleVersion) as refusal:
        current = get_agent(scope.edition, agent_id)
        fresh = RemoveAgentForm(formdata=None, data={"version": current.version})
        fresh.refuse(refusal)
        return _remove_page(fresh, current), refusal.status
    flash(f"{agent.full_name} n’est plus de la liste.", "success")
    offer_undo(url_for("staffing.restore_agent", agent_id=agent_id), f"Rétablir {agent.full_name}")
    return redirect(url_for("staffing.agents"))


@blueprint.post("/organisation/village/agents/<int:agent_id>/retablir")
@only(Domain.VILLAGE, Role.AGENT)
def restore_agent(agent_id: int) -> ResponseReturnValue:
    scope = own_scope()
    agent = services.restore_agent(fair_act(scope.edition), agent_id, scope.body_ids)
    flash(
        f"{agent.full_name} est de nouveau de la liste, avec le même badge. "
        "Ses vacations sont à refaire au planning.",
        "success",
    )
    return redirect(url_for("staffing.agents"))


def _remove_page(form: RemoveAgentForm, agent: Agent) -> str:
    published_shifts = shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
    to_come = [shift for shift in published_shifts if shift.ends_at > now()]
    return render_template("staffing/remove_agent.html", form=form, agent=agent, shifts=to_come)
