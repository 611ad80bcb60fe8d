"""An exhibitor who telephones, entered by an organiser; an agreement noted by an organiser."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms import application as forms
from salon.exhibitors.models import Exhibitor, ExhibitorTerms, PriceUnit
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor, terms_of
from salon.exhibitors.routes import answers, blueprint
from salon.exhibitors.routes.apply import company_of
from salon.exhibitors.rules.application import (
    AgreementInFuture,
    AgreementWay,
    AlreadyEntered,
    ApplicationIncomplete,
    CompanyClosed,
)
from salon.exhibitors.services import entering as services
from salon.exhibitors.services.applications import Applicant
from salon.exhibitors.services.entering import EnteredApplication, NotedAgreement
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken


@blueprint.route("/organisation/exposants/saisir", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def enter() -> ResponseReturnValue:
    edition = get_request_edition()
    terms = find_terms(edition)
    if terms is None:
        flash("Enregistrez d’abord les dates et le règlement des exposants.", "warning")
        return redirect(url_for("exhibitors.terms"))
    options = queries.price_list(edition.id, PriceUnit.OPTION)
    form = forms.options_form(options, forms.EntryForm)()
    answers.offer_choices(form, edition.id)
    known = None
    if form.is_submitted() and form.validate() & answers.check_allowed(form, terms):
        try:
            exhibitor = _entered(edition, form)
        except RuleBroken as refusal:
            form.refuse(refusal, on=_field_of(refusal))
            if isinstance(refusal, AlreadyEntered):
                known = refusal
        else:
            flash(_words_of_entry(exhibitor), "success")
            return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor.id))
    return _page(form, terms, known), form.status_code


def _entered(edition: Edition, form: forms.EntryForm) -> Exhibitor:
    applicant = Applicant(
        email=form.main.form.email.data or "",
        **{
            name: form[name].data or ""
            for name in ("siret", "kind", "name", "country", "foreign_number")
        },
    )
    entered = EnteredApplication(
        applicant,
        company_of(applicant.siret),
        answers.entered_answers(form),
        _agreement(form) if form.way.data else None,
        is_namesake=form.is_namesake.data,
    )
    return services.enter_exhibitor(fair_act(edition), entered, form.token)


def _agreement(form: forms.AgreementFields) -> NotedAgreement:
    return NotedAgreement(AgreementWay(form.way.data), form.given_on.data)


def _field_of(refusal: RuleBroken) -> str:
    if isinstance(refusal, ApplicationIncomplete):
        return refusal.missing.field if refusal.missing.field in ("name", "area") else ""
    fields = {CompanyClosed: "siret", AgreementInFuture: "given_on"}
    return fields.get(type(refusal), "")


def _words_of_entry(exhibitor: Exhibitor) -> str:
    contact = exhibitor.contacts[0]
    told = (
        f"Son lien part à {contact.email}."
        if contact.email
        else "Sans adresse électronique, rien ne part\u00a0: son lien est sur cette page."
    )
    return f"{exhibitor.name} est saisi. {told}"


def _page(form: forms.EntryForm, terms: ExhibitorTerms, known: AlreadyEntered | None) -> str:
    items = queries.price_list(terms.edition_id, PriceUnit.OPTION)
    return render_template(
        "exhibitors/enter.html",
        form=form,
        terms=terms,
        known=known,
        items={item.id: item for item in items},
    )


@blueprint.route("/organisation/exposants/<int:exhibitor_id>/accord", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def note_agreement(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    if not terms_of(exhibitor.edition).regulations:
        abort(404)
    form = forms.AgreementFields(given_on=local(now()).date())
    if form.validate_on_submit():
        with form.refusals(AgreementInFuture, on="given_on"):
            services.note_agreement(request_act(), exhibitor_id, _agreement(form))
            flash("L’accord est noté.", "success")
            return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor_id))
    page = render_template("exhibitors/note_agreement.html", form=form, exhibitor=exhibitor)
    return page, form.status_code
