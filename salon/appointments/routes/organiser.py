"""The organisers' and the coordinators' view of appointments: the board, the list, its files."""

from collections.abc import Sequence
from datetime import datetime

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.appointments.documents.appointment_list import COLUMNS, cells_of
from salon.appointments.forms.board import LIMITS, BoardFilterForm, CancelForm, MoveForm
from salon.appointments.models import Appointment
from salon.appointments.queries import board as queries
from salon.appointments.queries.appointments import find_proposal, get_appointment
from salon.appointments.queries.board import BoardFilter
from salon.appointments.queries.staff_offers import StaffOffer, staff_offers
from salon.appointments.queries.waiting import entries_of
from salon.appointments.routes import blueprint
from salon.appointments.rules.booking import Limit
from salon.appointments.services.booking import cancel_appointment, move_appointment
from salon.appointments.services.placing import Choice
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.platform.access import actor, only, page_asked, settings
from salon.platform.acts import offer_undo
from salon.platform.clock import local, now
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.formats import day, hour
from salon.platform.forms import filters_in_force
from salon.platform.identity import Role
from salon.platform.journal import note
from salon.platform.limits import count_try
from salon.platform.spreadsheets import Column, csv_lines, workbook
from salon.platform.typography import of
from salon.staffing.access import Scope, own_scope

