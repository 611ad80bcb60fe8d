"""What each stand needs: all of them at a glance, then one, half hour by half hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.models import PartnerBody, Theme
from salon.fair.queries import editions_before, themes_of
from salon.platform.access import actor, only
from salon.platform.clock import local
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.identity import Role
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import HALF_HOUR, half_hours
from salon.staffing.forms.day import instant
from salon.staffing.forms.needs import CopyForm, NeedsForm, RangeForm
from salon.staffing.models import Need
from salon.staffing.presenters.agent import hour_options
from salon.staffing.queries.needs import needs_overview
from salon.staffing.queries.rota import frames, needs_of, stands_of
from salon.staffing.routes import blueprint
from salon.staffing.rules.needs import NeedsChanged, RangeBackwards
from salon.staffing.services import needs as services
from salon.staffing.services.needs import NewNeed


@dataclass(frozen=True)
class _Ground:
    """A stand of the author's, with what it needs now."""

    scope: Scope
    body: PartnerBody
    needs: dict[datetime, Need]
    starts: list[datetime]
    themes: list[Theme]

    @property
    def stamp(self) -> str:
        return services.stamp_of(self.needs.values())

    @property
    def as_new(self) -> list[NewNeed]:
        return services.as_new(self.needs.values())


def _ground(stand_id: int) -> _Ground:
    scope = own_scope()
    edition = scope.edition
    body = services.own_stand(edition, stand_id, scope.body_ids)
    needs = {one.starts_at: one for one in needs_of(edition).get(stand_id, [])}
    starts = [start for day in frames(edition) for start in day.starts]
    return _Ground(scope, body, needs, starts, list(themes_of(edition)))


@blueprint.get("/organisation/village/besoins")
@only(Role.ORGANISER, Role.AGENT)
def needs() -> ResponseReturnValue:
    scope = own_scope()
    overview = needs_overview(scope.edition, scope.body_ids)
    return render_template("staffing/needs.html", scope=scope, overview=overview)


@blueprint.get("/organisation/village/besoins/<int:stand_id>")
@only(Role.ORGANISER, Role.AGENT)
def stand_needs(stand_id: int) -> ResponseReturnValue:
    return _page(_ground(stand_id))


@blueprint.post("/organisation/village/besoins/<int:stand_id>")
@only(Role.ORGANISER, Role.AGENT)
def set_needs(stand_id: int) -> ResponseReturnValue:
    ground, form = _ground(stand_id), NeedsForm()
    if not form.validate():
        return _page(ground, form=form), 400
    themes = {one.starts_at: one.theme_ids for one in ground.as_new}

    def wanted() -> list[NewNeed]:
        if not form.lines:
            raise BadInput
        return [
            NewNeed(
                _instant(line.starts_at.data),
                *(line.minimum.data, line.wished.data, line.maximum.data),
                themes.get(_instant(line.starts_at.data), frozenset()),
            )
            for line in (entry.form for entry in form.lines)
        ]

    return _save(ground, form, wanted, "form")


@blueprint.post("/organisation/village/besoins/<int:stand_id>/plage")
@only(Role.ORGANISER, Role.AGENT)
def set_range(stand_id: int) -> ResponseReturnValue:
    ground, form = _ground(stand_id), RangeForm()
    _offer_range(form, ground)
    if not form.validate():
        return _page(ground, range_form=form), 400

    def wanted() -> list[NewNeed]:
        starts_at, ends_at = _instant(form.starts_at.data), _instant(form.ends_at.data)
        if ends_at <= starts_at:
            raise RangeBackwards
        numbers = (form.minimum.data, form.wished.data, form.maximum.data)
        asked = NewNeed(starts_at, *numbers, frozenset(form.themes.data or ()))
        hours = [at for at in half_hours(starts_at, ends_at) if at in ground.starts]
        return services.with_range(ground.as_new, hours, asked)

    return _save(ground, form, wanted, "range_form")


