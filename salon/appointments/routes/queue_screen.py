"""The public screen of a queue and its prints: a ticket, blank numbers, the poster."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.presenters.queue import screen_of
from salon.appointments.queries import queue as queries
from salon.appointments.routes import blueprint
from salon.appointments.routes.queue_desk import PLACE, own_queue
from salon.fair.queries import get_current_edition
from salon.platform.access import only, public, settings
from salon.platform.clock import local, now
from salon.platform.identity import Domain, Role
from salon.platform.json_answers import polled_json
from salon.platform.pdf.response import pdf_response
from salon.village_day.queries.day import get_body_of_stand

PAPERS = ("80mm", "a6")
MOST_SHEETS = 5


@blueprint.get("/stand/<number>/ecran")
@public
def queue_screen(number: str) -> ResponseReturnValue:
    edition = get_current_edition()
    body = get_body_of_stand(edition, number)
    screen = screen_of(queries.read_queue(edition, body, now()))
    address = settings().public_url + url_for("appointments.take_ticket", number=number)
    return render_template(
        "appointments/queue_screen.html", body=body, screen=screen, address=address
    )


@blueprint.get("/stand/<number>/ecran.json")
@public
def queue_screen_now(number: str) -> ResponseReturnValue:
    edition = get_current_edition()
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
def blank_tickets(number: str) -> ResponseReturnValue:
    from salon.appointments.documents.queue_pdf import blank_tickets_pdf

    body, _ = own_queue(number)
    sheets = request.args.get("feuilles", 1, type=int)
    if not 1 <= sheets <= MOST_SHEETS:
        abort(404)
    edition = get_current_edition()
    content = blank_tickets_pdf(edition, body, local(now()).date(), sheets)
    return pdf_response(content, f"numeros-{body.slug}.pdf")


@blueprint.get(f"{PLACE}/<number>/affiche.pdf")
@only(Domain.APPOINTMENTS, Role.AGENT)
def queue_poster(number: str) -> ResponseReturnValue:
    from salon.appointments.documents.queue_pdf import poster_pdf

    body, _ = own_queue(number)
    address = settings().public_url + url_for("appointments.take_ticket", number=number)
    content = poster_pdf(get_current_edition(), body, address)
    return pdf_response(content, f"affiche-file-{body.slug}.pdf")
