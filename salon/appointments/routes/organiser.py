"""The board of appointments for organisers and coordinators: list, changes, exports."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.appointments.actions import AppointmentAction
from salon.appointments.documents.follow_up import columns
from salon.appointments.forms.board import LIMITS, BoardFilterForm, MoveForm, RescueForm
from salon.appointments.models import Appointment
from salon.appointments.presenters.rescue import RescueView
from salon.appointments.queries import board as queries
from salon.appointments.queries.appointments import find_proposal, get_appointment
from salon.appointments.queries.board import BoardFilter
from salon.appointments.queries.counter import StaffOffer, staff_offers
from salon.appointments.queries.waiting import entries_of
from salon.appointments.routes import blueprint
from salon.appointments.rules.booking import Limit
from salon.appointments.services import rescue as services
from salon.appointments.services.booking import cancel_appointment, move_appointment
from salon.appointments.services.placing import Choice
from salon.fair.access import fair_act
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.documents.spreadsheets.writer import Table
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.forms import VersionForm
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now, real_now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import day, hour, plural
from salon.platform.words.typography import of
from salon.staffing.access import Scope, own_scope

FREE, LIMITED = "Heures libres", "En passant outre une limite"
SHORT = {Limit.COVER: "stand moins tenu", Limit.NOTICE: "très proche"}


def read_filter(scope: Scope) -> tuple[BoardFilterForm, BoardFilter]:
    """Return the form and filters of the address; invalid ones filter nothing."""
    form = BoardFilterForm(request.args)
    names = {str(body.id): body.name for body in bodies_of(scope.edition) if scope.covers(body.id)}
    themes = queries.themes_shown(scope.edition, scope.body_ids)
    form.body.choices = {"": "Tous", **names}
    form.theme.choices = {"": "Tous", **{str(theme.id): theme.name for theme in themes}}
    form.hour.choices = {"": "Toutes", **_hours(scope.edition)}
    filters = partial(BoardFilter, now(), scope.body_ids)
    return form, requested_filters(form, filters, body=int, theme=int, hour=datetime.fromisoformat)


def _hours(edition: Edition) -> dict[str, str]:
    """Return the opening hours of the fair, with their day when there are several."""
    hours = {}
    for fair_day in edition.days:
        at: datetime = fair_day.opens_at.replace(minute=0)
        while at < fair_day.closes_at:
            day_text = f"{day(local(at).date())}, " if len(edition.days) > 1 else ""
            hours[at.isoformat()] = f"{day_text}{hour(at)}"
            at += queries.HOUR
    return hours


@blueprint.get("/organisation/rendez-vous")
@only(Domain.APPOINTMENTS, Role.AGENT)
def board() -> ResponseReturnValue:
    scope = own_scope()
    form, filters = read_filter(scope)
    return render_template(
        "appointments/board.html",
        scope=scope,
        form=form,
        active=filters_in_force(form),
        page=queries.board_page(scope.edition, filters, requested_page()),
        counts=queries.board_counts(scope.edition, now(), scope.body_ids),
        moment=now(),
    )


@blueprint.get("/organisation/rendez-vous.<any(csv,xlsx):kind>")
@only(Domain.APPOINTMENTS, Role.AGENT)
@long_answer
def board_file(kind: str) -> ResponseReturnValue:
    scope = own_scope()
    _, filters = read_filter(scope)
    note(actor(), AppointmentAction.APPOINTMENTS_EXPORTED, format=kind, filters=filters.as_dict())
    appointments = queries.board_rows(scope.edition, filters, requested_page())
    return Table.of("Rendez-vous", columns(now()), appointments).download("rendez-vous", kind)


@blueprint.get("/organisation/rendez-vous/attente")
@only(Domain.APPOINTMENTS, Role.AGENT)
def waiting_lists() -> ResponseReturnValue:
    scope = own_scope()
    entries = entries_of(scope.edition)
    shown = queries.themes_shown(scope.edition, scope.body_ids)
    lists = [(theme, [entry for entry in entries if entry.theme_id == theme.id]) for theme in shown]
    return render_template(
        "appointments/waiting_lists.html",
        scope=scope,
        lists=[(theme, entries) for theme, entries in lists if entries],
        moment=now(),
    )


@blueprint.get("/organisation/rendez-vous/<int:appointment_id>")
@only(Domain.APPOINTMENTS, Role.AGENT)
def change_appointment(appointment_id: int) -> ResponseReturnValue:
    scope, appointment = own_appointment(appointment_id)
    return _change_page(scope, appointment, MoveForm(formdata=None, version=appointment.version))


@blueprint.post("/organisation/rendez-vous/<int:appointment_id>/deplacer")
@only(Domain.APPOINTMENTS, Role.AGENT)
def move_for_visitor(appointment_id: int) -> ResponseReturnValue:
    scope, appointment = own_appointment(appointment_id)
    form, offers = MoveForm(), staff_offers(appointment, now())
    form.slot.choices = [offer.key for offer in offers]
    if not form.validate():
        return _change_page(scope, appointment, form, offers), 400
    offer = next(candidate for candidate in offers if candidate.key == form.slot.data)
    accepted = [Limit(limit) for limit in form.accepted.data or ()]
    if missing := offer.passes.difference(accepted):
        form.accepted.errors = [_to_accept(missing)]
        return _change_page(scope, appointment, form, offers), 409
    choice = Choice(appointment.theme_id, offer.slot.starts_at, offer.slot.agent_id)
    version = int(form.version.data)
    try:
        move_appointment(request_act(), appointment, choice, accepted=accepted, version=version)
    except RuleBroken as refusal:
        return _refused(appointment_id, refusal)
    flash(
        f"Rendez-vous déplacé à {hour(appointment.starts_at)}. Le visiteur en reçoit un courriel.",
        "success",
    )
    return redirect(url_for("appointments.change_appointment", appointment_id=appointment_id))


def _to_accept(missing: frozenset[Limit]) -> str:
    """Return the message that names the limits to accept."""
    words = [str(LIMITS[limit.value]).lower() for limit in sorted(missing)]
    return f"Pour cette heure, cochez\u00a0: {' et '.join(words)}."


@blueprint.post("/organisation/rendez-vous/<int:appointment_id>/annuler")
@only(Domain.APPOINTMENTS, Role.AGENT)
def cancel_for_visitor(appointment_id: int) -> ResponseReturnValue:
    _, appointment = own_appointment(appointment_id)
    form = VersionForm()
    if not form.validate():
        raise BadInput
    try:
        cancel_appointment(request_act(), appointment, version=int(form.version.data))
    except RuleBroken as refusal:
        return _refused(appointment_id, refusal)
    name = appointment.attendee.full_name
    flash(f"Le rendez-vous {of(name)} est annulé, son heure est libre.", "success")
    offer_undo(
        url_for("appointments.retake_for_visitor", appointment_id=appointment_id),
        "Rétablir le rendez-vous",
    )
    return redirect(url_for("appointments.board"))


def own_appointment(appointment_id: int) -> tuple[Scope, Appointment]:
    """Return an appointment within the signed-in person's scope; else a 404."""
    scope = own_scope()
    appointment = get_appointment(scope.edition, appointment_id)
    if not scope.covers(appointment.agent.body_id):
        abort(404)
    return scope, appointment


