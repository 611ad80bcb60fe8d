"""The organiser's terms for the exhibitors of an edition."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.engine.first_terms import first_terms
from salon.exhibitors.engine.seller import gaps_of_seller
from salon.exhibitors.forms.terms import DEADLINES, TermsForm, typed_from, values_of
from salon.exhibitors.models import ExhibitorTerms
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.routes import blueprint
from salon.exhibitors.services.terms import set_terms
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only, public
from salon.platform.words.errors import RuleBroken


@blueprint.route("/organisation/reglages/exposants", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def terms() -> ResponseReturnValue:
    edition = get_request_edition()
    form = TermsForm(data=_shown(edition))
    if form.validate_on_submit():
        try:
            set_terms(
                fair_act(),
                int(form.version.data),
                values_of(form),
                opens_without_seller=form.opens_without_seller.data,
            )
        except StaleVersion as refusal:
            return _page(form, _stale(form)), refusal.status
        except RuleBroken as refusal:
            form.refuse(refusal, on=getattr(refusal, "field", ""))
        else:
            flash("Les réglages sont enregistrés.", "success")
            return redirect(url_for("exhibitors.terms"))
    return _page(form), form.status_code


def _shown(edition: Edition) -> Mapping[str, object]:
    """Return the saved terms, or those proposed for a fair that has none."""
    saved_terms = find_terms(edition)
    if saved_terms is None:
        return first_terms(local(now()).date(), edition.days[0].day_on, edition.organiser)
    return typed_from(saved_terms)


def _stale(form: TermsForm) -> list[tuple[str, str]]:
    """Set the current version on the form; return (label, saved value) of what differs."""
    current = TermsForm(formdata=None, data=_shown(get_request_edition()))
    form.version.data = current.version.data
    return [
        (field.label.text, str(current[field.name].data or ""))
        for field in form
        if field.name
        not in ("version", "csrf_token", "guide", "regulations", "opens_without_seller")
        and (field.data or None) != (current[field.name].data or None)
    ]


def _page(form: TermsForm, changed: list[tuple[str, str]] | None = None) -> str:
    saved_terms = find_terms(get_request_edition())
    return render_template(
        "exhibitors/terms.html",
        form=form,
        deadlines=[form[name] for name in DEADLINES],
        changed=changed,
        dated_on=saved_terms.regulations_dated_on if saved_terms else None,
        edition=get_request_edition(),
        is_proposed=saved_terms is None,
        seller_gaps=gaps_of_seller(saved_terms.seller if saved_terms else {}),
    )


@blueprint.get("/exposants/reglement")
@public
def regulations() -> ResponseReturnValue:
    return render_template("exhibitors/regulations.html", terms=_terms_with_regulations())


@blueprint.get("/exposants/reglement.pdf")
@public
def regulations_pdf() -> ResponseReturnValue:
    from salon.exhibitors.documents.regulations_pdf import write_regulations

    content = write_regulations(get_request_edition(), _terms_with_regulations())
    return pdf_response(content, "reglement-des-exposants.pdf")


def _terms_with_regulations() -> ExhibitorTerms:
    """Return the terms of the current edition; a 404 while no regulations are published."""
    terms = find_terms(get_request_edition())
    if terms is None or not terms.regulations:
        abort(404)
    return terms
