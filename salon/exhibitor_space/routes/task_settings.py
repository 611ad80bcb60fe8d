"""Pages of the settings of the exhibitors' tasks."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.forms import AddTaskForm, ChangeTaskForm
from salon.exhibitor_space.routes import blueprint
from salon.exhibitor_space.services import tasks as services
from salon.exhibitors.models import AddedTask, AnswerKind, Task
from salon.exhibitors.queries.exhibitors import find_terms, terms_of
from salon.fair.access import get_request_edition
from salon.fair.models import StandCategory
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.confirmation import Confirmation
from salon.platform.pages.setting_pages import SettingPage, removal_form, removal_stamp
from salon.platform.web.access import actor, only
from salon.platform.words import formats

PLACE = "/organisation/reglages/exposants/taches"


@blueprint.get(PLACE)
@only(Domain.EXHIBITORS)
def task_settings() -> ResponseReturnValue:
    terms = find_terms(get_request_edition())
    added = terms.added_tasks if terms else []
    return render_template(
        "exhibitor_space/task_settings.html",
        terms=terms,
        fixed=Task,
        tasks=[task for task in added if not task.is_withdrawn],
        withdrawn=[
            (task, removal_form(services.task_values(task))) for task in added if task.is_withdrawn
        ],
        answers=queries.answering_exhibitors(terms) if terms else {},
    )


@blueprint.route(f"{PLACE}/nouvelle", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def add_task() -> ResponseReturnValue:
    edition = get_request_edition()
    terms = terms_of(edition)
    form = AddTaskForm(data={"place": len(terms.live_tasks) + 1})

    def save() -> None:
        key = form.submission_key.data or ""
        services.add_task(edition, terms, _values_of(form), key, actor())

    return _task_page(form).answer(form, save)


@blueprint.route(f"{PLACE}/<int:task_id>", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def change_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    form = _change_form(task)

    def save() -> None:
        services.change_task(edition, task, _values_of(form), form.stamp.data or "", actor())

    return _task_page(form, task).answer(form, save)


@blueprint.post(f"{PLACE}/<int:task_id>/retirer")
@only(Domain.EXHIBITORS)
def withdraw_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    stamp = removal_stamp()
    count = queries.answering_exhibitors(task.terms).get(task.id, 0)
    answers = formats.plural(
        count, "réponse reçue reste lisible", "réponses reçues restent lisibles"
    )
    question = Confirmation(
        title=f"Retirer « {task.title} »",
        kicker="Tâches des exposants",
        button="Retirer cette tâche",
        back=url_for("exhibitor_space.change_task", task_id=task.id),
        facts=[
            "Les exposants ne la voient plus, et aucun rappel n’en parle.",
            f"{answers} ici." if count else "Personne n’y a encore répondu.",
            "Vous pourrez la redemander.",
        ],
        section="dashboard.settings",
    )
    form = _change_form(task, is_fresh=True)
    return _task_page(form, task).remove(
        form,
        question,
        lambda: services.withdraw_task(edition, task, stamp, actor()),
        f"« {task.title} » n’est plus demandée.",
    )


@blueprint.post(f"{PLACE}/<int:task_id>/redemander")
@only(Domain.EXHIBITORS)
def restore_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    services.restore_task(edition, task, removal_stamp(), actor())
    flash(f"« {task.title} » est de nouveau demandée.", "success")
    return redirect(url_for("exhibitor_space.task_settings"))


def _task_page(form: Any, task: AddedTask | None = None) -> SettingPage:
    title = task.title if task else form.title.data
    return SettingPage(
        "exhibitor_space/change_task.html",
        url_for("exhibitor_space.task_settings"),
        f"« {title} » est enregistrée.",
        lambda: services.task_values(task) if task else {},
        shown=_shown,
        context={
            "task": task,
            "remove": removal_form(services.task_values(task)) if task else None,
            "answers": queries.answering_exhibitors(task.terms).get(task.id, 0) if task else 0,
        },
    )


def _change_form(task: AddedTask, is_fresh: bool = False) -> ChangeTaskForm:
    values = services.task_values(task)
    form_options: dict[str, Any] = {"formdata": None} if is_fresh else {}
    return ChangeTaskForm(data={**_shown(values), "stamp": stamp_of(values)}, **form_options)


def _shown(values: Any) -> dict[str, Any]:
    return {**values, "stand_category": values["stand_category"] or ""} if values else {}


def _values_of(form: Any) -> dict[str, Any]:
    category = form.stand_category.data
    return {
        "title": form.title.data,
        "explanation": form.explanation.data or "",
        "due_on": form.due_on.data,
        "stand_category": StandCategory(category) if category else None,
        "expects": AnswerKind(form.expects.data),
        "place": form.place.data,
    }
