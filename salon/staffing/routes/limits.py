"""The page of the limits of working time: the law, and the rules of each body."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.staffing.engine.working_time import OF_BODIES, Employer
from salon.staffing.forms.limits import BodyLimitsForm
from salon.staffing.presenters.limits import NOT_COUNTED, body_words, limit_rows
from salon.staffing.queries.rota import rota_of, stands_of
from salon.staffing.routes import blueprint
from salon.staffing.services.limits import set_body_limits

PAGE = "/organisation/reglages/temps-de-travail"


@blueprint.get(PAGE)
@only(Domain.VILLAGE)
def limits() -> ResponseReturnValue:
    rules = rota_of(get_request_edition()).limits
    slug = request.args.get("organisme", "")
    values = {name: str(value) for name, value in rules.get(slug, {}).items()}
    return _page(BodyLimitsForm(formdata=None, data={**values, "body": slug}))


@blueprint.post(PAGE)
@only(Domain.VILLAGE)
def set_limits() -> ResponseReturnValue:
    form, edition = BodyLimitsForm(), get_request_edition()
    form.body.choices = _bodies()
    if not form.validate():
        return _page(form), 400
    version, employer = int(form.version.data), Employer(form.employer.data)
    try:
        set_body_limits(fair_act(edition), version, form.body.data, employer, form.rules)
    except RuleBroken as refusal:
        return _page(form, refusal.message), refusal.status
    flash(
        "Enregistré\u00a0: la grille, les calculs et la publication en tiennent compte.", "success"
    )
    return redirect(url_for("staffing.limits"))


def _bodies() -> list[tuple[str, str]]:
    bodies = stands_of(get_request_edition()).values()
    return [(body.slug, body.short_name) for body in bodies]


def _page(form: BodyLimitsForm, refusal: str = "") -> str:
    rota = rota_of(get_request_edition())
    form.version.data = str(rota.version or 1)
    bodies = form.body.choices = _bodies()
    return render_template(
        "staffing/limits.html",
        form=form,
        refusal=refusal,
        rows=limit_rows(),
        not_counted=NOT_COUNTED,
        of_bodies=OF_BODIES,
        bodies=[(slug, name, [*body_words(rota.limits.get(slug, {}))]) for slug, name in bodies],
    )
