"""The plan as a file: export, and import with a preview of the differences."""

import json
from collections import defaultdict
from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries, rules, services
from salon.fair.access import fair_act, get_request_edition
from salon.fair.actions import FairAction
from salon.fair.engine.layout import placed
from salon.fair.forms.floor import ConfirmForm, ImportForm
from salon.fair.imports.stands import (
    STAND_COLUMNS,
    StandFile,
    read_stand_list,
    read_stands,
    stand_cells,
)
from salon.fair.models import Hall
from salon.fair.routes import blueprint
from salon.fair.routes.stands import messages_of, warn_of_smaller_stands
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.database.versions import StaleVersion
from salon.platform.documents.spreadsheets.preview import PreviewLine, fields_of, review
from salon.platform.documents.spreadsheets.reader import ReadList, text_of_file
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken


@blueprint.get("/organisation/plan.<any(csv,xlsx):kind>")
@only(Domain.FAIR, Domain.EXHIBITORS)
@long_answer
def stands_file(kind: str) -> ResponseReturnValue:
    edition = get_request_edition()
    note(actor(), FairAction.PLAN_EXPORTED, f"edition:{edition.id}")
    rows = [
        stand_cells(hall.name, stand)
        for hall in queries.halls_of(edition)
        for stand in sorted(
            placed(hall.stands), key=lambda placed_stand: queries.number_order(placed_stand.number)
        )
    ]
    return Table("Stands", [*map(Column, STAND_COLUMNS)], rows).download("stands", kind)


@blueprint.post("/organisation/plan/import")
@only(Domain.FAIR, Domain.EXHIBITORS)
def preview_import() -> ResponseReturnValue:
    """Show what the file would change; nothing is written."""
    form, file = ImportForm(), None
    if not form.validate():
        return _refused(form), 400
    try:
        file = read_stand_list(text_of_file(form.file.data.read()))
        return _preview(_stands_of(file))
    except RuleBroken as error:
        return _refused(form, error, file), error.status


@blueprint.post("/organisation/plan/import/confirmer")
@only(Domain.FAIR, Domain.EXHIBITORS)
def confirm_import() -> ResponseReturnValue:
    form, file = ConfirmForm(), None
    if not form.validate():
        raise rules.PlanNotUnderstood
    versions = _versions(form.versions.data)
    try:
        file, is_corrected = review(form.content.data, read_stand_list, request.form)
        stands = _stands_of(file)
        if is_corrected:
            return _preview(stands)
        try:
            smaller = services.import_stands(fair_act(), versions, stands.halls)
        except StaleVersion:
            return _preview(stands, again=True), 409
    except RuleBroken as error:
        return _refused(ImportForm(formdata=None), error, file), error.status
    flash("Le plan est importé.", "success")
    warn_of_smaller_stands(smaller)
    return redirect(url_for("fair.floors"))


def _stands_of(file: ReadList) -> StandFile:
    halls = queries.halls_by_name(get_request_edition())
    return read_stands(file, [hall.name for hall in halls])


def _refused(
    form: ImportForm, error: RuleBroken | None = None, file: ReadList | None = None
) -> str:
    """Return the page to choose a file again, with fields to correct the lines at fault."""
    edition = get_request_edition()
    faults: dict[int, list[str]] = defaultdict(list)
    if error is not None:
        form.form_errors.extend(messages_of(error))
        for fault in getattr(error, "faults", ()):
            for number in fault.lines:
                faults[number].append(fault.text)
    lines = [
        PreviewLine(
            number=line.number,
            label=f"Stand {line.cells['numero']}",
            more=f"hall {line.cells['hall']}",
            look=("danger", "À corriger"),
            faults=faults[line.number],
        )
        for line in (file.lines if file else ())
        if line.number in faults
    ]
    return render_template(
        "fair/floors.html",
        counts=queries.hall_counts(edition),
        form=form,
        review=_confirm_form(file, queries.halls_of(edition)) if file else None,
        file=file,
        lines=lines,
        fields=fields_of(file, lines) if file else {},
    )


def _confirm_form(file: ReadList, halls: Iterable[Hall]) -> ConfirmForm:
    versions = json.dumps({hall.name: hall.version for hall in halls})
    return ConfirmForm(formdata=None, content=file.text, versions=versions)


def _preview(stands: StandFile, again: bool = False) -> str:
    """Return the preview; raise what importing the stands would raise now."""
    edition = get_request_edition()
    halls = queries.halls_of(edition)
    faults = [fault for hall in halls for fault in rules.faults_of(hall, stands.halls[hall.name])]
    if faults:
        raise rules.FloorFaults(stands.located(faults))
    rules.check_stands_are_free(
        stand for hall in halls for stand in hall.stands if stand.number not in stands.lines
    )
    changes = stands.changes({hall.name: placed(hall.stands) for hall in halls})
    form = _confirm_form(stands.file, halls)
    return render_template(
        "fair/preview_import.html", changes=changes, form=form, again=again, file=stands.file
    )


def _versions(text: str) -> dict[str, int]:
    """Return the halls' versions, as the preview wrote them."""
    try:
        versions: object = json.loads(text)
    except (ValueError, RecursionError):
        raise rules.PlanNotUnderstood from None
    if not isinstance(versions, dict) or any(
        type(version) is not int for version in versions.values()
    ):
        raise rules.PlanNotUnderstood
    return versions
