"""Preparing the next edition from an earlier one, and what to look at again in it."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.queries.durations import measured_themes
from salon.appointments.queries.visits import measured_stands
from salon.dashboard.forms import NextEditionForm
from salon.dashboard.presenters.edition_review import (
    ReviewPoint,
    arrivals_to_know,
    dates_to_check,
    drafts_to_check,
    durations_to_check,
    stands_to_check,
    texts_of_the_past,
)
from salon.dashboard.routes import blueprint
from salon.dashboard.services.next_edition import (
    NextEdition,
    prepare_next_edition,
    take_over_visits,
)
from salon.entrance.queries.arrivals import find_measured_arrivals
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.invitations.queries.invitations import count_to_invite
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import in_zone
from salon.platform.settings.prefixes import plain_url_for, prefix_of
from salon.platform.web.access import may_open, only, settings
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.next_edition import agents_to_take_over, count_agreed
from salon.staffing.queries.rota import needs_of
from salon.staffing.services.next_edition import take_over_agents

YEAR = timedelta(weeks=52)
"""The same weekday, a year later."""


@blueprint.route("/organisation/reglages/editions/<slug>/suivante", methods=["GET", "POST"])
@only(Domain.ALL)
@across_editions()
def next_edition(slug: str) -> ResponseReturnValue:
    """Make the draft of the next edition, then lead to what is to be looked at again."""
    edition = queries.get_edition(slug)
    form = NextEditionForm(data=_suggestion(edition))
    if form.validate_on_submit():
        choice = NextEdition(**{name: form[name].data for name in NextEdition.__annotations__})
        try:
            prepared = prepare_next_edition(fair_act(edition), choice, settings().file_store)
        except RuleBroken as refusal:
            form.form_errors.append(refusal.message)
            return _page(edition, form), refusal.status
        flash("L’édition est prête, en brouillon : le public ne la voit pas.", "success")
        return redirect(prefix_of(prepared.slug) + plain_url_for("dashboard.review_edition"))
    return _page(edition, form), 400 if form.is_submitted() else 200


@blueprint.get("/organisation/reglages/a-revoir")
@only(Domain.FAIR)
@across_editions()
def review_edition() -> ResponseReturnValue:
    """The checklist of an edition prepared from an earlier one."""
    edition = get_request_edition()
    past_edition = next(iter(queries.editions_before(edition)), None)
    terms = find_terms(edition)
    return render_template(
        "dashboard/review_edition.html",
        past=past_edition,
        past_pages=_pages_of(past_edition) if past_edition else {},
        dates=list(dates_to_check(edition, terms)),
        drafts=drafts_to_check(queries.all_programme_of(edition)),
        texts=texts_of_the_past(
            edition,
            past_edition,
            list(queries.themes_of(edition)),
            list(queries.all_programme_of(edition)),
            terms,
        )
        if past_edition
        else [],
        durations=durations_to_check(past_edition, measured_themes(past_edition))
        if past_edition
        else [],
        arrivals=list(arrivals_to_know(*find_measured_arrivals(edition))),
        stands=_stands_to_check(past_edition, edition) if past_edition else [],
        to_invite=count_to_invite(edition),
        agents=len(agents_of(edition)),
        agents_to_take_over=len(agents_to_take_over(past_edition, edition)) if past_edition else 0,
    )


@blueprint.post("/organisation/reglages/a-revoir/agents")
@only(Domain.VILLAGE)
@across_editions()
def take_over() -> ResponseReturnValue:
    """Name the agents of the edition before who agreed since this one was prepared."""
    edition = get_request_edition()
    past_edition = next(iter(queries.editions_before(edition)), None)
    count = take_over_agents(fair_act(edition), past_edition) if past_edition else 0
    flash(
        f"{plural(count, 'agent repris', 'agents repris')}. Aucun message n’est parti.", "success"
    )
    return redirect(_back())


@blueprint.post("/organisation/reglages/a-revoir/besoins")
@only(Domain.VILLAGE)
@across_editions()
def take_over_needs() -> ResponseReturnValue:
    """Raise the needs of the stands to the visits measured in the edition before."""
    edition = get_request_edition()
    past_edition = next(iter(queries.editions_before(edition)), None)
    count = take_over_visits(fair_act(edition), past_edition) if past_edition else 0
    flash(f"{plural(count, 'demi-heure relevée', 'demi-heures relevées')}.", "success")
    return redirect(_back())


def _back() -> str:
    can_review = may_open("dashboard.review_edition")
    return url_for("dashboard.review_edition" if can_review else "staffing.needs")


def _stands_to_check(past_edition: Edition, edition: Edition) -> list[ReviewPoint]:
    with in_zone(past_edition.time_zone):
        measured = measured_stands(past_edition)
    needs = needs_of(edition)
    by_slug = {body.slug: needs.get(body.stand_id, []) for body in queries.bodies_of(edition)}
    return list(stands_to_check(edition, past_edition, measured, by_slug))


def _pages_of(edition: Edition) -> dict[str, str]:
    prefix = prefix_of(None if edition.is_current else edition.slug)
    return {"agents": prefix + plain_url_for("staffing.agents")}


def _page(edition: Edition, form: NextEditionForm) -> str:
    return render_template(
        "dashboard/next_edition.html", edition=edition, form=form, agents=count_agreed(edition)
    )


def _suggestion(edition: Edition) -> dict[str, object]:
    """Return what is proposed: the same weekday a year later, the year replaced in the names."""
    first_day: date = edition.days[0].day_on + YEAR
    year, next_year = str(edition.starts_at.year), str(first_day.year)
    return {
        "name": edition.name.replace(year, next_year),
        "short_name": edition.short_name.replace(year, next_year),
        "slug": next_year,
        "first_day": first_day,
    }
