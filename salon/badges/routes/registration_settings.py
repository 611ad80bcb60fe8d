"""Pages of the settings of registration."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.badges.forms.registration_settings import CategoriesForm, TextsForm
from salon.badges.models import ONLINE
from salon.badges.models.labels import AcceptedText
from salon.badges.queries.accepted_texts import texts_in_force, versions_of
from salon.badges.queries.registration_settings import places_of
from salon.badges.routes import blueprint
from salon.badges.services import accepted_texts as text_services
from salon.badges.services import registration_settings as services
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import actor, only

PLACE = "/organisation/reglages/inscriptions"
BESIDE_A_BOX = "Une phrase, sans mise en forme, à côté d’une case jamais cochée d’avance."
HINTS = {
    AcceptedText.NEWSLETTER: BESIDE_A_BOX,
    AcceptedText.PHOTO: BESIDE_A_BOX,
    AcceptedText.PRIVACY: "Au bas du formulaire de qui s’inscrit soi-même, avant qui les voit, "
    "combien de temps, et quels droits on a : cela, le logiciel le tient à jour.",
}


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


@blueprint.route(f"{PLACE}/textes", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def change_accepted_texts() -> ResponseReturnValue:
    edition = get_request_edition()
    current = text_services.text_values(edition)
    form = TextsForm(data={**current, "stamp": stamp_of(current)})

    def save() -> None:
        changes = {subject.value: form[subject.value].data or "" for subject in AcceptedText}
        text_services.change_texts(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "badges/change_accepted_texts.html",
        url_for("badges.change_accepted_texts"),
        "Les textes sont enregistrés ; chacun de ceux qui changent a une nouvelle version.",
        lambda: text_services.text_values(edition),
        context={"versions": versions_of(edition.id), "hints": HINTS},
    )
    return page.answer(form, save)


@blueprint.app_context_processor
def about_the_texts() -> dict[str, object]:
    """Provide the privacy notice that registration shows."""
    return {"privacy_notice": _privacy_notice}


def _privacy_notice() -> str:
    return texts_in_force(get_request_edition().id)[AcceptedText.PRIVACY].text
