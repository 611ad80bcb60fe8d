"""The application of an exhibitor: the first page, the steps, the summary."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.engine import pricing
from salon.exhibitors.engine.company import Company
from salon.exhibitors.forms import application as forms
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, PriceUnit
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.charges import estimate
from salon.exhibitors.queries.exhibitors import find_terms, terms_of
from salon.exhibitors.routes import answers, blueprint
from salon.exhibitors.rules.application import (
    EDITABLE,
    AlreadyApplied,
    ApplicationIncomplete,
    ApplicationStep,
    CompanyClosed,
    missing_of,
    reachable,
)
from salon.exhibitors.rules.lifecycle import (
    ApplicationsClosed,
    ApplicationsNotYetOpen,
    check_applications_are_open,
)
from salon.exhibitors.services import answers as saving
from salon.exhibitors.services import applications as services
from salon.exhibitors.services.companies import look_up_company
from salon.fair.access import fair_act, find_request_edition, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.versions import StaleVersion
from salon.platform.files.uploads import LogoRefused
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local, now
from salon.platform.web.access import accepts_upload, network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.words.errors import RuleBroken, TooManyTries

LINKS_AN_HOUR = 10
SAVES_A_MINUTE = 120
WITHOUT = "sans-siret"


def closed_page(
    edition: Edition | None, terms: ExhibitorTerms | None
) -> ResponseReturnValue | None:
    """Return the page that says when to apply, or None while applications are open."""
    try:
        if edition is None or terms is None:
            raise ApplicationsNotYetOpen
        check_applications_are_open(edition, terms, now())
    except (ApplicationsNotYetOpen, ApplicationsClosed) as error:
        page = render_template(
            "exhibitors/apply_closed.html",
            terms=terms,
            is_over=isinstance(error, ApplicationsClosed),
            message=error.message,
        )
        return page, 200 if request.method == "GET" else 409
    return None


def company_of(siret: str) -> Company | None:
    """Return the company of a SIRET, from the State's register within the rate allowed."""
    if not siret:
        return None
    try:
        count_try(f"company:{network()}", settings().searches_per_minute, 60)
    except TooManyTries:
        return queries.find_recorded_company(siret)
    configuration = settings()
    return look_up_company(
        siret, configuration.company_search_url, configuration.company_search_timeout, now()
    )


