"""Change of the fair's place: the people to notify are shown first; one act undoes it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.fair.engine.map_points import read_point, written_point
from salon.fair.forms.settings import PlaceForm
from salon.fair.routes import blueprint
from salon.fair.routes.settings import PLACE
from salon.fair.services import place as services
from salon.platform.database.consequences import Consequences
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, consequences_page
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import actor, only


@blueprint.route(f"{PLACE}/lieu", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_place() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.place_of(edition)
    form = PlaceForm(data=_with_point(current) | {"stamp": stamp_of(current)})

    def change() -> Consequences:
        latitude, longitude = read_point(form.map_point.data or "") or (None, None)
        changes = {name: form[name].data for name in ("place", "address", "city")}
        changes |= {"latitude": latitude, "longitude": longitude}
        changes["words"] = form.mail_words.data or ""
        return services.change_place(edition, changes, form.stamp.data or "", actor())

    def save() -> None:
        if change() and (entry := services.last_change(edition)):
            offer_undo(url_for("fair.undo_place_change"), entry=str(entry.id))

    question = Confirmation(
        "Changer le lieu du salon",
        "Changer le lieu",
        url_for("fair.change_place"),
        facts=["Voici ce que ce changement touche. Rien n’est encore enregistré."],
        section="dashboard.settings",
        is_destructive=False,
    )
    last_change = services.last_change(edition)
    page = SettingPage(
        "fair/change_place.html",
        url_for("dashboard.settings"),
        "Le lieu du salon est enregistré.",
        lambda: services.place_of(edition),
        shown=_with_point,
        context={"point": read_point(form.map_point.data or ""), "last_change": last_change},
    )
    return page.answer(form, save, lambda: consequences_page(question, change))


@blueprint.post(f"{PLACE}/lieu/retablir")
@only(Domain.FAIR)
def undo_place_change() -> ResponseReturnValue:
    entry_id = request.form.get("entry", type=int) or 0
    services.undo_place_change(get_request_edition(), entry_id, actor())
    flash("Le lieu d’avant est rétabli.", "success")
    return redirect(url_for("fair.change_place"))


def _with_point(values: Mapping[str, Any]) -> dict[str, Any]:
    point = written_point(values["latitude"], values["longitude"])
    return {**values, "map_point": point}
