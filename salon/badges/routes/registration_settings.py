"""Pages of the settings of registration."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.badges.forms.registration_settings import CategoriesForm
from salon.badges.models import ONLINE
from salon.badges.queries.registration_settings import places_of
from salon.badges.routes import blueprint
from salon.badges.services import registration_settings as services
from salon.fair.access import get_request_edition
from salon.platform.access import actor, only
from salon.platform.identity import Domain
from salon.platform.setting_pages import SettingPage
from salon.platform.versions import stamp_of

PLACE = "/organisation/reglages/inscriptions"


@blueprint.route(f"{PLACE}/categories", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def change_categories() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.category_values(edition)
    form = CategoriesForm(data=_by_category(current) | {"stamp": stamp_of(current)})

    def save() -> None:
        changes = {"places": form.places.data, "categories": form.choices}
        services.change_categories(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "badges/change_categories.html",
        url_for("dashboard.settings"),
        "Les catégories et les places sont enregistrées.",
        lambda: services.category_values(edition),
        shown=_by_category,
        context={"categories": ONLINE, "online": places_of(edition)},
    )
    return page.answer(form, save)


def _by_category(values: Mapping[str, Any]) -> dict[str, Any]:
    rows = zip(ONLINE, values["categories"], strict=True)
    return {"places": values["places"], **{category.value: row for category, row in rows}}
