"""Other pages of the private link: tracking, SIRET, logo, offer, withdrawal."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.engine import pricing
from salon.exhibitors.forms import application as forms
from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.charges import estimate
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.routes import blueprint
from salon.exhibitors.routes.apply import company_of, is_open, private_link, step_url
from salon.exhibitors.rules.application import EDITABLE, ApplicationStep, CompanyClosed, resume_step
from salon.exhibitors.rules.lifecycle import ActorKind, moves_from
from salon.exhibitors.services import answers as saving
from salon.exhibitors.services import applications as services
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local, now
from salon.platform.web.access import public, settings
from salon.platform.web.responses import logo_response


@blueprint.get("/exposants/inscription/<token>")
@public
def track(token: str) -> ResponseReturnValue:
    application = queries.get_application(token)
    edition = queries.edition_of(application)
    terms = terms_of(edition)
    lines = estimate(application, terms.seller)
    return render_template(
        "exhibitors/apply_track.html",
        exhibitor=application,
        token=token,
        fair=edition,
        terms=terms,
        is_open=is_open(application, terms),
        next_step=resume_step(application, terms),
        moves=moves_from(application.status, ActorKind.EXHIBITOR),
        offer_is_live=application.offer_expires_at is not None
        and now() < application.offer_expires_at,
        answer_to_come=local(now()).date() <= terms.answer_by_on,
        lines=lines,
        totals=pricing.totals(lines),
        private_link=private_link(application),
    )


@blueprint.route("/exposants/inscription/<token>/siret", methods=["GET", "POST"])
@public
def change_siret(token: str) -> ResponseReturnValue:
    application = queries.get_application(token)
    if application.status not in EDITABLE:
        return redirect(url_for("exhibitors.track", token=token))
    form = forms.SiretForm(data={"siret": application.siret, "version": str(application.version)})
    if form.validate_on_submit():
        siret = str(form.siret.data)
        company = company_of(siret)
        with form.refusals(CompanyClosed, on="siret"), form.refusals(StaleVersion):
            services.change_siret(request_act(), token, int(form.version.data), siret, company)
            return redirect(step_url(token, ApplicationStep.ORGANISATION))
        if isinstance(form.refusal, StaleVersion):
            form.version.data = str(queries.get_application(token).version)
    page = render_template("exhibitors/apply_siret.html", form=form, token=token)
    return page, form.status_code


@blueprint.get("/exposants/inscription/<token>/logo.webp")
@public
def application_logo(token: str) -> ResponseReturnValue:
    return logo_response(queries.get_application(token).logo_file)


@blueprint.post("/exposants/inscription/<token>/logo/retirer")
@public
def remove_logo(token: str) -> ResponseReturnValue:
    if not SalonForm().validate():
        abort(400)
    saving.remove_logo(request_act(), token, settings().file_store)
    flash("Le logo est retiré.", "success")
    return redirect(step_url(token, ApplicationStep.ACTIVITY))


@blueprint.route("/exposants/inscription/<token>/accepter", methods=["GET", "POST"])
@public
def take_offer(token: str) -> ResponseReturnValue:
    application = queries.get_application(token)
    form = SalonForm()
    if request.method == "POST" and form.validate():
        services.take_offer(request_act(), token)
        flash("La place est à vous. Votre espace exposant est ouvert.", "success")
        return redirect(url_for("exhibitors.track", token=token))
    if application.status != ApplicationStatus.OFFERED or application.edition.is_cancelled:
        return redirect(url_for("exhibitors.track", token=token))
    return render_template(
        "exhibitors/apply_take.html", exhibitor=application, form=form, token=token
    )
