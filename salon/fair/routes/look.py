"""The look of the fair: its page, its style sheet, its logo."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.look import LookForm
from salon.fair.routes import blueprint
from salon.fair.services import look as services
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import accepts_upload, only, public, settings
from salon.platform.web.responses import logo_response
from salon.platform.words.colours import BLACK, WHITE, channels, mixed

FRESH_S = 86_400
"""Their addresses change with their content."""


@blueprint.route("/organisation/reglages/apparence", methods=["GET", "POST"])
@only(Domain.FAIR)
@accepts_upload("document_max_bytes")
def change_look() -> ResponseReturnValue:
    edition = get_request_edition()
    page = SettingPage(
        "fair/change_look.html",
        LookForm.about(services.look_of, edition),
        url_for("fair.change_look"),
        "L’apparence est enregistrée : regardez les pages.",
    )
    store = settings().file_store
    return page.save(
        lambda values, stamp: services.change_look(fair_act(edition), values, stamp, store)
    )


@blueprint.get("/apparence.css")
@public
def look_sheet() -> ResponseReturnValue:
    """Return the colours of the fair, over those of theme.css."""
    edition = get_request_edition()
    rules = []
    if main := edition.main_colour:
        dark, pale = mixed(main, BLACK, 0.28), mixed(main, WHITE, 0.89)
        rules += [f"--sea: {main}", f"--sea-dark: {dark}", f"--sea-pale: {pale}"]
        rules += [f"--bs-link-color-rgb: {_triple(main)}"]
        rules += [f"--bs-link-hover-color-rgb: {_triple(dark)}"]
    if accent := edition.accent_colour:
        rules += [f"--sun: {accent}", f"--sun-pale: {mixed(accent, WHITE, 0.76)}"]
    text = f':root,\n[data-bs-theme="light"] {{ {"; ".join(rules)} }}\n' if rules else ""
    return _fresh(Response(text, mimetype="text/css"))


def _triple(colour: str) -> str:
    return ", ".join(str(value) for value in channels(colour))


@blueprint.get("/logo.webp")
@public
def fair_logo() -> ResponseReturnValue:
    name = get_request_edition().logo_name
    response = logo_response(name)
    response.set_etag(name.partition(".")[0])
    return _fresh(response).make_conditional(request)


@blueprint.get("/accueil-<any(petite,grande):size>.webp")
@public
def home_picture(size: str) -> ResponseReturnValue:
    edition = get_request_edition()
    name = edition.picture_name if size == "grande" else edition.small_picture_name
    response = logo_response(name)
    response.set_etag(name.partition(".")[0])
    return _fresh(response).make_conditional(request)


def _fresh(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_S
    return response
