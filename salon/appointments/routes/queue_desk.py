"""The queue of a stand for its agents, its public screen, and its prints."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.counter import TakeForm
from salon.appointments.models import Ticket
from salon.appointments.presenters.queue import (
    MOST_CLOSED,
    appointment_near,
    own_call,
    screen_of,
    short_wait,
    timeline,
    undoable_gesture,
)
from salon.appointments.queries import queue as queries
from salon.appointments.queries.appointments import get_appointment
from salon.appointments.queries.meetings import find_visitor
from salon.appointments.routes import blueprint
from salon.appointments.rules.queue import AppointmentSoon, BadgeUnknown, Gesture
from salon.appointments.services import queue_calls as services
from salon.appointments.services.queue import place_late_visitor as place
from salon.appointments.services.queue import take_ticket
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import PartnerBody
from salon.fair.queries import bodies_of
from salon.platform.database.identity import Domain, Role
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only, public, row_asked, settings
from salon.platform.web.json_answers import polled_json
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken
from salon.staffing.access import own_agent
from salon.staffing.models import Agent
from salon.village_day.queries.day import get_body_of_stand, shifts_today

PLACE = "/planning/file"
WORDS = {
    "recu": Gesture.SERVE,
    "absent": Gesture.MISS,
    "replacer": Gesture.PUT_BACK,
    "parti": Gesture.LEAVE,
}


@blueprint.get(PLACE)
@only(Domain.APPOINTMENTS, Role.AGENT)
def queues() -> ResponseReturnValue:
    """Send an agent to the stand where they are or will next be on duty."""
    edition, moment = get_request_edition(), now()
    if actor().role == Role.ORGANISER:
        return render_template("appointments/queues.html", bodies=bodies_of(edition))
    agent = own_agent()
    left = [shift for shift in shifts_today(edition, agent.id, moment) if moment < shift.ends_at]
    stand = left[0].stand if left else agent.body.stand
    return redirect(url_for("appointments.queue", number=stand.number))


@blueprint.get(f"{PLACE}/<number>")
@only(Domain.APPOINTMENTS, Role.AGENT)
def queue(number: str) -> ResponseReturnValue:
    return _queue_page(*own_queue(number))


@blueprint.post(f"{PLACE}/<number>/appeler")
@only(Domain.APPOINTMENTS, Role.AGENT)
def call_next(number: str) -> ResponseReturnValue:
    body, agent = own_queue(number)
    knowing = bool(request.form.get("sachant"))
    return _perform_gesture(
        body,
        agent,
        lambda: services.call_next(request_act(), body.stand, agent, knowing=knowing),
        lambda ticket: f"Le numéro {ticket.number} est appelé.",
    )


@blueprint.post(f"{PLACE}/<number>/<int:ticket_id>/<any(recu, absent, replacer, parti):word>")
@only(Domain.APPOINTMENTS, Role.AGENT)
def settle_ticket(number: str, ticket_id: int, word: str) -> ResponseReturnValue:
    body, agent = own_queue(number)
    ticket, act = queries.get_ticket(body.stand_id, ticket_id), request_act()
    gesture = WORDS[word]
    acts = {
        Gesture.SERVE: lambda: services.serve_ticket(act, ticket, agent),
        Gesture.MISS: lambda: services.miss_ticket(act, ticket),
        Gesture.PUT_BACK: lambda: services.put_back_ticket(act, ticket),
        Gesture.LEAVE: lambda: services.leave_queue(act, ticket),
    }
    return _perform_gesture(
        body,
        agent,
        acts[gesture],
        lambda changed: f"Numéro {changed.number}\u00a0: {gesture.label}.",
    )


@blueprint.post(f"{PLACE}/<number>/<int:ticket_id>/annuler")
@only(Domain.APPOINTMENTS, Role.AGENT)
def undo_gesture(number: str, ticket_id: int) -> ResponseReturnValue:
    body, agent = own_queue(number)
    return _perform_gesture(
        body,
        agent,
        lambda: services.undo_gesture(request_act(), body.stand, ticket_id),
        lambda ticket: f"Numéro {ticket.number}\u00a0: le dernier geste est annulé.",
    )


@blueprint.post(f"{PLACE}/<number>/retard/<int:appointment_id>")
@only(Domain.APPOINTMENTS, Role.AGENT)
def place_late_visitor(number: str, appointment_id: int) -> ResponseReturnValue:
    body, agent = own_queue(number)
    appointment = get_appointment(get_request_edition(), appointment_id)
    if appointment.stand_id != body.stand_id:
        abort(404)
    return _perform_gesture(
        body,
        agent,
        lambda: place(request_act(), appointment),
        lambda ticket: f"{appointment.attendee.full_name} a le numéro {ticket.number}.",
    )


@blueprint.post(f"{PLACE}/<number>/numero")
@only(Domain.APPOINTMENTS, Role.AGENT)
def take_for(number: str) -> ResponseReturnValue:
    body, agent = own_queue(number)
    edition, form = get_request_edition(), TakeForm()
    if not form.validate():
        return _queue_page(body, agent, form=form), 400
    holder = find_visitor(edition, form.code.data) if form.code.data else None
    if form.code.data and holder is None:
        form.code.errors = [BadgeUnknown.message]
        return _queue_page(body, agent, form=form), BadgeUnknown.status
    attendee_id, key = (holder.id if holder else None), form.submission_key.data or ""
    return _perform_gesture(
        body,
        agent,
        lambda: take_ticket(fair_act(edition), body.stand, attendee_id, key),
        lambda ticket: f"Le numéro {ticket.number} est pris.",
        is_new_ticket=True,
    )


def own_queue(number: str) -> tuple[PartnerBody, Agent | None]:
    """Return the stand and its agent (None: an organiser); a 404 outside their body and rota."""
    body = get_body_of_stand(get_request_edition(), number)
    if actor().role == Role.ORGANISER:
        return body, None
    agent = own_agent()
    if agent.body_id != body.id and not queries.is_on_rota_of(agent, body.stand_id):
        abort(404)
    return body, agent


def _perform_gesture(
    body: PartnerBody,
    agent: Agent | None,
    act: Callable[[], Ticket],
    words: Callable[[Ticket], str],
    is_new_ticket: bool = False,
) -> ResponseReturnValue:
    try:
        ticket = act()
    except RuleBroken as error:
        is_soon = isinstance(error, AppointmentSoon)
        return _queue_page(body, agent, "" if is_soon else error.message), error.status
    flash(words(ticket), "success")
    new_ticket_id = ticket.id if is_new_ticket else None
    return redirect(url_for("appointments.queue", number=body.stand.number, nouveau=new_ticket_id))


def _queue_page(
    body: PartnerBody, agent: Agent | None, refusal: str = "", form: TakeForm | None = None
) -> str:
    stand_queue = queries.read_queue(get_request_edition(), body, now())
    new_ticket_id = row_asked("nouveau")
    agent_id = agent.id if agent else None
    return render_template(
        "appointments/queue.html",
        body=body,
        agent=agent,
        queue=stand_queue,
        lines=timeline(stand_queue),
        own=own_call(stand_queue, agent_id),
        near=appointment_near(stand_queue, agent_id),
        said=undoable_gesture(stand_queue, queries.find_last_gesture(body.stand_id)),
        wait=short_wait(stand_queue.minutes_until(stand_queue.next_turn)),
        closed=stand_queue.closed[:MOST_CLOSED],
        taken=next((ticket for ticket in stand_queue.tickets if ticket.id == new_ticket_id), None),
        form=form or TakeForm(formdata=None),
        refusal=refusal,
    )


PAPERS = ("80mm", "a6")
MOST_SHEETS = 5


@blueprint.get("/stand/<number>/ecran")
@public
def queue_screen(number: str) -> ResponseReturnValue:
    edition = get_request_edition()
    body = get_body_of_stand(edition, number)
    screen = screen_of(queries.read_queue(edition, body, now()))
    address = settings().public_url + url_for("appointments.take_ticket", number=number)
    return render_template(
        "appointments/queue_screen.html", body=body, screen=screen, address=address
    )


@blueprint.get("/stand/<number>/ecran.json")
@public
def queue_screen_now(number: str) -> ResponseReturnValue:
    edition = get_request_edition()
    body = get_body_of_stand(edition, number)
    return polled_json(screen_of(queries.read_queue(edition, body, now())))


@blueprint.get(f"{PLACE}/<number>/<int:ticket_id>/papier")
@only(Domain.APPOINTMENTS, Role.AGENT)
def paper_ticket(number: str, ticket_id: int) -> ResponseReturnValue:
    body, _ = own_queue(number)
    ticket = queries.get_ticket(body.stand_id, ticket_id)
    paper = request.args.get("format", PAPERS[0])
    if paper not in PAPERS:
        abort(404)
    address = settings().public_url + url_for("appointments.ticket", token=ticket.private_token)
    return render_template(
        "appointments/paper_ticket.html", body=body, ticket=ticket, paper=paper, address=address
    )


@blueprint.get(f"{PLACE}/<number>/numeros.pdf")
@only(Domain.APPOINTMENTS, Role.AGENT)
@long_answer
def blank_tickets(number: str) -> ResponseReturnValue:
    from salon.appointments.documents.queue_pdf import blank_tickets_pdf

    body, _ = own_queue(number)
    sheets = request.args.get("feuilles", 1, type=int)
    if not 1 <= sheets <= MOST_SHEETS:
        abort(404)
    edition = get_request_edition()
    content = blank_tickets_pdf(edition, body, local(now()).date(), sheets)
    return pdf_response(content, f"numeros-{body.slug}.pdf")


@blueprint.get(f"{PLACE}/<number>/affiche.pdf")
@only(Domain.APPOINTMENTS, Role.AGENT)
def queue_poster(number: str) -> ResponseReturnValue:
    from salon.appointments.documents.queue_pdf import poster_pdf

    body, _ = own_queue(number)
    address = settings().public_url + url_for("appointments.take_ticket", number=number)
    content = poster_pdf(get_request_edition(), body, address)
    return pdf_response(content, f"affiche-file-{body.slug}.pdf")
