"""Pages of the needs of stands: all of them at a glance, then one, half hour by half hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.fair.models import PartnerBody, Theme
from salon.fair.queries import editions_before, themes_of
from salon.platform.database.identity import Domain, Role
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.fields import instant
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local
from salon.platform.web.access import only
from salon.platform.words.errors import BadInput, RuleBroken
from salon.staffing.access import Scope, own_scope
from salon.staffing.engine.half_hours import HALF_HOUR, half_hours
from salon.staffing.forms.needs import CopyForm, NeedsForm, RangeForm
from salon.staffing.models import Need
from salon.staffing.presenters.agent import hour_options
from salon.staffing.queries.needs import needs_overview
from salon.staffing.queries.rota import frames, needs_of, stands_of
from salon.staffing.routes import blueprint
from salon.staffing.rules.needs import RangeBackwards
from salon.staffing.services import needs as services
from salon.staffing.services.needs import NewNeed


@dataclass(frozen=True)
class StandContext:
    """A stand of the author's, with its current needs."""

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


def _context(stand_id: int) -> StandContext:
    scope = own_scope()
    edition = scope.edition
    body = services.own_stand(edition, stand_id, scope.body_ids)
    needs = {need.starts_at: need for need in needs_of(edition).get(stand_id, [])}
    starts = [start for day in frames(edition) for start in day.starts]
    return StandContext(scope, body, needs, starts, list(themes_of(edition)))


@blueprint.get("/organisation/village/besoins")
@only(Domain.VILLAGE, Role.AGENT)
def needs() -> ResponseReturnValue:
    scope = own_scope()
    overview = needs_overview(scope.edition, scope.body_ids)
    return render_template("staffing/needs.html", scope=scope, overview=overview)


@blueprint.get("/organisation/village/besoins/<int:stand_id>")
@only(Domain.VILLAGE, Role.AGENT)
def stand_needs(stand_id: int) -> ResponseReturnValue:
    return _page(_context(stand_id))


@blueprint.post("/organisation/village/besoins/<int:stand_id>")
@only(Domain.VILLAGE, Role.AGENT)
def set_needs(stand_id: int) -> ResponseReturnValue:
    context, form = _context(stand_id), NeedsForm()
    if not form.validate():
        return _page(context, form=form), 400
    themes = {need.starts_at: need.theme_ids for need in context.as_new}

    def new_needs() -> list[NewNeed]:
        if not form.lines:
            raise BadInput
        return [
            NewNeed(
                _instant(line.starts_at.data),
                line.minimum.data,
                line.wished.data,
                line.maximum.data,
                themes.get(_instant(line.starts_at.data), frozenset()),
            )
            for line in (entry.form for entry in form.lines)
        ]

    return _save(context, form, new_needs, "form")


@blueprint.post("/organisation/village/besoins/<int:stand_id>/plage")
@only(Domain.VILLAGE, Role.AGENT)
def set_range(stand_id: int) -> ResponseReturnValue:
    context, form = _context(stand_id), RangeForm()
    _offer_range(form, context)
    if not form.validate():
        return _page(context, range_form=form), 400

    def new_needs() -> list[NewNeed]:
        starts_at, ends_at = _instant(form.starts_at.data), _instant(form.ends_at.data)
        if ends_at <= starts_at:
            raise RangeBackwards
        numbers = (form.minimum.data, form.wished.data, form.maximum.data)
        model = NewNeed(starts_at, *numbers, frozenset(form.themes.data or ()))
        hours = [at for at in half_hours(starts_at, ends_at) if at in context.starts]
        return services.with_range(context.as_new, hours, model)

    return _save(context, form, new_needs, "range_form")


