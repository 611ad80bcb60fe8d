"""Pages of the settings of registration."""

from functools import partial

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
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import only

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
    return SettingPage(
        "badges/change_categories.html",
        CategoriesForm.about(services.category_values, edition),
        url_for("dashboard.settings"),
        "Les catégories et les places sont enregistrées.",
        {"categories": ONLINE, "online": places_of(edition)},
    ).save(partial(services.change_categories, fair_act(edition)))


@blueprint.route(f"{PLACE}/textes", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def change_accepted_texts() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "badges/change_accepted_texts.html",
        TextsForm.about(text_services.text_values, edition),
        url_for("badges.change_accepted_texts"),
        "Les textes sont enregistrés ; chacun de ceux qui changent a une nouvelle version.",
        {"versions": versions_of(edition.id), "hints": HINTS},
    ).save(partial(text_services.change_texts, fair_act(edition)))


@blueprint.app_context_processor
def about_the_texts() -> dict[str, object]:
    """Provide the privacy notice that registration shows."""
    return {"privacy_notice": _privacy_notice}


def _privacy_notice() -> str:
    return texts_in_force(get_request_edition().id)[AcceptedText.PRIVACY].text
