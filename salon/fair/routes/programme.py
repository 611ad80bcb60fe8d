"""Pages of the programme's settings: items and rooms."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
from salon.fair.forms.village import (
    AddItemForm,
    AddRoomForm,
    ChangeItemForm,
    ChangeRoomForm,
)
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.fair.routes import blueprint
from salon.fair.services import programme as services
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.confirmation import Confirmation
from salon.platform.pages.setting_pages import SettingPage, removal_form, removal_stamp
from salon.platform.settings.clock import local, paris
from salon.platform.web.access import actor, only, settings
from salon.platform.words.formats import day as day_words

PLACE = "/organisation/reglages/programme"
BLANK_SPEAKER = {"name": "", "role": ""}


@blueprint.get(PLACE)
@only(Domain.FAIR)
def programme_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "fair/programme_settings.html",
        days=edition.days,
        items=queries.programme_of(edition),
        rooms=queries.rooms_of(edition),
        day_of=lambda item: local(item.starts_at).date(),
    )


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_item() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddItemForm(data={"speakers": [BLANK_SPEAKER]})
    _set_choices(edition, form)

    def save() -> None:
        services.add_item(edition, _item_values(form), form.submission_key.data or "", actor())

    return _item_page(edition, form).answer(form, save)


@blueprint.route(f"{PLACE}/<int:item_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_item(item_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    item = queries.get_item(edition, item_id)
    form = _change_item_form(edition, item)

    def save() -> None:
        services.change_item(edition, item, _item_values(form), form.stamp.data or "", actor())

    return _item_page(edition, form, item).answer(form, save)


@blueprint.post(f"{PLACE}/<int:item_id>/retirer")
@only(Domain.FAIR)
def remove_item(item_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    item = queries.get_item(edition, item_id)
    stamp = removal_stamp()
    question = Confirmation(
        title=f"Retirer « {item.title} »",
        kicker="Programme",
        button="Retirer du programme",
        back=url_for("fair.change_item", item_id=item.id),
        facts=["Le public ne le voit plus. Ses documents sont effacés."],
        is_final=True,
        section="dashboard.settings",
    )
    form = _change_item_form(edition, item, is_fresh=True)
    return _item_page(edition, form, item).remove(
        form,
        question,
        lambda: services.remove_item(edition, item, stamp, settings().file_store, actor()),
        f"« {item.title} » n’est plus au programme.",
    )


def _item_page(edition: Edition, form: Any, item: ProgrammeItem | None = None) -> SettingPage:
    title = item.title if item else form.title.data
    return SettingPage(
        "fair/change_item.html",
        url_for("fair.programme_settings"),
        f"« {title} » est au programme.",
        lambda: services.item_values(item) if item else {},
        shown=lambda values: _form_fields(values) if values else {},
        context={
            "item": item,
            "has_rooms": bool(queries.rooms_of(edition)),
            "remove": removal_form(services.item_values(item)) if item else None,
        },
    )


def _change_item_form(
    edition: Edition, item: ProgrammeItem, is_fresh: bool = False
) -> ChangeItemForm:
    values = services.item_values(item)
    form_options: dict[str, Any] = {"formdata": None} if is_fresh else {}
    speakers = [*item.speakers, BLANK_SPEAKER]
    data = {**_form_fields(values), "speakers": speakers, "stamp": stamp_of(values)}
    form = ChangeItemForm(data=data, **form_options)
    _set_choices(edition, form)
    return form


def _form_fields(values: Any) -> dict[str, Any]:
    """Return the fields of an item: its day and hours in wall-clock time."""
    starts_at, ends_at = local(values["starts_at"]), local(values["ends_at"])
    return {
        **values,
        "day": starts_at.date().isoformat(),
        "starts": starts_at.time(),
        "ends": ends_at.time(),
        "theme_id": str(values["theme_id"] or ""),
    }


def _item_values(form: Any) -> dict[str, Any]:
    day = date.fromisoformat(form.day.data)
    return {
        "title": form.title.data,
        "starts_at": paris(day, form.starts.data),
        "ends_at": paris(day, form.ends.data),
        "room_id": form.room_id.data,
        "theme_id": int(form.theme_id.data) if form.theme_id.data else None,
        "summary": form.summary.data or "",
        "speakers": [
            {"name": entry.form.name.data, "role": entry.form.role.data or ""}
            for entry in form.speakers
            if entry.form.name.data
        ],
    }


def _set_choices(edition: Edition, form: Any) -> None:
    form.day.choices = [(day.day_on.isoformat(), day_words(day.day_on)) for day in edition.days]
    form.room_id.choices = [(room.id, room.name) for room in queries.rooms_of(edition)]
    themes = [(str(theme.id), theme.name) for theme in queries.themes_of(edition)]
    form.theme_id.choices = [("", "Aucun"), *themes]


@blueprint.route(f"{PLACE}/salles/nouvelle", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_room() -> ResponseReturnValue:
    edition, form = get_request_edition(), AddRoomForm()

    def save() -> None:
        services.add_room(edition, _room_values(form), form.submission_key.data or "", actor())

    return _room_page(form).answer(form, save)


@blueprint.route(f"{PLACE}/salles/<int:room_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_room(room_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    room = queries.get_room(edition, room_id)
    values = services.room_values(room)
    form = ChangeRoomForm(data={**values, "stamp": stamp_of(values)})

    def save() -> None:
        services.change_room(edition, room, _room_values(form), form.stamp.data or "", actor())

    return _room_page(form, room).answer(form, save)


@blueprint.post(f"{PLACE}/salles/<int:room_id>/retirer")
@only(Domain.FAIR)
def remove_room(room_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    room = queries.get_room(edition, room_id)
    stamp = removal_stamp()
    question = Confirmation(
        title=f"Retirer « {room.name} »",
        kicker="Programme",
        button="Retirer cette salle",
        back=url_for("fair.change_room", room_id=room.id),
        facts=["Rien ne s’y tient : le programme ne change pas."],
        section="dashboard.settings",
    )
    form = ChangeRoomForm(formdata=None, data=services.room_values(room))
    return _room_page(form, room).remove(
        form,
        question,
        lambda: services.remove_room(edition, room, stamp, actor()),
        f"« {room.name} » est retirée.",
    )


def _room_page(form: Any, room: Room | None = None) -> SettingPage:
    name = room.name if room else form.name.data
    return SettingPage(
        "fair/change_room.html",
        url_for("fair.programme_settings", _anchor="salles"),
        f"« {name} » est enregistrée.",
        lambda: services.room_values(room) if room else {},
        context={
            "room": room,
            "remove": removal_form(services.room_values(room)) if room else None,
        },
    )


def _room_values(form: Any) -> dict[str, Any]:
    return {"name": form.name.data, "seats": form.seats.data}