@blueprint.post("/organisation/village/besoins/<int:stand_id>/reprendre")
@only(Domain.VILLAGE, Role.AGENT)
def copy_needs(stand_id: int) -> ResponseReturnValue:
    context, form = _context(stand_id), CopyForm()
    _offer_sources(form, context)
    if not form.validate():
        return _page(context, copy_form=form), 400
    kind, _, key = (form.source.data or "").partition(":")
    edition = context.scope.edition

    def new_needs() -> list[NewNeed]:
        if kind == "stand":
            return services.copied_from_stand(edition, int(key))
        earlier = next(former for former in editions_before(edition) if former.id == int(key))
        return services.copied_from_edition(edition, context.body, earlier)

    return _save(context, form, new_needs, "copy_form")


def _save(
    context: StandContext, form: SalonForm, new_needs: Callable[[], list[NewNeed]], place: str
) -> ResponseReturnValue:
    """Save the new needs, or return the page with the rule that forbids it."""
    stand_id, scope = context.body.stand_id, context.scope
    try:
        services.set_needs(
            fair_act(scope.edition), stand_id, new_needs(), form.stamp.data, scope.body_ids
        )
    except StaleVersion as refusal:
        current = _context(stand_id)
        fresh = _lines_form(current)
        fresh.refuse(refusal)
        return _page(current, form=fresh), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _page(context, **{place: form}), refusal.status
    flash(f"Les besoins du stand {context.body.stand.number} sont enregistrés.", "success")
    return redirect(url_for("staffing.stand_needs", stand_id=stand_id))


def _page(context: StandContext, **forms: SalonForm) -> str:
    """Return the page of a stand's needs; the forms that are not in `forms` show the current
    needs.
    """
    labels, _ = hour_options(context.scope.edition)
    range_form = forms.get("range_form") or RangeForm(formdata=None, stamp=context.stamp)
    copy_form = forms.get("copy_form") or CopyForm(formdata=None, stamp=context.stamp)
    _offer_range(range_form, context)
    _offer_sources(copy_form, context)
    return render_template(
        "staffing/stand_needs.html",
        scope=context.scope,
        body=context.body,
        form=forms.get("form") or _lines_form(context),
        range_form=range_form,
        copy_form=copy_form,
        labels=labels,
        runs=_theme_runs(context),
    )


def _theme_runs(context: StandContext) -> dict[str, tuple[list[str], int]]:
    """Return the runs of half hours with the same themes: their names, and how many."""
    runs: dict[str, tuple[list[str], int]] = {}
    first, day = "", None
    for at in context.starts:
        need = context.needs.get(at)
        names = [theme.name for theme in need.themes] if need else []
        if runs and runs[first][0] == names and local(at).date() == day:
            runs[first] = (names, runs[first][1] + 1)
        else:
            first, day = at.isoformat(), local(at).date()
            runs[first] = (names, 1)
    return runs


def _lines_form(context: StandContext) -> NeedsForm:
    lines = [
        {
            "starts_at": at.isoformat(),
            "minimum": need.minimum if need else 0,
            "wished": need.wished if need else 0,
            "maximum": need.maximum if need else 0,
        }
        for at in context.starts
        for need in [context.needs.get(at)]
    ]
    return NeedsForm(formdata=None, data={"stamp": context.stamp, "lines": lines})


def _offer_range(form: RangeForm, context: StandContext) -> None:
    form.starts_at.choices, form.ends_at.choices = hour_options(context.scope.edition)
    form.themes.choices = {theme.id: theme.name for theme in context.themes}
    if not form.is_submitted() or form.ends_at.data is None:
        form.ends_at.data = (context.starts[-1] + HALF_HOUR).isoformat()


def _offer_sources(form: CopyForm, context: StandContext) -> None:
    """Set the choices: the other stands with needs, and the editions before this one."""
    edition = context.scope.edition
    needing = needs_of(edition)
    stands = {
        stand_id: f"{body.stand.number} {body.short_name}"
        for stand_id, body in stands_of(edition).items()
        if stand_id != context.body.stand_id and stand_id in needing
    }
    editions = {former.id: f"{former.name} ({former.slug})" for former in editions_before(edition)}
    form.set_choices(stands, editions)


def _instant(text: str | None) -> datetime:
    at = instant(text)
    if at is None:
        raise BadInput
    return at
