"""An agent's own rota, on a phone; once opened, it opens again without network."""

from collections.abc import Collection
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.engine.plan_frames import hall_frame
from salon.fair.models import Edition
from salon.fair.queries import stands_on_plan
from salon.platform.database.engagements import engagements_of_agents
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only, public, settings
from salon.platform.web.saved_pages import PrivatePages, worker_response
from salon.platform.words.formats import duration
from salon.staffing.access import find_own_agent
from salon.staffing.engine.excesses import breach_words
from salon.staffing.models import Agent, ExchangeStatus, ShiftStatus, StandInStatus
from salon.staffing.queries.agents import coordinators_of
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.published import calendar_shifts, shifts_of_colleagues
from salon.staffing.queries.rota import find_publication, latest_reason, rota_of
from salon.village_day.presenters.my_rota import corner, my_rota_view, wait
from salon.village_day.queries.my_rota import (
    exchangeable_shifts,
    exchanges_with,
    stand_ins_sought_for,
)
from salon.village_day.queries.standins import offers_to
from salon.village_day.routes import blueprint

SCOPE = "/planning"


@blueprint.get("/planning")
@only(Role.AGENT)
def my_rota() -> ResponseReturnValue:
    agent = find_own_agent()
    if agent is None:
        return render_template("village_day/my_rota_unknown.html")
    return render_template("village_day/my_rota.html", **_page(agent.edition, agent))


@blueprint.get("/planning/service-worker.js")
@public
def my_rota_worker() -> ResponseReturnValue:
    return worker_response(SCOPE, PrivatePages("planning", rf"^({SCOPE})(?:/.*)?$"))


def _page(edition: Edition, agent: Agent) -> dict[str, object]:
    moment = now()
    ever = calendar_shifts(agent)
    own_shifts = [shift for shift in ever if shift.status == ShiftStatus.PUBLISHED]
    met = engagements_of_agents([agent.id]).get(agent.id, ())
    rota = my_rota_view(own_shifts, [*own_shifts, *shifts_of_colleagues(agent, own_shifts)], met)
    bodies = {agent.body_id, *(stand.body.id for stand in rota.stands if stand.body)}
    return {
        "agent": agent,
        "passed": breach_words(own_shifts, limits_of_agent(agent, rota_of(edition))),
        "reason": latest_reason(own_shifts),
        "rota": rota,
        "moment": moment,
        "today": local(moment).date(),
        "current": rota.at(moment),
        "publication": find_publication(edition),
        "withdrawn": [shift for shift in ever if shift.status == ShiftStatus.WITHDRAWN],
        "sought": stand_ins_sought_for(agent),
        "exchangeable": exchangeable_shifts(agent, moment) if own_shifts else set(),
        "coordinators": _coordinators(edition, agent, bodies),
        "on_plan": stands_on_plan(edition) if own_shifts else [],
        "feed": settings().public_url + url_for("staffing.feed", token=agent.calendar_token),
        **_pending_requests(agent, moment),
        **{helper.__name__: helper for helper in (hall_frame, corner, duration, wait, local)},
    }


def _coordinators(edition: Edition, agent: Agent, bodies: Collection[int]) -> list[Agent]:
    """Return the coordinators to call, those of the agent's own body first."""
    coordinators = [
        coordinator
        for coordinator in coordinators_of(edition, *bodies)
        if coordinator.id != agent.id
    ]
    return sorted(coordinators, key=lambda coordinator: coordinator.body_id != agent.body_id)


def _pending_requests(agent: Agent, moment: datetime) -> dict[str, object]:
    """Return the requests that wait for the agent's answer, and the exchanges they proposed, by
    shift.
    """
    exchanges = [
        exchange
        for exchange in exchanges_with(agent)
        if exchange.status == ExchangeStatus.OPEN
        and min(exchange.offered_shift.starts_at, exchange.requested_shift.starts_at) > moment
    ]
    return {
        "asks": [
            ask for ask in offers_to(agent, moment) if ask.stand_in.status == StandInStatus.OPEN
        ],
        "asked_of_me": [exchange for exchange in exchanges if exchange.asked_of_id == agent.id],
        "offered": {
            exchange.offered_shift_id: exchange
            for exchange in exchanges
            if exchange.asked_by_id == agent.id
        },
    }
