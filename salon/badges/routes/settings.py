"""Page of the settings of badges: papers, printed lines, colours, with pictures of samples."""

from functools import partial

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges import queries
from salon.badges.forms.settings import (
    COLOUR_FIELDS,
    BadgePreviewForm,
    BadgeSettingsForm,
)
from salon.badges.models import BadgeSettings, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.routes import blueprint
from salon.badges.services import settings as services
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import only, public, settings
from salon.platform.words.colours import COLOUR
from salon.platform.words.errors import BadInput

PLACE = "/organisation/reglages/badges"
PAPERS = {
    Layout.A4: "Feuille de dix badges, un de chaque catégorie",
    Layout.A6: "Feuille à plier en quatre, le badge en bas à droite",
    Layout.LABEL_62: "Étiquette, en noir seulement",
}
FRESH_S = 86_400
"""The address of the colours changes with them."""


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def badge_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    form = BadgeSettingsForm.about(services.values_of, edition)
    return SettingPage(
        "badges/badge_settings.html",
        form,
        url_for("badges.badge_settings"),
        "Les réglages des badges sont enregistrés. Les appareils les prennent à leur prochain "
        "contact.",
        {
            "colours": list(COLOUR_FIELDS.values()),
            "previews": [
                (paper.value, caption, _preview_address(form, paper))
                for paper, caption in PAPERS.items()
            ],
        },
    ).save(partial(services.change_settings, fair_act(edition)))


def _preview_address(form: BadgeSettingsForm, paper: Layout) -> str:
    chosen_values = dict(form.values)
    colours = {COLOUR_FIELDS[name]: colour for name, colour in chosen_values.pop("colours").items()}
    return url_for("badges.preview_badges", paper=paper.value, **chosen_values, **colours)


@blueprint.get(f"{PLACE}/apercu.png")
@only(Domain.FAIR, Domain.REGISTRATIONS)
def preview_badges() -> ResponseReturnValue:
    """Return a picture of sample badges with the choices of the address. Raises BadInput."""
    from salon.badges.documents.badge_preview import preview_picture

    edition, form = get_request_edition(), BadgePreviewForm(request.args)
    if not form.validate():
        raise BadInput
    chosen = BadgeSettings(edition_id=edition.id, **form.values)
    fair = queries.fair_face(edition, chosen)
    picture = preview_picture(chosen, fair, Layout(form.paper.data), settings().qr_prefix)
    response = Response(picture, mimetype="image/png")
    response.cache_control.private = True
    return response


@blueprint.get("/couleurs-des-badges.css")
@public
def category_sheet() -> ResponseReturnValue:
    """Return the colours of the categories that the address names, over those of pieces.css."""
    rules = [
        f"{_selector_of(category)} {{ --category: {colour} }}\n"
        for category in Category
        if COLOUR.fullmatch(colour := f"#{request.args.get(category, '')}")
    ]
    response = Response("".join(rules), mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_S
    return response


def _selector_of(category: Category) -> str:
    """Return the CSS selector of a category; that of visitors has no class of its own."""
    if category is Category.VISITOR:
        return '.category:not([class*="category--"])'
    return f".category--{category}"


def sheet_values(edition_id: int) -> dict[str, str]:
    """Return the arguments of the colours' address, {} while they are the product's own."""
    changed_colours = queries.settings_of(edition_id).colours
    return {
        category: colour.removeprefix("#") for category, colour in sorted(changed_colours.items())
    }
