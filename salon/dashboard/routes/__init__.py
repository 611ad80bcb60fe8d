"""Pages of the organisers' dashboard, and the health probes."""

import json
from dataclasses import asdict
from time import monotonic
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from salon.dashboard import forms
from salon.dashboard.access import readable_messages
from salon.dashboard.documents import person_file
from salon.dashboard.documents.gauges import gauges_of
from salon.dashboard.presenters import read_subject, subject_label
from salon.dashboard.presenters.journal import detail_lines
from salon.dashboard.queries import overview as queries
from salon.dashboard.queries.messages import (
    MessageFilter,
    counts_by_status,
    get_message,
    messages_page,
)
from salon.dashboard.queries.overview import JournalFilter
from salon.dashboard.queries.persons import Person, person_of, person_of_agent, person_of_contact
from salon.dashboard.services import erasure
from salon.dashboard.services import messages as services
from salon.fair.access import address_in, find_request_edition, readable_editions
from salon.fair.models import Edition, EditionState
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import JournalEntry, action_label, note
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.mail.delivery import file_names_of, shown_page_of, shown_words_of
from salon.platform.mail.restored import mail_held_since
from salon.platform.pages.acts import request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now, real_now
from salon.platform.settings.release import RELEASE_HEADER, VERSION
from salon.platform.web.access import actor, only, public, settings, stays_open
from salon.platform.web.error_pages import error_page
from salon.platform.web.long_answers import long_answer
from salon.platform.words.formats import short_moment
from salon.platform.words.typography import of
from salon.platform.work.metrics import may_read_metrics, write_metrics
from salon.platform.work.operations import begin_series

blueprint = Blueprint("dashboard", __name__)

from salon.dashboard.actions import DashboardAction
from salon.dashboard.routes import (
    destructions,
    guides,
    held_messages,
    next_edition,
    oppositions,
    overview,
    privacy,
    setting_hub,
    sitemap,
    staff_search,
)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return Response("alive\n", mimetype="text/plain")


@blueprint.record_once
def _watch_database(state: BlueprintSetupState) -> None:
    state.app.extensions["salon_readiness"] = services.Readiness(services.can_write)
    state.app.extensions["salon_files_readiness"] = services.Readiness(services.can_store)


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say whether the database answers, and the bucket: without files the fair goes on."""
    readiness: services.Readiness = current_app.extensions["salon_readiness"]
    if readiness.is_ready(monotonic()):
        files: services.Readiness = current_app.extensions["salon_files_readiness"]
        is_whole = settings().files_bucket is None or files.is_ready(monotonic())
        words = "ready\n" if is_whole else "ready, but the files do not answer\n"
        return Response(words, 200, {RELEASE_HEADER: VERSION}, "text/plain")
    headers = {"Retry-After": "5", RELEASE_HEADER: VERSION}
    return Response("the database does not answer\n", 503, headers, "text/plain")


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, to those who bear the token; to others the address does not exist."""
    if not may_read_metrics(settings()):
        return error_page(404)
    begin_series()
    return write_metrics(gauges_of(settings()))


@blueprint.get("/organisation/courriels")
@only(Domain.MESSAGES)
def messages() -> ResponseReturnValue:
    form = forms.MessageFilterForm(request.args)
    readable = readable_messages()
    page = messages_page(readable, requested_filters(form, MessageFilter), requested_page())
    return render_template(
        "dashboard/messages.html",
        form=form,
        active=filters_in_force(form),
        page=page,
        subjects={message.id: shown_words_of(message)[0] for message in page.items},
        counts=counts_by_status(readable),
        held_since=mail_held_since(),
    )


@blueprint.get("/organisation/courriels/<int:message_id>")
@only(Domain.MESSAGES)
def message(message_id: int) -> ResponseReturnValue:
    message = get_message(readable_messages(), message_id)
    note(
        actor(),
        DashboardAction.MESSAGE_READ,
        message.about or f"message:{message.id}",
        message=message.id,
    )
    subject, body = shown_words_of(message)
    return render_template(
        "dashboard/message.html",
        message=message,
        subject=subject,
        body=body,
        file_names=file_names_of(message),
    )


