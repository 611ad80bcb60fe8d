"""An exhibitor's own space: tasks, stand, profile, guide."""

from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.engine.tasks import (
    AnyTask,
    TaskStatus,
    days_to_fair,
    next_task,
    tasks_of,
)
from salon.exhibitor_space.forms import AgreeForm
from salon.exhibitor_space.routes import blueprint
from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import AddedTask, AnswerKind, Exhibitor, Task
from salon.exhibitors.presenters.floor import FloorView, view_around
from salon.exhibitors.queries.catalogue import stands_around
from salon.exhibitors.queries.charges import stand_of
from salon.exhibitors.queries.exhibitors import (
    exhibitors_of_account,
    terms_of,
)
from salon.exhibitors.queries.invitations import invitations_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.exhibitors.services.entering import agree_to_regulations
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import find_identity, only

DOCUMENTS = "exhibitor_space.documents_of"
TASK_PAGES = {
    Task.PROFILE: ("exhibitors.profile", "Écrire la présentation"),
    Task.LOGO: ("exhibitors.profile", "Donner votre logo"),
    Task.REGULATIONS: ("exhibitor_space.agree", "Lire et accepter le règlement"),
    Task.CONTRACT: (DOCUMENTS, "Envoyer le contrat signé"),
    Task.INSURANCE: (DOCUMENTS, "Envoyer l’attestation d’assurance"),
    Task.SAFETY: ("safety.safety_of", "Remplir la fiche de sécurité"),
    Task.STAFF: ("badges.staff", "Nommer votre équipe"),
    Task.INVOICE: ("billing.billing", "Voir ce qui est à régler"),
}
UNDATED = 60
"""Days left shown while nobody knows: neither tomorrow nor over."""


def _days_left(edition: Edition, at: datetime) -> int:
    """Return the days left before the next one; many while it has no date, -1 once cancelled."""
    if edition.is_cancelled:
        return -1
    today = local(at).date()
    closed = any(day.day_on == today and day.closes_at <= at for day in edition.days)
    left = days_to_fair([day.day_on for day in edition.days], today, closed)
    return max(left, UNDATED) if edition.is_postponed else left


TASK_WORDS = {
    AnswerKind.TICK: "Lire, puis cocher",
    AnswerKind.TEXT: "Répondre",
    AnswerKind.DOCUMENT: "Envoyer le document",
}


def _page_of(task: AnyTask, exhibitor: Exhibitor) -> tuple[str, str]:
    """Return the address of the page where a task is done, and the words of its button."""
    if isinstance(task, AddedTask):
        address = url_for("exhibitor_space.task_of", exhibitor_id=exhibitor.id, task_id=task.id)
        return address, TASK_WORDS[task.expects]
    endpoint, words = TASK_PAGES[task]
    address = url_for(endpoint, exhibitor_id=exhibitor.id)
    return f"{address}?pour={task.value}#envoyer" if endpoint == DOCUMENTS else address, words


@blueprint.get("/mon-stand")
@only(Role.EXHIBITOR)
def space() -> ResponseReturnValue:
    identity = find_identity()
    assert identity is not None
    assert identity.id is not None
    exhibitors = exhibitors_of_account(identity.id)
    applications = queries.applications_of_account(identity.id)
    editions = {exhibitor.edition_id for exhibitor in exhibitors}
    elsewhere = [
        application for application in applications if application.edition_id not in editions
    ]
    if len(exhibitors) == 1 and not elsewhere:
        return redirect(url_for("exhibitor_space.space_of", exhibitor_id=exhibitors[0].id))
    return render_template(
        "exhibitor_space/space.html",
        exhibitors=exhibitors,
        applications=elsewhere if exhibitors else applications,
        buyers={row.id for row in applications if row.sales},
        says_year=len({row.edition_id for row in (*exhibitors, *applications)}) > 1,
    )


@blueprint.get("/mon-stand/<int:exhibitor_id>")
@only(Role.EXHIBITOR)
def space_of(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor, edition = own_exhibitor(exhibitor_id), get_request_edition()
    terms, today = terms_of(edition), local(now()).date()
    left = _days_left(edition, now())
    states = tasks_of(exhibitor, terms, today)
    if left < 0:  # nothing else can be done of a fair that is over
        states = [state for state in states if state.task == Task.INVOICE]
    states.sort(key=lambda state: (not state.is_open, state.status == TaskStatus.DONE))
    return render_template(
        "exhibitor_space/space_of.html",
        exhibitor=exhibitor,
        terms=terms,
        left=left,
        next_day=next((day for day in edition.days if day.day_on == today + timedelta(left)), None),
        states=states,
        done=sum(state.status == TaskStatus.DONE for state in states),
        next_task=next_task(states),
        pages={state.task.value: _page_of(state.task, exhibitor) for state in states},
        quota=staff_quota_of(exhibitor, terms),
        floor=_floor(exhibitor),
        is_corner=stand_of(exhibitor)[1],
        codes=invitations_of(exhibitor),
    )


def _floor(exhibitor: Exhibitor) -> FloorView | None:
    stand = exhibitor.stand
    return view_around(stand, stands_around(stand)) if stand is not None else None


@blueprint.route("/mon-stand/<int:exhibitor_id>/reglement", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def agree(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    terms, form = terms_of(get_request_edition()), AgreeForm()
    if not terms.regulations:
        abort(404)
    if form.validate_on_submit():
        agree_to_regulations(request_act(), exhibitor)
        flash("Votre accord est enregistré.", "success")
        return redirect(url_for("exhibitor_space.space_of", exhibitor_id=exhibitor.id))
    page = render_template(
        "exhibitor_space/agree.html", exhibitor=exhibitor, terms=terms, form=form
    )
    return page, form.status_code


@blueprint.get("/mon-stand/<int:exhibitor_id>/guide")
@only(Role.EXHIBITOR)
def guide(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    terms = terms_of(get_request_edition())
    return render_template("exhibitor_space/guide.html", exhibitor=exhibitor, terms=terms)
