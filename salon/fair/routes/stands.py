"""The plan as a table: one stand or one row at a time, without JavaScript."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.access import actor, only
from salon.errors import RuleBroken
from salon.fair import queries, rules, services
from salon.fair.floor import rows_of
from salon.fair.forms import RowForm, StandForm, VersionForm
from salon.fair.layout import PlacedStand, placed
from salon.fair.models import Hall
from salon.fair.routes import blueprint
from salon.identity import Role


def _hall(name: str) -> Hall:
    return queries.get_hall(queries.get_current_edition(), name)


def _back(name: str) -> ResponseReturnValue:
    return redirect(url_for("fair.edit_hall", name=name))


def _stand(hall: Hall, stand_id: int) -> PlacedStand:
    return placed([queries.get_stand(hall, stand_id)])[0]


@blueprint.get("/organisation/plan/<name>/stands/nouveau")
@only(Role.ORGANISER)
def new_stand(name: str) -> ResponseReturnValue:
    """An empty form, or the copy of a stand beside it (`?copie=<id>`)."""
    hall = _hall(name)
    form = StandForm(formdata=None, power_kw=min(3, hall.power_kw), is_accessible=True)
    if copied := request.args.get("copie", type=int):
        one = _stand(hall, copied)
        form = StandForm(formdata=None, **(one.values | {"number": "", "x": one.x + one.width}))
    return render_template("fair/stand.html", hall=hall, form=form, stand=None)


@blueprint.post("/organisation/plan/<name>/stands/nouveau")
@only(Role.ORGANISER)
def add_stand(name: str) -> ResponseReturnValue:
    hall, form = _hall(name), StandForm()
    status = 400
    if form.validate():
        try:
            services.add_stand(hall, form.stand, form.submission_key.data, actor())
        except RuleBroken as error:
            form.form_errors.extend(_said(error))
            status = error.status
        else:
            flash(f"Le stand {form.number.data} est ajouté.", "success")
            return _back(name)
    return render_template("fair/stand.html", hall=_hall(name), form=form, stand=None), status


@blueprint.get("/organisation/plan/<name>/stands/<int:stand_id>")
@only(Role.ORGANISER)
def edit_stand(name: str, stand_id: int) -> ResponseReturnValue:
    hall = _hall(name)
    stand = _stand(hall, stand_id)
    form = StandForm(formdata=None, version=hall.version, **stand.values)
    return render_template("fair/stand.html", hall=hall, form=form, stand=stand)


@blueprint.post("/organisation/plan/<name>/stands/<int:stand_id>")
@only(Role.ORGANISER)
def change_stand(name: str, stand_id: int) -> ResponseReturnValue:
    hall, form = _hall(name), StandForm()
    _stand(hall, stand_id)
    status, now_is = 400, None
    if form.validate():
        try:
            services.change_stand(hall, form.version.data, stand_id, form.stand, actor())
        except RuleBroken as error:
            form.form_errors.extend(_said(error))
            status = error.status
        else:
            flash(f"Le stand {form.number.data} est enregistré.", "success")
            return _back(name)
    hall = _hall(name)
    stand = _stand(hall, stand_id)
    if status == 409:
        # What was typed stays; sent again, it is about the plan that this page shows.
        now_is, form.version.data, form.version.raw_data = stand, hall.version, None
    page = render_template("fair/stand.html", hall=hall, form=form, stand=stand, now_is=now_is)
    return page, status


@blueprint.post("/organisation/plan/<name>/stands/<int:stand_id>/supprimer")
@only(Role.ORGANISER)
def delete_stand(name: str, stand_id: int) -> ResponseReturnValue:
    hall, form = _hall(name), VersionForm()
    number = _stand(hall, stand_id).number
    if not form.validate():
        raise rules.PlanNotUnderstood
    services.delete_stand(hall, form.version.data, stand_id, actor())
    flash(f"Le stand {number} est supprimé.", "success")
    return _back(name)


@blueprint.route("/organisation/plan/<name>/numeros", methods=["GET", "POST"])
@only(Role.ORGANISER)
def number_row(name: str) -> ResponseReturnValue:
    hall = _hall(name)
    rows = rows_of(placed(hall.stands))
    form = (
        RowForm(first=1, step=1)
        if request.method == "POST"
        else RowForm(
            formdata=None, version=hall.version, row=request.args.get("rangee", 0, type=int), step=1
        )
    )
    form.row.choices = {place: _row_words(row) for place, row in enumerate(rows)}
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            row = rows[form.row.data][:: -1 if form.direction.data == "west" else 1]
            keys = [one.id for one in row]
            try:
                services.number_row(
                    hall, form.version.data, keys, form.first.data, form.step.data, actor()
                )
            except RuleBroken as error:
                form.form_errors.extend(_said(error))
                status = error.status
            else:
                flash("La rangée est numérotée.", "success")
                return _back(name)
    return render_template("fair/number_row.html", hall=hall, form=form), status


def _row_words(row: list[PlacedStand]) -> str:
    numbers = [one.number for one in row]
    ends = numbers[0] if len(numbers) == 1 else f"{numbers[0]} à {numbers[-1]}"
    return f"Stands {ends}, à {row[0].y:g} m du mur nord".replace(".", ",")


def _said(error: RuleBroken) -> list[str]:
    """Each fault of a layout on its own line."""
    if isinstance(error, rules.FloorFaults):
        return [fault.text for fault in error.faults]
    return [error.message]