@blueprint.get("/organisation/courriels/<int:message_id>/lettre")
@only(Domain.MESSAGES)
def letter(message_id: int) -> ResponseReturnValue:
    """Return a message as a mail program shows it, codes and private links hidden."""
    message = get_message(readable_messages(), message_id)
    return shown_page_of(message)


@blueprint.post("/organisation/courriels/<int:message_id>/renvoyer")
@only(Domain.MESSAGES)
def send_again(message_id: int) -> ResponseReturnValue:
    services.send_again(request_act(), get_message(readable_messages(), message_id).id)
    flash("Le message est remis dans la file d’envoi.", "success")
    return redirect(url_for("dashboard.message", message_id=message_id))


@blueprint.get("/organisation/journal")
@only(Role.ORGANISER)
def journal() -> ResponseReturnValue:
    form, filters = _read_journal_filters()
    return render_template(
        "dashboard/journal.html",
        form=form,
        active=filters_in_force(form, subject=lambda text: subject_label(read_subject(text))),
        page=queries.journal_page(filters, requested_page()),
        action_label=action_label,
        subject_label=subject_label,
        detail_lines=detail_lines,
    )


@blueprint.get("/organisation/journal.<any(csv,xlsx):kind>")
@only(Role.ORGANISER)
@long_answer
def journal_file(kind: str) -> ResponseReturnValue:
    _, filters = _read_journal_filters()
    note(actor(), DashboardAction.JOURNAL_EXPORTED, filters=asdict(filters))
    heads = (
        "Date",
        "Auteur",
        "Adresse réseau",
        "Action",
        "Objet",
        "Détails",
        "Référence technique",
    )
    rows = map(_cells, queries.journal_entries(filters, requested_page()))
    return Table("Journal", [*map(Column, heads)], rows).download("journal", kind)


def _read_journal_filters() -> tuple[forms.JournalFilterForm, JournalFilter]:
    form = forms.JournalFilterForm(request.args)
    form.offer(queries.journal_actions())
    return form, requested_filters(form, JournalFilter, subject=read_subject)


def _cells(entry: JournalEntry) -> tuple[str, ...]:
    return (
        local(entry.at).isoformat(timespec="seconds"),
        entry.actor_name,
        entry.address,
        action_label(entry.action),
        subject_label(entry.subject),
        ", ".join(f"{field} : {words}" for field, words in detail_lines(entry)),
        entry.request_id,
    )


REACHED = {
    "attendee": ("person", "person_export", "erase", "badges.attendees"),
    "contact": ("contact", "contact_export", "erase_contact", "exhibitors.review"),
    "agent": ("agent", "agent_export", "erase_agent", "staffing.agents"),
}
"""Pages of a person's data, export and erasure, and the list they come from."""
FILE_NAMES = {"attendee": "inscrit", "contact": "contact", "agent": "agent"}


@blueprint.get("/organisation/participants/<int:attendee_id>/donnees")
@only(Domain.REGISTRATIONS)
def person(attendee_id: int) -> ResponseReturnValue:
    return _person_page(person_of(attendee_id), f"attendee:{attendee_id}")


@blueprint.get("/organisation/participants/<int:attendee_id>/donnees.<any(json, pdf):kind>")
@only(Domain.REGISTRATIONS)
def person_export(attendee_id: int, kind: str) -> ResponseReturnValue:
    return _person_export(person_of(attendee_id), f"attendee:{attendee_id}", kind)


@blueprint.get("/organisation/exposants/contacts/<int:contact_id>/donnees")
@only(Domain.EXHIBITORS)
def contact(contact_id: int) -> ResponseReturnValue:
    return _person_page(person_of_contact(contact_id), f"contact:{contact_id}")


@blueprint.get("/organisation/exposants/contacts/<int:contact_id>/donnees.<any(json, pdf):kind>")
@only(Domain.EXHIBITORS)
def contact_export(contact_id: int, kind: str) -> ResponseReturnValue:
    return _person_export(person_of_contact(contact_id), f"contact:{contact_id}", kind)


@blueprint.get("/organisation/village/agents/<int:agent_id>/donnees")
@only(Domain.VILLAGE)
def agent(agent_id: int) -> ResponseReturnValue:
    return _person_page(person_of_agent(agent_id), f"agent:{agent_id}")


