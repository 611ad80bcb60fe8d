"""Booking a slot: hold, form, confirmation."""

from dataclasses import replace
from datetime import timedelta

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import find_badge_holder
from salon.appointments.access import forget_badge as forget_known
from salon.appointments.forms.visitor import BookForForm, BookForm, ChoiceForm
from salon.appointments.models import Hold
from salon.appointments.queries.appointments import find_hold
from salon.appointments.queries.offers import BookableTime, nearest_offers
from salon.appointments.queries.settings import booking_of
from salon.appointments.queries.times import ShownTimes, shown_times
from salon.appointments.routes import blueprint
from salon.appointments.routes.requests import requested_page
from salon.appointments.routes.search import theme_page, time_lost_notice, time_lost_page
from salon.appointments.routes.visitor import (
    booking_limit,
    contact_of,
    count_booking,
    offer_attendees,
    read_choice,
    read_visitor,
)
from salon.appointments.rules.booking import SlotNotFree
from salon.appointments.services import booking
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.appointments.services.requests import request_slot
from salon.badges.queries import all_places
from salon.badges.services import Person
from salon.fair.access import fair_act, get_request_edition
from salon.fair.engine.walking import walks_to
from salon.fair.models import Theme
from salon.fair.queries import get_theme, halls_by_name
from salon.platform.pages.public_pages import NOTICE, page_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import network, public, safe_path, settings
from salon.platform.words.errors import RuleBroken

HOLD = "choice_kept"
AnyForm = BookForm | BookForForm


@blueprint.post("/rendez-vous/themes/<slug>/retenir")
@public
def hold_slot(slug: str) -> ResponseReturnValue:
    theme, form = get_theme(get_request_edition(), slug), ChoiceForm()
    choice = read_choice(theme, form.starts_at, form.agent)
    try:
        hold = _hold(choice)
    except SlotNotFree as error:
        return make_response(_time_lost_page(theme, choice, error), error.status)
    except RuleBroken:
        _count_refused_hold()
        raise
    return redirect(
        url_for(
            "appointments.book_slot",
            token=hold.token,
            theme=slug,
            starts_at=choice.starts_at.isoformat(),
            agent=choice.agent_id,
        )
    )


def _hold(choice: Choice) -> Hold:
    """Hold a choice and release the browser's previous one."""
    hold = booking.hold_slot(
        fair_act(),
        choice,
        network=network(),
        most_of_network=settings().holds_per_network,
        limit=booking_limit("hold"),
        former=session.get(HOLD, ""),
    )
    session[HOLD] = hold.token
    return hold


def _count_refused_hold() -> None:
    """Count a choice that was refused as any other, and release the browser's previous one."""
    count_booking("hold")
    booking.release_hold(session.pop(HOLD, ""))


def _time_lost_page(theme: Theme, choice: Choice, error: SlotNotFree) -> ResponseReturnValue:
    """Count the choice, and show the times that are left."""
    edition, slug = get_request_edition(), theme.slug
    if choice.agent_id is not None or HOLD in session or find_badge_holder(edition):
        _count_refused_hold()
        return time_lost_page(theme, choice.starts_at, error.message, choice.agent_id)

    def notice(times: ShownTimes) -> str:
        elsewhere = dict(times.elsewhere)
        return time_lost_notice(theme, times.offers, elsewhere, choice.starts_at, error.message)

    page = page_for_all(
        ("time lost", edition.id, slug),
        lambda: shown_times(edition, slug, now()),
        lambda: theme_page(theme, notice=NOTICE),
        notice,
    )
    _count_refused_hold()  # after the page: a write ends what the session has read
    return page


@blueprint.route("/rendez-vous/retenu/<token>", methods=["GET", "POST"])
@public
def book_slot(token: str) -> ResponseReturnValue:
    form = _form(token)
    theme = get_theme(get_request_edition(), form.theme.data or "")
    choice = read_choice(theme, form.starts_at, form.agent)
    if request.method == "GET":
        return _page(form, theme, choice)
    if form.other.data:
        return _change_time(form, theme, choice)
    visitor = read_visitor(form)
    if visitor is None:
        return _page(form, theme, choice), 400
    try:
        path = _book(form, choice, visitor)
    except RuleBroken as error:
        count_booking("book")  # as any other try
        if isinstance(error, SlotNotFree):
            return _slot_taken_page(form, theme, choice, error)
        form.refuse(error)
        return _page(form, theme, choice), error.status
    session.pop(HOLD, None)
    return redirect(path)


