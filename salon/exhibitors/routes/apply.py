"""An exhibitor applies: the first page, the steps, the tracking page of the private link."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.engine import pricing
from salon.exhibitors.engine.company import Company
from salon.exhibitors.forms import application as forms
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import find_terms, terms_of
from salon.exhibitors.routes import answers, blueprint
from salon.exhibitors.rules.application import (
    EDITABLE,
    AlreadyApplied,
    ApplicationIncomplete,
    CompanyClosed,
    Step,
    missing_of,
    reachable,
)
from salon.exhibitors.rules.lifecycle import (
    ApplicationsClosed,
    ApplicationsNotYetOpen,
    check_applications_are_open,
)
from salon.exhibitors.rules.versions import ChangedMeanwhile
from salon.exhibitors.services import answers as saving
from salon.exhibitors.services import applications as services
from salon.exhibitors.services.companies import look_up_company
from salon.fair.queries import find_current_edition
from salon.platform.access import accepts_upload, actor, network, public, settings
from salon.platform.clock import local, now
from salon.platform.errors import RuleBroken, TooManyTries
from salon.platform.files import LogoRefused
from salon.platform.limits import count_try

LINKS_AN_HOUR = 10
SAVES_A_MINUTE = 120
WITHOUT = "sans-siret"


def closed_page() -> ResponseReturnValue | None:
    """The page that says when to apply, when it cannot be done now."""
    edition = find_current_edition()
    terms = find_terms(edition) if edition else None
    try:
        if terms is None:
            raise ApplicationsNotYetOpen
        check_applications_are_open(terms.applications_open_at, terms.applications_close_at, now())
    except (ApplicationsNotYetOpen, ApplicationsClosed) as error:
        page = render_template(
            "exhibitors/apply_closed.html",
            terms=terms,
            is_over=isinstance(error, ApplicationsClosed),
        )
        return page, 200 if request.method == "GET" else 409
    return None


def company_of(siret: str) -> Company | None:
    """What is known of a SIRET, asked of the State's search within the rate allowed."""
    if not siret:
        return None
    try:
        count_try(f"company:{network()}", settings().searches_per_minute, 60)
    except TooManyTries:
        return queries.find_recorded_company(siret)
    given = settings()
    return look_up_company(siret, given.company_search_url, given.company_search_timeout, now())


