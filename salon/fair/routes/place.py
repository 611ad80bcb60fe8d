"""Change of the fair's place: the people to notify are shown first; one act undoes it."""

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.settings import PlaceForm
from salon.fair.routes import blueprint
from salon.fair.routes.settings import PLACE
from salon.fair.services import place as services
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage, Undo, setting_question, undo_entry
from salon.platform.web.access import only


@blueprint.route(f"{PLACE}/lieu", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_place() -> ResponseReturnValue:
    edition = get_request_edition()
    form = PlaceForm.about(services.place_of, edition)
    page = SettingPage(
        "fair/change_place.html",
        form,
        url_for("dashboard.settings"),
        "Le lieu du salon est enregistré.",
        {"point": form.point, "last_change": services.last_change(edition)},
    )
    question = setting_question(
        "Changer le lieu du salon", "Changer le lieu", url_for("fair.change_place")
    )
    undo = Undo(url_for("fair.undo_place_change"), partial(services.last_change, edition))
    return page.follow(partial(services.change_place, fair_act(edition)), question, undo)


@blueprint.post(f"{PLACE}/lieu/retablir")
@only(Domain.FAIR)
def undo_place_change() -> ResponseReturnValue:
    services.undo_place_change(fair_act(), undo_entry())
    flash("Le lieu d’avant est rétabli.", "success")
    return redirect(url_for("fair.change_place"))
