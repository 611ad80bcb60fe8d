"""Which exhibitors are late, and writing to them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon import formats
from salon.access import actor, only, page_asked
from salon.exhibitors.forms.documents import LateFilterForm
from salon.exhibitors.lateness import overview
from salon.exhibitors.models import Task
from salon.exhibitors.queries import space as queries
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.routes import blueprint
from salon.exhibitors.services import reminders
from salon.fair.queries import get_current_edition
from salon.forms import filters_in_force
from salon.identity import Role
from salon.times import local, now


@blueprint.get("/organisation/exposants/retards")
@only(Role.ORGANISER)
def late() -> ResponseReturnValue:
    edition = get_current_edition()
    form = LateFilterForm(request.args)
    valid = form.validate()
    task, show = (form.task.data, form.show.data) if valid else ("", "")
    today = local(now()).date()
    found = overview(
        queries.accepted_with_tasks(edition), terms_of(edition), today, task or "", show or ""
    )
    return render_template(
        "exhibitors/late.html",
        form=form,
        active=filters_in_force(form),
        found=found,
        page=queries.page_of(found.rows, page_asked()),
        tasks=Task,
        written=queries.written_on(edition, today),
    )


@blueprint.post("/organisation/exposants/<int:exhibitor_id>/rappel")
@only(Role.ORGANISER)
def remind(exhibitor_id: int) -> ResponseReturnValue:
    reminders.remind_now(exhibitor_id, actor(), now())
    flash("Le rappel part par courriel.", "success")
    return redirect(url_for("exhibitors.late"))


@blueprint.post("/organisation/exposants/retards")
@only(Role.ORGANISER)
def remind_late() -> ResponseReturnValue:
    count = reminders.remind_late(actor(), now())
    if count:
        flash(f"{formats.plural(count, 'rappel')} : départ par courriel.", "success")
    else:
        flash("Chacun a déjà été relancé aujourd’hui.", "info")
    return redirect(url_for("exhibitors.late"))
