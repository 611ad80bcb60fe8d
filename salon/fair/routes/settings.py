"""Pages of the settings of the fair itself: names, place, how to come, texts."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.fair.forms.settings import (
    ArrivalForm,
    IdentityForm,
    LegalForm,
    RegistrationForm,
    TextsForm,
    figures_of,
)
from salon.fair.models import PhoneAsked
from salon.fair.routes import blueprint
from salon.fair.rules.texts import PAGE_TEXTS
from salon.fair.services import settings as services
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.forms import sections_of
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.settings.clock import local, paris
from salon.platform.settings.installation import LegalNotice
from salon.platform.web.access import actor, only, settings

PLACE = "/organisation/reglages"
BLANK_FIGURE = {"value": "", "label": ""}
BLANK_SECTION = {"title": "", "text": ""}


@blueprint.route(f"{PLACE}/salon", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_identity() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.identity_of(edition)
    shown_values = {**current, "figures": [*current["figures"], BLANK_FIGURE]}
    form = IdentityForm(data=shown_values | {"stamp": stamp_of(current)})

    def save() -> None:
        names = ("name", "short_name", "organiser", "contact_email", "contact_phone")
        changes = {name: form[name].data or "" for name in names}
        changes["figures"] = figures_of(form.figures)
        services.change_identity(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "fair/change_identity.html",
        url_for("dashboard.settings"),
        "Le nom du salon et ses contacts sont enregistrés.",
        lambda: services.identity_of(edition),
    )
    return page.answer(form, save)


@blueprint.route(f"{PLACE}/venir", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_arrival() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.arrival_of(edition)
    shown_values = {**current, "practical": [*current["practical"], BLANK_SECTION]}
    form = ArrivalForm(data=shown_values | {"stamp": stamp_of(current)})

    def save() -> None:
        names = ("access", "by_car", "by_bus", "by_train")
        changes: dict[str, Any] = {name: form[name].data or "" for name in names}
        changes["practical"] = sections_of(form.practical)
        services.change_arrival(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "fair/change_arrival.html",
        url_for("fair.practical"),
        "Les informations pratiques sont enregistrées et publiées.",
        lambda: services.arrival_of(edition),
    )
    return page.answer(form, save)


@blueprint.route(f"{PLACE}/textes", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_texts() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.texts_of(edition)
    form = TextsForm(data={**current, "stamp": stamp_of(current)})

    def save() -> None:
        changes = {key: form[key].data or "" for key in PAGE_TEXTS}
        services.change_texts(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "fair/change_texts.html",
        url_for("dashboard.settings"),
        "Les textes des pages publiques sont enregistrés.",
        lambda: services.texts_of(edition),
        context={"texts": PAGE_TEXTS, "written": edition.texts},
    )
    return page.answer(form, save)


@blueprint.route(f"{PLACE}/inscriptions", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.REGISTRATIONS)
def change_registration() -> ResponseReturnValue:
    edition = get_request_edition()
    current = services.registration_of(edition)
    form = RegistrationForm(data=_on_the_clock(current) | {"stamp": stamp_of(current)})

    def save() -> None:
        opens, closes = form.registration_opens_at.data, form.registration_closes_at.data
        changes = {
            "registration_opens_at": paris(opens.date(), opens.time()),
            "registration_closes_at": paris(closes.date(), closes.time()),
            "phone_asked": PhoneAsked(form.phone_asked.data),
        }
        services.change_registration(edition, changes, form.stamp.data or "", actor())

    page = SettingPage(
        "fair/change_registration.html",
        url_for("dashboard.settings"),
        "Les réglages des inscriptions sont enregistrés.",
        lambda: services.registration_of(edition),
        shown=_on_the_clock,
    )
    return page.answer(form, save)


def _on_the_clock(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dates as wall-clock times of the fair."""
    names = ("registration_opens_at", "registration_closes_at")
    times = {name: local(values[name]).replace(tzinfo=None) for name in names}
    return {**times, "phone_asked": values["phone_asked"].value}


@blueprint.route(f"{PLACE}/mentions-legales", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_legal() -> ResponseReturnValue:
    edition = get_request_edition()
    form = LegalForm(data={**edition.legal, "stamp": stamp_of(services.legal_of(edition))})
    names = [item.name for item in dataclasses.fields(LegalNotice)]

    def save() -> None:
        texts = {name: form[name].data for name in names if form[name].data}
        services.change_legal(edition, {"legal": texts}, form.stamp.data or "", actor())

    page = SettingPage(
        "fair/change_legal.html",
        url_for("dashboard.settings"),
        "Les mentions légales sont enregistrées et publiées.",
        lambda: services.legal_of(edition),
        shown=lambda values: {name: values["legal"].get(name, "") for name in names},
        context={"server": settings().legal},
    )
    return page.answer(form, save)
