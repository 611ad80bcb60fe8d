"""A visitor's place in the queue of a stand: take a number, wait, leave."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import find_badge_holder
from salon.appointments.forms.counter import TakeForm
from salon.appointments.models import Ticket
from salon.appointments.presenters.queue import place_in_queue, short_wait
from salon.appointments.queries import queue as queries
from salon.appointments.queries.meetings import find_visitor
from salon.appointments.routes import blueprint
from salon.appointments.rules.queue import BadgeUnknown
from salon.appointments.services import queue as services
from salon.appointments.services import queue_calls
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition, PartnerBody
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import local, now
from salon.platform.web.access import network, public
from salon.platform.web.limits import count_try
from salon.platform.words.errors import RuleBroken
from salon.village_day.queries.day import get_body_of_stand

NUMBERS_EACH_TEN_MINUTES = 20
"""From one network at one stand; all the phones of a hall may share one network."""
MOST_REMEMBERED = 6
SESSION_KEY = "queue_tickets"


@blueprint.get("/stand/<number>/file")
@public
def take_ticket(number: str) -> ResponseReturnValue:
    edition = get_request_edition()
    return _take_page(edition, get_body_of_stand(edition, number), TakeForm())


@blueprint.post("/stand/<number>/file")
@public
def send_ticket(number: str) -> ResponseReturnValue:
    edition, form = get_request_edition(), TakeForm()
    body = get_body_of_stand(edition, number)
    if not form.validate():
        return _take_page(edition, body, form), 400
    count_try(f"ticket:{body.stand_id}:{network()}", NUMBERS_EACH_TEN_MINUTES, 600)
    key = form.submission_key.data or ""
    try:
        attendee_id = _attendee_id(edition, form)
        ticket = services.take_ticket(fair_act(edition), body.stand, attendee_id, key)
    except BadgeUnknown as error:
        form.refuse(error, on="code")
        return _take_page(edition, body, form), error.status
    except RuleBroken as error:
        return _take_page(edition, body, form, error.message), error.status
    _remember_ticket(number, ticket)
    return redirect(url_for("appointments.ticket", token=ticket.private_token))


@blueprint.get("/file/<token>")
@public
def ticket(token: str) -> ResponseReturnValue:
    own_ticket = queries.get_ticket_by_token(token)
    edition, moment = get_request_edition(), now()
    body = own_ticket.stand.body if own_ticket.stand.hall.closed_at is None else None
    place = None
    if body is not None and own_ticket.day_on == local(moment).date():
        place = place_in_queue(queries.read_queue(edition, body, moment), own_ticket)
    return render_template(
        "appointments/ticket.html", ticket=own_ticket, body=body, place=place, moment=moment
    )


@blueprint.post("/file/<token>/quitter")
@public
def leave_queue(token: str) -> ResponseReturnValue:
    own_ticket = queries.get_ticket_by_token(token)
    question = Confirmation(
        title="Quitter la file",
        kicker=f"Numéro {own_ticket.number}",
        button="Quitter la file",
        back=url_for("appointments.ticket", token=token),
        facts=["Votre place est rendue. Pour revenir, il faudra prendre un autre numéro."],
        is_final=True,
        layout="base.html",
    )
    if page := confirm_first(
        question, lambda: queue_calls.leave_queue(request_act(), own_ticket, as_visitor=True)
    ):
        return page
    flash("Vous n’êtes plus dans la file. Merci de l’avoir dit.", "success")
    return redirect(url_for("appointments.ticket", token=token))


def _take_page(edition: Edition, body: PartnerBody, form: TakeForm, refusal: str = "") -> str:
    queue = queries.read_queue(edition, body, now())
    return render_template(
        "appointments/take_ticket.html",
        body=body,
        queue=queue,
        wait=short_wait(queue.minutes_until(queue.next_turn)),
        form=form,
        badge_holder=find_badge_holder(edition),
        mine=_remembered_ticket(body.stand.number, queue),
        refusal=refusal,
    )


def _attendee_id(edition: Edition, form: TakeForm) -> int | None:
    """Return the attendee of the typed badge, else of this browser; None: anonymous number."""
    if form.code.data:
        attendee = find_visitor(edition, form.code.data)
        if attendee is None:
            raise BadgeUnknown
        return attendee.id
    holder = find_badge_holder(edition)
    return holder.id if holder else None


def _remember_ticket(number: str, ticket: Ticket) -> None:
    """Remember the number in the browser's session, by stand."""
    tokens = {**session.get(SESSION_KEY, {}), number: ticket.private_token}
    session[SESSION_KEY] = dict(list(tokens.items())[-MOST_REMEMBERED:])


def _remembered_ticket(number: str, queue: queries.Queue) -> Ticket | None:
    """Return the live number of this browser at the stand, or None."""
    token = session.get(SESSION_KEY, {}).get(number)
    live = (*queue.called, *queue.waiting)
    return next((candidate for candidate in live if candidate.private_token == token), None)
