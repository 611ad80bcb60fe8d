"""Search of a time to book: from a need in plain words to the times of a theme."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from salon.appointments.access import find_badge_holder
from salon.appointments.engine.needs import matching_themes, matching_topics
from salon.appointments.queries.appointments import appointments_of_attendee
from salon.appointments.queries.offers import BookableTime, is_in_part, nearest
from salon.appointments.queries.settings import booking_of, topics_of
from salon.appointments.queries.times import (
    PARTS,
    StandSign,
    days_ahead,
    get_topic_by_slug,
    shown_times,
    times_of,
)
from salon.appointments.queries.visitors import busy_times, entries_of_attendee
from salon.appointments.routes import blueprint
from salon.appointments.routes.wait import new_wait_form
from salon.badges.models import HalfDay
from salon.badges.queries import all_places
from salon.fair.access import get_request_edition
from salon.fair.engine.walking import walks_to
from salon.fair.models import Edition, Stand, Theme
from salon.fair.queries import bodies_of, get_theme, halls_by_name, themes_of
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import public, row_asked
from salon.staffing.models import Agent

LONGEST_SEARCH = 100


@blueprint.get("/rendez-vous")
@public
def search() -> ResponseReturnValue:
    edition = get_request_edition()
    text = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    topics, themes = topics_of(edition), themes_of(edition)
    holder = find_badge_holder(edition)
    return render_template(
        "appointments/search.html",
        search_text=text,
        topics=topics,
        themes=themes,
        found_topics=matching_topics(topics, text) if text else [],
        found_themes=matching_themes(themes, text) if text else [],
        bodies=bodies_of(edition),
        badge_holder=holder,
        own=appointments_of_attendee(holder.id) if holder else [],
        waits=entries_of_attendee(holder.id) if holder else [],
        is_over=edition.ends_at <= now(),
        moment=now(),
    )


@blueprint.get("/rendez-vous/besoins/<slug>")
@public
def topic(slug: str) -> ResponseReturnValue:
    requested = get_topic_by_slug(get_request_edition(), slug)
    if len(requested.themes) == 1:
        return redirect(url_for("appointments.theme", slug=requested.themes[0].slug))
    lengths = {theme.id: booking_of(theme.id).minutes for theme in requested.themes}
    return render_template("appointments/topic.html", topic=requested, lengths=lengths)


@blueprint.get("/rendez-vous/themes/<slug>")
@public
@same_for_all(varies=lambda slug: shown_times(get_request_edition(), slug, now()))
def theme(slug: str) -> ResponseReturnValue:
    return theme_page(get_theme(get_request_edition(), slug), row_asked("agent"))


def theme_page(requested: Theme, agent_id: int | None = None, notice: str = "") -> str:
    """Return the times of a theme. `notice`: HTML above them."""
    edition = get_request_edition()
    times = times_of(edition, requested.id, now(), agent_id)
    hall = requested.body.stand.hall
    holder = find_badge_holder(edition)
    busy = busy_times(holder, times.offers, now()) if holder else {}
    days, day_on = days_ahead(edition, now()), _requested_day(edition)
    form = None
    if not times.offers and not times.is_closed and not times.agent:
        form = new_wait_form(edition)
    return render_template(
        "appointments/theme.html",
        theme=requested,
        times=times,
        groups=[
            group
            for group in times.by_part()
            if _requested_part() in (None, group[1]) and day_on in (None, group[0])
        ],
        part=_requested_part(),
        day_on=day_on,
        days=days,
        full_parts=[full for full in times.full_parts(days) if day_on in (None, full[0])],
        parts=[part for part in PARTS if any(is_in_part(t.starts_at, part) for t in times.offers)],
        walks=walks_to(hall, halls_by_name(edition)),
        first_notice=Markup(notice),
        busy=busy,
        form=form,
        badge_holder=holder,
        places=all_places() if form is not None else [],
        is_over=edition.ends_at <= now(),
        moment=now(),
    )


def time_lost_page(requested: Theme, lost: datetime, message: str, agent_id: int | None) -> str:
    """Return the times of a theme, the nearest ones to a time that was just taken above them."""
    edition = get_request_edition()
    times = times_of(edition, requested.id, now(), agent_id)
    holder = find_badge_holder(edition)
    busy = busy_times(holder, times.offers, now()) if holder else {}
    offers = [offer for offer in times.offers if offer.starts_at not in busy]
    notice = time_lost_notice(requested, offers, times.elsewhere, lost, message, times.agent)
    return theme_page(requested, agent_id, notice)


def time_lost_notice(
    requested: Theme,
    offers: Sequence[BookableTime],
    elsewhere: Mapping[datetime, StandSign | Stand],
    lost: datetime,
    message: str,
    agent: Agent | None = None,
) -> str:
    """Return what the page says first to who lost a time."""
    return render_template(
        "appointments/_time_lost.html",
        theme=requested,
        nearest=nearest(offers, lost),
        elsewhere=elsewhere,
        message=message,
        agent=agent,
    )


def _requested_day(edition: Edition) -> date | None:
    """Return the day of the fair that the address names, None for all."""
    asked = request.args.get("jour", "")
    return next((day.day_on for day in edition.days if day.day_on.isoformat() == asked), None)


def _requested_part() -> HalfDay | None:
    part = request.args.get("partie", "")
    return HalfDay(part) if part in set(PARTS) else None
