"""Exhibitors of another fair, or of a year before this software, invited from a file."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.imports.former_exhibitors import FormerRow, read_former, rows_of
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.services import former_exhibitors as services
from salon.exhibitors.services.former_exhibitors import Fate, Planned
from salon.fair.access import fair_act, get_request_edition
from salon.invitations.forms import InviteFileForm
from salon.invitations.routes import blueprint
from salon.platform.database.identity import Domain
from salon.platform.documents.spreadsheets.preview import (
    ListFileForm,
    PreviewLine,
    fields_of,
    review,
)
from salon.platform.documents.spreadsheets.reader import ReadList, text_of_file
from salon.platform.mail.oppositions import opposed
from salon.platform.web.access import accepts_upload, only
from salon.platform.words.formats import plural


@blueprint.route("/organisation/exposants/inviter", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def invite_from_file() -> ResponseReturnValue:
    form = ListFileForm()
    if form.validate_on_submit():
        with form.refusals(on="file"):
            file = read_former(text_of_file(form.file.data.read()))
            return _preview(rows_of(file), form.file.data.filename or "", file)
    page = render_template(
        "invitations/invite_from_file.html", form=form, terms=find_terms(get_request_edition())
    )
    return page, 400 if form.errors else 200


def _preview(rows: Sequence[FormerRow], source_name: str, file: ReadList) -> ResponseReturnValue:
    """Return the page of the outcome of inviting these rows; nothing is written."""
    planned = services.plan_invitations(get_request_edition(), rows, _opposed(rows))
    lines = [_preview_line(plan) for plan in planned]
    return render_template(
        "invitations/invite_from_file_preview.html",
        form=InviteFileForm(formdata=None, rows=file.text),
        file=file,
        lines=lines,
        fields=fields_of(file, lines),
        counts={fate: sum(plan.fate == fate for plan in planned) for fate in Fate},
        source_name=source_name,
    )


def _opposed(rows: Sequence[FormerRow]) -> frozenset[str]:
    return opposed({row.values["email"] for row in rows})


LOOKS = {
    Fate.INVITED: ("ok", "Invitation", "envelope"),
    Fate.KNOWN: ("neutral", "Déjà candidat"),
    Fate.REPEATED: ("neutral", "Répété plus haut"),
    Fate.OPPOSED: ("danger", "Ne veut plus d’invitation"),
    Fate.WRONG: ("danger", "À corriger"),
}


ASKED = ("warning", "À préciser")
RESEMBLES = "Ressemble à {}. Cochez si ce sont deux exposants."


def _preview_line(plan: Planned) -> PreviewLine:
    row = plan.row
    return PreviewLine(
        number=row.number,
        label=row.name,
        more=", ".join(filter(None, (row.values["email"], row.values["siret"]))),
        look=ASKED if plan.resembles else LOOKS[plan.fate],
        note=" ".join(filter(None, (_note(plan), _unread(row)))),
        faults=row.wrong,
        is_choice=plan.fate == Fate.INVITED,
        is_ticked=not plan.resembles,
    )


def _note(plan: Planned) -> str:
    return RESEMBLES.format(plan.resembles) if plan.resembles else plan.existing_name


def _unread(row: FormerRow) -> str:
    return f"Non lu\u00a0: {', '.join(row.unread)}." if row.unread else ""


@blueprint.post("/organisation/exposants/inviter/envoyer")
@only(Domain.EXHIBITORS)
@accepts_upload("max_content_length", carries_text=True)
def send_from_file() -> ResponseReturnValue:
    form = InviteFileForm()
    if not form.validate():
        flash("Cette page est trop ancienne : recommencez avec le fichier.", "warning")
        return redirect(url_for("invitations.invite_from_file"))
    chosen_numbers = set(request.form.getlist("row", type=int))
    file, is_corrected = review(form.rows.data or "", read_former, request.form)
    if is_corrected:
        return _preview(rows_of(file), "", file)
    rows = rows_of(file)
    chosen_rows = [row for row in rows if row.number in chosen_numbers]
    if not chosen_rows:
        flash("Aucune ligne n’était cochée : personne n’est invité.", "warning")
        return redirect(url_for("invitations.invite_from_file"))
    count = services.invite_former(
        fair_act(), chosen_rows, form.submission_key.data, _opposed(chosen_rows)
    )
    flash(
        f"{plural(count, 'exposant invité', 'exposants invités')}. Le lien part par courriel.",
        "success",
    )
    return redirect(url_for("exhibitors.review", state="draft"))
