"""Confirmation of a booking by the link mailed to an address."""

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.visitor import ConfirmForm
from salon.appointments.models import BookingRequest
from salon.appointments.queries.appointments import find_hold, get_request_by_token
from salon.appointments.queries.offers import nearest_offers
from salon.appointments.queries.settings import booking_of
from salon.appointments.routes import blueprint
from salon.appointments.rules.booking import (
    CONFIRM_WITHIN,
    SlotNotFree,
    check_request_is_live,
)
from salon.appointments.services.requests import confirm_request, person_of_request
from salon.badges.services import send_badges_like
from salon.fair.services.acts import FairAct
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import public
from salon.platform.words.errors import RuleBroken

REQUESTED = "requested"


def requested_page(email: str, starts_at: datetime | None = None) -> str:
    """Return the path of the page that names the address; the browser's session holds it."""
    kept_until = min(now() + CONFIRM_WITHIN, starts_at) if starts_at else None
    session[REQUESTED] = {
        "email": email,
        "starts_at": starts_at.isoformat() if starts_at else "",
        "kept_until": kept_until.isoformat() if kept_until else "",
    }
    return url_for("appointments.requested")


@blueprint.get("/rendez-vous/demande")
@public
def requested() -> ResponseReturnValue:
    """Show the typed address; the page is the same whether the person is registered or not."""
    sent = session.get(REQUESTED)
    if sent is None:
        return redirect(url_for("appointments.search"))
    instants = {
        name: datetime.fromisoformat(sent[name]) if sent[name] else None
        for name in ("starts_at", "kept_until")
    }
    return render_template("appointments/requested.html", email=sent["email"], **instants)


@blueprint.route("/rendez-vous/confirmer/<token>", methods=["GET", "POST"])
@public
def confirm_booking(token: str) -> ResponseReturnValue:
    booking_request, form = get_request_by_token(token), ConfirmForm()
    if booking_request.led_to:
        return redirect(booking_request.led_to)
    check_request_is_live(booking_request.asked_at, now())
    if request.method == "GET":
        return _confirm_page(booking_request, form)
    try:
        path = confirm_request(request_act(), booking_request, form.other.instant)
    except RuleBroken as error:
        is_gone = isinstance(error, SlotNotFree)
        return _confirm_page(booking_request, form, error.message, is_gone=is_gone), error.status
    if form.earlier_badge.data:
        act = FairAct.of(request_act(), booking_request.edition)
        send_badges_like(act, person_of_request(booking_request))
        flash(
            "Si une autre inscription vous ressemble, son badge vient de repartir à l’adresse "
            "qu’elle porte.",
            "success",
        )
    return redirect(path)


def _confirm_page(
    booking_request: BookingRequest, form: ConfirmForm, refusal: str = "", *, is_gone: bool = False
) -> str:
    hold = find_hold(booking_request.hold_token)
    offers = []
    if is_gone and booking_request.starts_at is not None:
        offers = nearest_offers(
            booking_request.edition,
            booking_request.theme_id,
            booking_request.starts_at,
            now(),
            booking_request.agent_id,
        )
    length = timedelta(minutes=booking_of(booking_request.theme_id).minutes)
    return render_template(
        "appointments/confirm_booking.html",
        booking_request=booking_request,
        form=form,
        person=person_of_request(booking_request),
        hold=hold,
        stand=hold.stand if hold is not None else booking_request.theme.body.stand,
        ends_at=booking_request.starts_at + length if booking_request.starts_at else None,
        kept_until=hold.expires_at if hold is not None and hold.expires_at > now() else None,
        refusal=refusal,
        nearest=offers,
        token=booking_request.private_token,
    )
