"""The territory of the fair, and the communes and EPCI that its visitors may represent."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.badges import queries, services
from salon.badges.forms.territory import NeighbourForm, TerritoryForm
from salon.badges.routes import blueprint
from salon.badges.services.territory import Territory, change_territory, values_of
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.platform.words.territory import NoSuchDepartment, get_department


@blueprint.route("/organisation/reglages/territoire", methods=["GET", "POST"])
@only(Domain.ALL)
def territory() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "badges/territory.html",
        TerritoryForm.about(values_of, edition),
        url_for("badges.territory"),
        "Le territoire est enregistré.",
        {
            "neighbour": NeighbourForm(formdata=None),
            "loaded": [
                (get_department(code), count)
                for code, count in queries.loaded_departments().items()
            ],
            "epcis": queries.count_epcis(),
            "own": edition.department,
        },
    ).save(lambda values, stamp: change_territory(fair_act(edition), Territory(**values), stamp))


@blueprint.post("/organisation/reglages/territoire/voisins")
@only(Domain.ALL)
def add_department() -> ResponseReturnValue:
    form = NeighbourForm()
    if not form.validate():
        flash("Choisissez un département voisin.", "danger")
        return redirect(url_for("badges.territory"))
    communes, _ = services.load_department(request_act(), form.neighbour.data)
    flash(f"{plural(communes, 'commune')} dans la liste.", "success")
    return redirect(url_for("badges.territory"))


@blueprint.post("/organisation/reglages/territoire/voisins/<code>/retirer")
@only(Domain.ALL)
def remove_department(code: str) -> ResponseReturnValue:
    try:
        department = get_department(code)
    except NoSuchDepartment:
        abort(404)
    if code == get_request_edition().department:
        abort(404)
    try:
        services.remove_department(request_act(), code)
    except RuleBroken as refusal:
        flash(refusal.message, "danger")
    else:
        flash(f"{department.label} : communes retirées de la liste.", "success")
    return redirect(url_for("badges.territory"))
