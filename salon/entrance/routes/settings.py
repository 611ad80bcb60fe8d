"""Page of the rules of the doors."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.entrance import forms
from salon.entrance.models import EntranceSettings
from salon.entrance.queries.stations import settings_of
from salon.entrance.routes import blueprint
from salon.entrance.services.settings import NO_PIN, DoorRules, change_settings
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.web.access import only

PLACE = "/organisation/reglages/entrees"


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Domain.WELCOME)
def settings() -> ResponseReturnValue:
    edition = get_request_edition()
    saved_settings = settings_of(edition)
    form = forms.SettingsForm(data=_data_of(saved_settings))
    if not form.validate_on_submit():
        return _page(form, saved_settings), 400 if form.errors else 200
    pin = NO_PIN if form.forget_pin.data else form.pin.data or None
    try:
        change_settings(fair_act(edition), int(form.version.data), _rules(form), pin)
    except StaleVersion as refusal:
        saved_settings = settings_of(edition)
        form.version.data = str(saved_settings.version)
        form.refuse(refusal)
        return _page(form, saved_settings, saved_settings), refusal.status
    flash("Les réglages sont enregistrés. Les appareils les prennent à leur prochain contact.")
    return redirect(url_for("entrance.settings"))


def _data_of(settings: EntranceSettings) -> dict[str, str | int]:
    return {
        "version": settings.version,
        "lets_unknown_in": "yes" if settings.lets_unknown_in else "no",
        "kiosk_prints": "yes" if settings.kiosk_prints else "no",
        "urgent_numbers": settings.urgent_numbers,
    }


def _rules(form: forms.SettingsForm) -> DoorRules:
    return DoorRules(
        lets_unknown_in=form.lets_unknown_in.data == "yes",
        kiosk_prints=form.kiosk_prints.data == "yes",
        urgent_numbers=form.urgent_numbers.data or "",
    )


def _page(
    form: forms.SettingsForm,
    settings: EntranceSettings,
    other_settings: EntranceSettings | None = None,
) -> str:
    """Return the page; the PIN is never shown, even as typed."""
    return render_template(
        "entrance/settings.html",
        form=form,
        has_pin=bool(settings.kiosk_pin_hash),
        saved=other_settings,
    )