@blueprint.route("/exposants/inscription", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form: Any = forms.StartWithoutForm() if WITHOUT in request.args else forms.StartForm()
    if request.method == "GET" or not form.validate():
        return start_page(form), 200 if request.method == "GET" else 400
    applicant = services.Applicant(
        **{name: value or "" for name, value in form.content.items() if name != "csrf_token"}
    )
    count_try(f"application:{network()}", settings().registrations_per_hour, 3600)
    if applicant.siret:
        count_try(f"application-of:{applicant.siret}", LINKS_AN_HOUR, 3600)
    company = company_of(applicant.siret)
    key = form.submission_key.data
    try:
        found = services.start_application(applicant, company, key, now(), actor())
    except CompanyClosed as error:
        form.siret.errors = [error.message]
        return start_page(form), error.status
    if found is None:
        return render_template("exhibitors/apply_known.html"), 409
    flash(f"Le lien de votre candidature part à {applicant.email}, pour la reprendre.", "success")
    return redirect(step_url(found.private_token, Step.ORGANISATION))


def start_page(form: Any) -> str:
    without = WITHOUT in request.args
    return render_template("exhibitors/apply_start.html", form=form, without=without)


def step_url(token: str, step: Step, field: str = "") -> str:
    return url_for("exhibitors.step", token=token, step=step.value, _anchor=field or None)


def step_named(name: str) -> Step:
    """The step of an address; an unknown one is a 404."""
    try:
        return Step(name)
    except ValueError:
        abort(404)


@blueprint.route("/exposants/inscription/<token>/<step>", methods=["GET", "POST"])
@public
@accepts_upload("logo_max_bytes")
def step(token: str, step: str) -> ResponseReturnValue:
    found = queries.get_application(token)
    asked = step_named(step)
    terms = terms_of(queries.edition_of(found))
    if request.method == "POST" and asked == Step.SUMMARY:
        return send(found, terms)
    if request.method == "POST":
        return save(found, asked, terms)
    if not is_open(found, terms):
        return redirect(url_for("exhibitors.track", token=token))
    missing = missing_of(found, terms)
    if not reachable(asked, missing):
        return redirect(step_url(token, missing[0].step))
    if asked == Step.SUMMARY:
        return summary_page(found, terms, forms.SubmitForm(data={"version": found.version}))
    return step_page(found, asked, terms, answers.step_form(asked, found))


def is_open(found: Exhibitor, terms: ExhibitorTerms) -> bool:
    """Whether this application can still be filled in."""
    opens, closes = terms.applications_open_at, terms.applications_close_at
    in_time = found.status != ApplicationStatus.DRAFT or opens <= now() < closes
    return found.status in EDITABLE and in_time


def step_page(
    found: Exhibitor,
    step: Step,
    terms: ExhibitorTerms,
    form: Any,
    differences: list[tuple[str, str, str]] | None = None,
) -> str:
    company = queries.find_recorded_company(found.siret) if step == Step.ORGANISATION else None
    return render_template(
        f"exhibitors/apply_{step.name.lower()}.html",
        exhibitor=found,
        token=found.private_token,
        step=step,
        steps=list(Step),
        terms=terms,
        form=form,
        company=company,
        differences=differences or [],
        items={one.id: one for one in queries.price_list(found.edition_id)},
        private_link=private_link(found),
    )


def private_link(found: Exhibitor) -> str:
    path = url_for("exhibitors.track", token=found.private_token)
    return f"{settings().public_url}{path}"


def save(found: Exhibitor, step: Step, terms: ExhibitorTerms) -> ResponseReturnValue:
    """Saves a step: the whole of it to go on, what is right of it on the way."""
    form = answers.step_form(step, found, sent=True)
    action = request.form.get("action", "continue")
    if action == "add":
        return another_line(found, step, terms, form)
    valid = form.validate() & answers.check_allowed(form, terms)
    if form.version.errors:
        abort(400)
    count_try(f"application-save:{network()}", SAVES_A_MINUTE, 60)
    if action == "continue" and not valid:
        return step_page(found, step, terms, form), 400
    if found.status in EDITABLE and not is_open(found, terms):
        raise ApplicationsClosed
    try:
        found = keep(found, step, form, finished=action == "continue")
    except LogoRefused as error:
        form.logo.errors = [error.message]
        return refused(action, error, step_page(found, step, terms, form))
    except ChangedMeanwhile as error:
        page = compared(queries.get_application(found.private_token), step, terms, form, error)
        return refused(action, error, page)
    return saved(found, step, form, action)


def another_line(
    found: Exhibitor, step: Step, terms: ExhibitorTerms, form: Any
) -> ResponseReturnValue:
    """The same page with room for one more co-exhibitor, where the cursor waits."""
    if step != Step.WISHES:
        abort(400)
    if len(form.co_exhibitors) < form.co_exhibitors.max_entries:
        name = form.co_exhibitors.append_entry().form.name
        name.render_kw = {**name.render_kw, "autofocus": True}
    return step_page(found, step, terms, form)


def compared(
    found: Exhibitor, step: Step, terms: ExhibitorTerms, form: Any, error: RuleBroken
) -> str:
    """What is saved beside what was typed; sending again keeps what was typed."""
    form.form_errors.append(error.message)
    form.version.data = str(found.version)
    return step_page(found, step, terms, form, answers.differences(step, found, form))


def keep(found: Exhibitor, step: Step, form: Any, finished: bool) -> Exhibitor:
    token, version = found.private_token, int(form.version.data)
    if "logo" in form and form.logo.data:
        content = form.logo.data.read()
        logo = saving.give_logo(token, version, content, settings().data, actor(), now())
        version = logo.version
    values = answers.answers(step, form)
    return saving.save_step(token, version, step, values, actor(), now(), finished=finished)


def refused(action: str, error: RuleBroken, page: str) -> ResponseReturnValue:
    if action == "autosave":
        return jsonify(message=error.message), error.status
    return page, error.status


def saved(found: Exhibitor, step: Step, form: Any, action: str) -> ResponseReturnValue:
    wrong = answers.wrong_fields(form)
    at = f"{local(now()).hour}\u00a0h\u00a0{local(now()).minute:02d}"
    said = f"Enregistré à {at}" + (f", sauf : {', '.join(wrong)}" if wrong else "")
    if action == "autosave":
        return jsonify(version=found.version, message=f"{said}.", has_logo=bool(found.logo_file))
    if action == "later":
        flash(f"{said}. Vous reprendrez quand vous voudrez avec le lien de cette page.", "success")
        return redirect(url_for("exhibitors.track", token=found.private_token))
    return redirect(step_url(found.private_token, step.following))


def summary_page(
    found: Exhibitor, terms: ExhibitorTerms, form: forms.SubmitForm, message: str = ""
) -> str:
    lines = pricing.price_lines(found, queries.price_list(found.edition_id))
    return render_template(
        "exhibitors/apply_summary.html",
        exhibitor=found,
        token=found.private_token,
        step=Step.SUMMARY,
        steps=list(Step),
        terms=terms,
        form=form,
        message=message,
        lines=lines,
        totals=pricing.totals(lines),
        answer_to_come=local(now()).date() <= terms.answer_by_on,
        private_link=private_link(found),
    )


def send(found: Exhibitor, terms: ExhibitorTerms) -> ResponseReturnValue:
    """Sends the application, or leads to what is missing."""
    form = forms.SubmitForm()
    token = found.private_token
    if not form.validate():
        return summary_page(found, terms, form), 400
    count_try(f"application-sent:{network()}", settings().registrations_per_hour, 3600)
    company = company_of(found.siret)
    try:
        services.submit(token, int(form.version.data), actor(), now(), company)
    except ApplicationIncomplete as error:
        flash(error.message, "error")
        return redirect(step_url(token, error.missing.step, error.missing.field))
    except (CompanyClosed, AlreadyApplied, ChangedMeanwhile) as error:
        found = queries.get_application(token)
        form.version.data = str(found.version)
        return summary_page(found, terms, form, error.message), error.status
    return redirect(url_for("exhibitors.track", token=token))
