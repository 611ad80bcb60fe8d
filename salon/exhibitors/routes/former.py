"""Invitations of last year's exhibitors, from a file or from an earlier edition."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms.former import FormerListForm, InviteForm
from salon.exhibitors.imports.former_exhibitors import (
    FormerRow,
    as_text,
    decode,
    read_former,
    row_of,
)
from salon.exhibitors.queries import former as queries
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.routes import blueprint
from salon.exhibitors.services import former as services
from salon.exhibitors.services.former import Fate
from salon.fair.queries import get_current_edition
from salon.platform.access import actor, only
from salon.platform.clock import now
from salon.platform.errors import RuleBroken
from salon.platform.formats import plural
from salon.platform.identity import Role


@blueprint.route("/organisation/exposants/inviter", methods=["GET", "POST"])
@only(Role.ORGANISER)
def invite_former() -> ResponseReturnValue:
    form = FormerListForm()
    if form.validate_on_submit():
        try:
            rows = read_former(decode(form.file.data.read()))
            return _preview(rows, form.file.data.filename or "")
        except RuleBroken as refusal:
            form.file.errors = [refusal.message]
    edition = get_current_edition()
    page = render_template(
        "exhibitors/invite_former.html",
        form=form,
        earlier=queries.earlier_editions(edition.id),
        terms=find_terms(edition),
    )
    return page, 400 if form.errors else 200


@blueprint.get("/organisation/exposants/inviter/<int:edition_id>")
@only(Role.ORGANISER)
def invite_from_edition(edition_id: int) -> ResponseReturnValue:
    current = get_current_edition()
    names = {key: name for key, name, _ in queries.earlier_editions(current.id)}
    if edition_id not in names:
        abort(404)
    return _preview(_rows_of(edition_id), names[edition_id], edition_id)


def _rows_of(edition_id: int) -> list[FormerRow]:
    """Return the accepted exhibitors of an edition as numbered rows."""
    return [
        row_of(number, exhibitor)
        for number, exhibitor in enumerate(queries.accepted_in(edition_id), 1)
    ]


def _preview(
    rows: Sequence[FormerRow], source_name: str, edition_id: int | None = None
) -> ResponseReturnValue:
    """Return the page of the outcome of inviting these rows; nothing is written."""
    planned = services.plan_invitations(get_current_edition(), rows)
    invited = [plan.row for plan in planned if plan.fate == Fate.INVITED]
    form = InviteForm(
        formdata=None,
        rows="" if edition_id else as_text(invited),
        source=str(edition_id or ""),
    )
    return render_template(
        "exhibitors/invite_former_preview.html",
        form=form,
        planned=planned,
        fates=Fate,
        count=len(invited),
        places={row.number: place for place, row in enumerate(invited)},
        source_name=source_name,
    )


@blueprint.post("/organisation/exposants/inviter/envoyer")
@only(Role.ORGANISER)
def send_invitations() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        flash("Cette page est trop ancienne : recommencez avec le fichier.", "warning")
        return redirect(url_for("exhibitors.invite_former"))
    chosen = set(request.form.getlist("row", type=int))
    if form.source.data:
        current = get_current_edition()
        plans = services.plan_invitations(current, _rows_of(int(form.source.data)))
        rows = [plan.row for plan in plans if plan.fate == Fate.INVITED]
    else:
        rows = read_former(form.rows.data or "")
    chosen_rows = [row for place, row in enumerate(rows) if place in chosen]
    if not chosen_rows:
        flash("Aucune ligne n’était cochée : personne n’est invité.", "warning")
        return redirect(url_for("exhibitors.invite_former"))
    count = services.invite_former(chosen_rows, form.submission_key.data, now(), actor())
    flash(
        f"{plural(count, 'exposant invité', 'exposants invités')}. Le lien part par courriel.",
        "success",
    )
    return redirect(url_for("exhibitors.review", state="draft"))
