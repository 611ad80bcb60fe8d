"""The digests of the morning, made by the worker from the figures of the overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from flask import current_app
from sqlalchemy import true

from salon.accounts.models import Account
from salon.dashboard.presenters.checklist import checklist_of, season_in
from salon.dashboard.presenters.waiting import Line, WorkFigures, lines_of, work_figures
from salon.dashboard.queries.digests import (
    DIGEST_FROM,
    communes_registered,
    due_organisers,
    lines_with_arrivals,
)
from salon.dashboard.queries.messages import about_edition
from salon.dashboard.queries.overview import registrations_per_day, waiting_for
from salon.dashboard.services.digests import post_digest
from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.platform.database.edition_scope import in_edition
from salon.platform.settings.clock import in_zone, local, real_now
from salon.platform.settings.prefixes import prefix_of
from salon.platform.web.access import lacking_domains
from salon.platform.words.formats import plural

OF_NO_EDITION = frozenset({"refused_mails", "late_mails", "accounts_to_activate"})
"""Lines that say the same of every edition to whoever has all rights."""
REGISTERED = "registered"
"""Key of the registrations, new each time that there are some."""
MOST_COMMUNES = 8


@dataclass(frozen=True)
class Morning:
    """An edition on the morning of a digest; its figures are read once for all organisers."""

    edition: Edition
    now: datetime

    @cached_property
    def figures(self) -> WorkFigures:
        return work_figures(self.edition, self.now)


def post_digests(now: datetime) -> int:
    """Post the digests that are due and return how many. Idempotent.

    The clocks are those of the latest edition; a worker that was stopped catches up the same day.
    """
    editions = live_editions()
    if not editions:
        return 0
    with in_zone(editions[0].time_zone):
        today = local(now).date()
        if local(now).time() < DIGEST_FROM:
            return 0
        mornings = [Morning(edition, now) for edition in editions]
        return sum(_digest(account, mornings, today) for account in due_organisers(today))


def _digest(account: Account, mornings: Sequence[Morning], today: date) -> int:
    """Post the digest of an organiser, with a section for each edition where something is new."""
    sections, counts = [], {}
    for number, morning in enumerate(mornings):
        edition = morning.edition
        with in_edition(edition.id), in_zone(edition.time_zone):
            lines = _lines(account, morning, today)
            if number and account.has_all_rights:
                lines = [line for line in lines if line.key not in OF_NO_EDITION]
            told = account.digest_counts.get(str(edition.id), {})
            arrived = lines_with_arrivals(edition, _since(account, today))
        counts[str(edition.id)] = {line.key: line.count for line in lines if line.key != REGISTERED}
        new = [line for line in lines if line.count > told.get(line.key, 0) or line.key in arrived]
        if new:
            sections.append(
                {
                    "edition": edition.short_name,
                    "new": [_written(line, edition) for line in new],
                    "waiting": [_written(line, edition) for line in lines if line not in new],
                }
            )
    return post_digest(account, today, sections, counts)


def _since(account: Account, today: date) -> date:
    return account.digest_on or today - timedelta(days=1)


def _lines(account: Account, morning: Morning, today: date) -> list[Line]:
    """Return the lines of an organiser in an edition: what came, what waits, what is to prepare."""
    edition, granted = morning.edition, frozenset(account.domains(morning.edition.id))

    def may_open(endpoint: str) -> bool:
        return not lacking_domains(current_app, endpoint, "GET", granted)

    if not granted:
        return []
    readable = true() if account.has_all_rights else about_edition(edition)
    waiting = waiting_for(edition.id, real_now(), readable)
    lines = lines_of(morning.figures, waiting, may_open)
    season = season_in(edition, morning.now)
    checklist = checklist_of(edition, season, may_open)
    if may_open("badges.attendees"):
        lines = [*_registrations(edition, _since(account, today), today), *lines]
    if checklist is not None and not checklist.is_done:
        left = len(checklist.points) - checklist.done_count
        words = plural(left, "point à régler", "points à régler")
        lines.append(_overview_line(f"checklist.{season}", left, words, checklist.title))
    return lines


def _registrations(edition: Edition, since: date, today: date) -> list[Line]:
    """Return how many visitors registered since a day, today excluded, and from which communes."""
    days = registrations_per_day(edition.id)
    count = sum(number for day_on, number in days if since <= day_on < today)
    if not count:
        return []
    communes = communes_registered(edition, since, today)
    names = ", ".join(communes[:MOST_COMMUNES])
    more = len(communes) - MOST_COMMUNES
    names += f" et {plural(more, 'autre')}" if more > 0 else ""
    advice = f"{plural(len(communes), 'commune')} : {names}" if communes else "Sans commune"
    line = _overview_line(REGISTERED, count, plural(count, "inscription"), advice)
    return [replace(line, values={"_anchor": "inscriptions"})]


def _overview_line(key: str, count: int, words: str, advice: str) -> Line:
    title = f"{advice}."
    return Line(key, count, words, title, "dashboard.overview", {"_anchor": "checklist"})


def _written(line: Line, edition: Edition) -> dict[str, str]:
    """Return a line as its message shows it, with the path of its page."""
    values: Mapping[str, object] = {
        name: value for name, value in line.values.items() if name != "_anchor"
    }
    path = current_app.url_map.bind("").build(line.endpoint, values)
    anchor = f"#{line.values['_anchor']}" if "_anchor" in line.values else ""
    prefix = prefix_of(None if edition.is_current else edition.slug)
    return {"words": line.words, "advice": line.advice, "path": f"{prefix}{path}{anchor}"}
