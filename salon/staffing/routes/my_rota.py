"""An agent's own rota, on a phone; once opened, it opens again without network."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.engine.plan_frames import hall_frame
from salon.fair.models import Edition
from salon.fair.queries import find_current_edition, stands_on_plan
from salon.platform.access import actor, only, public, settings
from salon.platform.clock import local, now
from salon.platform.engagements import engagements_of_agents
from salon.platform.identity import Role
from salon.platform.saved_pages import worker_response
from salon.staffing.models import Agent, ExchangeStatus, ShiftStatus, StandInStatus
from salon.staffing.presenters.my_rota import corner, duration, my_rota_view, wait
from salon.staffing.queries.agents import find_agent_of_account
from salon.staffing.queries.exchanges import exchanges_with
from salon.staffing.queries.my_rota import coordinators_of_bodies, stand_ins_sought_for
from salon.staffing.queries.published import calendar_shifts, shifts_of_colleagues
from salon.staffing.queries.rota import find_publication
from salon.staffing.queries.standins import offers_to
from salon.staffing.routes import blueprint

SCOPE = "/planning"


@blueprint.get("/planning")
@only(Role.AGENT)
def my_rota() -> ResponseReturnValue:
    edition, by = find_current_edition(), actor()
    agent = find_agent_of_account(edition, by.id) if edition and by.id is not None else None
    if edition is None or agent is None:
        return render_template("staffing/my_rota_unknown.html")
    return render_template("staffing/my_rota.html", **_page(edition, agent))


@blueprint.get("/planning/service-worker.js")
@public
def my_rota_worker() -> ResponseReturnValue:
    return worker_response(SCOPE, "planning", rf"^({SCOPE})(?:/.*)?$")


def _page(edition: Edition, agent: Agent) -> dict[str, Any]:
    moment = now()
    ever = calendar_shifts(agent)
    own = [one for one in ever if one.status == ShiftStatus.PUBLISHED]
    met = engagements_of_agents([agent.id]).get(agent.id, ())
    rota = my_rota_view(own, [*own, *shifts_of_colleagues(agent, own)], met)
    bodies = {agent.body_id, *(one.body.id for one in rota.stands if one.body)}
    return {
        "agent": agent,
        "rota": rota,
        "moment": moment,
        "today": local(moment).date(),
        "current": rota.at(moment),
        "publication": find_publication(edition),
        "withdrawn": [one for one in ever if one.status == ShiftStatus.WITHDRAWN],
        "sought": stand_ins_sought_for(agent),
        "coordinators": _coordinators(edition, agent, bodies),
        "on_plan": stands_on_plan(edition) if own else [],
        "feed": settings().public_url + url_for("staffing.feed", token=agent.calendar_token),
        **_asked(agent, moment),
        **{one.__name__: one for one in (hall_frame, corner, duration, wait, local)},
    }


def _coordinators(edition: Edition, agent: Agent, bodies: Collection[int]) -> list[Agent]:
    """Who may be called, those of the agent's own body first."""
    found = [one for one in coordinators_of_bodies(edition, bodies) if one.id != agent.id]
    return sorted(found, key=lambda one: one.body_id != agent.body_id)


def _asked(agent: Agent, moment: datetime) -> dict[str, Any]:
    """What waits for the agent's answer, and the exchanges that they offered, by shift."""
    exchanges = [
        one
        for one in exchanges_with(agent)
        if one.status == ExchangeStatus.OPEN
        and min(one.given.starts_at, one.wanted.starts_at) > moment
    ]
    return {
        "asks": [
            one for one in offers_to(agent, moment) if one.stand_in.status == StandInStatus.OPEN
        ],
        "asked_of_me": [one for one in exchanges if one.asked_of_id == agent.id],
        "offered": {one.given_id: one for one in exchanges if one.asked_by_id == agent.id},
    }
