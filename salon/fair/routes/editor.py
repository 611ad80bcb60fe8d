"""The organiser's drawing editor: one whole hall at once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries, rules, services
from salon.fair.access import get_request_edition
from salon.fair.engine.layout import PlacedStand, as_json, by_id, differences, merge_layouts, placed
from salon.fair.engine.plan_frames import hall_frame, open_sides
from salon.fair.forms.floor import CATEGORIES, FloorForm, HallForm, ImportForm
from salon.fair.models import Hall
from salon.fair.routes import blueprint
from salon.fair.routes.stands import ask_of_stands, follow_up, messages_of
from salon.fair.services.floor import Redrawing
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken


@blueprint.get("/organisation/plan")
@only(Domain.FAIR, Domain.EXHIBITORS)
def floors() -> ResponseReturnValue:
    edition = get_request_edition()
    counts = queries.hall_counts(edition)
    return render_template(
        "fair/floors.html",
        counts=counts,
        landmarks=queries.landmarks_of(edition),
        form=ImportForm(formdata=None),
        lines=(),
    )


@blueprint.get("/organisation/plan/<name>")
@only(Domain.FAIR, Domain.EXHIBITORS)
def edit_hall(name: str) -> ResponseReturnValue:
    hall = _hall(name)
    return _editor(hall, placed(hall.stands))


@blueprint.post("/organisation/plan/<name>")
@only(Domain.FAIR, Domain.EXHIBITORS)
def save_hall(name: str) -> ResponseReturnValue:
    """Save the whole hall of the drawing editor; on a conflict, show both changes merged."""
    hall = _hall(name)
    form = FloorForm()
    if not form.validate():
        raise rules.PlanNotUnderstood

    def save() -> Redrawing:
        version, words = int(form.version.data), form.mail_words.data or ""
        return services.save_floor(request_act(), hall, version, form.drawn, words)

    try:
        if page := ask_of_stands(name, url_for("fair.edit_hall", name=name), save):
            return page
        redrawing = save()
    except StaleVersion:
        return _conflict_page(_hall(name), form), 409
    except RuleBroken as error:
        return _editor(
            _hall(name), form.drawn, sent_form=form, refused=messages_of(error)
        ), error.status
    flash("Le plan est enregistré.", "success")
    follow_up(hall, redrawing)
    return redirect(url_for("fair.edit_hall", name=name))


@blueprint.post("/organisation/plan/<name>/reglages")
@only(Domain.FAIR, Domain.EXHIBITORS)
def set_hall(name: str) -> ResponseReturnValue:
    hall = _hall(name)
    form = HallForm()
    if not form.validate():
        return _editor(hall, placed(hall.stands), hall_form=form), 400
    values = form.aisle.data, form.power_kw.data, form.has_water.data
    try:
        services.set_hall(request_act(), hall, int(form.version.data), *values)
    except RuleBroken as error:
        hall = _hall(name)
        form.form_errors.extend(messages_of(error))
        form.version.data = str(hall.version)
        return _editor(hall, placed(hall.stands), hall_form=form), error.status
    flash("Les réglages du hall sont enregistrés.", "success")
    return redirect(url_for("fair.edit_hall", name=name))


def _hall(name: str) -> Hall:
    return queries.get_hall(get_request_edition(), name)


def _conflict_page(hall: Hall, form: FloorForm) -> str:
    """Return the editor with both authors' changes since it was opened, merged but unsaved."""
    current = placed(hall.stands)
    own_changes = differences(by_id(form.read), by_id(form.drawn))
    their_changes = differences(by_id(form.read), by_id(current))
    return _editor(
        hall,
        merge_layouts(form.read, form.drawn, current),
        mine=own_changes.values(),
        theirs=their_changes.values(),
        both=[own_changes[key].stand.number for key in own_changes if key in their_changes],
    )


def _editor(
    hall: Hall,
    drawn_stands: list[PlacedStand],
    sent_form: FloorForm | None = None,
    **values: object,
) -> str:
    """Return the editor on a layout, saved or not.

    `sent_form`: a refused layout, which keeps the plan that its author read as its base.
    """
    current, last_change = placed(hall.stands), services.last_renumbering(hall)
    lines = {stand.id: stand for stand in queries.stands_on_plan(hall)}
    sides = dict(zip((stand.id for stand in current), open_sides(hall, current), strict=True))
    values.setdefault(
        "hall_form",
        HallForm(
            formdata=None,
            version=hall.version,
            aisle=hall.aisle,
            power_kw=hall.power_kw,
            has_water=hall.has_water,
        ),
    )
    return render_template(
        "fair/edit_hall.html",
        hall=hall,
        frame=hall_frame(hall),
        stands=sorted(current, key=_by_number),
        occupants={key: stand.who for key, stand in lines.items()},
        sides=sides,
        categories=CATEGORIES,
        elsewhere=sorted(queries.numbers_elsewhere(hall)),
        form=FloorForm(
            formdata=None,
            version=sent_form.version.data if sent_form else hall.version,
            base=as_json(sent_form.read if sent_form else current),
            layout=as_json(sorted(drawn_stands, key=_by_number)),
        ),
        unsaved=drawn_stands != current,
        last_change=last_change,
        changed_stands=services.changed_stands(last_change) if last_change else (),
        **values,
    )


def _by_number(stand: PlacedStand) -> tuple[str, int, str]:
    return queries.number_order(stand.number)
