"""Pages of the settings of the fair itself: names, place, how to come, texts."""

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.settings import (
    ArrivalForm,
    IdentityForm,
    LegalForm,
    RegistrationForm,
    TextsForm,
)
from salon.fair.presenters.gaps import gaps_of
from salon.fair.routes import blueprint
from salon.fair.rules.texts import PAGE_TEXTS
from salon.fair.services import settings as services
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import only, settings

PLACE = "/organisation/reglages"


@blueprint.route(f"{PLACE}/salon", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_identity() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/change_identity.html",
        IdentityForm.about(services.identity_of, edition),
        url_for("dashboard.settings"),
        "Le nom du salon et ses contacts sont enregistrés.",
    ).save(partial(services.change_identity, fair_act(edition)))


@blueprint.route(f"{PLACE}/venir", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_arrival() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/change_arrival.html",
        ArrivalForm.about(services.arrival_of, edition),
        url_for("fair.practical"),
        "Les informations pratiques sont enregistrées et publiées.",
        {"gaps": gaps_of(edition)},
    ).save(partial(services.change_arrival, fair_act(edition)))


@blueprint.route(f"{PLACE}/textes", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_texts() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/change_texts.html",
        TextsForm.about(services.texts_of, edition),
        url_for("dashboard.settings"),
        "Les textes des pages publiques sont enregistrés.",
        {"texts": PAGE_TEXTS, "written": edition.texts},
    ).save(partial(services.change_texts, fair_act(edition)))


@blueprint.route(f"{PLACE}/inscriptions", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def change_registration() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/change_registration.html",
        RegistrationForm.about(services.registration_of, edition),
        url_for("dashboard.settings"),
        "Les réglages des inscriptions sont enregistrés.",
    ).save(partial(services.change_registration, fair_act(edition)))


@blueprint.route(f"{PLACE}/mentions-legales", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_legal() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/change_legal.html",
        LegalForm.about(services.legal_of, edition),
        url_for("dashboard.settings"),
        "Les mentions légales sont enregistrées et publiées.",
        {"server": settings().legal},
    ).save(partial(services.change_legal, fair_act(edition)))
