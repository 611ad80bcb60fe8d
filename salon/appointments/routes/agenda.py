"""An agent's agenda, the badges read at the stand, and the export of follow-ups."""

from collections.abc import Collection

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import AppointmentAccess, own_appointment_access
from salon.appointments.actions import AppointmentAction
from salon.appointments.documents import follow_up as files
from salon.appointments.forms.meeting import BadgeForm
from salon.appointments.presenters.agenda import agenda_of, mark_of
from salon.appointments.queries.meetings import (
    MeetingFilter,
    find_visitor,
    follow_ups,
    get_delegate,
    meetings_for,
    meetings_of,
)
from salon.appointments.routes import blueprint
from salon.appointments.services.meeting import note_arrival
from salon.badges.models import Attendee
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only, row_asked
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken
from salon.staffing.access import own_scope
from salon.staffing.queries.agents import agents_of

MINE, BODY = "moi", "organisme"


@blueprint.get("/planning/rendez-vous")
@only(Role.AGENT, Domain.APPOINTMENTS)
def agenda() -> ResponseReturnValue:
    access, moment = own_appointment_access(), now()
    choices, choice, filters = _read_filter(access)
    own_agenda = agenda_of(meetings_of(access.edition, filters), moment)
    return render_template(
        "appointments/agenda.html",
        agenda=own_agenda,
        agent=access.agent,
        choices=choices,
        chosen=choice,
        moment=moment,
        today=local(moment).date(),
        mark_of=mark_of,
    )


def _read_filter(access: AppointmentAccess) -> tuple[dict[str, str], str, MeetingFilter]:
    """Return (choices, the current choice, its filter).

    By default, an agent's own appointments, or those of the body for its coordinator. An invalid
    choice falls back to the default.
    """
    agent = access.agent
    if agent is None:
        bodies = {str(body.id): body.name for body in bodies_of(access.edition)}
        requested = request.args.get("qui", "")
        choice = requested if requested in bodies else ""
        body_id = int(choice) if choice else None
        return {"": "Tout le village", **bodies}, choice, MeetingFilter(None, body_id=body_id)
    people = {
        str(colleague.id): colleague.full_name
        for colleague in agents_of(access.edition, [agent.body_id])
        if colleague.id != agent.id
    }
    choices = {MINE: "Moi", BODY: f"Tous, {agent.body.short_name}", **people}
    usual = BODY if agent.is_coordinator else MINE
    requested = request.args.get("qui", usual)
    choice = requested if requested in choices else usual
    if choice == BODY:
        return choices, choice, MeetingFilter(agent)
    return (
        choices,
        choice,
        MeetingFilter(agent, agent.id if choice == MINE else int(choice)),
    )


@blueprint.route("/planning/rendez-vous/badge", methods=["GET", "POST"])
@only(Role.AGENT, Domain.APPOINTMENTS)
def read_visitor_badge() -> ResponseReturnValue:
    """Record the arrival of the badge's holder, or offer to book without an appointment."""
    access, form = own_appointment_access(), BadgeForm()
    if request.method == "GET":
        return _badge_page(access, form)
    if not form.validate():
        return _badge_page(access, form), 400
    reading, form.code.data = form.code.data, ""
    attendee = find_visitor(access.edition, reading)
    if attendee is None:
        return _badge_page(access, form, reading)
    return _note_arrival(access, form, attendee)


def _note_arrival(
    access: AppointmentAccess, form: BadgeForm, attendee: Attendee
) -> ResponseReturnValue:
    moment = now()
    own_appointments, other_appointments = meetings_for(
        access.edition, access.agent, attendee, moment
    )
    noted = own_appointments[0] if own_appointments else None
    if noted is not None:
        note_arrival(request_act(now=moment), noted, "badge")
    return _badge_page(access, form, attendee=attendee, noted=noted, others=other_appointments)


def _badge_page(
    access: AppointmentAccess, form: BadgeForm, reading: str = "", **context: object
) -> str:
    return render_template(
        "appointments/read_visitor_badge.html",
        form=form,
        agent=access.agent,
        reading=reading[:40],
        **{"attendee": None, "noted": None, "others": [], **context},
    )


@blueprint.post("/planning/rendez-vous/<int:appointment_id>/pour/<int:attendee_id>")
@only(Role.AGENT, Domain.APPOINTMENTS)
def receive_delegate(appointment_id: int, attendee_id: int) -> ResponseReturnValue:
    """Record that another person of the same commune attends the appointment."""
    access, moment = own_appointment_access(), now()
    appointment = access.get(appointment_id)
    delegate = get_delegate(appointment, attendee_id)
    try:
        note_arrival(request_act(now=moment), appointment, "badge", attendee=delegate.id)
    except RuleBroken as refusal:
        flash(refusal.message, "warning")
    else:
        flash(
            f"{delegate.full_name} vient pour ce rendez-vous\u00a0: l’arrivée est notée.", "success"
        )
    return redirect(url_for("appointments.meeting", appointment_id=appointment_id))


@blueprint.get("/planning/suites.<any(csv,xlsx):kind>")
@only(Role.AGENT)
@long_answer
def own_follow_ups(kind: str) -> ResponseReturnValue:
    scope = own_scope()
    return _file(scope.edition, scope.body_ids, kind)


@blueprint.get("/organisation/rendez-vous/suites.<any(csv,xlsx):kind>")
@only(Domain.APPOINTMENTS)
@long_answer
def follow_ups_of(kind: str) -> ResponseReturnValue:
    """Export the follow-ups of the body `organisme`, or of all bodies without it."""
    body_id = row_asked("organisme")
    return _file(get_request_edition(), [body_id] if body_id else None, kind)


def _file(edition: Edition, body_ids: Collection[int] | None, kind: str) -> Response:
    moment = now()
    rows = files.rows_of(follow_ups(edition, moment, body_ids), moment)
    note(
        actor(),
        AppointmentAction.APPOINTMENTS_EXPORTED,
        f"edition:{edition.id}",
        format=kind,
        count=len(rows),
    )
    return files.table_of(rows).download("suites", kind)
