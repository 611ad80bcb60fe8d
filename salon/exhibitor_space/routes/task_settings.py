"""Pages of the settings of the exhibitors' tasks."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.forms import AddTaskForm, ChangeTaskForm
from salon.exhibitor_space.routes import blueprint
from salon.exhibitor_space.services import tasks as services
from salon.exhibitors.models import AddedTask, Task
from salon.exhibitors.queries.exhibitors import find_terms, terms_of
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import (
    SettingPage,
    removal_form,
    removal_stamp,
    setting_question,
)
from salon.platform.web.access import only
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
    return _task_page(form).save(partial(services.add_task, fair_act(edition), terms))


@blueprint.route(f"{PLACE}/<int:task_id>", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def change_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    form = ChangeTaskForm.about(services.task_values, task)
    return _task_page(form, task).save(partial(services.change_task, fair_act(edition), task))


@blueprint.post(f"{PLACE}/<int:task_id>/retirer")
@only(Domain.EXHIBITORS)
def withdraw_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    count = queries.answering_exhibitors(task.terms).get(task.id, 0)
    answers = formats.plural(
        count, "réponse reçue reste lisible", "réponses reçues restent lisibles"
    )
    question = setting_question(
        f"Retirer « {task.title} »",
        "Retirer cette tâche",
        url_for("exhibitor_space.change_task", task_id=task.id),
        "Les exposants ne la voient plus, et aucun rappel n’en parle.",
        f"{answers} ici." if count else "Personne n’y a encore répondu.",
        "Vous pourrez la redemander.",
        kicker="Tâches des exposants",
        is_destructive=True,
    )
    form = ChangeTaskForm.about(services.task_values, task, is_fresh=True)
    return _task_page(form, task).remove(
        question,
        partial(services.withdraw_task, fair_act(edition), task),
        f"« {task.title} » n’est plus demandée.",
    )


@blueprint.post(f"{PLACE}/<int:task_id>/redemander")
@only(Domain.EXHIBITORS)
def restore_task(task_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    services.restore_task(fair_act(edition), task, removal_stamp())
    flash(f"« {task.title} » est de nouveau demandée.", "success")
    return redirect(url_for("exhibitor_space.task_settings"))


def _task_page(form: AddTaskForm | ChangeTaskForm, task: AddedTask | None = None) -> SettingPage:
    return SettingPage(
        "exhibitor_space/change_task.html",
        form,
        url_for("exhibitor_space.task_settings"),
        f"« {task.title if task else form.title.data} » est enregistrée.",
        {
            "task": task,
            "answers": queries.answering_exhibitors(task.terms).get(task.id, 0) if task else 0,
        },
    )
