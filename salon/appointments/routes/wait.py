"""Waiting lists: joining one, and an entry by its private link."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import find_badge_holder
from salon.appointments.forms.visitor import WaitForForm, WaitForm, ask_day
from salon.appointments.queries.times import days_ahead
from salon.appointments.queries.visitors import find_appointment_after
from salon.appointments.queries.waiting import get_entry_by_token, rank_of
from salon.appointments.routes import blueprint
from salon.appointments.routes.requests import requested_page
from salon.appointments.routes.visitor import (
    contact_of,
    count_booking,
    offer_attendees,
    read_visitor,
)
from salon.appointments.rules.booking import SlotNotFree
from salon.appointments.rules.waiting import StillFree
from salon.appointments.services import waiting
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.requests import request_waiting
from salon.badges.models import HalfDay
from salon.badges.queries import all_places
from salon.badges.services import Person
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition, Theme
from salon.fair.queries import get_theme
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now
from salon.platform.web.access import public
from salon.platform.words.errors import RuleBroken

AnyForm = WaitForm | WaitForForm


def new_wait_form(edition: Edition, part: str = "", day_on: str = "") -> AnyForm:
    """Return an empty form, for the holder of a badge or a stranger."""
    holder = find_badge_holder(edition)
    values = {"part": part or HalfDay.WHOLE_DAY.value}
    form = (WaitForForm if holder else WaitForm)(formdata=None, data=values)
    ask_day(form, days_ahead(edition, now()), day_on)
    if isinstance(form, WaitForForm) and holder:
        offer_attendees(form, holder)
    return form


@blueprint.route("/rendez-vous/attente/<slug>", methods=["GET", "POST"])
@public
def join_waiting(slug: str) -> ResponseReturnValue:
    edition = get_request_edition()
    theme, holder = get_theme(edition, slug), find_badge_holder(edition)
    if request.method == "GET":
        part, day_on = request.args.get("partie", ""), request.args.get("jour", "")
        return _page(theme, new_wait_form(edition, part if part in set(HalfDay) else "", day_on))
    form = WaitForForm() if holder else WaitForm()
    ask_day(form, days_ahead(edition, now()))
    if isinstance(form, WaitForForm) and holder:
        offer_attendees(form, holder)
    visitor = read_visitor(form)
    if visitor is None:
        return _page(theme, form), 400
    count_booking("wait")
    with form.refusals():
        return redirect(_join(edition, theme, form, visitor))
    return _page(theme, form, still_free=isinstance(form.refusal, StillFree)), form.status_code


def _join(edition: Edition, theme: Theme, form: AnyForm, visitor: int | Person) -> str:
    """Put the badge holder on the list, or mail a confirmation link to a stranger.

    Return the path of the next page.
    """
    part, subject = HalfDay(form.part.data), form.subject.data or ""
    chosen_day = form.day_on.data if "day_on" in form else ""
    day_on = date.fromisoformat(chosen_day) if chosen_day else None
    key = form.submission_key.data or ""
    if isinstance(visitor, Person):
        choice = WaitingChoice(theme.id, part, subject, day_on=day_on)
        request_waiting(fair_act(edition), choice, visitor, key)
        return requested_page(visitor.email)
    contact = contact_of(find_badge_holder(edition))
    choice = WaitingChoice(theme.id, part, subject, contact, day_on)
    entry = waiting.join_waiting(fair_act(edition), choice, visitor, key)
    flash("Vous êtes sur la liste d’attente. Un message vous le dit aussi.", "success")
    return url_for("appointments.waiting_entry", token=entry.private_token)


def _page(theme: Theme, form: AnyForm, still_free: bool = False) -> str:
    return render_template(
        "appointments/join_waiting.html",
        theme=theme,
        form=form,
        badge_holder=find_badge_holder(get_request_edition()),
        places=all_places() if isinstance(form, WaitForm) else [],
        still_free=still_free,
    )


@blueprint.get("/rendez-vous/liste/<token>")
@public
def waiting_entry(token: str) -> ResponseReturnValue:
    entry = get_entry_by_token(token)
    hold = entry.hold if entry.hold is not None and entry.hold.expires_at > now() else None
    return render_template(
        "appointments/waiting_entry.html",
        entry=entry,
        offer=hold if entry.status == "offered" else None,
        rank=rank_of(entry) if entry.is_live else 0,
        appointment=find_appointment_after(entry),
        token=token,
    )


@blueprint.post("/rendez-vous/liste/<token>/accepter")
@public
def accept_offer(token: str) -> ResponseReturnValue:
    entry = get_entry_by_token(token)
    if entry.status == "served":
        return redirect(url_for("appointments.waiting_entry", token=token))
    try:
        appointment = waiting.accept_offer(request_act(), entry)
    except (RuleBroken, SlotNotFree) as error:
        flash(error.message, "warning")
        return redirect(url_for("appointments.waiting_entry", token=token))
    flash("Votre rendez-vous est confirmé. Un message vous le dit aussi.", "success")
    return redirect(url_for("appointments.appointment", token=appointment.private_token))


@blueprint.post("/rendez-vous/liste/<token>/refuser")
@public
def decline_offer(token: str) -> ResponseReturnValue:
    entry = get_entry_by_token(token)
    question = Confirmation(
        title="Refuser l’heure proposée",
        kicker=entry.theme.name,
        button="Refuser cette heure",
        back=url_for("appointments.waiting_entry", token=token),
        facts=[
            "Elle est proposée à quelqu’un d’autre. "
            "Vous restez sur la liste, après ceux qui attendent déjà."
        ],
        is_final=True,
        layout="base.html",
    )
    if page := confirm_first(question, lambda: waiting.decline_offer(request_act(), entry)):
        return page
    flash("Vous restez sur la liste, après ceux qui attendent déjà.", "success")
    return redirect(url_for("appointments.waiting_entry", token=token))


@blueprint.route("/rendez-vous/liste/<token>/quitter", methods=["GET", "POST"])
@public
def leave_waiting(token: str) -> ResponseReturnValue:
    entry = get_entry_by_token(token)
    if request.method == "GET":
        return render_template(
            "appointments/leave_waiting.html", entry=entry, form=SalonForm(), token=token
        )
    waiting.leave_waiting(request_act(), entry)
    flash("Vous avez quitté la liste d’attente.", "success")
    return redirect(url_for("appointments.waiting_entry", token=token))
