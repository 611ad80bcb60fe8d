"""Exhibitors with late tasks, and reminders to them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.engine.lateness import Overview, overview
from salon.exhibitor_space.forms import LateFilterForm
from salon.exhibitor_space.queries.accepted import accepted_with_tasks
from salon.exhibitor_space.routes import blueprint
from salon.exhibitor_space.services import reminders
from salon.exhibitors.models import ExhibitorTerms, Task
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now
from salon.platform.settings.prefixes import page_address
from salon.platform.web.access import only
from salon.platform.words import formats


def _terms_of(edition: Edition) -> ExhibitorTerms:
    """Return the terms of an edition; without a deadline before they are loaded."""
    return find_terms(edition) or ExhibitorTerms(deadlines={})


def _overview(edition: Edition, form: LateFilterForm) -> Overview:
    """Return the exhibitors selected by the filter of the address."""
    terms = _terms_of(edition)
    added = {task.value: task.title for task in terms.live_tasks}
    form.task.choices = {**dict(form.task.choices), **added}
    filters: dict[str, str] = requested_filters(form, dict)
    exhibitors, today = accepted_with_tasks(edition), local(now()).date()
    return overview(exhibitors, terms, today, **filters)


@blueprint.get("/organisation/exposants/retards")
@only(Domain.EXHIBITORS)
def late() -> ResponseReturnValue:
    edition = get_request_edition()
    form = LateFilterForm(request.args)
    late_overview = _overview(edition, form)
    reminded_ids = queries.exhibitors_reminded_on(edition, local(now()).date())
    return render_template(
        "exhibitor_space/late.html",
        form=form,
        active=filters_in_force(form),
        overview=late_overview,
        page=queries.LATE.page_of_rows(late_overview.rows, requested_page()),
        tasks=[*Task, *_terms_of(edition).live_tasks],
        written=reminded_ids,
        to_remind=len(late_overview.to_remind(reminded_ids)),
    )


@blueprint.post("/organisation/exposants/<int:exhibitor_id>/rappel")
@only(Domain.EXHIBITORS)
def remind(exhibitor_id: int) -> ResponseReturnValue:
    reminders.remind_now(fair_act(), exhibitor_id)
    flash(f"Le rappel à {get_exhibitor(exhibitor_id).name} part par courriel.", "success")
    return redirect(url_for("exhibitor_space.late"))


@blueprint.post("/organisation/exposants/retards")
@only(Domain.EXHIBITORS)
def remind_together() -> ResponseReturnValue:
    edition, form = get_request_edition(), LateFilterForm(request.args)
    task_facts = _overview(edition, form).to_remind(
        queries.exhibitors_reminded_on(edition, local(now()).date())
    )
    back = page_address()
    if not task_facts:
        flash("Chacun a déjà été relancé aujourd’hui.", "info")
        return redirect(back)
    ids = [exhibitor.id for exhibitor in task_facts]
    if not is_confirmed():
        count = formats.plural(len(task_facts), "exposant")
        question = Confirmation(
            title=f"Relancer {count}",
            button=f"Relancer {count}",
            back=back,
            facts=[words for words, _ in filters_in_force(form)],
            names=[exhibitor.name for exhibitor in task_facts],
            is_destructive=False,
            section="exhibitors.review",
        )
        return confirmation_page(question, lambda: reminders.remind_several(fair_act(edition), ids))
    count = formats.plural(reminders.remind_several(fair_act(edition), ids), "rappel")
    flash(f"{count} : départ par courriel.", "success")
    return redirect(back)
