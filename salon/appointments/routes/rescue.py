"""The rescue page: appointments without an agent, and the plan."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.board import RescueForm
from salon.appointments.presenters.rescue import RescueView
from salon.appointments.routes import blueprint
from salon.appointments.services import rescue as services
from salon.platform.access import actor, only
from salon.platform.clock import now, real_now
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.formats import plural
from salon.platform.identity import Domain, Role
from salon.staffing.access import own_scope

PLACE = "/organisation/rendez-vous/sauvetage"


@blueprint.get(PLACE)
@only(Domain.APPOINTMENTS, Role.AGENT)
def rescue() -> ResponseReturnValue:
    return _page()


@blueprint.post(PLACE)
@only(Domain.APPOINTMENTS, Role.AGENT)
def apply_rescue() -> ResponseReturnValue:
    scope, form = own_scope(), RescueForm()
    if not form.validate():
        raise BadInput
    try:
        done = services.apply_rescue(scope.edition, form.stamp.data, scope.body_ids, actor(), now())
    except RuleBroken as refusal:
        return _page(refusal.message), refusal.status
    count = len({appointment.attendee_id for appointment in done.appointments.values()})
    notified = plural(count, "visiteur prévenu", "visiteurs prévenus")
    flash(f"Plan confirmé\u00a0: {notified}.", "success")
    return redirect(url_for("appointments.rescue"))


def _page(refusal: str = "") -> str:
    """Return the page with the current plan."""
    scope = own_scope()
    view = RescueView(scope.edition, scope.body_ids, now(), real_now())
    form = RescueForm(formdata=None, stamp=view.stamp)
    return render_template(
        "appointments/rescue.html", view=view, form=form, scope=scope, refusal=refusal
    )
