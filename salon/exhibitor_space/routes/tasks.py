"""A task that the organisers added: done by an exhibitor, followed by the organisers."""

from functools import partial

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitor_space.documents import answers_table
from salon.exhibitor_space.engine.answers import AnswerRow, answers_to
from salon.exhibitor_space.engine.tasks import (
    TaskStatus,
    answer_of,
    concerns,
    documents_for,
    tasks_of,
)
from salon.exhibitor_space.forms import DocumentForm, TextAnswerForm, TickForm
from salon.exhibitor_space.queries.accepted import accepted_with_tasks
from salon.exhibitor_space.routes import blueprint
from salon.exhibitor_space.routes.documents import STATE_KINDS
from salon.exhibitor_space.services import tasks as services
from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import AddedTask, AnswerKind, Exhibitor
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.database.versions import Values
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import CreatingForm, StampForm
from salon.platform.pages.lists.address import requested_page
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only, settings
from salon.platform.web.long_answers import long_answer


@blueprint.route("/mon-stand/<int:exhibitor_id>/taches/<int:task_id>", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def task_of(exhibitor_id: int, task_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    task = queries.get_added_task(task_id, exhibitor.edition_id)
    if task.is_withdrawn or not concerns(task, exhibitor):
        abort(404)
    if task.expects == AnswerKind.DOCUMENT:  # its form posts to « Vos documents »
        if request.method == "POST":
            abort(404)
        return _task_page(exhibitor, task, DocumentForm(formdata=None)).show()
    kind = TickForm if task.expects == AnswerKind.TICK else TextAnswerForm
    form = kind.about(partial(services.answer_values, exhibitor), task)

    def save(values: Values, stamp: str) -> None:
        services.give_answer(request_act(), exhibitor, task, values["text"], stamp)

    return _task_page(exhibitor, task, form).save(save)


def _task_page(
    exhibitor: Exhibitor, task: AddedTask, form: CreatingForm | StampForm
) -> SettingPage:
    today = local(now()).date()
    states = tasks_of(exhibitor, terms_of(get_request_edition()), today)
    return SettingPage(
        "exhibitor_space/task_of.html",
        form,
        url_for("exhibitor_space.space_of", exhibitor_id=exhibitor.id),
        f"« {task.title} » : c’est enregistré.",
        {
            "exhibitor": exhibitor,
            "task": task,
            "task_state": next(state for state in states if state.task == task),
            "answer": answer_of(exhibitor, task),
            "documents": documents_for(exhibitor, task),
            "state_kinds": STATE_KINDS,
            "limit": settings().document_max_bytes,
        },
    )


@blueprint.get("/organisation/exposants/taches/<int:task_id>")
@only(Domain.EXHIBITORS)
def task_answers(task_id: int) -> ResponseReturnValue:
    task, rows = _answers(task_id)
    return render_template(
        "exhibitor_space/task_answers.html",
        task=task,
        done=sum(row.state.status == TaskStatus.DONE for row in rows),
        page=queries.ANSWERS.page_of_rows(rows, requested_page()),
        state_kinds=STATE_KINDS,
    )


@blueprint.get("/organisation/exposants/taches/<int:task_id>.<any(csv,xlsx):kind>")
@only(Domain.EXHIBITORS)
@long_answer
def task_answers_file(task_id: int, kind: str) -> ResponseReturnValue:
    edition = get_request_edition()
    title = queries.get_added_task(task_id, edition.id).title
    note(
        actor(),
        SpaceAction.EXHIBITOR_TASK_EXPORTED,
        f"edition:{edition.id}",
        title=title,
        format=kind,
    )
    _, rows = _answers(task_id)
    return answers_table("Réponses", rows).download("reponses", kind)


def _answers(task_id: int) -> tuple[AddedTask, list[AnswerRow]]:
    edition = get_request_edition()
    task = queries.get_added_task(task_id, edition.id)
    exhibitors, today = accepted_with_tasks(edition), local(now()).date()
    return task, answers_to(task, exhibitors, terms_of(edition), today)
