"""Pages of the programme's settings: items and rooms."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
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
from salon.platform.pages.confirmation import Confirmation
from salon.platform.pages.setting_pages import SettingPage, setting_question
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only, public, settings
from salon.platform.web.responses import calendar_response
from salon.platform.words.formats import day as day_words
from salon.platform.words.formats import plural

PLACE = "/organisation/reglages/programme"


@blueprint.get("/programme/<int:item_id>.ics")
@public
def item_ics(item_id: int) -> ResponseReturnValue:
    from salon.fair.documents.programme_calendar import item_calendar

    edition = get_request_edition()
    content = item_calendar(edition, queries.get_item(edition, item_id), settings(), now())
    return calendar_response(content, f"salon-{item_id}.ics", "PUBLISH")


@blueprint.get(PLACE)
@only(Domain.FAIR)
def programme_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "fair/programme_settings.html",
        days=edition.days,
        items=queries.all_programme_of(edition),
        rooms=queries.rooms_of(edition),
        day_of=lambda item: local(item.starts_at).date(),
    )


@blueprint.post(f"{PLACE}/publier")
@only(Domain.FAIR)
def publish_programme() -> ResponseReturnValue:
    count = services.publish_programme(fair_act())
    flash(f"{plural(count, 'moment publié', 'moments publiés')}.", "success")
    return redirect(url_for("fair.programme_settings"))


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_item() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddItemForm()
    return _item_page(edition, form).save(partial(services.add_item, fair_act(edition)))


@blueprint.route(f"{PLACE}/<int:item_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_item(item_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    item = queries.get_item(edition, item_id)
    form = ChangeItemForm.about(services.item_values, item)
    return _item_page(edition, form, item).save(
        partial(services.change_item, fair_act(edition), item)
    )


@blueprint.post(f"{PLACE}/<int:item_id>/retirer")
@only(Domain.FAIR)
def remove_item(item_id: int) -> ResponseReturnValue:
    edition, store = get_request_edition(), settings().file_store
    item = queries.get_item(edition, item_id)
    question = Confirmation(
        title=f"Retirer « {item.title} »",
        kicker="Programme",
        button="Retirer du programme",
        back=url_for("fair.change_item", item_id=item.id),
        facts=["Le public ne le voit plus. Ses documents sont effacés."],
        is_final=True,
        section="dashboard.settings",
    )
    form = ChangeItemForm.about(services.item_values, item, is_fresh=True)
    return _item_page(edition, form, item).remove(
        question,
        lambda stamp: services.remove_item(fair_act(edition), item, stamp, store),
        f"« {item.title} » n’est plus au programme.",
    )


def _item_page(
    edition: Edition, form: AddItemForm | ChangeItemForm, item: ProgrammeItem | None = None
) -> SettingPage:
    form.day.choices = [(day.day_on.isoformat(), day_words(day.day_on)) for day in edition.days]
    form.room_id.choices = [(room.id, room.name) for room in queries.rooms_of(edition)]
    themes = [(str(theme.id), theme.name) for theme in queries.themes_of(edition)]
    form.theme_id.choices = [("", "Aucun"), *themes]
    title = item.title if item else form.title.data
    return SettingPage(
        "fair/change_item.html",
        form,
        url_for("fair.programme_settings"),
        f"« {title} » est enregistré, en brouillon."
        if form.is_draft.data
        else f"« {title} » est au programme.",
        {"item": item, "has_rooms": bool(form.room_id.choices)},
    )


@blueprint.route(f"{PLACE}/salles/nouvelle", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_room() -> ResponseReturnValue:
    return _room_page(AddRoomForm()).save(partial(services.add_room, fair_act()))


@blueprint.route(f"{PLACE}/salles/<int:room_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_room(room_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    room = queries.get_room(edition, room_id)
    form = ChangeRoomForm.about(services.room_values, room)
    return _room_page(form, room).save(partial(services.change_room, fair_act(edition), room))


@blueprint.post(f"{PLACE}/salles/<int:room_id>/retirer")
@only(Domain.FAIR)
def remove_room(room_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    room = queries.get_room(edition, room_id)
    question = setting_question(
        f"Retirer « {room.name} »",
        "Retirer cette salle",
        url_for("fair.change_room", room_id=room.id),
        "Rien ne s’y tient : le programme ne change pas.",
        kicker="Programme",
        is_destructive=True,
    )
    form = ChangeRoomForm.about(services.room_values, room, is_fresh=True)
    remove = partial(services.remove_room, fair_act(edition), room)
    return _room_page(form, room).remove(question, remove, f"« {room.name} » est retirée.")


def _room_page(form: AddRoomForm | ChangeRoomForm, room: Room | None = None) -> SettingPage:
    return SettingPage(
        "fair/change_room.html",
        form,
        url_for("fair.programme_settings", _anchor="salles"),
        f"« {room.name if room else form.name.data} » est enregistrée.",
        {"room": room},
    )
