"""« Le soir »: the accounts that lack, and what was promised to each commune."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.queries.promises import evening_of, get_step
from salon.appointments.routes import blueprint
from salon.appointments.services import promises as services
from salon.fair.access import fair_act
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only
from salon.staffing.access import own_scope

EVENING = "/organisation/rendez-vous/soir"


@blueprint.get(EVENING)
@only(Domain.APPOINTMENTS, Role.AGENT)
def evening() -> ResponseReturnValue:
    scope, moment = own_scope(), now()
    return render_template(
        "appointments/evening.html",
        scope=scope,
        evening=evening_of(scope.edition, moment, scope.body_ids),
        moment=moment,
        today=local(moment).date(),
    )


@blueprint.post(f"{EVENING}/envoyer")
@only(Domain.APPOINTMENTS, Role.AGENT)
def send_promises() -> ResponseReturnValue:
    scope = own_scope()
    question = Confirmation(
        title="Envoyer ce qui a été convenu",
        kicker="Le soir",
        button="Envoyer",
        back=url_for("appointments.evening"),
        facts=["Chaque visiteur reçoit les suites promises à son rendez-vous, une seule fois."],
        is_destructive=False,
        layout="base_staff.html",
        section="appointments.board",
    )
    if page := confirm_first(
        question, lambda: services.send_promises(fair_act(scope.edition), scope.body_ids)
    ):
        return page
    flash("Ce qui a été convenu part par courriel.", "success")
    return redirect(url_for("appointments.evening"))


@blueprint.post(f"{EVENING}/suites/<int:step_id>/faite")
@only(Domain.APPOINTMENTS, Role.AGENT)
def note_step_done(step_id: int) -> ResponseReturnValue:
    scope = own_scope()
    step = get_step(scope.edition, step_id, scope.body_ids)
    services.note_done(request_act(), step, True)
    flash(f"«\u00a0{step.kind.label}\u00a0»\u00a0: c’est noté, fait.", "success")
    offer_undo(url_for("appointments.reopen_step", step_id=step_id), "Pas encore faite")
    return redirect(url_for("appointments.evening"))


@blueprint.post(f"{EVENING}/suites/<int:step_id>/a-faire")
@only(Domain.APPOINTMENTS, Role.AGENT)
def reopen_step(step_id: int) -> ResponseReturnValue:
    scope = own_scope()
    step = get_step(scope.edition, step_id, scope.body_ids)
    services.note_done(request_act(), step, False)
    return redirect(url_for("appointments.evening"))