@blueprint.route("/exposants/inscription", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    edition = find_request_edition()
    terms = find_terms(edition) if edition else None
    if closed := closed_page(edition, terms):
        return closed
    form: SalonForm = forms.StartWithoutForm() if WITHOUT in request.args else forms.StartForm()
    if request.method == "GET" or not form.validate():
        return start_page(form, terms), 200 if request.method == "GET" else 400
    applicant = services.Applicant(
        **{name: value or "" for name, value in form.content.items() if name != "csrf_token"}
    )
    count_try(f"application:{network()}", settings().registrations_per_hour, 3600)
    if applicant.siret:
        count_try(f"application-of:{applicant.siret}", LINKS_AN_HOUR, 3600)
    company = company_of(applicant.siret)
    key = form.submission_key.data
    try:
        application = services.start_application(fair_act(), applicant, company, key)
    except CompanyClosed as error:
        form.refuse(error, on="siret")
        return start_page(form, terms), error.status
    if application is None:
        return render_template("exhibitors/apply_known.html"), 409
    flash(f"Le lien de votre candidature part à {applicant.email}, pour la reprendre.", "success")
    return redirect(step_url(application.private_token, ApplicationStep.ORGANISATION))


def start_page(form: SalonForm, terms: ExhibitorTerms | None) -> str:
    return render_template(
        "exhibitors/apply_start.html",
        form=form,
        without=WITHOUT in request.args,
        terms=terms,
        area_prices=queries.price_list(get_request_edition().id, PriceUnit.AREA),
        answer_to_come=terms is not None and local(now()).date() <= terms.answer_by_on,
    )


def step_url(token: str, step: ApplicationStep, field: str = "") -> str:
    return url_for("exhibitors.step", token=token, step=step.value, _anchor=field or None)


def step_named(name: str) -> ApplicationStep:
    """Return the step of an address; an unknown one is a 404."""
    try:
        return ApplicationStep(name)
    except ValueError:
        abort(404)


@blueprint.route("/exposants/inscription/<token>/<step>", methods=["GET", "POST"])
@public
@accepts_upload("logo_max_bytes")
def step(token: str, step: str) -> ResponseReturnValue:
    application = queries.get_application(token)
    current_step = step_named(step)
    terms = terms_of(queries.edition_of(application))
    if request.method == "POST" and current_step == ApplicationStep.SUMMARY:
        return send(application, terms)
    if request.method == "POST":
        return save(application, current_step, terms)
    if not is_open(application, terms):
        return redirect(url_for("exhibitors.track", token=token))
    missing = missing_of(application, terms)
    if not reachable(current_step, missing):
        return redirect(step_url(token, missing[0].step))
    if current_step == ApplicationStep.SUMMARY:
        return summary_page(
            application, terms, forms.SubmitForm(data={"version": application.version})
        )
    return step_page(application, current_step, terms, answers.step_form(current_step, application))


def is_open(application: Exhibitor, terms: ExhibitorTerms) -> bool:
    """Return whether this application can still be filled in."""
    opens, closes = terms.applications_open_at, terms.applications_close_at
    in_time = application.status != ApplicationStatus.DRAFT or opens <= now() < closes
    is_cancelled = queries.edition_of(application).is_cancelled
    return application.status in EDITABLE and in_time and not is_cancelled


def step_page(
    application: Exhibitor,
    step: ApplicationStep,
    terms: ExhibitorTerms,
    form: SalonForm,
    differences: list[tuple[str, str, str]] | None = None,
) -> str:
    company = (
        queries.find_recorded_company(application.siret)
        if step == ApplicationStep.ORGANISATION
        else None
    )
    return render_template(
        f"exhibitors/apply_{step.name.lower()}.html",
        exhibitor=application,
        token=application.private_token,
        step=step,
        steps=list(ApplicationStep),
        terms=terms,
        form=form,
        company=company,
        differences=differences or [],
        items={item.id: item for item in queries.price_list(application.edition_id)},
        private_link=private_link(application),
    )


def private_link(application: Exhibitor) -> str:
    path = url_for("exhibitors.track", token=application.private_token)
    return f"{settings().public_url}{path}"


def save(
    application: Exhibitor, step: ApplicationStep, terms: ExhibitorTerms
) -> ResponseReturnValue:
    """Save a step: all answers to go on, only the valid ones before that."""
    form = answers.step_form(step, application, sent=True)
    action = request.form.get("action", "continue")
    if action == "add":
        return another_line(application, step, terms, form)
    valid = form.validate() & answers.check_allowed(form, terms)
    if form.version.errors:
        abort(400)
    count_try(f"application-save:{network()}", SAVES_A_MINUTE, 60)
    if action == "continue" and not valid:
        return step_page(application, step, terms, form), 400
    if application.status in EDITABLE and not is_open(application, terms):
        raise ApplicationsClosed
    try:
        application = save_answers(application, step, form, finished=action == "continue")
    except LogoRefused as error:
        form.refuse(error, on="logo")
        return refusal_response(action, error, step_page(application, step, terms, form))
    except StaleVersion as error:
        page = conflict_page(
            queries.get_application(application.private_token), step, terms, form, error
        )
        return refusal_response(action, error, page)
    return saved_response(application, step, form, action)


def another_line(
    application: Exhibitor, step: ApplicationStep, terms: ExhibitorTerms, form: SalonForm
) -> ResponseReturnValue:
    """Return the same page with a line for one more co-exhibitor, focused."""
    if step != ApplicationStep.WISHES:
        abort(400)
    if len(form.co_exhibitors) < form.co_exhibitors.max_entries:
        name = form.co_exhibitors.append_entry().form.name
        name.render_kw = {**name.render_kw, "autofocus": True}
    return step_page(application, step, terms, form)


def conflict_page(
    application: Exhibitor,
    step: ApplicationStep,
    terms: ExhibitorTerms,
    form: SalonForm,
    error: RuleBroken,
) -> str:
    """Return the page with saved and typed answers side by side; sending again saves the typed."""
    form.refuse(error)
    form.version.data = str(application.version)
    return step_page(application, step, terms, form, answers.differences(step, application, form))


def save_answers(
    application: Exhibitor, step: ApplicationStep, form: SalonForm, finished: bool
) -> Exhibitor:
    token, version = application.private_token, int(form.version.data)
    if "logo" in form and form.logo.data:
        content = form.logo.data.read()
        logo = saving.give_logo(request_act(), token, version, content, settings().file_store)
        version = logo.version
    values = answers.answers(step, form)
    return saving.save_step(request_act(), token, version, step, values, finished=finished)


def refusal_response(action: str, error: RuleBroken, page: str) -> ResponseReturnValue:
    if action == "autosave":
        return jsonify(message=error.message), error.status
    return page, error.status


def saved_response(
    application: Exhibitor, step: ApplicationStep, form: SalonForm, action: str
) -> ResponseReturnValue:
    wrong_fields = answers.wrong_fields(form)
    time_text = f"{local(now()).hour}\u00a0h\u00a0{local(now()).minute:02d}"
    message = f"Enregistré à {time_text}" + (
        f", sauf : {', '.join(wrong_fields)}" if wrong_fields else ""
    )
    if action == "autosave":
        return jsonify(
            version=application.version, message=f"{message}.", has_logo=bool(application.logo_file)
        )
    if action == "later":
        flash(
            f"{message}. Vous reprendrez quand vous voudrez avec le lien de cette page.", "success"
        )
        return redirect(url_for("exhibitors.track", token=application.private_token))
    return redirect(step_url(application.private_token, step.following))


def summary_page(
    application: Exhibitor, terms: ExhibitorTerms, form: forms.SubmitForm, message: str = ""
) -> str:
    lines = estimate(application, terms.seller)
    return render_template(
        "exhibitors/apply_summary.html",
        exhibitor=application,
        token=application.private_token,
        step=ApplicationStep.SUMMARY,
        steps=list(ApplicationStep),
        terms=terms,
        form=form,
        message=message,
        lines=lines,
        totals=pricing.totals(lines),
        answer_to_come=local(now()).date() <= terms.answer_by_on,
        private_link=private_link(application),
    )


def send(application: Exhibitor, terms: ExhibitorTerms) -> ResponseReturnValue:
    """Submit the application, or redirect to the first missing answer."""
    form = forms.SubmitForm()
    token = application.private_token
    if not form.validate():
        return summary_page(application, terms, form), 400
    count_try(f"application-sent:{network()}", settings().registrations_per_hour, 3600)
    company = company_of(application.siret)
    try:
        services.submit(request_act(), token, int(form.version.data), company)
    except ApplicationIncomplete as error:
        flash(error.message, "error")
        return redirect(step_url(token, error.missing.step, error.missing.field))
    except (CompanyClosed, AlreadyApplied, StaleVersion) as error:
        application = queries.get_application(token)
        form.version.data = str(application.version)
        return summary_page(application, terms, form, error.message), error.status
    return redirect(url_for("exhibitors.track", token=token))
