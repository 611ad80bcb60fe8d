"""Documents attached to an appointment through its private link."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.visitor import DocumentForm
from salon.appointments.queries.appointments import get_appointment_by_token, get_document_of
from salon.appointments.routes import blueprint
from salon.appointments.routes.mine import appointment_page
from salon.appointments.rules.documents import check_weight
from salon.appointments.services import documents as services
from salon.platform.files.uploads import SentFile
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.web.access import accepts_upload, network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.web.responses import document_response

SENDINGS_PER_MINUTE = 10


@blueprint.post("/rendez-vous/<token>/documents")
@public
@accepts_upload("document_max_bytes")
def join_document(token: str) -> ResponseReturnValue:
    appointment, form, config = get_appointment_by_token(token), DocumentForm(), settings()
    if not form.validate():
        return appointment_page(appointment, form), 400
    # Reading a hostile PDF may take seconds: limit how many one network sends.
    count_try(f"document:{network()}", SENDINGS_PER_MINUTE, 60)
    sent_file = form.file.data
    content, key = bytes(sent_file.read()), form.submission_key.data or ""
    with form.refusals(on="file"):
        check_weight(len(content), config.document_max_bytes)
        file = SentFile(content, sent_file.filename or "")
        services.join_document(request_act(), appointment, file, config.file_store, key)
        flash("Votre document est joint. L’agent qui vous reçoit peut le lire.", "success")
        return redirect(url_for("appointments.appointment", token=token, _anchor="documents"))
    return appointment_page(get_appointment_by_token(token), form), form.status_code


@blueprint.get("/rendez-vous/<token>/documents/<int:document_id>")
@public
def joined_document(token: str, document_id: int) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    document = get_document_of(appointment.id, document_id)
    return document_response(document.stored_name, document.media_type, document.name)


@blueprint.post("/rendez-vous/<token>/documents/<int:document_id>/retirer")
@public
def remove_document(token: str, document_id: int) -> ResponseReturnValue:
    appointment = get_appointment_by_token(token)
    if not is_confirmed():
        name = get_document_of(appointment.id, document_id).name
        question = Confirmation(
            title=f"Retirer «\u00a0{name}\u00a0»",
            kicker=appointment.theme.name,
            button="Retirer ce document",
            back=url_for("appointments.appointment", token=token, _anchor="documents"),
            facts=["Le fichier est effacé, et l’agent ne le lira plus."],
            is_final=True,
            layout="base.html",
        )
        return confirmation_page(question)
    name = services.remove_document(request_act(), appointment, document_id, settings().file_store)
    flash(f"«\u00a0{name}\u00a0» est retiré.", "success")
    return redirect(url_for("appointments.appointment", token=token, _anchor="documents"))