@blueprint.get("/organisation/village/agents/<int:agent_id>/donnees.<any(json, pdf):kind>")
@only(Domain.VILLAGE)
def agent_export(agent_id: int, kind: str) -> ResponseReturnValue:
    return _person_export(person_of_agent(agent_id), f"agent:{agent_id}", kind)


def _person_page(person: Person, subject: str) -> str:
    sections = person_file.file_of_person(person, shown_words_of)
    note(actor(), DashboardAction.ATTENDEE_FILE_READ, subject)
    return render_template(
        "dashboard/person.html", person=person, known=sections, pages=_pages_of(subject)
    )


def _pages_of(subject: str) -> dict[str, str]:
    """Return the addresses of the pages about the person of `subject`."""
    kind, _, number = subject.partition(":")
    file, export, return_page, back = REACHED[kind]
    value: dict[str, Any] = {f"{kind}_id": int(number)}
    return {
        "file": url_for(f"dashboard.{file}", **value),
        "pdf": url_for(f"dashboard.{export}", kind="pdf", **value),
        "json": url_for(f"dashboard.{export}", kind="json", **value),
        "erase": url_for(f"dashboard.{return_page}", **value),
        "erase_now": url_for(f"dashboard.{return_page}_now", **value),
        "back": url_for(back),
        "section": back,
    }


def _person_export(person: Person, subject: str, kind: str) -> Response:
    sections = person_file.file_of_person(person, shown_words_of)
    kicker = f"Fait le {short_moment(now())}"
    content: object
    if kind == "pdf":
        edition = find_request_edition()
        author = edition.organiser if edition else ""
        content = person_file.write_pdf(f"Données {of(person.full_name)}", kicker, sections, author)
    else:
        content = json.dumps(
            {"Fait le": short_moment(now()), **sections}, ensure_ascii=False, indent=2
        )
    note(actor(), DashboardAction.ATTENDEE_FILE_EXPORTED, subject, format=kind)
    name = f"donnees-{FILE_NAMES[subject.partition(':')[0]]}"
    disposition = f'attachment; filename="{name}-{subject.partition(":")[2]}.{kind}"'
    mimetype = f"application/{kind}"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})


@blueprint.get("/organisation/participants/<int:attendee_id>/effacer")
@only(Domain.REGISTRATIONS)
@stays_open
def erase(attendee_id: int) -> ResponseReturnValue:
    return _erase_page(person_of(attendee_id), f"attendee:{attendee_id}")


@blueprint.post("/organisation/participants/<int:attendee_id>/effacer")
@only(Domain.REGISTRATIONS)
def erase_now(attendee_id: int) -> ResponseReturnValue:
    erasure.erase(request_act(), attendee_id, settings().file_store, real_now())
    return _erased("badges.attendees")


@blueprint.get("/organisation/exposants/contacts/<int:contact_id>/effacer")
@only(Domain.EXHIBITORS)
@stays_open
def erase_contact(contact_id: int) -> ResponseReturnValue:
    return _erase_page(person_of_contact(contact_id), f"contact:{contact_id}")


@blueprint.post("/organisation/exposants/contacts/<int:contact_id>/effacer")
@only(Domain.EXHIBITORS)
def erase_contact_now(contact_id: int) -> ResponseReturnValue:
    erasure.erase_contact(request_act(), contact_id, settings().file_store, real_now())
    return _erased("exhibitors.review")


@blueprint.get("/organisation/village/agents/<int:agent_id>/effacer")
@only(Domain.VILLAGE)
@stays_open
def erase_agent(agent_id: int) -> ResponseReturnValue:
    return _erase_page(person_of_agent(agent_id), f"agent:{agent_id}")


@blueprint.post("/organisation/village/agents/<int:agent_id>/effacer")
@only(Domain.VILLAGE)
def erase_agent_now(agent_id: int) -> ResponseReturnValue:
    erasure.erase_agent(request_act(), agent_id, settings().file_store, real_now())
    return _erased("staffing.agents")


def _erase_page(person: Person, subject: str) -> str:
    return render_template("dashboard/erase.html", person=person, pages=_pages_of(subject))


def _erased(back: str) -> ResponseReturnValue:
    flash("Les données de cette personne sont effacées. Les nombres n’ont pas changé.", "success")
    return redirect(url_for(back))
