"""Pages of zones and doors, for organisers."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges.models import Category
from salon.entrance import forms
from salon.entrance.queries import places
from salon.entrance.queries.inside import count_inside
from salon.entrance.routes import blueprint
from salon.entrance.rules.zones import ZoneValues
from salon.entrance.services import zones as services
from salon.entrance.services.zones import DoorValues, stamp_of
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Door, Edition, Zone, ZoneHours
from salon.fair.queries import stands_on_plan
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import only
from salon.platform.words.errors import BadInput, RuleBroken

PLACE = "/organisation/zones"
DOORS = f"{PLACE}/portes"


@blueprint.get(PLACE)
@only(Domain.WELCOME)
def zones() -> ResponseReturnValue:
    edition, moment = get_request_edition(), now()
    return render_template(
        "entrance/zones.html",
        zones=places.zones_of(edition.id),
        doors=places.doors_with_zones(edition.id),
        inside=places.inside_of(edition.id, moment),
        count=count_inside(edition.id, moment, real_now()),
        moment=moment,
        categories=Category,
    )


@blueprint.route(f"{PLACE}/nouvelle", methods=["GET", "POST"])
@only(Domain.WELCOME)
def add_zone() -> ResponseReturnValue:
    edition = get_request_edition()
    hours = [(day.day_on, ZoneHours(day.opens_at, day.closes_at)) for day in edition.days[1:]]
    form = forms.AddZoneForm(data={"later_days": _rows(hours)})
    _offer_stands(edition, form)
    if form.validate_on_submit():
        with form.refusals():
            values = _zone_values(edition, form)
            services.create_zone(fair_act(edition), values, form.submission_key.data)
            return _saved(f"La zone «\u00a0{form.label.data}\u00a0» est créée.")
    return _zone_page(edition, form), form.status_code


@blueprint.route(f"{PLACE}/<int:zone_id>", methods=["GET", "POST"])
@only(Domain.WELCOME)
def zone(zone_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    zone = places.get_zone(edition.id, zone_id)
    form = forms.ChangeZoneForm(data=_data_of(edition, zone))
    _offer_stands(edition, form)
    if not form.validate_on_submit():
        return _zone_page(edition, form, zone), form.status_code
    try:
        services.change_zone(
            request_act(), zone, int(form.version.data), _zone_values(edition, form)
        )
    except RuleBroken as refusal:
        return _zone_refused(edition, zone_id, form, refusal)
    return _saved(f"La zone «\u00a0{form.label.data}\u00a0» est à jour.")


@blueprint.post(f"{PLACE}/<int:zone_id>/supprimer")
@only(Domain.WELCOME)
def delete_zone(zone_id: int) -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.SeenForm()
    zone = places.get_zone(edition.id, zone_id)
    if not form.validate():
        raise BadInput
    label = zone.label

    def delete() -> None:
        services.delete_zone(request_act(), zone, int(form.version.data))

    question = Confirmation(
        title=f"Supprimer la zone «\u00a0{label}\u00a0»",
        button="Supprimer la zone",
        back=url_for("entrance.zone", zone_id=zone_id),
        facts=["Ses réglages sont perdus. Les passages déjà lus restent."],
        is_final=True,
        section="entrance.zones",
    )
    try:
        if page := confirm_first(question, delete):
            return page
    except RuleBroken as refusal:
        return _zone_refused(edition, zone_id, None, refusal)
    return _saved(f"La zone «\u00a0{label}\u00a0» est supprimée.")


def _zone_refused(
    edition: Edition, zone_id: int, form: forms.ChangeZoneForm | None, refusal: RuleBroken
) -> ResponseReturnValue:
    """Show the form with the typed values, and what somebody else saved beside it."""
    zone = places.get_zone(edition.id, zone_id)
    if form is None:
        form = forms.ChangeZoneForm(formdata=None, data=_data_of(edition, zone))
        _offer_stands(edition, form)
    form.version.data = str(zone.version)
    form.refuse(refusal)
    saved_zone = zone if isinstance(refusal, StaleVersion) else None
    return _zone_page(edition, form, zone, saved_zone), form.status_code


@blueprint.route(f"{DOORS}/nouvelle", methods=["GET", "POST"])
@only(Domain.WELCOME)
def add_door() -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.AddDoorForm()
    _offer_zones(edition, form)
    if request.method == "GET" and request.args.get("zone") in dict(form.zone.choices):
        form.zone.data = request.args["zone"]
    if form.validate_on_submit():
        with form.refusals():
            services.add_door(
                fair_act(edition), form.code.data, _door_values(form), form.submission_key.data
            )
            return _saved(f"La porte {form.code.data} est ajoutée.")
    return _door_page(form), form.status_code


@blueprint.route(f"{DOORS}/<int:door_id>", methods=["GET", "POST"])
@only(Domain.WELCOME)
def door(door_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    door = places.get_door(edition.id, door_id)
    form = _door_form(edition, door)
    if not form.validate_on_submit():
        return _door_page(form, door), form.status_code
    with form.refusals():
        services.change_door(request_act(), door, form.seen.data or "", _door_values(form))
        return _saved(f"La porte {door.code} est à jour.")
    form.seen.data = stamp_of(door)
    return _door_page(form, door, door), form.status_code


@blueprint.post(f"{DOORS}/<int:door_id>/retirer")
@only(Domain.WELCOME)
def remove_door(door_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    door = places.get_door(edition.id, door_id)
    code = door.code
    question = Confirmation(
        title=f"Retirer la porte {code}",
        kicker=door.label,
        button="Retirer la porte",
        back=url_for("entrance.door", door_id=door_id),
        facts=["Plus aucune station ne s’y ouvre. Les passages déjà lus restent."],
        is_final=True,
        section="entrance.zones",
    )
    try:
        if page := confirm_first(question, lambda: services.remove_door(request_act(), door)):
            return page
    except RuleBroken as refusal:
        form = _door_form(edition, door, is_fresh=True)
        form.refuse(refusal)
        return _door_page(form, door), form.status_code
    return _saved(f"La porte {code} est retirée.")


def _door_form(edition: Edition, door: Door, is_fresh: bool = False) -> forms.ChangeDoorForm:
    data = {
        "label": door.label,
        "admits": door.admits,
        "zone": str(door.zone_id or ""),
        "seen": stamp_of(door),
    }
    form_options: dict[str, object] = {"formdata": None} if is_fresh else {}
    form = forms.ChangeDoorForm(data=data, **form_options)
    _offer_zones(edition, form)
    return form


def _zone_values(edition: Edition, form: SalonForm) -> ZoneValues:
    first, *rows = (
        ZoneHours(day["opens_at"], day["closes_at"], day["early_from"])
        for day in (form.data, *form.later_days.data)
    )
    return ZoneValues(
        kind=form.kind.data,
        label=form.label.data,
        admits=tuple(form.admits.data or ()),
        is_vip_only=form.is_vip_only.data,
        capacity=form.capacity.data,
        **first._asdict(),
        early_admits=tuple(form.early_admits.data or ()),
        later_hours=_repeated(edition, first)
        if form.has_same_hours.data
        else tuple(filter(any, rows)),
        is_strict=form.rule.data == "strict",
        stand_id=int(form.stand.data) if form.stand.data else None,
    )


def _repeated(edition: Edition, first: ZoneHours) -> tuple[ZoneHours, ...]:
    return first.repeated([day.day_on for day in edition.days])


def _data_of(edition: Edition, zone: Zone) -> dict[str, object]:
    """Return what the form shows of a zone, with a row for each day after its first."""
    first, *later_hours = zone.hours
    days = {day.day_on: ZoneHours() for day in edition.days[1:] if day.day_on != first.day_on}
    days |= {hours.day_on: hours for hours in later_hours if hours.day_on}
    return {
        "version": zone.version,
        "kind": zone.kind.value,
        "label": zone.label,
        "stand": str(zone.stand_id or ""),
        "admits": zone.admits,
        "is_vip_only": zone.is_vip_only,
        "capacity": zone.capacity,
        **first._asdict(),
        "early_admits": zone.early_admits,
        "has_same_hours": zone.hours[1:] == _repeated(edition, first),
        "later_days": _rows(sorted(days.items())),
        "rule": "strict" if zone.is_strict else "warning",
    }


def _rows(days: Sequence[tuple[date, ZoneHours]]) -> list[dict[str, object]]:
    return [{"day_on": day, **hours._asdict()} for day, hours in days]


def _door_values(form: SalonForm) -> DoorValues:
    zone_id = int(form.zone.data) if form.zone.data else None
    return DoorValues(form.label.data, tuple(form.admits.data or ()), zone_id)


def _offer_stands(edition: Edition, form: SalonForm) -> None:
    stands = stands_on_plan(edition)
    form.stand.choices = [
        ("", "Aucun"),
        *((str(stand.id), f"{stand.number} – {stand.who or 'libre'}") for stand in stands),
    ]


def _offer_zones(edition: Edition, form: SalonForm) -> None:
    form.zone.choices = [
        ("", "Le salon, sans autre règle"),
        *((str(zone.id), zone.label) for zone in places.zones_of(edition.id)),
    ]


def _saved(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("entrance.zones"))


def _zone_page(
    edition: Edition, form: SalonForm, zone: Zone | None = None, saved_zone: Zone | None = None
) -> str:
    remove = forms.SeenForm(formdata=None, version=zone.version) if zone else None
    return render_template(
        "entrance/zone.html",
        form=form,
        zone=zone,
        saved=saved_zone,
        remove=remove,
        edition_day=edition.day_label,
        categories=Category,
    )


def _door_page(form: SalonForm, door: Door | None = None, saved_door: Door | None = None) -> str:
    return render_template(
        "entrance/zone_door.html", form=form, door=door, saved=saved_door, categories=Category
    )
