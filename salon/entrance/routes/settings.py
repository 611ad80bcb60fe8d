"""The rules of the doors, as the organiser sets them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.entrance import forms
from salon.entrance.models import EntranceSettings
from salon.entrance.queries.stations import settings_of
from salon.entrance.routes import blueprint
from salon.entrance.rules.settings import SettingsChanged
from salon.entrance.services.settings import NO_PIN, DoorRules, change_settings
from salon.fair.queries import get_current_edition
from salon.platform.access import actor, only
from salon.platform.identity import Role

PLACE = "/organisation/entrees/reglages"


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Role.ORGANISER)
def settings() -> ResponseReturnValue:
    edition = get_current_edition()
    found = settings_of(edition)
    form = forms.SettingsForm(data=_data_of(found))
    if not form.validate_on_submit():
        return _page(form, found), 400 if form.errors else 200
    pin = NO_PIN if form.forget_pin.data else form.pin.data or None
    try:
        change_settings(edition, int(form.version.data), _rules(form), pin, actor())
    except SettingsChanged as refusal:
        found = settings_of(edition)
        form.version.data = str(found.version)
        form.form_errors.append(refusal.message)
        return _page(form, found, found), refusal.status
    flash("Les réglages sont enregistrés. Les appareils les prennent à leur prochain contact.")
    return redirect(url_for("entrance.settings"))


def _data_of(found: EntranceSettings) -> dict[str, str | int]:
    return {
        "version": found.version,
        "lets_unknown_in": "yes" if found.lets_unknown_in else "no",
        "kiosk_layout": found.kiosk_layout,
        "kiosk_prints": "yes" if found.kiosk_prints else "no",
        "urgent_numbers": found.urgent_numbers,
    }


def _rules(form: forms.SettingsForm) -> DoorRules:
    return DoorRules(
        lets_unknown_in=form.lets_unknown_in.data == "yes",
        kiosk_layout=form.kiosk_layout.data,
        kiosk_prints=form.kiosk_prints.data == "yes",
        urgent_numbers=form.urgent_numbers.data or "",
    )


def _page(
    form: forms.SettingsForm, found: EntranceSettings, other: EntranceSettings | None = None
) -> str:
    """The PIN is never shown, nor what was typed of it."""
    return render_template(
        "entrance/settings.html",
        form=form,
        has_pin=bool(found.kiosk_pin_hash),
        other=other,
        layouts=form.kiosk_layout.choices,
    )