def _book(form: AnyForm, choice: Choice, visitor: int | Person) -> str:
    """Book for the badge holder, or mail a confirmation link to a stranger.

    Return the path of the next page.
    """
    edition = get_request_edition()
    attempt = BookingAttempt(
        form.submission_key.data or "",
        hold=form.hold.data or "",
        network=network(),
        limit=booking_limit("book"),
    )
    question = _question(form)
    if isinstance(visitor, Person):
        request_slot(fair_act(edition), choice, visitor, question, attempt)
        return requested_page(visitor.email, choice.starts_at)
    question = replace(question, contact_email=contact_of(find_badge_holder(edition)))
    appointment = booking.book_slot(fair_act(edition), choice, visitor, question, attempt)
    flash("Votre rendez-vous est confirmé. Un message vous le dit aussi.", "success")
    return url_for("appointments.appointment", token=appointment.private_token)


@blueprint.post("/rendez-vous/oublier")
@public
def forget_badge() -> ResponseReturnValue:
    forget_known()
    back = safe_path(request.form.get("next"))
    return redirect(back or url_for("appointments.search"))


def _form(token: str) -> AnyForm:
    """Return the form; on GET, its hidden fields come from the address."""
    holder = find_badge_holder(get_request_edition())
    kind = BookForForm if holder else BookForm
    form = (
        kind() if request.method == "POST" else kind(data={**_choice_values(token), "hold": token})
    )
    if isinstance(form, BookForForm) and holder:
        offer_attendees(form, holder)
    return form


def _choice_values(token: str) -> dict[str, str]:
    """Return the choice in the address, else the one of the hold."""
    if "theme" in request.args:
        return {name: request.args.get(name, "") for name in ("theme", "starts_at", "agent")}
    hold = find_hold(token)
    if hold is None or hold.waiting_id is not None or hold.appointment_id is not None:
        abort(404)
    return {"theme": hold.theme.slug, "starts_at": hold.starts_at.isoformat()}


def _question(form: AnyForm) -> VisitorQuestion:
    return VisitorQuestion(
        subject=form.subject.data or "",
        project=form.project.data or "",
        stage=form.stage.data or "",
        amount=form.amount.data,
        deadline=form.deadline.data or "",
    )


def _change_time(form: AnyForm, theme: Theme, choice: Choice) -> ResponseReturnValue:
    """Hold another time and keep what was typed."""
    choice = read_choice(theme, form.other, form.agent)
    try:
        hold = _hold(choice)
    except SlotNotFree as error:
        return _slot_taken_page(form, theme, choice, error)
    form.hold.data, form.starts_at.data = hold.token, choice.starts_at.isoformat()
    return _page(form, theme, choice)


def _slot_taken_page(
    form: AnyForm, theme: Theme, choice: Choice, error: SlotNotFree
) -> ResponseReturnValue:
    """Show the nearest free times and keep what was typed."""
    edition = get_request_edition()
    closest = nearest_offers(edition, theme.id, choice.starts_at, now(), choice.agent_id)
    return _page(form, theme, choice, error.message, closest), error.status


def _page(
    form: AnyForm,
    theme: Theme,
    choice: Choice,
    lost: str = "",
    nearest: list[BookableTime] | None = None,
) -> str:
    edition, at = get_request_edition(), now()
    hold = find_hold(form.hold.data or "")
    is_kept = hold is not None and hold.expires_at > at and hold.starts_at == choice.starts_at
    stand = hold.stand if hold is not None and is_kept else theme.body.stand
    form.other.data = ""
    return render_template(
        "appointments/book_slot.html",
        form=form,
        theme=theme,
        stand=stand,
        choice=choice,
        ends_at=choice.starts_at + timedelta(minutes=booking_of(theme.id).minutes),
        agent=hold.agent if hold and choice.agent_id == hold.agent_id else None,
        kept_until=hold.expires_at if hold and is_kept else None,
        lost=lost,
        nearest=nearest or [],
        badge_holder=find_badge_holder(edition),
        places=all_places() if isinstance(form, BookForm) else [],
        walks=walks_to(stand.hall, halls_by_name(edition)),
    )
