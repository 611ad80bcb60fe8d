"""The calendar feed of an agent's shifts and appointments, at a private address."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.platform.database.engagements import engagements_of_agents
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.web.access import only, public, settings
from salon.platform.web.responses import calendar_response
from salon.staffing.access import own_agent
from salon.staffing.queries.agents import find_agent_of_calendar
from salon.staffing.queries.published import calendar_shifts, shifts_of_colleagues
from salon.staffing.queries.rota import find_publication
from salon.staffing.routes import blueprint
from salon.staffing.services import agent_accounts as services


@blueprint.get("/planning/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    agent = find_agent_of_calendar(token)
    if agent is None:
        abort(404)
    from salon.staffing.documents.ical import calendar_file

    shifts = calendar_shifts(agent)
    latest = find_publication(agent.edition)
    stamp = latest.published_at if latest else agent.created_at
    other_shifts = shifts_of_colleagues(agent, shifts)
    met = engagements_of_agents([agent.id]).get(agent.id, ())
    content = calendar_file(agent, shifts, other_shifts, settings(), stamp, met)
    response = calendar_response(content, "planning.ics", "PUBLISH", is_download=False)
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/planning/agenda/nouvelle-adresse")
@only(Role.AGENT)
def renew_calendar() -> ResponseReturnValue:
    agent = own_agent()
    question = Confirmation(
        title="Changer l’adresse de votre agenda",
        button="Changer l’adresse",
        back=url_for("village_day.my_rota"),
        facts=["Les agendas abonnés à l’adresse actuelle ne se mettront plus à jour."],
        is_final=True,
        layout="base.html",
    )
    if page := confirm_first(question, lambda: services.renew_calendar(request_act(), agent)):
        return page
    flash("L’adresse de votre agenda a changé. Ajoutez la nouvelle à votre téléphone.", "success")
    return redirect(url_for("village_day.my_rota"))
