"""« Rétablir »: cancelled registrations and appointments come back."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.models import Appointment
from salon.appointments.queries.appointments import get_appointment_by_token
from salon.appointments.routes import blueprint
from salon.appointments.routes.organiser import own_appointment
from salon.appointments.routes.visitor import count_booking
from salon.appointments.services import restoring as services
from salon.badges.queries import CANCELLED, get_attendee, get_badge_by_token, get_group_by_token
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only, public
from salon.platform.words.formats import hour, plural
from salon.platform.words.typography import of


@blueprint.post("/organisation/participants/<int:attendee_id>/retablir")
@only(Domain.REGISTRATIONS)
def restore_registration(attendee_id: int) -> ResponseReturnValue:
    lost = services.restore_visitor(request_act(), attendee_id)
    flash(_restored_words(get_attendee(attendee_id).full_name, lost), "success")
    return redirect(url_for("badges.attendee", attendee_id=attendee_id))


@blueprint.post("/badge/<token>/retablir")
@public
def restore_own_registration(token: str) -> ResponseReturnValue:
    badge = get_badge_by_token(token)
    if badge.revoked_reason not in ("", CANCELLED):
        abort(404)  # a replaced link opens nothing
    attendee = badge.attendee
    lost = services.restore_visitor(request_act(), attendee.id)
    flash(_restored_words(attendee.full_name, lost), "success")
    return redirect(url_for("badges.badge", token=token))


@blueprint.post("/inscription/dossier/<token>/<int:attendee_id>/retablir")
@public
def restore_in_group(token: str, attendee_id: int) -> ResponseReturnValue:
    group = get_group_by_token(token)
    attendee = next((member for member in group.attendees if member.id == attendee_id), None)
    if attendee is None:
        abort(404)
    lost = services.restore_visitor(request_act(), attendee.id)
    flash(_restored_words(attendee.full_name, lost), "success")
    return redirect(url_for("badges.group", token=token))


@blueprint.post("/organisation/rendez-vous/<int:appointment_id>/retablir")
@only(Domain.APPOINTMENTS, Role.AGENT)
def retake_for_visitor(appointment_id: int) -> ResponseReturnValue:
    _, appointment = own_appointment(appointment_id)
    services.retake_appointment(request_act(), appointment)
    flash(_retaken_words(appointment), "success")
    return redirect(url_for("appointments.change_appointment", appointment_id=appointment_id))


@blueprint.post("/rendez-vous/<token>/retablir")
@public
def retake_appointment(token: str) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    count_booking("hold")
    services.retake_appointment(request_act(), appointment)
    flash(_retaken_words(appointment), "success")
    return redirect(url_for("appointments.appointment", token=token))


def _retaken_words(appointment: Appointment) -> str:
    agent = appointment.agent.polite_name
    return f"Le rendez-vous de {hour(appointment.starts_at)} est rétabli, avec {agent}."


def _restored_words(name: str, lost: list[Appointment]) -> str:
    words = f"L’inscription {of(name)} est rétablie, avec le même badge."
    if lost:
        times = ", ".join(hour(appointment.starts_at) for appointment in lost)
        count = plural(len(lost), "rendez-vous", "rendez-vous")
        words += f" {count} à reprendre, l’heure n’est plus libre : {times}."
    return words
