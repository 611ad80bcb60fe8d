"""Check-in of the village's agents at their stand."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.entrance import forms
from salon.entrance.routes import blueprint
from salon.entrance.services import arrivals as check_ins
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import PartnerBody
from salon.fair.queries import bodies_of
from salon.platform.database.identity import Domain, Role
from salon.platform.web.access import actor, only
from salon.staffing.queries.agents import find_agent_of_account
from salon.village_day.queries.day import get_body_of_stand


@blueprint.get("/organisation/village/pointage")
@only(Domain.VILLAGE, Domain.WELCOME, Role.AGENT, Role.STATION, kinds=(StationKind.DESK,))
def arrivals() -> ResponseReturnValue:
    bodies = [body for body in bodies_of(get_request_edition()) if _may_check_in(body)]
    if not bodies and actor().role == Role.AGENT:
        abort(403)
    return render_template("entrance/arrivals.html", bodies=bodies)


@blueprint.route("/organisation/village/pointage/<number>", methods=["GET", "POST"])
@only(Domain.VILLAGE, Domain.WELCOME, Role.AGENT, Role.STATION, kinds=(StationKind.DESK,))
def stand_arrivals(number: str) -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.CheckInForm()
    body = get_body_of_stand(edition, number)
    if not _may_check_in(body):
        abort(404)
    if request.method == "GET":
        return _check_in_page(body, form)
    if not form.validate():
        return _check_in_page(body, form), 400
    reading = form.code.data
    arrival = check_ins.check_in(fair_act(edition), body, reading)
    return _check_in_page(body, form, arrival, reading)


def _check_in_page(
    body: PartnerBody,
    form: forms.CheckInForm,
    arrival: check_ins.CheckIn | None = None,
    reading: str = "",
) -> str:
    form.code.data = "" if arrival else form.code.data
    return render_template(
        "entrance/stand_arrivals.html", body=body, form=form, arrival=arrival, reading=reading[:40]
    )


def _may_check_in(body: PartnerBody) -> bool:
    """Return whether the caller may check in here: organisers and stations at any stand, a
    coordinator at their body's."""
    identity = actor()
    if identity.role != Role.AGENT:
        return True
    agent = find_agent_of_account(get_request_edition(), identity.id or 0)
    return agent is not None and agent.is_coordinator and agent.body_id == body.id
