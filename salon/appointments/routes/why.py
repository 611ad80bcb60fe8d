"""The page that explains why a time is not offered."""

from datetime import datetime, timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from salon.appointments.forms.settings import WhyForm
from salon.appointments.queries.board import themes_shown
from salon.appointments.queries.why import ThemeDay, read_theme_day
from salon.appointments.routes import blueprint
from salon.fair.models import EditionDay
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.formats import day as day_words
from salon.platform.words.formats import hour
from salon.staffing.access import Scope, own_scope

STEP = timedelta(minutes=5)


@blueprint.get("/organisation/rendez-vous/pourquoi")
@only(Domain.APPOINTMENTS, Role.AGENT)
def why() -> ResponseReturnValue:
    scope = own_scope()
    form, day = _read_form(scope)
    theme_day: ThemeDay | None = None
    if day is not None and form.theme.data is not None:
        at = next((at for key, at in _starts(day) if key == form.heure.data), None)
        theme_day = read_theme_day(scope.edition, form.theme.data, day, at, now(), scope.body_ids)
    themes = {theme.id: theme for theme in themes_shown(scope.edition, scope.body_ids)}
    return render_template(
        "appointments/why.html",
        scope=scope,
        form=form,
        theme=themes.get(form.theme.data),
        day=day,
        theme_day=theme_day,
        hours=_marks(theme_day),
    )


def _read_form(scope: Scope) -> tuple[WhyForm, EditionDay | None]:
    """Return the form and day of the address, by default the first theme and day.

    A 404 for a theme or day outside the scope.
    """
    form = WhyForm(request.args)
    themes = themes_shown(scope.edition, scope.body_ids)
    days = {f"{fair_day.day_on}": fair_day for fair_day in scope.edition.days}
    form.theme.choices = {theme.id: theme.name for theme in themes}
    form.jour.choices = {key: day_words(fair_day.day_on) for key, fair_day in days.items()}
    if "theme" not in request.args and themes:
        form.theme.data = themes[0].id
    if "jour" not in request.args and days:
        form.jour.data = next(iter(days))
    day = days.get(form.jour.data or "")
    if day is None or (themes and form.theme.data not in form.theme.choices):
        abort(404)
    form.heure.choices = {"": "Toute la journée", **{key: hour(at) for key, at in _starts(day)}}
    if form.heure.data not in form.heure.choices:
        abort(404)
    return form, day


def _starts(day: EditionDay) -> list[tuple[str, datetime]]:
    """Return the starts of a day, every five minutes: (key in the address, instant)."""
    starts, at = [], day.opens_at
    while at < day.closes_at:
        starts.append((hour(at).replace("\u00a0", ""), at))
        at += STEP
    return starts


def _marks(theme_day: ThemeDay | None) -> list[int]:
    """Return the ticks of a day at which an hour begins, for the strips."""
    return [at for at in range(theme_day.start, theme_day.end) if at % 12 == 0] if theme_day else []
