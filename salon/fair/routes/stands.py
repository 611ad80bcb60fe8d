"""The plan as a table: one stand or one row at a time, without JavaScript."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries, rules, services
from salon.fair.access import get_request_edition
from salon.fair.engine.layout import PlacedStand, ShrunkStand, placed
from salon.fair.engine.plan_frames import numbered, rows_of
from salon.fair.forms.floor import RowForm, StandForm, StandRowsForm
from salon.fair.models import Hall
from salon.fair.routes import blueprint
from salon.fair.services.floor import Redrawing
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.confirmation import (
    Confirmation,
    confirm_first,
    consequences_page,
    is_confirmed,
)
from salon.platform.pages.forms import VersionForm
from salon.platform.pages.setting_pages import undo_entry
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import metres, plural


def _hall(name: str) -> Hall:
    return queries.get_hall(get_request_edition(), name)


def _back(name: str) -> ResponseReturnValue:
    return redirect(url_for("fair.edit_hall", name=name))


def _stand(hall: Hall, stand_id: int) -> PlacedStand:
    return placed([queries.get_stand(hall, stand_id)])[0]


@blueprint.get("/organisation/plan/<name>/stands/nouveau")
@only(Domain.FAIR, Domain.EXHIBITORS)
def new_stand(name: str) -> ResponseReturnValue:
    """Show an empty form, or the copy of a stand beside it (`?copie=<id>`)."""
    hall = _hall(name)
    form = StandForm(formdata=None, power_kw=min(3, hall.power_kw), is_accessible=True)
    if copied := request.args.get("copie", type=int):
        original = _stand(hall, copied)
        form = StandForm(
            formdata=None, **(original.values | {"number": "", "x": original.x + original.width})
        )
    return render_template("fair/stand.html", hall=hall, form=form, stand=None)


@blueprint.post("/organisation/plan/<name>/stands/nouveau")
@only(Domain.FAIR, Domain.EXHIBITORS)
def add_stand(name: str) -> ResponseReturnValue:
    hall, form = _hall(name), StandForm()
    status = 400
    if form.validate():
        try:
            services.add_stand(request_act(), hall, form.stand, form.submission_key.data)
        except RuleBroken as error:
            form.form_errors.extend(messages_of(error))
            status = error.status
        else:
            flash(f"Le stand {form.number.data} est ajouté.", "success")
            return _back(name)
    return render_template("fair/stand.html", hall=_hall(name), form=form, stand=None), status


@blueprint.route("/organisation/plan/<name>/stands/rangees", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.EXHIBITORS)
def add_rows(name: str) -> ResponseReturnValue:
    """Add equal stands, which the product lays out in rows."""
    hall = _hall(name)
    form = StandRowsForm(power_kw=min(3, hall.power_kw), is_accessible=True, width=3.0, depth=3.0)
    if form.validate_on_submit():
        try:
            key = form.submission_key.data or ""
            services.add_rows(request_act(), hall, form.stand_at(0, 0), form.count.data, key)
        except RuleBroken as error:
            form.refuse(error)
            form.form_errors = messages_of(error)
        else:
            flash(f"Hall {name} : {plural(form.count.data, 'stand')} de plus.", "success")
            return _back(name)
    return render_template("fair/add_rows.html", hall=_hall(name), form=form), form.status_code


@blueprint.get("/organisation/plan/<name>/stands/<int:stand_id>")
@only(Domain.FAIR, Domain.EXHIBITORS)
def edit_stand(name: str, stand_id: int) -> ResponseReturnValue:
    return _stand_page(name, stand_id)


@blueprint.post("/organisation/plan/<name>/stands/<int:stand_id>")
@only(Domain.FAIR, Domain.EXHIBITORS)
def change_stand(name: str, stand_id: int) -> ResponseReturnValue:
    hall, form = _hall(name), StandForm()
    _stand(hall, stand_id)
    if not form.validate():
        return _stand_page(name, stand_id, form), 400

    def change() -> Redrawing:
        words = form.mail_words.data or ""
        version = int(form.version.data)
        return services.change_stand(request_act(), hall, version, stand_id, form.stand, words)

    try:
        back = url_for("fair.edit_stand", name=name, stand_id=stand_id)
        if page := ask_of_stands(name, back, change):
            return page
        redrawing = change()
    except RuleBroken as error:
        form.form_errors.extend(messages_of(error))
        is_stale = isinstance(error, StaleVersion)
        if is_stale:
            form.version.data = str(_hall(name).version)
        return _stand_page(name, stand_id, form, has_changed=is_stale), error.status
    flash(f"Le stand {form.number.data} est enregistré.", "success")
    follow_up(hall, redrawing)
    return _back(name)


@blueprint.post("/organisation/plan/<name>/stands/<int:stand_id>/supprimer")
@only(Domain.FAIR, Domain.EXHIBITORS)
def delete_stand(name: str, stand_id: int) -> ResponseReturnValue:
    hall, version_form = _hall(name), VersionForm()
    number = _stand(hall, stand_id).number
    if not version_form.validate():
        raise rules.PlanNotUnderstood

    def delete() -> None:
        services.delete_stand(request_act(), hall, int(version_form.version.data), stand_id)

    question = Confirmation(
        title=f"Supprimer le stand {number}",
        kicker=f"Hall {name}",
        button="Supprimer le stand",
        back=url_for("fair.edit_stand", name=name, stand_id=stand_id),
        facts=["Sa place, ses mesures et ses équipements sont effacés du plan."],
        is_final=True,
        section="fair.floors",
    )
    try:
        if page := confirm_first(question, delete):
            return page
    except RuleBroken as error:
        return _stand_page(name, stand_id, refused=messages_of(error)), error.status
    flash(f"Le stand {number} est supprimé.", "success")
    return _back(name)


@blueprint.route("/organisation/plan/<name>/numeros", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.EXHIBITORS)
def number_row(name: str) -> ResponseReturnValue:
    hall = _hall(name)
    if request.method == "GET":
        return _row_page(hall, RowForm(formdata=None, version=hall.version, step=1))
    form = RowForm()
    rows = _choose_among_rows(form, hall)
    if not form.validate():
        return _row_page(hall, form), 400
    keys = [stand.id or 0 for stand in rows[form.row.data]]
    if form.direction.data == "west":
        keys.reverse()

    def change() -> Redrawing:
        version, words = int(form.version.data), form.mail_words.data or ""
        first, step = form.first.data, form.step.data
        return services.number_stands(
            request_act(), hall, version, numbered(keys, first, step), words
        )

    try:
        if page := ask_of_stands(name, url_for("fair.number_row", name=name), change):
            return page
        redrawing = change()
    except RuleBroken as error:
        form.form_errors.extend(messages_of(error))
        hall = _hall(name)
        form.version.data = str(hall.version)
        return _row_page(hall, form), error.status
    flash("La rangée est numérotée.", "success")
    follow_up(hall, redrawing)
    return _back(name)


@blueprint.post("/organisation/plan/<name>/retablir")
@only(Domain.FAIR, Domain.EXHIBITORS)
def undo_renumbering(name: str) -> ResponseReturnValue:
    services.undo_renumbering(request_act(), _hall(name), undo_entry())
    flash("Les stands ont de nouveau leurs numéros et leurs places d’avant.", "success")
    return _back(name)


def ask_of_stands(name: str, back: str, change: Callable[[], Redrawing]) -> str | None:
    """Return the page that says whom new numbers and places touch.

    None when nobody, or once confirmed.
    """
    question = Confirmation(
        title="Changer des stands du plan",
        kicker=f"Hall {name}",
        button="Enregistrer le plan",
        back=back,
        facts=["Voici qui ces changements touchent. Rien n’est encore enregistré."],
        section="fair.floors",
        is_destructive=False,
    )
    return None if is_confirmed() else consequences_page(question, lambda: change().done)


def _row_page(hall: Hall, form: RowForm) -> str:
    _choose_among_rows(form, hall)
    return render_template("fair/number_row.html", hall=hall, form=form)


def _choose_among_rows(form: RowForm, hall: Hall) -> dict[int, list[PlacedStand]]:
    """Return the rows by their first stand, so that a choice survives changes elsewhere."""
    rows = {row[0].id or 0: row for row in rows_of(placed(hall.stands))}
    form.row.choices = {key: _row_words(row) for key, row in rows.items()}
    return rows


def _row_words(row: list[PlacedStand]) -> str:
    numbers = [stand.number for stand in row]
    ends = numbers[0] if len(numbers) == 1 else f"{numbers[0]} à {numbers[-1]}"
    return f"Stands {ends}, à {row[0].y:g} m du mur nord".replace(".", ",")


def _stand_page(
    name: str,
    stand_id: int,
    form: StandForm | None = None,
    has_changed: bool = False,
    refused: Sequence[str] = (),
) -> str:
    """Return the page of a saved stand, with the typed values if there are some."""
    hall = _hall(name)
    row = queries.get_stand(hall, stand_id)
    (stand,) = placed([row])
    form = form or StandForm(formdata=None, version=hall.version, **stand.values)
    form.form_errors.extend(refused)
    return render_template(
        "fair/stand.html", hall=hall, form=form, stand=stand, on_it=row, has_changed=has_changed
    )


def messages_of(error: RuleBroken) -> list[str]:
    """Return one message per fault of a layout."""
    if isinstance(error, rules.FloorFaults):
        return error.texts
    return [error.message]


def follow_up(hall: Hall, redrawing: Redrawing) -> None:
    """Offer to undo new numbers and places; warn about stands that became smaller."""
    if redrawing.done and (entry := services.last_renumbering(hall)):
        offer_undo(url_for("fair.undo_renumbering", name=hall.name), entry=str(entry.id))
    warn_of_smaller_stands(redrawing.smaller)


def warn_of_smaller_stands(smaller: Sequence[ShrunkStand]) -> None:
    """Warn about occupants with less room than before."""
    for stand in smaller:
        flash(
            f"Le stand {stand.number} passe de {metres(stand.before)} à {metres(stand.after)} m² "
            f"et reste occupé par {stand.occupant}. Ce qui est déjà commandé ou facturé ne change "
            "pas.",
            "warning",
        )
