"""Mon parcours: questions, visit, A5 PDF, calendar, bookings."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from salon.appointments.access import find_badge_holder
from salon.appointments.engine.visit import steps_of
from salon.appointments.forms.visit import VisitForm
from salon.appointments.queries.settings import topics_of
from salon.appointments.queries.visit import Visit, Wish, read_visit
from salon.appointments.routes import blueprint
from salon.appointments.services.visit import book_visit
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition, EditionDay
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.forms import CreatingForm
from salon.platform.settings.clock import local, now, paris
from salon.platform.settings.prefixes import page_address
from salon.platform.web.access import network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.web.responses import calendar_response
from salon.platform.words.errors import BadInput

HALF_DAY = 4
"""Hours of the visit proposed by default."""


@blueprint.get("/mon-parcours")
@public
def visit() -> ResponseReturnValue:
    edition = get_request_edition()
    if "besoin" not in request.args and "de" not in request.args:
        return _page(edition, _form(edition, _usual(edition)), None)
    form = _form(edition, request.args)
    if not form.validate():
        return _page(edition, form, None), 400
    return _page(edition, form, _visit(edition, form))


@blueprint.get("/mon-parcours.pdf")
@public
def visit_pdf() -> ResponseReturnValue:
    count_try(f"visit-pdf:{network()}", settings().badge_downloads_per_minute, 60)
    edition = get_request_edition()
    from salon.appointments.documents.visit_pdf import visit_page

    person = find_badge_holder(edition)
    content = visit_page(
        _requested_visit(edition), edition, person.full_name if person else "", _address()
    )
    return pdf_response(content, "mon-parcours.pdf", is_download=True)


@blueprint.get("/mon-parcours.ics")
@public
def visit_ics() -> ResponseReturnValue:
    count_try(f"visit-ics:{network()}", settings().badge_downloads_per_minute, 60)
    edition = get_request_edition()
    from salon.appointments.documents.visit_ical import visit_calendar

    content = visit_calendar(_requested_visit(edition), edition, settings(), now())
    return calendar_response(content, "mon-parcours.ics")


@blueprint.post("/mon-parcours/reserver")
@public
def book_all() -> ResponseReturnValue:
    """Book the appointments of the visit for the badge holder of this browser."""
    edition = get_request_edition()
    person = find_badge_holder(edition)
    form = CreatingForm()
    if person is None:
        abort(404)
    if not form.validate():
        raise BadInput
    requested = _requested_visit(edition)
    booked_visit = book_visit(fair_act(edition), requested, person.id, form.submission_key.data)
    for missed in booked_visit.missed:
        flash(
            f"{missed.title}\u00a0: l’heure prévue vient d’être prise, une autre est proposée.",
            "info",
        )
    if booked_visit.booked:
        flash("Vos rendez-vous sont pris. La confirmation part par courriel.", "success")
    return redirect(f"{url_for('appointments.visit')}?{request.query_string.decode()}")


def _requested_visit(edition: Edition) -> Visit:
    form = _form(edition, request.args)
    if not form.validate():
        raise BadInput(" ".join(text for texts in form.errors.values() for text in texts))
    return _visit(edition, form)


def _visit(edition: Edition, form: VisitForm) -> Visit:
    fair_day = edition.days[int(form.jour.data)]
    starts_at = paris(fair_day.day_on, time.fromisoformat(form.de.data))
    ends_at = paris(fair_day.day_on, time.fromisoformat(form.a.data))
    wish = Wish(
        topics=form.besoin.data,
        starts_at=max(starts_at, fair_day.opens_at),
        ends_at=min(ends_at, fair_day.closes_at),
        meetings="rendez-vous" in form.avec.data,
        talks="conferences" in form.avec.data,
        stands="stands" in form.avec.data,
    )
    person = find_badge_holder(edition)
    return read_visit(edition, wish, now(), person.id if person else None)


def _form(edition: Edition, answers: Mapping[str, object]) -> VisitForm:
    needs = [(topic.slug, topic.name) for topic in topics_of(edition)]
    days = [(fair_day.day_on, fair_day.opens, fair_day.closes) for fair_day in edition.days]
    values = answers if isinstance(answers, MultiDict) else MultiDict(answers)
    if "jour" not in values:
        values = MultiDict([*values.items(multi=True), ("jour", str(_usual_rank(edition)))])
    return VisitForm(needs, days, _hours(edition.days), formdata=values)


def _usual_rank(edition: Edition) -> int:
    """Return the rank of the day of a visit unless another is chosen: the first one to come of
    those that the holder of the badge chose."""
    person = find_badge_holder(edition)
    chosen = person.days_among(day.day_on for day in edition.days) if person else None
    ahead = [rank for rank, day in enumerate(edition.days) if day.closes_at > now()]
    own = [rank for rank in ahead if chosen is None or edition.days[rank].day_on in chosen]
    return next(iter([*own, *ahead]), 0)


def _hours(days: Sequence[EditionDay]) -> list[str]:
    """Return the possible hours of arrival and departure: whole hours and the ends of the days."""
    hours = set()
    for fair_day in days:
        at, closes_at = local(fair_day.opens_at), local(fair_day.closes_at)
        while at < closes_at:
            hours.add(at.strftime("%H:%M"))
            at = (at + timedelta(hours=1)).replace(minute=0)
        hours.add(closes_at.strftime("%H:%M"))
    return sorted(hours)


def _usual(edition: Edition) -> MultiDict[str, str]:
    """Return the default answers: half a day from now or from the opening, with everything."""
    fair_day = edition.days[_usual_rank(edition)]
    hours, present = _hours([fair_day]), local(now())
    today = present.date() == fair_day.day_on
    start = max(
        (n for n, text in enumerate(hours[:-1]) if today and text <= present.strftime("%H:%M")),
        default=0,
    )
    end = min(start + HALF_DAY, len(hours) - 1)
    defaults = [("de", hours[start]), ("a", hours[end])]
    return MultiDict(
        [*defaults, *(("avec", kind) for kind in ("rendez-vous", "conferences", "stands"))]
    )


def _page(edition: Edition, form: VisitForm, proposed: Visit | None) -> str:
    person = find_badge_holder(edition)
    return render_template(
        "appointments/visit.html",
        form=form,
        visit=proposed,
        person=person,
        booking=CreatingForm(formdata=None) if proposed and person and proposed.to_book else None,
        steps=steps_of(proposed.stops) if proposed else [],
        answers=request.query_string.decode("utf-8", "replace"),
    )


def _address() -> str:
    return settings().public_url + page_address().replace("/mon-parcours.pdf", "/mon-parcours")
