"""The plan as a file: export, and import with a preview of the differences."""

import json
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries, rules, services
from salon.fair.engine.layout import placed
from salon.fair.forms import ConfirmForm, ImportForm
from salon.fair.imports.stands import STAND_COLUMNS, StandFile, read_stands, stand_cells
from salon.fair.routes import blueprint
from salon.fair.routes.stands import messages_of, warn_of_smaller_stands
from salon.platform.access import actor, only
from salon.platform.errors import RuleBroken
from salon.platform.identity import Role
from salon.platform.journal import note
from salon.platform.spreadsheets import csv_lines
from salon.platform.versions import StaleVersion


@blueprint.get("/organisation/plan.csv")
@only(Role.ORGANISER)
def stands_csv() -> ResponseReturnValue:
    edition = queries.get_current_edition()
    note(actor(), "plan.exported", f"edition:{edition.id}")
    rows = [
        stand_cells(hall.name, stand)
        for hall in queries.halls_of(edition)
        for stand in sorted(
            placed(hall.stands), key=lambda placed_stand: queries.number_order(placed_stand.number)
        )
    ]
    response = Response("".join(csv_lines(STAND_COLUMNS, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="stands.csv"'
    return response


@blueprint.post("/organisation/plan/import")
@only(Role.ORGANISER)
def preview_import() -> ResponseReturnValue:
    """Show what the file would change; nothing is written."""
    form = ImportForm()
    if not form.validate():
        return _refused(form), 400
    try:
        return _preview(_read(form.file.data.read()))
    except RuleBroken as error:
        form.form_errors.extend(messages_of(error))
        return _refused(form), error.status


@blueprint.post("/organisation/plan/import/confirmer")
@only(Role.ORGANISER)
def confirm_import() -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate():
        raise rules.PlanNotUnderstood
    versions = _versions(form.versions.data)
    again = ImportForm(formdata=None)
    try:
        file = _read(form.content.data.encode())
        try:
            smaller = services.import_stands(
                queries.get_current_edition(), versions, file.halls, actor()
            )
        except StaleVersion:
            return _preview(file, again=True), 409
    except RuleBroken as error:
        again.form_errors.extend(messages_of(error))
        return _refused(again), error.status
    flash("Le plan est importé.", "success")
    warn_of_smaller_stands(smaller)
    return redirect(url_for("fair.floors"))


def _read(content: bytes) -> StandFile:
    halls = queries.halls_by_name(queries.get_current_edition())
    return read_stands(content, [hall.name for hall in halls])


def _refused(form: ImportForm) -> str:
    counts = queries.hall_counts(queries.get_current_edition())
    return render_template("fair/floors.html", counts=counts, form=form)


def _preview(file: StandFile, again: bool = False) -> str:
    """Return the preview; raise what importing the file would raise now."""
    edition = queries.get_current_edition()
    halls = queries.halls_of(edition)
    faults = [fault for hall in halls for fault in rules.faults_of(hall, file.halls[hall.name])]
    if faults:
        raise rules.FloorFaults(file.located(faults))
    rules.check_stands_are_free(
        stand for hall in halls for stand in hall.stands if stand.number not in file.lines
    )
    changes = file.changes({hall.name: placed(hall.stands) for hall in halls})
    form = ConfirmForm(
        formdata=None,
        content=file.text,
        versions=json.dumps({hall.name: hall.version for hall in halls}),
    )
    return render_template("fair/preview_import.html", changes=changes, form=form, again=again)


def _versions(text: str) -> dict[str, int]:
    """Return the halls' versions, as the preview wrote them."""
    try:
        versions: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise rules.PlanNotUnderstood from None
    if not isinstance(versions, dict) or any(
        type(version) is not int for version in versions.values()
    ):
        raise rules.PlanNotUnderstood
    return versions