@blueprint.post("/organisation/village/besoins/<int:stand_id>/reprendre")
@only(Role.ORGANISER, Role.AGENT)
def copy_needs(stand_id: int) -> ResponseReturnValue:
    ground, form = _ground(stand_id), CopyForm()
    _offer_sources(form, ground)
    if not form.validate():
        return _page(ground, copy_form=form), 400
    kind, _, key = (form.source.data or "").partition(":")
    edition = ground.scope.edition

    def wanted() -> list[NewNeed]:
        if kind == "stand":
            return services.copied_from_stand(edition, int(key))
        earlier = next(one for one in editions_before(edition) if one.id == int(key))
        return services.copied_from_edition(edition, ground.body, earlier)

    return _save(ground, form, wanted, "copy_form")


def _save(
    ground: _Ground, form: Any, wanted: Callable[[], list[NewNeed]], place: str
) -> ResponseReturnValue:
    """Writes what is wanted, or shows the page with the rule that forbids it."""
    stand_id, scope = ground.body.stand_id, ground.scope
    try:
        services.set_needs(
            scope.edition, stand_id, wanted(), form.stamp.data, actor(), scope.body_ids
        )
    except NeedsChanged as refusal:
        current = _ground(stand_id)
        fresh = _lines_form(current)
        fresh.form_errors.append(refusal.message)
        return _page(current, form=fresh), refusal.status
    except RuleBroken as refusal:
        form.form_errors.append(refusal.message)
        return _page(ground, **{place: form}), refusal.status
    flash(f"Les besoins du stand {ground.body.stand.number} sont enregistrés.", "success")
    return redirect(url_for("staffing.stand_needs", stand_id=stand_id))


def _page(ground: _Ground, **given: Any) -> str:
    """The page of a stand's needs; the forms that are not `given` are as the stand is."""
    labels, _ = hour_options(ground.scope.edition)
    range_form = given.get("range_form") or RangeForm(formdata=None, stamp=ground.stamp)
    copy_form = given.get("copy_form") or CopyForm(formdata=None, stamp=ground.stamp)
    _offer_range(range_form, ground)
    _offer_sources(copy_form, ground)
    return render_template(
        "staffing/stand_needs.html",
        scope=ground.scope,
        body=ground.body,
        form=given.get("form") or _lines_form(ground),
        range_form=range_form,
        copy_form=copy_form,
        labels=labels,
        runs=_theme_runs(ground),
    )


def _theme_runs(ground: _Ground) -> dict[str, tuple[list[str], int]]:
    """Where the same themes are asked for several half hours: their names, and how many."""
    found: dict[str, tuple[list[str], int]] = {}
    first, day = "", None
    for at in ground.starts:
        need = ground.needs.get(at)
        names = [theme.name for theme in need.themes] if need else []
        if found and found[first][0] == names and local(at).date() == day:
            found[first] = (names, found[first][1] + 1)
        else:
            first, day = at.isoformat(), local(at).date()
            found[first] = (names, 1)
    return found


def _lines_form(ground: _Ground) -> NeedsForm:
    lines = [
        {
            "starts_at": at.isoformat(),
            "minimum": need.minimum if need else 0,
            "wished": need.wished if need else 0,
            "maximum": need.maximum if need else 0,
        }
        for at in ground.starts
        for need in [ground.needs.get(at)]
    ]
    return NeedsForm(formdata=None, data={"stamp": ground.stamp, "lines": lines})


def _offer_range(form: RangeForm, ground: _Ground) -> None:
    form.starts_at.choices, form.ends_at.choices = hour_options(ground.scope.edition)
    form.themes.choices = {one.id: one.name for one in ground.themes}
    if not form.is_submitted() or form.ends_at.data is None:
        form.ends_at.data = (ground.starts[-1] + HALF_HOUR).isoformat()


def _offer_sources(form: CopyForm, ground: _Ground) -> None:
    """The other stands that need something, and the editions before this one."""
    edition = ground.scope.edition
    needing = needs_of(edition)
    stands = {
        stand_id: f"{body.stand.number} {body.short_name}"
        for stand_id, body in stands_of(edition).items()
        if stand_id != ground.body.stand_id and stand_id in needing
    }
    editions = {one.id: f"{one.name} ({one.slug})" for one in editions_before(edition)}
    form.offer(stands, editions)


def _instant(text: str | None) -> datetime:
    at = instant(text)
    if at is None:
        raise BadInput
    return at
