"""Lists of mayors and of town halls: read, compared with the book, then written."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.invitations.forms import AuthoritiesFileForm, AuthoritiesReviewForm
from salon.invitations.imports.authorities import (
    AuthorityList,
    read_authorities,
    read_carried,
    read_line,
)
from salon.invitations.queries.territory import Territory, find_territory
from salon.invitations.routes import blueprint
from salon.invitations.services.authorities import (
    LineFate,
    PlannedLine,
    Source,
    import_lines,
    plan_import,
)
from salon.platform.database.identity import Domain
from salon.platform.documents.spreadsheets.preview import PreviewLine, fields_of, review
from salon.platform.documents.spreadsheets.reader import text_of_file
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import accepts_upload, only, stays_open
from salon.platform.words.formats import plural

LOOKS = {
    LineFate.ADDED: ("ok", LineFate.ADDED.label, "plus-lg"),
    LineFate.CHANGED: ("info", LineFate.CHANGED.label, "pencil"),
    LineFate.LOST: ("warning", LineFate.LOST.label),
    LineFate.REPEATED: ("neutral", LineFate.REPEATED.label),
    LineFate.SAME: ("neutral", LineFate.SAME.label),
    LineFate.WRONG: ("danger", LineFate.WRONG.label),
}
WRITTEN = (LineFate.ADDED, LineFate.CHANGED, LineFate.LOST)
SOURCE_MISSING = "Dites d’où vient cette liste\u00a0: la loi veut qu’on le dise à qui l’on écrit."


@blueprint.route("/organisation/communes/importer", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
@accepts_upload("document_max_bytes")
def import_communes() -> ResponseReturnValue:
    form = list_form()
    if form.validate_on_submit():
        with form.refusals(on="file"):
            territory = find_territory()
            listed = read_authorities(text_of_file(form.file.data.read()), territory)
            source = form.source.data or listed.source
            if source:
                return _preview(listed, Source(source, form.dated_on.data), territory)
            form.source.errors = [SOURCE_MISSING]
    page = render_template("invitations/communes_import.html", form=form)
    return page, 400 if form.errors else 200


@blueprint.post("/organisation/communes/importer/confirmer")
@only(Domain.REGISTRATIONS)
@stays_open
@accepts_upload("max_content_length", carries_text=True)
def confirm_communes() -> ResponseReturnValue:
    form = AuthoritiesReviewForm()
    if not form.validate():
        flash("Cette page est trop ancienne\u00a0: recommencez avec le fichier.", "warning")
        return redirect(url_for("invitations.import_communes"))
    source, territory = Source(form.source.data[:100], form.dated_on.data), find_territory()
    file, is_corrected = review(form.rows.data or "", read_carried, request.form)
    if is_corrected:
        elsewhere, others = (_count(field.data) for field in (form.elsewhere, form.others))
        return _preview(AuthorityList(file, elsewhere, others), source, territory)
    chosen = set(request.form.getlist("row", type=int))
    lines = [read_line(line, territory) for line in file.lines if line.number in chosen]
    count = import_lines(request_act(), lines, source)
    words = plural(count, "commune ou EPCI enregistré", "communes et EPCI enregistrés")
    flash(f"{words}." if count else "Rien n’était coché : le carnet reste tel quel.", "success")
    return redirect(url_for("invitations.communes"))


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0


def _preview(listed: AuthorityList, source: Source, territory: Territory) -> str:
    planned = plan_import([read_line(line, territory) for line in listed.file.lines])
    return preview_page("communes", listed, source, planned, _unnamed(planned, territory))


def list_form() -> AuthoritiesFileForm:
    """Return the form that asks for a list; its day is today until another is typed."""
    form = AuthoritiesFileForm()
    if not form.dated_on.data and request.method == "GET":
        form.dated_on.data = local(now()).date()
    return form


def preview_page(
    subject: str,
    listed: AuthorityList,
    source: Source,
    planned: Sequence[PlannedLine],
    unnamed: Sequence[str] = (),
) -> str:
    """Return the page of what a list would change; nothing is written.

    `subject` ends the names of the routes of the list; `unnamed`: who is not in it.
    """
    lines = [_preview_line(plan) for plan in planned if _is_shown(plan)]
    counts = {fate: sum(plan.fate == fate for plan in planned) for fate in LineFate}
    return render_template(
        "invitations/list_preview.html",
        subject=subject,
        form=AuthoritiesReviewForm(
            formdata=None,
            rows=listed.file.text,
            source=source.name,
            dated_on=source.dated_on,
            elsewhere=listed.elsewhere,
            others=listed.others,
        ),
        file=listed.file,
        lines=lines,
        fields=fields_of(listed.file, lines),
        counts=counts,
        changes=sum(counts[fate] for fate in WRITTEN),
        source=source,
        listed=listed,
        unnamed=unnamed,
    )


def _is_shown(plan: PlannedLine) -> bool:
    return plan.fate != LineFate.SAME or bool(plan.line.notes or plan.changes)


def _unnamed(planned: Sequence[PlannedLine], territory: Territory) -> list[str]:
    """Return the communes of the territory that the list does not name."""
    named = {plan.line.place.commune_code for plan in planned if plan.line.place}
    return [place.name for code, place in territory.communes.items() if code not in named]


def _preview_line(plan: PlannedLine) -> PreviewLine:
    line = plan.line
    return PreviewLine(
        number=line.number,
        label=line.place.name if line.place else line.name,
        more="",
        look=LOOKS[plan.fate],
        note=" ".join((*plan.changes, *line.notes)),
        faults=line.wrong,
        is_choice=plan.fate in WRITTEN,
        is_ticked=plan.fate != LineFate.LOST,
    )
