"""Corrections of an application by an organiser."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms.review import CorrectionForm, EnteredCorrectionForm
from salon.exhibitors.models import ContactKind, Exhibitor, OrganisationKind, Sector
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.routes import blueprint
from salon.exhibitors.routes.answers import compare
from salon.exhibitors.rules.application import AreaOutOfBounds
from salon.exhibitors.rules.review import AreaContradictsPlace
from salon.exhibitors.services import review as services
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken

PLAIN = (
    *("name", "legal_name", "siret", "address", "postal_code", "city", "website"),
    *("presentation", "area", "wants_corner", "power_kw", "wants_water", "wish_note"),
)
LISTS = ("near", "apart")
CONTACT = ("civility", "first_name", "last_name", "function", "email", "phone")


def _as_typed(exhibitor: Exhibitor) -> dict[str, object]:
    """Return the saved values as the form shows them."""
    main = next(
        (contact for contact in exhibitor.contacts if contact.kind == ContactKind.MAIN), None
    )
    return {
        **{name: getattr(exhibitor, name) for name in PLAIN},
        **{name: "; ".join(getattr(exhibitor, name)) for name in LISTS},
        "version": exhibitor.version,
        "kind": exhibitor.kind.value,
        "sector": exhibitor.sector.value if exhibitor.sector else "",
        "themes": [theme.id for theme in exhibitor.themes],
        "wished_hall": str(exhibitor.wished_hall_id or ""),
        "contact": {name: getattr(main, name) for name in CONTACT} if main else {},
    }


def _values(form: CorrectionForm) -> dict[str, object]:
    """Return the typed values as the service takes them."""
    lists = {name: [entry for entry in form[name].data.split("; ") if entry] for name in LISTS}
    return {
        **{name: form[name].data or "" for name in PLAIN if name not in ("area", "power_kw")},
        **lists,
        "area": form.area.data,
        "power_kw": form.power_kw.data,
        "wants_corner": form.wants_corner.data,
        "wants_water": form.wants_water.data,
        "kind": OrganisationKind(form.kind.data),
        "sector": Sector(form.sector.data) if form.sector.data else None,
        "wished_hall_id": int(form.wished_hall.data) if form.wished_hall.data else None,
        "theme_ids": form.themes.data,
        "contact": {name: form.contact.form[name].data or "" for name in CONTACT},
    }


def _offer_choices(form: CorrectionForm, exhibitor: Exhibitor) -> CorrectionForm:
    themes = queries.theme_choices(exhibitor.edition_id)
    form.themes.choices = {int(key): name for key, name in themes.items()}
    form.wished_hall.choices = {
        "": "Sans préférence",
        **queries.hall_choices(exhibitor.edition_id),
    }
    return form


def _page(exhibitor: Exhibitor, form: CorrectionForm, changed: str = "") -> str:
    differences = []
    if changed:
        standing = _offer_choices(
            CorrectionForm(formdata=None, data=_as_typed(exhibitor)), exhibitor
        )
        differences = compare(standing, form)
    return render_template(
        "exhibitors/correct.html",
        exhibitor=exhibitor,
        form=form,
        changed=changed,
        differences=differences,
        last=next(iter(queries.history_of(exhibitor.id)), None) if changed else None,
    )


@blueprint.route("/organisation/exposants/<int:exhibitor_id>/modifier", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def correct(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    main = exhibitor.contact(ContactKind.MAIN)
    is_written_to = main is None or main.email
    form_of = CorrectionForm if is_written_to else EnteredCorrectionForm
    form = _offer_choices(form_of(data=_as_typed(exhibitor)), exhibitor)
    if not form.validate_on_submit():
        return _page(exhibitor, form), form.status_code
    try:
        services.change_exhibitor(
            request_act(), exhibitor_id, int(form.version.data), _values(form)
        )
    except StaleVersion as refusal:
        current = get_exhibitor(exhibitor_id)
        form.version.data = str(current.version)
        return _page(current, form, refusal.message), refusal.status
    except RuleBroken as refusal:
        of_area = isinstance(refusal, AreaOutOfBounds | AreaContradictsPlace)
        form.refuse(refusal, on="area" if of_area else "")
        return _page(exhibitor, form), form.status_code
    flash("Les informations sont enregistrées.", "success")
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor_id))
