"""Documents: sent in the exhibitor's space, checked by the organisers."""

from collections.abc import Callable
from functools import partial

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space import queries
from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitor_space.engine.tasks import agreed_order
from salon.exhibitor_space.forms import AnswerForm, DocumentFilterForm, DocumentForm
from salon.exhibitor_space.queries import DocumentFilter, document_tasks
from salon.exhibitor_space.routes import blueprint
from salon.exhibitor_space.rules import FileTooHeavy
from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.documents import Quota, Sending
from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import AddedTask, Document, DocumentKind, DocumentStatus, Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.database.versions import StaleVersion
from salon.platform.files.uploads import SentFile
from salon.platform.pages.acts import request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.web.access import accepts_upload, actor, only, row_asked, settings
from salon.platform.web.limits import count_try
from salon.platform.web.responses import document_response, framed_response
from salon.platform.words.errors import RuleBroken

SENDINGS_PER_MINUTE = 10
PDF = "application/pdf"
STATE_KINDS = {
    DocumentStatus.WAITING: ("warning", "hourglass-split"),
    DocumentStatus.ACCEPTED: ("ok", "check-circle-fill"),
    DocumentStatus.REFUSED: ("danger", "x-octagon-fill"),
}


@blueprint.get("/mon-stand/<int:exhibitor_id>/documents")
@only(Role.EXHIBITOR)
def documents_of(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    form = DocumentForm(formdata=None)
    tasks = _offer_tasks(form, exhibitor)
    requested_kind = request.args.get("pour", "")
    if requested_kind in {*DocumentKind, *tasks}:
        form.kind.data = requested_kind
    return _documents_page(exhibitor, form)


def _offer_tasks(form: DocumentForm, exhibitor: Exhibitor) -> dict[str, AddedTask]:
    """Offer the added tasks that ask this exhibitor for a document; return them by key."""
    tasks = {task.value: task for task in document_tasks(exhibitor, get_request_edition())}
    form.kind.choices = {
        **dict(form.kind.choices),
        **{key: task.title for key, task in tasks.items()},
    }
    return tasks


@blueprint.post("/mon-stand/<int:exhibitor_id>/documents")
@only(Role.EXHIBITOR)
@accepts_upload("document_max_bytes")
def give_document(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    form = DocumentForm()
    tasks = _offer_tasks(form, exhibitor)
    if not form.validate():
        return _documents_page(exhibitor, form), 400
    # Reading a hostile PDF may take seconds: limit the number in a row.
    count_try(f"document:{actor().key}", SENDINGS_PER_MINUTE, 60)
    configuration = settings()
    quota = Quota(configuration.documents_per_exhibitor, configuration.documents_quota_bytes)
    with form.refusals(on="file"):
        sending = _sending_of(form, tasks.get(form.kind.data))
        services.give_document(request_act(), exhibitor, sending, quota, configuration.file_store)
        flash("Votre document est arrivé. L’organisation le vérifie et vous répond.", "success")
        return redirect(url_for("exhibitor_space.documents_of", exhibitor_id=exhibitor_id))
    return _documents_page(own_exhibitor(exhibitor_id), form), form.status_code


def _sending_of(form: DocumentForm, task: AddedTask | None) -> Sending:
    """Return the file as sent. Raises FileTooHeavy one byte beyond the limit."""
    sent_file = form.file.data
    content = bytes(sent_file.read())
    if len(content) > settings().document_max_bytes:
        raise FileTooHeavy
    kind = DocumentKind.OTHER if task else DocumentKind(form.kind.data)
    key, task_id = form.submission_key.data or "", task.id if task else None
    return Sending(kind, SentFile(content, sent_file.filename or ""), key, task_id)


def _documents_page(exhibitor: Exhibitor, form: DocumentForm) -> str:
    configuration = settings()
    return render_template(
        "exhibitor_space/documents_of.html",
        exhibitor=exhibitor,
        order=agreed_order(exhibitor),
        form=form,
        documents=sorted(exhibitor.documents, key=lambda document: document.id, reverse=True),
        state_kinds=STATE_KINDS,
        most=configuration.documents_per_exhibitor,
        limit=configuration.document_max_bytes,
    )


@blueprint.get("/mon-stand/<int:exhibitor_id>/documents/<int:document_id>")
@only(Role.EXHIBITOR)
def document_file_of(exhibitor_id: int, document_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    return _file_of(queries.get_document_of(document_id, exhibitor.id))


def _file_of(
    document: Document, respond: Callable[[str, str, str], Response] = document_response
) -> Response:
    """Return the file, as an attachment unless `respond` shows it; the reading is journaled."""
    response = respond(document.stored_name, document.media_type, document.name)
    note(
        actor(),
        SpaceAction.DOCUMENT_READ,
        f"exhibitor:{document.exhibitor_id}",
        document=document.id,
    )
    return response


@blueprint.get("/organisation/documents")
@only(Domain.EXHIBITORS)
def documents() -> ResponseReturnValue:
    edition = get_request_edition()
    form = DocumentFilterForm(request.args)
    exhibitor_id = row_asked("exhibitor")
    exhibitor = get_exhibitor(exhibitor_id) if exhibitor_id else None
    filters = requested_filters(form, partial(DocumentFilter, exhibitor_id=exhibitor_id))
    active = filters_in_force(form)
    if exhibitor is not None:
        address = url_for("exhibitor_space.documents", kind=filters.kind, status=filters.status)
        active.append((exhibitor.name, address))
    return render_template(
        "exhibitor_space/documents.html",
        form=form,
        active=active,
        exhibitor=exhibitor,
        first=queries.next_waiting(edition),
        page=queries.documents_page(edition, filters, requested_page()),
        waiting=queries.count_waiting(edition),
        state_kinds=STATE_KINDS,
    )


@blueprint.get("/organisation/documents/<int:document_id>")
@only(Domain.EXHIBITORS)
def document(document_id: int) -> ResponseReturnValue:
    current = queries.get_document(document_id, get_request_edition())
    return _document_page(current, AnswerForm(formdata=None, version=str(current.version)))


@blueprint.post("/organisation/documents/<int:document_id>")
@only(Domain.EXHIBITORS)
def answer_document(document_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    document = queries.get_document(document_id, edition)
    form = AnswerForm()
    if not form.validate():
        return _document_page(document, form), 400
    answer, version = DocumentStatus(form.answer.data), int(form.version.data)
    try:
        services.answer_document(request_act(), document, version, answer, form.reason.data or "")
    except RuleBroken as error:
        current = queries.get_document(document_id, edition)
        form.version.data = str(current.version)
        form.refuse(error, on="reason" if error.status == 400 else "")
        return _document_page(current, form, isinstance(error, StaleVersion)), error.status
    following = queries.next_waiting(edition, after=document)
    flash(f"Réponse enregistrée : « {answer.label} ».", "success")
    if following is None:
        flash("C’était le dernier : aucun autre document n’attend de réponse.", "success")
        return redirect(url_for("exhibitor_space.documents"))
    return redirect(url_for("exhibitor_space.document", document_id=following.id))


def _document_page(document: Document, form: AnswerForm, stale: bool = False) -> str:
    return render_template(
        "exhibitor_space/document.html",
        document=document,
        exhibitor=document.exhibitor,
        form=form,
        stale=stale,
        is_pdf=document.media_type == PDF,
        following=queries.next_waiting(document.exhibitor.edition, after=document),
        others=[
            other_document
            for other_document in reversed(document.exhibitor.documents)
            if other_document.id != document.id
            and (other_document.kind, other_document.task_id) == (document.kind, document.task_id)
        ],
        state_kinds=STATE_KINDS,
    )


@blueprint.get("/organisation/documents/<int:document_id>/fichier")
@only(Domain.EXHIBITORS)
def document_file(document_id: int) -> ResponseReturnValue:
    return _file_of(queries.get_document(document_id, get_request_edition()))


@blueprint.get("/organisation/documents/<int:document_id>/lecture")
@only(Domain.EXHIBITORS)
def read_document(document_id: int) -> ResponseReturnValue:
    """Return a PDF for the frame of its page; 404 for an image, which the page shows itself."""
    requested = queries.get_document(document_id, get_request_edition())
    if requested.media_type != PDF:
        abort(404)
    return _file_of(requested, framed_response)
