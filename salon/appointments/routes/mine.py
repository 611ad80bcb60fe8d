"""A visitor's own appointments, by badge or by private link."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import remember_badge
from salon.appointments.forms.visitor import ChoiceForm, DocumentForm
from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import (
    appointments_of_attendee,
    find_proposal,
    get_appointment_by_token,
)
from salon.appointments.queries.offers import nearest
from salon.appointments.queries.settings import booking_of
from salon.appointments.queries.times import find_stand_at, times_of
from salon.appointments.queries.visitors import (
    appointments_of_same_place,
    busy_times,
    companions_of,
    entries_of_attendee,
    find_entry_for,
)
from salon.appointments.queries.waiting import rank_of
from salon.appointments.routes import blueprint
from salon.appointments.routes.visitor import count_booking, read_choice
from salon.appointments.rules.booking import SlotNotFree, check_has_not_begun, check_is_live
from salon.appointments.rules.documents import MOST_DOCUMENTS
from salon.appointments.services import booking
from salon.appointments.services.placing import Choice
from salon.badges.models import AttendeeStatus, Badge
from salon.badges.queries import get_badge_by_token
from salon.fair.access import get_request_edition
from salon.fair.engine.walking import walks_to
from salon.fair.queries import halls_by_name
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import network, public, row_asked, settings
from salon.platform.web.limits import count_try
from salon.platform.web.responses import calendar_response
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import hour, moment


@blueprint.get("/badge/<token>/rendez-vous")
@public
def my_appointments(token: str) -> ResponseReturnValue:
    attendee = _badge(token).attendee
    edition = get_request_edition()
    companion_ids = {companion.id for companion in companions_of(attendee)}
    return render_template(
        "appointments/my_appointments.html",
        attendee=attendee,
        own=appointments_of_attendee(attendee.id),
        waits=entries_of_attendee(attendee.id),
        around=appointments_of_same_place(edition, attendee),
        theirs=companion_ids,
        token=token,
        moment=now(),
    )


@blueprint.post("/badge/<token>/rendez-vous")
@public
def book_with_badge(token: str) -> ResponseReturnValue:
    remember_badge(_badge(token))
    return redirect(url_for("appointments.search"))


@blueprint.post("/badge/<token>/mon-parcours")
@public
def visit_with_badge(token: str) -> ResponseReturnValue:
    remember_badge(_badge(token))
    return redirect(url_for("appointments.visit"))


def _badge(token: str) -> Badge:
    """Return the valid badge of a visitor expected at the current edition; else a 404."""
    badge = get_badge_by_token(token)
    is_expected = badge.is_valid and badge.attendee.status == AttendeeStatus.REGISTERED
    if not is_expected or badge.edition_id != get_request_edition().id:
        abort(404)
    return badge


@blueprint.get("/rendez-vous/<token>")
@public
def appointment(token: str) -> ResponseReturnValue:
    return appointment_page(get_appointment_by_token(token), DocumentForm(formdata=None))


@blueprint.get("/rendez-vous/<token>.ics")
@public
def appointment_ics(token: str) -> ResponseReturnValue:
    appointment, config = get_appointment_by_token(token), settings()
    count_try(f"appointment-ics:{network()}", config.badge_downloads_per_minute, 60)
    from salon.appointments.documents.ical import appointment_calendar, method_of

    content = appointment_calendar(appointment, config, real_now())
    return calendar_response(content, "rendez-vous.ics", method_of(appointment))


def appointment_page(appointment: Appointment, form: DocumentForm) -> str:
    """Return the visitor's page of an appointment, with the possible actions."""
    at, hall = now(), appointment.stand.hall
    proposal, entry = find_proposal(appointment), find_entry_for(appointment)
    return render_template(
        "appointments/appointment.html",
        appointment=appointment,
        token=appointment.private_token,
        form=form,
        moment=at,
        has_begun=appointment.starts_at <= at,
        is_past=appointment.ends_at <= at,
        proposal=proposal if proposal is not None and proposal.expires_at > at else None,
        entry=entry,
        rank=rank_of(entry) if entry else 0,
        is_funding=booking_of(appointment.theme_id).is_funding,
        walks=walks_to(hall, halls_by_name(appointment.edition)),
        most_documents=MOST_DOCUMENTS,
        limit=settings().document_max_bytes,
    )


