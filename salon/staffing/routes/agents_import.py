"""Pages of the import of agents: a template to fill, a preview, then the import."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.fair.models import Edition
from salon.platform.database.identity import Domain, Role
from salon.platform.documents.spreadsheets.preview import (
    CellField,
    ListFileForm,
    PreviewLine,
    ReviewForm,
    fields_of,
    review,
)
from salon.platform.documents.spreadsheets.reader import ReadList, text_of_file
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.web.access import accepts_upload, only
from salon.platform.words.formats import plural
from salon.staffing.access import Scope, own_scope
from salon.staffing.imports.agents import COLUMNS, EXAMPLE, LIKENESS, OF_FACTS, read_agents
from salon.staffing.imports.presence import presence_headings
from salon.staffing.routes import blueprint
from salon.staffing.rules.agents_import import (
    ImportRefused,
    ResemblesAgent,
    UnknownBody,
    UnknownCivility,
)
from salon.staffing.services import agents_import as services
from salon.staffing.services.agents_import import LineEffect, PlannedLine
from salon.staffing.services.agents_lines import ReadLine

LOOKS = {
    LineEffect.ADDED: ("ok", "À ajouter", "person-plus"),
    LineEffect.CHANGED: ("info", "À modifier", "pencil"),
    LineEffect.WRONG: ("danger", "À corriger", "x-octagon-fill"),
}
ASKED = ("warning", "À préciser")
SHOWN = 200
"""Lines shown in a preview: first those to correct, up to it, then as many others."""


@blueprint.get("/organisation/village/agents/modele.csv")
@only(Domain.VILLAGE, Role.AGENT)
def agents_template() -> ResponseReturnValue:
    own_scope()
    columns = [Column(column.head) for column in COLUMNS]
    return Table("Agents", columns, [EXAMPLE]).download("agents-modele")


@blueprint.route("/organisation/village/agents/importer", methods=["GET", "POST"])
@only(Domain.VILLAGE, Role.AGENT)
@accepts_upload("max_content_length")
def import_agents() -> ResponseReturnValue:
    scope, form = own_scope(), ListFileForm()
    if form.validate_on_submit():
        with form.refusals(on="file"):
            file = _read_list(scope.edition, text_of_file(form.file.data.read()))
            return _preview(scope, file, form.file.data.filename or "")
    columns = (*COLUMNS, *presence_headings(_days(scope.edition)))
    page = render_template("staffing/import_agents.html", form=form, columns=columns, scope=scope)
    return page, 400 if form.errors else 200


def _days(edition: Edition) -> list[date]:
    return [day.day_on for day in edition.days]


def _read_list(edition: Edition, text: str) -> ReadList:
    return read_agents(text, _days(edition))


@blueprint.post("/organisation/village/agents/importer/confirmer")
@only(Domain.VILLAGE, Role.AGENT)
@accepts_upload("max_content_length", carries_text=True)
def confirm_agents() -> ResponseReturnValue:
    scope, form = own_scope(), ReviewForm()
    if not form.validate():
        flash("Cette page est trop ancienne\u00a0: recommencez avec le fichier.", "warning")
        return redirect(url_for("staffing.import_agents"))
    read = partial(_read_list, scope.edition)
    file, is_corrected = review(form.rows.data or "", read, request.form)
    if is_corrected:
        return _preview(scope, file)
    key = form.submission_key.data
    try:
        added_count, changed_count = services.import_agents(
            fair_act(scope.edition), file.lines, key, scope.body_ids
        )
    except ImportRefused as refusal:
        return _preview(scope, file, refusal=refusal), refusal.status
    flash(
        f"{plural(added_count, 'agent ajouté', 'agents ajoutés')}, "
        f"{plural(changed_count, 'modifié', 'modifiés')}.",
        "success",
    )
    return redirect(url_for("staffing.agents"))


def _preview(
    scope: Scope, file: ReadList, file_name: str = "", refusal: ImportRefused | None = None
) -> str:
    """Return the preview of the list; nothing is written."""
    planned = services.plan_import(scope.edition, file.lines, scope.body_ids)
    counts = {fate: sum(entry.fate == fate for entry in planned) for fate in LineEffect}
    form = ReviewForm(formdata=None, rows=file.text)
    if refusal is not None:
        form.refuse(refusal)
    shown_entries = _shown(planned)
    lines = [_preview_line(entry) for entry in shown_entries]
    fields = fields_of(file, lines)
    for entry in shown_entries:
        if entry.line.number in fields:
            fields[entry.line.number] = _offered(fields[entry.line.number], entry.line)
    return render_template(
        "staffing/import_agents_preview.html",
        form=form,
        lines=lines,
        fields=fields,
        hidden_lines=len(planned) - len(lines) - counts[LineEffect.SAME],
        counts=counts,
        file=file,
        file_name=file_name,
    )


def _offered(fields: Sequence[CellField], line: ReadLine) -> list[CellField]:
    """Return the fields of a wrong line: a body that may be another's is chosen; of a line that
    resembles an agent, whether it is they is asked alone."""
    if _is_asked(line):
        name = f"cell-{line.number}-{LIKENESS.name}"
        return [CellField(name, LIKENESS.head, "", LIKENESS.choices)]
    refusals = (refusal for refusal in line.wrong if isinstance(refusal, UnknownBody))
    near = [body for refusal in refusals for body in refusal.near]
    offers = {"-body": near}
    if any(isinstance(refusal, UnknownCivility) for refusal in line.wrong):
        offers["-civility"] = ["Mme", "M."]
    return [
        next(
            (
                replace(field, choices=(field.value, *choices))
                for end, choices in offers.items()
                if choices and field.name.endswith(end)
            ),
            field,
        )
        for field in fields
        if not field.name.endswith(f"-{LIKENESS.name}")
    ]


def _is_asked(line: ReadLine) -> bool:
    return any(isinstance(refusal, ResemblesAgent) for refusal in line.wrong)


def _preview_line(entry: PlannedLine) -> PreviewLine:
    return PreviewLine(
        number=entry.line.number,
        label=entry.line.label,
        more=entry.line.email,
        look=ASKED if _is_asked(entry.line) else LOOKS[entry.fate],
        note=". ".join(
            filter(None, (", ".join(OF_FACTS[name] for name in entry.changed), entry.line.note))
        ),
        faults=[refusal.message for refusal in entry.line.wrong],
    )


def _shown(planned: Sequence[PlannedLine]) -> list[PlannedLine]:
    """Return the lines to correct first, then those that change something, up to SHOWN of each."""
    wrong_lines = [entry for entry in planned if entry.fate == LineEffect.WRONG]
    changing = [entry for entry in planned if entry.fate not in (LineEffect.WRONG, LineEffect.SAME)]
    return [*wrong_lines[:SHOWN], *changing[:SHOWN]]
