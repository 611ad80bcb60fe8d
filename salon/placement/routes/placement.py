"""The organiser's placement: stands given by hand, plans proposed and accepted."""

from collections import Counter

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.access import get_request_edition
from salon.placement import services
from salon.placement.engine import DrawnStand, Room, rank_stands, shortfalls_of, suits
from salon.placement.forms import ExchangeForm, FindForm, GiveStandForm, PavilionForm
from salon.placement.queries import placement as queries
from salon.placement.queries.proposals import recent_proposals
from salon.placement.routes import blueprint
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.forms import VersionForm
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.web.access import only, row_asked
from salon.platform.words.errors import RuleBroken
from salon.platform.words.typography import of

CHOICES = 6
"""Stands offered for each exhibitor of the list; the plan shows them all."""


def _search_words() -> tuple[FindForm, str]:
    """Return the words of the search; invalid ones match everybody."""
    form = FindForm(request.args)
    filters: dict[str, str] = requested_filters(form, dict)
    return form, filters.get("text", "")


@blueprint.get("/organisation/placement")
@only(Domain.EXHIBITORS)
def placement() -> ResponseReturnValue:
    if exhibitor_id := request.args.get("exhibitor", type=int):
        return redirect(url_for("placement.place", exhibitor_id=exhibitor_id))
    edition = get_request_edition()
    form, text = _search_words()
    floor = queries.floor_of(edition.id)
    reserved_stands = queries.stands_of_bodies(edition.id)
    page = queries.to_place_page(edition.id, requested_page(), text)
    left, area = queries.count_to_place(edition.id)
    return render_template(
        "placement/placement.html",
        form=form,
        active=filters_in_force(form),
        page=page,
        floor=floor,
        offered={
            exhibitor.id: _best_stands(
                floor.opened_to(exhibitor.name_key, reserved_stands), exhibitor
            )
            for exhibitor in page.items
        },
        rooms={room.id: room for room in floor.rooms},
        placed=queries.count_placed(edition.id),
        left=left,
        area=area,
        just_placed=queries.find_placed(edition.id, row_asked("given")),
        proposals=recent_proposals(edition.id),
    )


def _best_stands(floor: queries.Floor, exhibitor: Exhibitor) -> list[DrawnStand]:
    return rank_stands(floor.free, queries.wishes_of(exhibitor, {}), floor.corners, CHOICES)


@blueprint.get("/organisation/placement/places")
@only(Domain.EXHIBITORS)
def placed() -> ResponseReturnValue:
    edition = get_request_edition()
    form, text = _search_words()
    return render_template(
        "placement/placed.html",
        form=form,
        active=filters_in_force(form),
        page=queries.placed_page(edition.id, requested_page(), text),
        placed=queries.count_placed(edition.id),
        left=queries.count_to_place(edition.id)[0],
    )


@blueprint.get("/organisation/placement/<int:exhibitor_id>")
@only(Domain.EXHIBITORS)
def place(exhibitor_id: int) -> ResponseReturnValue:
    return _place_page(get_exhibitor(exhibitor_id))


def _place_page(exhibitor: Exhibitor, refusal: str = "") -> str:
    """Return the page of one exhibitor with the plan of a hall; `?stand=` is the stand viewed."""
    edition_id = exhibitor.edition_id
    reserved_stands = queries.stands_of_bodies(edition_id)
    floor = queries.floor_of(edition_id).opened_to(exhibitor.name_key, reserved_stands)
    wishes = queries.wishes_of(exhibitor, {})
    best = _best_stands(floor, exhibitor)
    viewed_id = request.values.get("stand", type=int) or request.values.get("stand_id", type=int)
    stand = next((candidate for candidate in floor.stands if candidate.id == viewed_id), None)
    return render_template(
        "placement/place.html",
        exhibitor=exhibitor,
        floor=floor,
        room=_room_shown(floor, exhibitor, stand, best[0].room_id if best else None),
        rooms={room.id: room for room in floor.rooms},
        best=best,
        best_ids={free_stand.id for free_stand in floor.free if suits(free_stand, wishes)},
        stand=stand,
        lacking=shortfalls_of(stand, wishes, floor.corners) if stand else [],
        exchange=_exchange(floor, exhibitor, stand),
        occupants=queries.occupants_of(edition_id),
        pavilions=queries.pavilions_of(edition_id),
        refusal=refusal,
    )


def _exchange(
    floor: queries.Floor, exhibitor: Exhibitor, stand: DrawnStand | None
) -> tuple[Exhibitor, list[str]] | None:
    """Return the occupant of the stand viewed, and what it would lack on this exhibitor's stand."""
    if stand is None or stand.occupant in (None, exhibitor.id) or stand.reserved:
        return None
    occupant = get_exhibitor(stand.occupant)
    own_stand = next(
        (candidate for candidate in floor.stands if candidate.id == exhibitor.stand_id), None
    )
    return occupant, shortfalls_of(
        own_stand, queries.wishes_of(occupant, {}), floor.corners
    ) if own_stand else []


