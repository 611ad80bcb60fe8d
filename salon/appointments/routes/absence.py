"""An agent's absence, for the day or until an hour: one act, its result, its undoing."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.board import AbsenceForm
from salon.appointments.presenters.absence import AbsenceView
from salon.appointments.routes import blueprint
from salon.appointments.services import absence as services
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.fields import instant
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.formats import hour, plural
from salon.platform.words.people import agreed
from salon.staffing.access import own_scope
from salon.staffing.models import Shift, ShiftStatus
from salon.staffing.queries.rota import get_shift

ABSENCE = "/organisation/village/jour/<int:shift_id>/absence"


@blueprint.route(ABSENCE, methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
def declare_absence(shift_id: int) -> ResponseReturnValue:
    shift, moment = _own_shift(shift_id), now()
    view, form = AbsenceView(shift, moment), AbsenceForm()
    form.until.choices = view.hours
    if form.validate_on_submit():
        with form.refusals():
            until, reason = instant(form.until.data), form.reason.data or ""
            missed = services.declare_absence(request_act(now=moment), shift, until, reason)
            words = plural(len(missed), "vacation à pourvoir", "vacations à pourvoir")
            flash(f"{shift.agent.polite_name}\u00a0: l’absence est notée, {words}.", "success")
            address = url_for("appointments.declare_absence", shift_id=missed[0].id)
            offer_undo(url_for("appointments.undo_absence", shift_id=missed[0].id))
            return redirect(address)
    return render_template(
        "appointments/declare_absence.html", view=view, form=form
    ), form.status_code


@blueprint.post(f"{ABSENCE}/annuler")
@only(Domain.VILLAGE, Role.AGENT)
def undo_absence(shift_id: int) -> ResponseReturnValue:
    shift = _own_shift(shift_id)
    agent = shift.agent
    staying = services.take_back_absence(request_act(), shift)
    words = f"{agent.polite_name} est de nouveau attendu{agreed(agent.civility)}."
    if staying:
        times = ", ".join(hour(appointment.starts_at) for appointment in staying)
        count = plural(len(staying), "rendez-vous reste", "rendez-vous restent")
        words += f" {count} comme le sauvetage l’a placé\u00a0: {times}."
    flash(words, "success")
    return redirect(url_for("village_day.day"))


def _own_shift(shift_id: int) -> Shift:
    """Return a shift that is or was published, of an agent in scope; else abort with 404."""
    scope = own_scope()
    shift = get_shift(scope.edition, shift_id)
    if shift.status == ShiftStatus.DRAFT or not scope.covers(shift.agent.body_id):
        abort(404)
    return shift