FREE, LIMITED = "Heures libres", "En passant outre une limite"
SHORT = {Limit.COVER: "stand moins tenu", Limit.NOTICE: "très proche"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filter_asked(scope: Scope) -> tuple[BoardFilterForm, BoardFilter]:
    """The filter of the address. What it says wrongly filters nothing."""
    form = BoardFilterForm(request.args)
    names = {str(one.id): one.name for one in bodies_of(scope.edition) if scope.covers(one.id)}
    themes = queries.themes_shown(scope.edition, scope.body_ids)
    form.body.choices = {"": "Tous", **names}
    form.theme.choices = {"": "Tous", **{str(one.id): one.name for one in themes}}
    form.hour.choices = {"": "Toutes", **_hours(scope.edition)}
    if not form.validate():
        return form, BoardFilter(scope.body_ids)
    if form.q.data:
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
    return form, BoardFilter(
        scope.body_ids,
        form.q.data or "",
        int(form.body.data) if form.body.data else None,
        int(form.theme.data) if form.theme.data else None,
        form.status.data or "",
        datetime.fromisoformat(form.hour.data) if form.hour.data else None,
    )


def _hours(edition: Edition) -> dict[str, str]:
    """Each hour at which the fair is open, with its day where there are several."""
    found = {}
    for one in edition.days:
        at: datetime = one.opens_at.replace(minute=0)
        while at < one.closes_at:
            where = f"{day(local(at).date())}, " if len(edition.days) > 1 else ""
            found[at.isoformat()] = f"{where}{hour(at)}"
            at += queries.HOUR
    return found


@blueprint.get("/organisation/rendez-vous")
@only(Role.ORGANISER, Role.AGENT)
def board() -> ResponseReturnValue:
    scope = own_scope()
    form, wanted = filter_asked(scope)
    return render_template(
        "appointments/board.html",
        scope=scope,
        form=form,
        active=filters_in_force(form),
        page=queries.board_page(scope.edition, wanted, page_asked()),
        counts=queries.board_counts(scope.edition, now(), scope.body_ids),
    )


@blueprint.get("/organisation/rendez-vous.csv")
@only(Role.ORGANISER, Role.AGENT)
def board_csv() -> ResponseReturnValue:
    scope = own_scope()
    _, wanted = filter_asked(scope)
    note(actor(), "appointments.exported", format="csv", filters=wanted.as_dict())
    rows = map(cells_of, queries.board_in_chunks(scope.edition.id, wanted))
    lines = csv_lines([one.head for one in COLUMNS], rows)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.csv"'
    return response


@blueprint.get("/organisation/rendez-vous.xlsx")
@only(Role.ORGANISER, Role.AGENT)
def board_xlsx() -> ResponseReturnValue:
    scope = own_scope()
    _, wanted = filter_asked(scope)
    note(actor(), "appointments.exported", format="xlsx", filters=wanted.as_dict())
    rows = map(cells_of, queries.board_in_chunks(scope.edition.id, wanted))
    content = workbook("Rendez-vous", [Column(one.head, one.width) for one in COLUMNS], rows)
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.xlsx"'
    return response


@blueprint.get("/organisation/rendez-vous/attente")
@only(Role.ORGANISER, Role.AGENT)
def waiting_lists() -> ResponseReturnValue:
    scope = own_scope()
    found = entries_of(scope.edition)
    shown = queries.themes_shown(scope.edition, scope.body_ids)
    lists = [(one, [it for it in found if it.theme_id == one.id]) for one in shown]
    return render_template(
        "appointments/waiting_lists.html",
        scope=scope,
        lists=[(theme, entries) for theme, entries in lists if entries],
        moment=now(),
    )


@blueprint.get("/organisation/rendez-vous/<int:appointment_id>")
@only(Role.ORGANISER, Role.AGENT)
def change_appointment(appointment_id: int) -> ResponseReturnValue:
    scope, found = own_appointment(appointment_id)
    return _change_page(scope, found, MoveForm(formdata=None, version=found.version))


@blueprint.post("/organisation/rendez-vous/<int:appointment_id>/deplacer")
@only(Role.ORGANISER, Role.AGENT)
def move_for_visitor(appointment_id: int) -> ResponseReturnValue:
    scope, found = own_appointment(appointment_id)
    form, offers = MoveForm(), staff_offers(found, now())
    form.slot.choices = [one.key for one in offers]
    if not form.validate():
        return _change_page(scope, found, form, offers), 400
    offer = next(one for one in offers if one.key == form.slot.data)
    accepted = [Limit(one) for one in form.accepted.data or ()]
    if missing := offer.passes.difference(accepted):
        form.accepted.errors = [_to_accept(missing)]
        return _change_page(scope, found, form, offers), 409
    choice = Choice(found.theme_id, offer.slot.starts_at, offer.slot.agent_id)
    version = int(form.version.data)
    try:
        move_appointment(found, choice, actor(), now(), accepted=accepted, version=version)
    except RuleBroken as refusal:
        return _refused(appointment_id, refusal)
    flash(
        f"Rendez-vous déplacé à {hour(found.starts_at)}. Le visiteur en reçoit un courriel.",
        "success",
    )
    return redirect(url_for("appointments.change_appointment", appointment_id=appointment_id))


def _to_accept(missing: frozenset[Limit]) -> str:
    """What has to be ticked for this time."""
    words = [str(LIMITS[one.value]).lower() for one in sorted(missing)]
    return f"Pour cette heure, cochez\u00a0: {' et '.join(words)}."


@blueprint.post("/organisation/rendez-vous/<int:appointment_id>/annuler")
@only(Role.ORGANISER, Role.AGENT)
def cancel_for_visitor(appointment_id: int) -> ResponseReturnValue:
    _, found = own_appointment(appointment_id)
    form = CancelForm()
    if not form.validate():
        raise BadInput
    try:
        cancel_appointment(found, actor(), now(), version=int(form.version.data))
    except RuleBroken as refusal:
        return _refused(appointment_id, refusal)
    who = found.attendee.full_name
    flash(f"Le rendez-vous {of(who)} est annulé, son heure est libre.", "success")
    offer_undo(
        url_for("appointments.retake_for_visitor", appointment_id=appointment_id),
        "Rétablir le rendez-vous",
    )
    return redirect(url_for("appointments.board"))


def own_appointment(appointment_id: int) -> tuple[Scope, Appointment]:
    """An appointment with an agent whom the signed-in person coordinates; else a 404."""
    scope = own_scope()
    found = get_appointment(scope.edition, appointment_id)
    if not scope.covers(found.agent.body_id):
        abort(404)
    return scope, found


def _refused(appointment_id: int, refusal: RuleBroken) -> ResponseReturnValue:
    """The page as things are now, with the rule that forbids."""
    scope, found = own_appointment(appointment_id)
    form = MoveForm(formdata=None, version=found.version)
    form.form_errors.append(refusal.message)
    return _change_page(scope, found, form), refusal.status


def _change_page(
    scope: Scope, found: Appointment, form: MoveForm, offers: Sequence[StaffOffer] | None = None
) -> str:
    if offers is None:
        offers = staff_offers(found, now()) if found.is_live else []
    form.slot.choices = _choices(offers, len(scope.edition.days) > 1)
    return render_template(
        "appointments/change_appointment.html",
        scope=scope,
        one=found,
        form=form,
        may_retake=found.status == "cancelled" and now() < found.starts_at,
        cancel_form=CancelForm(formdata=None, version=found.version),
        proposal=find_proposal(found) if found.is_live else None,
    )


def _choices(offers: Sequence[StaffOffer], has_days: bool) -> dict[str, dict[str, str]]:
    """The times by what they need: free for all, or a limit to pass."""
    groups: dict[str, dict[str, str]] = {FREE: {}, LIMITED: {}}
    for one in offers:
        at = one.slot.starts_at
        where = f"{day(local(at).date())}, " if has_days else ""
        words = f"{where}{hour(at)}, {one.agent.polite_name}"
        if one.passes:
            words += f" ({', '.join(SHORT[it] for it in sorted(one.passes))})"
        groups[LIMITED if one.passes else FREE][one.key] = words
    return {name: found for name, found in groups.items() if found}