def _refused(appointment_id: int, refusal: RuleBroken) -> ResponseReturnValue:
    """Return the current page with the broken rule."""
    scope, appointment = own_appointment(appointment_id)
    form = MoveForm(formdata=None, version=appointment.version)
    form.refuse(refusal)
    return _change_page(scope, appointment, form), refusal.status


def _change_page(
    scope: Scope,
    appointment: Appointment,
    form: MoveForm,
    offers: Sequence[StaffOffer] | None = None,
) -> str:
    if offers is None:
        offers = staff_offers(appointment, now()) if appointment.is_live else []
    form.slot.choices = _choices(offers, len(scope.edition.days) > 1)
    return render_template(
        "appointments/change_appointment.html",
        scope=scope,
        appointment=appointment,
        form=form,
        may_retake=appointment.status == "cancelled" and now() < appointment.starts_at,
        cancel_form=VersionForm(formdata=None, version=appointment.version),
        proposal=find_proposal(appointment) if appointment.is_live else None,
        moment=now(),
    )


def _choices(offers: Sequence[StaffOffer], has_days: bool) -> dict[str, dict[str, str]]:
    """Return the offers grouped by whether they pass a limit."""
    groups: dict[str, dict[str, str]] = {FREE: {}, LIMITED: {}}
    for offer in offers:
        at = offer.slot.starts_at
        day_text = f"{day(local(at).date())}, " if has_days else ""
        words = f"{day_text}{hour(at)}, {offer.agent.polite_name}"
        if offer.passes:
            words += f" ({', '.join(SHORT[limit] for limit in sorted(offer.passes))})"
        groups[LIMITED if offer.passes else FREE][offer.key] = words
    return {name: choices for name, choices in groups.items() if choices}


RESCUE = "/organisation/rendez-vous/sauvetage"


@blueprint.get(RESCUE)
@only(Domain.APPOINTMENTS, Domain.VILLAGE, Role.AGENT)
def rescue() -> ResponseReturnValue:
    return _rescue_page()


@blueprint.post(RESCUE)
@only(Domain.APPOINTMENTS, Domain.VILLAGE, Role.AGENT)
def apply_rescue() -> ResponseReturnValue:
    scope, form = own_scope(), RescueForm()
    if not form.validate():
        raise BadInput
    try:
        rescue = services.apply_rescue(fair_act(scope.edition), form.stamp.data, scope.body_ids)
    except RuleBroken as refusal:
        return _rescue_page(refusal.message), refusal.status
    count = len({appointment.attendee_id for appointment in rescue.appointments.values()})
    notified = plural(count, "visiteur prévenu", "visiteurs prévenus")
    flash(f"Plan confirmé\u00a0: {notified}.", "success")
    return redirect(url_for("appointments.rescue"))


def _rescue_page(refusal: str = "") -> str:
    """Return the page with the current plan."""
    scope = own_scope()
    view = RescueView(scope.edition, scope.body_ids, now(), real_now())
    form = RescueForm(formdata=None, stamp=view.stamp)
    return render_template(
        "appointments/rescue.html", view=view, form=form, scope=scope, refusal=refusal
    )
