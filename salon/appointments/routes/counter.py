"""Booking at the stand for a visitor who is present."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.engine.slots import instant
from salon.appointments.forms.counter import CounterChoiceForm, CounterForm, VisitorSearchForm
from salon.appointments.forms.meeting import BadgeForm
from salon.appointments.presenters.meeting import function_of
from salon.appointments.queries.appointments import appointments_of_attendee
from salon.appointments.queries.counter import (
    agents_at_counter,
    counter_slots,
    limits_of_visitor,
    themes_at_counter,
)
from salon.appointments.queries.meetings import find_visitor
from salon.appointments.routes import blueprint
from salon.appointments.rules.booking import Limit, LimitsToAccept
from salon.appointments.services.counter import book_at_counter
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.queries import get_attendee, search_attendees
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only, row_asked, settings
from salon.platform.web.limits import count_try
from salon.platform.words.errors import RuleBroken
from salon.staffing.access import own_agent
from salon.staffing.models import Agent

MOST_FOUND = 20
LIMIT_WORDS = {
    Limit.NOTICE: "Le délai que le public doit laisser n’y est pas\u00a0: prévenez votre collègue.",
    Limit.COVER: "Il ne resterait plus assez d’agents libres pour ceux qui viennent sans "
    "rendez-vous.",
}


@blueprint.get("/planning/rendez-vous/nouveau")
@only(Role.AGENT)
def book_for_visitor() -> ResponseReturnValue:
    agent = own_agent()
    attendee = _requested_visitor(agent)
    if attendee is None:
        return _search_page(agent, BadgeForm(formdata=None))
    return _times_page(agent, attendee, CounterForm(formdata=None))


@blueprint.post("/planning/rendez-vous/nouveau")
@only(Role.AGENT)
def book_at_stand() -> ResponseReturnValue:
    """Book for the visitor in the address, else look up the badge that was read."""
    agent = own_agent()
    attendee = _requested_visitor(agent)
    if attendee is None:
        return _find_by_badge(agent)
    form = CounterForm()
    choice = _choice_of(agent)
    if not form.validate() or choice is None:
        return _times_page(agent, attendee, form), 400
    start, agent_id = map(int, form.slot.data.split("-"))
    theme, accepted = choice.theme.data, form.accepted.data or []
    name = dict(choice.theme.choices)[theme]
    requested = Choice(theme, instant(start), agent_id)
    question = VisitorQuestion(form.subject.data or name)
    attempt = BookingAttempt(form.submission_key.data, accepted=accepted)
    try:
        booked = book_at_counter(request_act(), agent, requested, attendee, question, attempt)
    except RuleBroken as refusal:
        return _times_page(agent, attendee, form, refusal), refusal.status
    flash("Le rendez-vous est pris. La confirmation part par courriel.", "success")
    return redirect(url_for("appointments.meeting", appointment_id=booked.id))


def _requested_visitor(agent: Agent) -> Attendee | None:
    """Return the registered visitor in the address, None without one; else a 404."""
    attendee_id = row_asked("visiteur")
    if attendee_id is None:
        return None
    attendee = get_attendee(attendee_id)
    if attendee.edition_id != agent.edition_id or attendee.status != AttendeeStatus.REGISTERED:
        abort(404)
    return attendee


def _find_by_badge(agent: Agent) -> ResponseReturnValue:
    form = BadgeForm()
    attendee = find_visitor(agent.edition, form.code.data) if form.validate() else None
    if attendee is None:
        if not form.errors:
            form.code.errors = ["Ce n’est pas un badge valable de cette édition. Relisez-le."]
        return _search_page(agent, form), 400
    return redirect(url_for("appointments.book_for_visitor", visiteur=attendee.id))


def _search_page(agent: Agent, form: BadgeForm) -> str:
    search, attendees = VisitorSearchForm(request.args), None
    if search.q.data and search.validate():
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
        attendees = search_attendees(agent.edition_id, search.q.data, MOST_FOUND)
    return render_template(
        "appointments/book_for_visitor.html",
        attendee=None,
        form=form,
        search=search,
        attendees=attendees,
        most=MOST_FOUND,
        function_of=function_of,
    )


def _choice_of(agent: Agent) -> CounterChoiceForm | None:
    """Return the theme and agent of the address, by default the first ones; None if foreign."""
    form = CounterChoiceForm(request.args)
    form.theme.choices = [(theme.id, theme.name) for theme in themes_at_counter(agent)]
    theme_ids = [key for key, _ in form.theme.choices]
    if form.theme.data not in theme_ids:
        form.theme.data = theme_ids[0] if theme_ids and "theme" not in request.args else None
    people = agents_at_counter(agent, form.theme.data) if form.theme.data else []
    form.agent.choices = [
        *(
            (colleague.id, "Moi" if colleague.id == agent.id else colleague.full_name)
            for colleague in people
        ),
        (0, "N’importe qui du stand"),
    ]
    if form.agent.data not in [key for key, _ in form.agent.choices]:
        form.agent.data = people[0].id if people and people[0].id == agent.id else 0
    return form if form.theme.data else None


def _times_page(
    agent: Agent, attendee: Attendee, form: CounterForm, refusal: RuleBroken | None = None
) -> str:
    choice = _choice_of(agent)
    if choice is None and themes_at_counter(agent):
        abort(404)
    return render_template(
        "appointments/book_for_visitor.html",
        attendee=attendee,
        agent=agent,
        form=form,
        choice=choice,
        refusal=refusal.message if refusal else "",
        function=function_of(attendee),
        engaged=appointments_of_attendee(attendee.id),
        **_times_and_limits(agent, attendee, form, choice, refusal),
    )


def _times_and_limits(
    agent: Agent,
    attendee: Attendee,
    form: CounterForm,
    choice: CounterChoiceForm | None,
    refusal: RuleBroken | None,
) -> dict[str, object]:
    """Return the free slots, and the limits passed by the visitor or the chosen time."""
    if choice is None:
        return {"slots": [], "limits": {}}
    theme_id, moment = choice.theme.data, now()
    people = agents_at_counter(agent, theme_id)
    agents = [agent for agent in people if choice.agent.data in (0, agent.id)]
    limits = limits_of_visitor(agent.edition, attendee, theme_id)
    if isinstance(refusal, LimitsToAccept):
        limits |= {limit: words for limit, words in LIMIT_WORDS.items() if limit in refusal.limits}
    free_slots = counter_slots(agent.edition, theme_id, agents, moment)
    form.slot.choices = [(f"{slot.slot.start}-{slot.agent.id}", "") for slot in free_slots]
    return {"slots": free_slots, "limits": limits}
