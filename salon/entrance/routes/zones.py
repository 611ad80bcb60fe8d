"""Zones, doors, and who may enter them: as the organiser draws them."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges.models import Category
from salon.entrance import forms
from salon.entrance.queries import places
from salon.entrance.routes import blueprint
from salon.entrance.rules.zones import ZoneChanged, ZoneValues
from salon.entrance.services import zones as services
from salon.entrance.services.zones import DoorValues, stamp_of
from salon.fair.models import Door, Edition, Zone
from salon.fair.queries import get_current_edition, stands_on_plan
from salon.platform.access import actor, only
from salon.platform.clock import local, now, paris
from salon.platform.confirmation import Question, confirmation_page, is_confirmed
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.identity import Role

PLACE = "/organisation/zones"
DOORS = f"{PLACE}/portes"


@blueprint.get(PLACE)
@only(Role.ORGANISER)
def zones() -> ResponseReturnValue:
    edition, moment = get_current_edition(), now()
    return render_template(
        "entrance/zones.html",
        zones=places.zones_of(edition.id),
        doors=places.doors_with_zones(edition.id),
        inside=places.inside_of(edition.id, moment),
        moment=moment,
        categories=Category,
    )


@blueprint.route(f"{PLACE}/nouvelle", methods=["GET", "POST"])
@only(Role.ORGANISER)
def add_zone() -> ResponseReturnValue:
    edition, form = get_current_edition(), forms.AddZoneForm()
    _offer_stands(edition, form)
    if not form.validate_on_submit():
        return _zone_page(edition, form), 400 if form.errors else 200
    try:
        services.create_zone(edition, _zone_values(form), form.submission_key.data, actor())
    except RuleBroken as refusal:
        form.form_errors.append(refusal.message)
        return _zone_page(edition, form), refusal.status
    return _saved(f"La zone «\u00a0{form.label.data}\u00a0» est créée.")


@blueprint.route(f"{PLACE}/<int:zone_id>", methods=["GET", "POST"])
@only(Role.ORGANISER)
def zone(zone_id: int) -> ResponseReturnValue:
    edition = get_current_edition()
    found = places.get_zone(edition.id, zone_id)
    form = forms.ChangeZoneForm(data=_data_of(found))
    _offer_stands(edition, form)
    if not form.validate_on_submit():
        return _zone_page(edition, form, found), 400 if form.errors else 200
    try:
        services.change_zone(found, int(form.version.data), _zone_values(form), actor())
    except RuleBroken as refusal:
        return _zone_refused(edition, zone_id, form, refusal)
    return _saved(f"La zone «\u00a0{form.label.data}\u00a0» est à jour.")


@blueprint.post(f"{PLACE}/<int:zone_id>/supprimer")
@only(Role.ORGANISER)
def delete_zone(zone_id: int) -> ResponseReturnValue:
    edition, form = get_current_edition(), forms.SeenForm()
    found = places.get_zone(edition.id, zone_id)
    if not form.validate():
        raise BadInput
    label = found.label

    def delete() -> None:
        services.delete_zone(found, int(form.version.data), actor())

    question = Question(
        title=f"Supprimer la zone «\u00a0{label}\u00a0»",
        button="Supprimer la zone",
        back=url_for("entrance.zone", zone_id=zone_id),
        facts=["Ses réglages sont perdus. Les passages déjà lus restent."],
        is_final=True,
        section="entrance.zones",
    )
    try:
        if not is_confirmed():
            return confirmation_page(question, delete)
        delete()
    except RuleBroken as refusal:
        return _zone_refused(edition, zone_id, None, refusal)
    return _saved(f"La zone «\u00a0{label}\u00a0» est supprimée.")


def _zone_refused(
    edition: Edition, zone_id: int, form: forms.ChangeZoneForm | None, refusal: RuleBroken
) -> ResponseReturnValue:
    """What was typed stays; what somebody else saved is shown beside it (R-12)."""
    found = places.get_zone(edition.id, zone_id)
    if form is None:
        form = forms.ChangeZoneForm(formdata=None, data=_data_of(found))
        _offer_stands(edition, form)
    form.version.data = str(found.version)
    form.form_errors.append(refusal.message)
    other = found if isinstance(refusal, ZoneChanged) else None
    return _zone_page(edition, form, found, other), refusal.status


@blueprint.route(f"{DOORS}/nouvelle", methods=["GET", "POST"])
@only(Role.ORGANISER)
def add_door() -> ResponseReturnValue:
    edition, form = get_current_edition(), forms.AddDoorForm()
    _offer_zones(edition, form)
    if request.method == "GET" and request.args.get("zone") in dict(form.zone.choices):
        form.zone.data = request.args["zone"]
    if not form.validate_on_submit():
        return _door_page(form), 400 if form.errors else 200
    try:
        services.add_door(
            edition, form.code.data, _door_values(form), form.submission_key.data, actor()
        )
    except RuleBroken as refusal:
        form.form_errors.append(refusal.message)
        return _door_page(form), refusal.status
    return _saved(f"La porte {form.code.data} est ajoutée.")


@blueprint.route(f"{DOORS}/<int:door_id>", methods=["GET", "POST"])
@only(Role.ORGANISER)
def door(door_id: int) -> ResponseReturnValue:
    edition = get_current_edition()
    found = places.get_door(edition.id, door_id)
    form = _door_form(edition, found)
    if not form.validate_on_submit():
        return _door_page(form, found), 400 if form.errors else 200
    try:
        services.change_door(found, form.seen.data or "", _door_values(form), actor())
    except RuleBroken as refusal:
        form.seen.data = stamp_of(found)
        form.form_errors.append(refusal.message)
        return _door_page(form, found, found), refusal.status
    return _saved(f"La porte {found.code} est à jour.")


@blueprint.post(f"{DOORS}/<int:door_id>/retirer")
@only(Role.ORGANISER)
def remove_door(door_id: int) -> ResponseReturnValue:
    edition = get_current_edition()
    found = places.get_door(edition.id, door_id)
    code = found.code
    question = Question(
        title=f"Retirer la porte {code}",
        kicker=found.label,
        button="Retirer la porte",
        back=url_for("entrance.door", door_id=door_id),
        facts=["Plus aucune station ne s’y ouvre. Les passages déjà lus restent."],
        is_final=True,
        section="entrance.zones",
    )
    try:
        if not is_confirmed():
            return confirmation_page(question, lambda: services.remove_door(found, actor()))
        services.remove_door(found, actor())
    except RuleBroken as refusal:
        form = _door_form(edition, found, is_fresh=True)
        form.form_errors.append(refusal.message)
        return _door_page(form, found), refusal.status
    return _saved(f"La porte {code} est retirée.")


def _door_form(edition: Edition, found: Door, is_fresh: bool = False) -> forms.ChangeDoorForm:
    data = {
        "label": found.label,
        "admits": found.admits,
        "zone": str(found.zone_id or ""),
        "seen": stamp_of(found),
    }
    form = (
        forms.ChangeDoorForm(formdata=None, data=data)
        if is_fresh
        else forms.ChangeDoorForm(data=data)
    )
    _offer_zones(edition, form)
    return form


def _zone_values(form: Any) -> ZoneValues:
    return ZoneValues(
        kind=form.kind.data,
        label=form.label.data,
        admits=tuple(form.admits.data or ()),
        is_vip_only=form.is_vip_only.data,
        capacity=form.capacity.data,
        opens_at=_instant(form.opens_at.data),
        closes_at=_instant(form.closes_at.data),
        early_admits=tuple(form.early_admits.data or ()),
        early_from=_instant(form.early_from.data),
        is_strict=form.rule.data == "strict",
        stand_id=int(form.stand.data) if form.stand.data else None,
    )


def _data_of(found: Zone) -> dict[str, Any]:
    return {
        "version": found.version,
        "kind": found.kind.value,
        "label": found.label,
        "stand": str(found.stand_id or ""),
        "admits": found.admits,
        "is_vip_only": found.is_vip_only,
        "capacity": found.capacity,
        "opens_at": _wall(found.opens_at),
        "closes_at": _wall(found.closes_at),
        "early_admits": found.early_admits,
        "early_from": _wall(found.early_from),
        "rule": "strict" if found.is_strict else "warning",
    }


def _door_values(form: Any) -> DoorValues:
    zone_id = int(form.zone.data) if form.zone.data else None
    return DoorValues(form.label.data, tuple(form.admits.data or ()), zone_id)


def _instant(typed: datetime | None) -> datetime | None:
    """The instant of a time read on a clock in Béziers."""
    return paris(typed.date(), typed.time()) if typed is not None else None


def _wall(instant: datetime | None) -> datetime | None:
    return local(instant).replace(tzinfo=None) if instant is not None else None


def _offer_stands(edition: Edition, form: Any) -> None:
    stands = stands_on_plan(edition)
    form.stand.choices = [
        ("", "Aucun"),
        *((str(one.id), f"{one.number} – {one.who or 'libre'}") for one in stands),
    ]


def _offer_zones(edition: Edition, form: Any) -> None:
    form.zone.choices = [
        ("", "Le salon, sans autre règle"),
        *((str(one.id), one.label) for one in places.zones_of(edition.id)),
    ]


def _saved(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("entrance.zones"))


def _zone_page(
    edition: Edition, form: Any, found: Zone | None = None, other: Zone | None = None
) -> str:
    remove = forms.SeenForm(formdata=None, version=found.version) if found else None
    return render_template(
        "entrance/zone.html",
        form=form,
        zone=found,
        other=other,
        remove=remove,
        edition_day=edition.day_label,
        categories=Category,
    )


def _door_page(form: Any, found: Door | None = None, other: Door | None = None) -> str:
    return render_template(
        "entrance/zone_door.html", form=form, door=found, other=other, categories=Category
    )
