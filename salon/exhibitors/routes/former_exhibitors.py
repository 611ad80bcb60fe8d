"""Invitations of last year's exhibitors, from a file or from an earlier edition."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms.invitations import InviteForm
from salon.exhibitors.imports.former_exhibitors import (
    FormerRow,
    read_former,
    row_of,
    rows_of,
)
from salon.exhibitors.queries import former_exhibitors as queries
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.routes import blueprint
from salon.exhibitors.services import former_exhibitors as services
from salon.exhibitors.services.former_exhibitors import Fate, Planned
from salon.fair.access import get_request_edition
from salon.platform.access import accepts_upload, actor, only
from salon.platform.clock import now
from salon.platform.formats import plural
from salon.platform.identity import Domain
from salon.platform.spreadsheets.preview import ListFileForm, PreviewLine, fields_of, review
from salon.platform.spreadsheets.reader import ReadList, text_of_file


@blueprint.route("/organisation/exposants/inviter", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def invite_former() -> ResponseReturnValue:
    form = ListFileForm()
    if form.validate_on_submit():
        with form.refusals(on="file"):
            file = read_former(text_of_file(form.file.data.read()))
            return _preview(rows_of(file), form.file.data.filename or "", file)
    edition = get_request_edition()
    page = render_template(
        "exhibitors/invite_former.html",
        form=form,
        earlier=queries.earlier_editions(edition.id),
        terms=find_terms(edition),
    )
    return page, 400 if form.errors else 200


@blueprint.get("/organisation/exposants/inviter/<int:edition_id>")
@only(Domain.EXHIBITORS)
def invite_from_edition(edition_id: int) -> ResponseReturnValue:
    current = get_request_edition()
    names = {key: name for key, name, _ in queries.earlier_editions(current.id)}
    if edition_id not in names:
        abort(404)
    return _preview(_rows_in(edition_id), names[edition_id], edition_id=edition_id)


def _rows_in(edition_id: int) -> list[FormerRow]:
    """Return the accepted exhibitors of an edition as numbered rows."""
    return [
        row_of(number, exhibitor)
        for number, exhibitor in enumerate(queries.accepted_in(edition_id), 1)
    ]


def _preview(
    rows: Sequence[FormerRow],
    source_name: str,
    file: ReadList | None = None,
    edition_id: int | None = None,
) -> ResponseReturnValue:
    """Return the page of the outcome of inviting these rows; nothing is written."""
    planned = services.plan_invitations(get_request_edition(), rows)
    lines = [_preview_line(plan) for plan in planned]
    return render_template(
        "exhibitors/invite_former_preview.html",
        form=InviteForm(
            formdata=None, rows=file.text if file else "", source=str(edition_id or "")
        ),
        lines=lines,
        fields=fields_of(file, lines) if file else {},
        counts={fate: sum(plan.fate == fate for plan in planned) for fate in Fate},
        source_name=source_name,
    )


LOOKS = {
    Fate.INVITED: ("ok", "Invitation", "envelope"),
    Fate.KNOWN: ("neutral", "Déjà candidat"),
    Fate.REPEATED: ("neutral", "Répété plus haut"),
    Fate.WRONG: ("danger", "À corriger"),
}


def _preview_line(plan: Planned) -> PreviewLine:
    row = plan.row
    return PreviewLine(
        number=row.number,
        label=row.name,
        more=", ".join(filter(None, (row.values["email"], row.values["siret"]))),
        look=LOOKS[plan.fate],
        note=plan.existing_name,
        faults=row.wrong,
        is_choice=plan.fate == Fate.INVITED,
    )


@blueprint.post("/organisation/exposants/inviter/envoyer")
@only(Domain.EXHIBITORS)
@accepts_upload("max_content_length", carries_text=True)
def send_invitations() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        flash("Cette page est trop ancienne : recommencez avec le fichier.", "warning")
        return redirect(url_for("exhibitors.invite_former"))
    chosen = set(request.form.getlist("row", type=int))
    if form.source.data:
        rows = _rows_in(int(form.source.data))
    else:
        file, is_corrected = review(form.rows.data or "", read_former, request.form)
        if is_corrected:
            return _preview(rows_of(file), "", file)
        rows = rows_of(file)
    chosen_rows = [row for row in rows if row.number in chosen]
    if not chosen_rows:
        flash("Aucune ligne n’était cochée : personne n’est invité.", "warning")
        return redirect(url_for("exhibitors.invite_former"))
    count = services.invite_former(
        get_request_edition(), chosen_rows, form.submission_key.data, now(), actor()
    )
    flash(
        f"{plural(count, 'exposant invité', 'exposants invités')}. Le lien part par courriel.",
        "success",
    )
    return redirect(url_for("exhibitors.review", state="draft"))
