"""Withdrawal of an application, by its private link."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.billing.engine.ledger import sales_file_of
from salon.billing.queries.sales import sales_of
from salon.exhibitor_space.routes import blueprint
from salon.exhibitors.engine.cancellation import fee_percent, step_words
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import cancellation_steps
from salon.exhibitors.services import applications as services
from salon.fair.access import get_request_edition
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local, now
from salon.platform.web.access import public


@blueprint.route("/exposants/inscription/<token>/retirer", methods=["GET", "POST"])
@public
def withdraw(token: str) -> ResponseReturnValue:
    application = queries.get_application(token)
    form = SalonForm()
    if request.method == "POST" and form.validate():
        services.withdraw(request_act(), token)
        flash("La candidature est retirée.", "success")
        return redirect(url_for("exhibitors.track", token=token))
    if not services.may_withdraw(application):
        return redirect(url_for("exhibitors.track", token=token))
    edition = get_request_edition()
    steps = cancellation_steps(edition)
    return render_template(
        "exhibitor_space/apply_withdraw.html",
        fee=fee_percent(steps, local(now()).date(), edition.days[0].day_on),
        fees=list(step_words(steps)),
        exhibitor=application,
        order=sales_file_of(sales_of(application.id)).order,
        form=form,
        token=token,
    )