def _room_shown(
    floor: queries.Floor,
    exhibitor: Exhibitor,
    stand: DrawnStand | None,
    best: int | None,
) -> Room | None:
    """Return the hall to show.

    The hall requested, else that of the stand viewed, its own, the best, the wished, the one with
    the most free stands.
    """
    by_name = {room.name: room for room in floor.rooms}
    if name := request.args.get("hall"):
        return by_name.get(name) or abort(404)
    own_hall_id = exhibitor.stand.hall_id if exhibitor.stand else None
    rooms = {room.id: room for room in floor.rooms}
    for room_id in (stand.room_id if stand else None, own_hall_id, best, exhibitor.wished_hall_id):
        if room_id in rooms:
            return rooms[room_id]
    free_counts = Counter(free_stand.room_id for free_stand in floor.free)
    return max(floor.rooms, key=lambda room: free_counts[room.id], default=None)


@blueprint.post("/organisation/placement/<int:exhibitor_id>")
@only(Domain.EXHIBITORS)
def give_stand(exhibitor_id: int) -> ResponseReturnValue:
    form = GiveStandForm()
    exhibitor = get_exhibitor(exhibitor_id)
    if not form.validate() or form.stand_id.data is None:
        return _place_page(exhibitor, "Choisissez un stand dans la liste ou sur le plan."), 400
    try:
        exhibitor_placed = services.give_stand(
            request_act(), exhibitor_id, int(form.version.data), form.stand_id.data
        )
    except RuleBroken as refusal:
        return _place_page(get_exhibitor(exhibitor_id), refusal.message), refusal.status
    return redirect(_list_url(placed_id=exhibitor_placed.id))


def _list_url(placed_id: int | None = None) -> str:
    """Return the page of the list left before, at its first row, for the next exhibitor."""
    page, text = request.args.get("page", type=int), request.args.get("q")
    return url_for("placement.placement", page=page, q=text, given=placed_id, _anchor="a-placer")


@blueprint.post("/organisation/placement/<int:exhibitor_id>/echanger")
@only(Domain.EXHIBITORS)
def exchange_stands(exhibitor_id: int) -> ResponseReturnValue:
    form = ExchangeForm()
    exhibitor = get_exhibitor(exhibitor_id)
    if not form.validate():
        return _place_page(exhibitor, "Rechargez la page, puis validez de nouveau."), 400
    first = (exhibitor_id, int(form.version.data))
    second = (form.other_id.data, form.other_version.data)
    try:
        services.exchange_stands(request_act(), *first, *second)
    except RuleBroken as refusal:
        return _place_page(get_exhibitor(exhibitor_id), refusal.message), refusal.status
    flash("Les deux exposants ont échangé leurs stands ; chacun reçoit un message.", "success")
    return redirect(url_for("placement.place", exhibitor_id=exhibitor_id))


@blueprint.post("/organisation/placement/<int:exhibitor_id>/liberer")
@only(Domain.EXHIBITORS)
def free_stand(exhibitor_id: int) -> ResponseReturnValue:
    form = VersionForm()
    exhibitor = get_exhibitor(exhibitor_id)
    if not form.validate():
        return _place_page(exhibitor, "Rechargez la page, puis validez de nouveau."), 400
    former = exhibitor.stand
    try:
        freed = services.free_stand(request_act(), exhibitor_id, int(form.version.data))
    except RuleBroken as refusal:
        return _place_page(get_exhibitor(exhibitor_id), refusal.message), refusal.status
    assert former is not None
    flash(f"Le stand {former.number} {of(exhibitor.name)} est libre.", "success")
    offer_undo(
        url_for("placement.give_stand", exhibitor_id=exhibitor_id),
        f"Lui rendre le stand {former.number}",
        stand_id=str(former.id),
        version=str(freed.version),
    )
    if "page" in request.args:
        return redirect(_list_url())
    return redirect(url_for("placement.place", exhibitor_id=exhibitor_id))


@blueprint.post("/organisation/placement/<int:exhibitor_id>/pavillon")
@only(Domain.EXHIBITORS)
def attach_member(exhibitor_id: int) -> ResponseReturnValue:
    form = PavilionForm()
    exhibitor = get_exhibitor(exhibitor_id)
    pavilions = queries.pavilions_of(exhibitor.edition_id)
    form.parent_id.choices = {
        "": "Aucun",
        **{str(pavilion.id): pavilion.name for pavilion in pavilions},
    }
    if not form.validate():
        return _place_page(exhibitor, "Choisissez un pavillon dans la liste."), 400
    try:
        services.attach_member(request_act(), exhibitor_id, int(form.version.data), form.chosen)
    except RuleBroken as refusal:
        return _place_page(get_exhibitor(exhibitor_id), refusal.message), refusal.status
    flash("Pavillon enregistré.", "success")
    return redirect(url_for("placement.place", exhibitor_id=exhibitor_id))