@blueprint.route("/rendez-vous/<token>/deplacer", methods=["GET", "POST"])
@public
def move_appointment(token: str) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    if request.method == "GET":
        check_is_live(appointment)
        if appointment.status == "booked":
            check_has_not_begun(appointment.starts_at, now())
        return _move_page(appointment, row_asked("agent"))
    form = ChoiceForm()
    choice = read_choice(appointment.theme, form.starts_at, form.agent)
    count_booking("hold")

    def move() -> Appointment:
        return booking.move_appointment(request_act(), appointment, choice)

    try:
        if page := confirm_first(_move_question(appointment, choice), move):
            return page
    except SlotNotFree as error:
        page = _move_page(
            get_appointment_by_token(token), choice.agent_id, choice.starts_at, error.message
        )
        return page, error.status
    flash("Votre rendez-vous est déplacé. Un message vous le dit aussi.", "success")
    return redirect(url_for("appointments.appointment", token=token))


def _move_question(appointment: Appointment, choice: Choice) -> Confirmation:
    """Return the confirmation question before a move."""
    facts = [f"Nouvelle heure\u00a0: {moment(choice.starts_at)}."]
    stand = find_stand_at(
        appointment.edition,
        choice.theme_id,
        choice.starts_at,
        now(),
        choice.agent_id,
        [appointment.id],
    )
    if stand is not None:
        facts.append(f"On vous reçoit alors au stand {stand.number}, hall {stand.hall.name}.")
    if appointment.status == AppointmentStatus.BOOKED:
        facts.append(f"L’heure actuelle, {hour(appointment.starts_at)}, sera rendue.")
    facts.append("Votre question et vos documents suivent le rendez-vous.")
    return Confirmation(
        title=f"Déplacer à {hour(choice.starts_at)}",
        kicker=appointment.theme.name,
        button=f"Confirmer {hour(choice.starts_at)}",
        back=url_for("appointments.move_appointment", token=appointment.private_token),
        facts=facts,
        is_destructive=False,
        layout="base.html",
    )


def _move_page(
    appointment: Appointment,
    agent_id: int | None,
    lost: datetime | None = None,
    message: str = "",
) -> str:
    times = times_of(
        appointment.edition, appointment.theme_id, now(), agent_id, without=[appointment.id]
    )
    busy = busy_times(appointment.attendee, times.offers, now(), without=[appointment.id])
    other_offers = [
        offer for offer in times.offers if offer.starts_at != lost and offer.starts_at not in busy
    ]
    return render_template(
        "appointments/move_appointment.html",
        appointment=appointment,
        theme=appointment.theme,
        times=times,
        groups=times.by_part(),
        busy=busy,
        message=message,
        nearest=nearest(other_offers, lost) if lost else [],
        token=appointment.private_token,
    )


@blueprint.route("/rendez-vous/<token>/annuler", methods=["GET", "POST"])
@public
def cancel_appointment(token: str) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    if request.method == "GET":
        if appointment.status != "cancelled":
            check_is_live(appointment)
        return render_template(
            "appointments/cancel_appointment.html",
            appointment=appointment,
            form=SalonForm(),
            token=token,
        )
    booking.cancel_appointment(request_act(), appointment)
    flash("Votre rendez-vous est annulé.", "success")
    offer_undo(url_for("appointments.retake_appointment", token=token), "Rétablir mon rendez-vous")
    return redirect(url_for("appointments.appointment", token=token))


@blueprint.post("/rendez-vous/<token>/accepter")
@public
def accept_proposal(token: str) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    try:
        booking.accept_proposal(request_act(), appointment)
    except RuleBroken as error:
        flash(error.message, "warning")
        return redirect(url_for("appointments.appointment", token=token))
    flash("Votre rendez-vous est confirmé à sa nouvelle heure.", "success")
    return redirect(url_for("appointments.appointment", token=token))
