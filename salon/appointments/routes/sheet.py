"""The sheet of an appointment: what to know before, marks, and the account."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import AppointmentAccess, own_appointment_access
from salon.appointments.actions import AppointmentAction
from salon.appointments.forms.meeting import AccountForm, FundedAccountForm
from salon.appointments.models import Appointment
from salon.appointments.presenters.agenda import mark_of
from salon.appointments.presenters.meeting import (
    RURAL_SHARE,
    USUAL_SHARE,
    account_from_form,
    account_values,
    function_of,
    shares_of,
    sheet_of,
)
from salon.appointments.queries.appointments import get_document_of
from salon.appointments.queries.settings import booking_of
from salon.appointments.routes import blueprint
from salon.appointments.rules.meeting import MOST_STEPS
from salon.appointments.services import meeting as services
from salon.platform.database.act import Act
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only
from salon.platform.web.responses import document_response
from salon.platform.words.errors import RuleBroken

Verb = Callable[[Act, Appointment], Appointment]


def _form_of(appointment: Appointment, access: AppointmentAccess, **options: object) -> AccountForm:
    form = FundedAccountForm if booking_of(appointment.theme_id).is_funding else AccountForm
    return form(data=account_values(appointment, access.agent), **options)


@blueprint.get("/planning/rendez-vous/<int:appointment_id>")
@only(Role.AGENT, Domain.APPOINTMENTS)
def meeting(appointment_id: int) -> ResponseReturnValue:
    access = own_appointment_access()
    appointment = access.get(appointment_id)
    return _sheet_page(access, appointment, _form_of(appointment, access, formdata=None))


def _sheet_page(
    access: AppointmentAccess,
    appointment: Appointment,
    form: AccountForm,
    refusal: str = "",
    is_changed: bool = False,
) -> str:
    moment = now()
    return render_template(
        "appointments/meeting.html",
        sheet=sheet_of(appointment, access.agent, moment),
        agent=access.agent,
        form=form,
        refusal=refusal,
        changed=is_changed,
        mark=mark_of(appointment, moment),
        mark_of=mark_of,
        moment=moment,
        can_add=len(form.steps) < MOST_STEPS,
        figures=(RURAL_SHARE, USUAL_SHARE),
        shares=shares_of(appointment.funding),
        **{function.__name__: function for function in (function_of, local)},
    )


@blueprint.post("/planning/rendez-vous/<int:appointment_id>")
@only(Role.AGENT, Domain.APPOINTMENTS)
def close_meeting(appointment_id: int) -> ResponseReturnValue:
    access = own_appointment_access()
    appointment = access.get(appointment_id)
    form = _form_of(appointment, access)
    if request.form.get("action") == "add":
        form.add_line((access.agent or appointment.agent).full_name)
        return _sheet_page(access, appointment, form)
    if not form.validate():
        return _sheet_page(access, appointment, form), 400
    account = account_from_form(form, booking_of(appointment.theme_id).is_funding)
    try:
        services.close_meeting(request_act(), appointment, int(form.version.data), account)
    except StaleVersion as refusal:
        # Keep what was typed: submitted again, it replaces the version now shown.
        current = access.get(appointment_id)
        form.version.data = str(current.version)
        return _sheet_page(access, current, form, is_changed=True), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _sheet_page(access, access.get(appointment_id), form), refusal.status
    flash("Le compte rendu est enregistré.", "success")
    return redirect(url_for("appointments.meeting", appointment_id=appointment_id))


@blueprint.post("/planning/rendez-vous/<int:appointment_id>/arrivee")
@only(Role.AGENT, Domain.APPOINTMENTS)
def note_meeting_arrival(appointment_id: int) -> ResponseReturnValue:
    def verb(act: Act, appointment: Appointment) -> Appointment:
        return services.note_arrival(act, appointment, "tap")

    return _noted(appointment_id, verb, "L’arrivée est notée.")


@blueprint.post("/planning/rendez-vous/<int:appointment_id>/pas-la")
@only(Role.AGENT, Domain.APPOINTMENTS)
def note_meeting_missed(appointment_id: int) -> ResponseReturnValue:
    words = "L’absence est notée. Le temps qui reste est libre."
    return _noted(appointment_id, services.note_missed, words)


@blueprint.post("/planning/rendez-vous/<int:appointment_id>/recu")
@only(Role.AGENT, Domain.APPOINTMENTS)
def note_meeting_met(appointment_id: int) -> ResponseReturnValue:
    words = "L’entretien est noté. Il reste à dire comment il s’est terminé."
    return _noted(appointment_id, services.note_met, words, _anchor="compte-rendu")


@blueprint.post("/planning/rendez-vous/<int:appointment_id>/annuler-la-note")
@only(Role.AGENT, Domain.APPOINTMENTS)
def undo_meeting_mark(appointment_id: int) -> ResponseReturnValue:
    return _noted(appointment_id, services.undo_mark, "La dernière note est annulée.")


def _noted(appointment_id: int, verb: Verb, words: str, **to: str) -> ResponseReturnValue:
    access = own_appointment_access()
    appointment = access.get(appointment_id)
    try:
        verb(request_act(), appointment)
    except RuleBroken as refusal:
        current = access.get(appointment_id)
        form = _form_of(current, access, formdata=None)
        return _sheet_page(access, current, form, refusal.message), refusal.status
    flash(words, "success")
    return redirect(url_for("appointments.meeting", appointment_id=appointment_id, **to))  # type: ignore[arg-type]


@blueprint.get("/planning/rendez-vous/<int:appointment_id>/documents/<int:document_id>")
@only(Role.AGENT, Domain.APPOINTMENTS)
def meeting_document(appointment_id: int, document_id: int) -> ResponseReturnValue:
    """Answer with the file as an attachment and journal that it was read."""
    appointment = own_appointment_access().get(appointment_id)
    document = get_document_of(appointment.id, document_id)
    response = document_response(document.stored_name, document.media_type, document.name)
    subject = f"appointment:{appointment.id}"
    note(actor(), AppointmentAction.DOCUMENT_READ, subject, document=document.id)
    return response
