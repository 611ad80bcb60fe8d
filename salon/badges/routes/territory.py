"""The territory of the fair, and the communes and EPCI that its visitors may represent."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.badges import queries, services
from salon.badges.forms.territory import OF_DEPARTMENT, NeighbourForm, TerritoryForm
from salon.badges.routes import blueprint
from salon.badges.services.territory import Territory, change_territory, values_of
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import actor, only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.platform.words.territory import NoSuchDepartment, get_department, zone_of


@blueprint.route("/organisation/reglages/territoire", methods=["GET", "POST"])
@only(Domain.FAIR)
def territory() -> ResponseReturnValue:
    return _page(get_request_edition(), NeighbourForm(formdata=None))


def _page(edition: Edition, neighbour: NeighbourForm) -> ResponseReturnValue:
    current = values_of(edition)
    form = TerritoryForm(data=shown_zone(current) | {"stamp": stamp_of(current)})

    def save() -> None:
        change_territory(edition, typed_territory(form), form.stamp.data or "", actor())

    page = SettingPage(
        "badges/territory.html",
        url_for("badges.territory"),
        "Le territoire est enregistré.",
        lambda: values_of(edition),
        shown=shown_zone,
        context={
            "neighbour": neighbour,
            "loaded": [
                (get_department(code), count)
                for code, count in queries.loaded_departments().items()
            ],
            "epcis": queries.count_epcis(),
            "own": edition.department,
        },
    )
    return page.answer(form, save)


def shown_zone(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fields; the département's own time zone is not named."""
    is_default = values["time_zone"] == zone_of(values["department"])
    return {**values, "time_zone": OF_DEPARTMENT if is_default else values["time_zone"]}


def typed_territory(form: TerritoryForm) -> Territory:
    zone = form.time_zone.data or zone_of(form.department.data)
    return Territory(form.department.data, form.village_name.data, zone)


@blueprint.post("/organisation/reglages/territoire/voisins")
@only(Domain.FAIR)
def add_department() -> ResponseReturnValue:
    form = NeighbourForm()
    if not form.validate():
        flash("Choisissez un département voisin.", "danger")
        return redirect(url_for("badges.territory"))
    communes, _ = services.load_department(form.neighbour.data, actor())
    flash(f"{plural(communes, 'commune')} dans la liste.", "success")
    return redirect(url_for("badges.territory"))


@blueprint.post("/organisation/reglages/territoire/voisins/<code>/retirer")
@only(Domain.FAIR)
def remove_department(code: str) -> ResponseReturnValue:
    try:
        department = get_department(code)
    except NoSuchDepartment:
        abort(404)
    if code == get_request_edition().department:
        abort(404)
    try:
        services.remove_department(code, actor())
    except RuleBroken as refusal:
        flash(refusal.message, "danger")
    else:
        flash(f"{department.label} : communes retirées de la liste.", "success")
    return redirect(url_for("badges.territory"))
