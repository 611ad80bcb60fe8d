"""Pages of the first day: the first account, the steps, the page to share."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.services import organisers
from salon.badges.services.territory import Territory
from salon.fair.access import fair_act, turn_to_edition
from salon.fair.models import Edition
from salon.fair.services.days import DayHours, days_of
from salon.first_day import forms, queries, services
from salon.first_day.rules import SetUpStep
from salon.platform.database.edition_scope import in_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import in_zone
from salon.platform.settings.prefixes import plain_url_for
from salon.platform.web.access import only, public
from salon.platform.words.territory import zone_of

blueprint = Blueprint("first_day", __name__)
STEP_ADDRESS = f"/organisation/premier-jour/<any({','.join(SetUpStep)}):step>"


@blueprint.route("/premier-jour/<code>", methods=["GET", "POST"])
@public
def first_account(code: str) -> ResponseReturnValue:
    organisers.check_first_code(code)
    form = forms.FirstAccountForm()
    if form.validate_on_submit():
        link = organisers.use_first_code(
            request_act(), code, form.email.data, form.display_name.data
        )
        return redirect(url_for("accounts.set_up", code=link))
    return render_template("first_day/first_account.html", form=form), form.status_code


@blueprint.get("/organisation/premier-jour")
@only(Role.ORGANISER)
def start() -> ResponseReturnValue:
    if not queries.is_first_day():
        return redirect(url_for("dashboard.overview"))
    return redirect(url_for("first_day.take_step", step=queries.step_reached().value))


@blueprint.route(STEP_ADDRESS, methods=["GET", "POST"])
@only(Role.ORGANISER)
def take_step(step: str) -> ResponseReturnValue:
    current = SetUpStep(step)
    edition = queries.find_edition_in_preparation()
    is_over = not queries.is_first_day()
    is_too_early = current.number > queries.step_reached().number
    if is_over or is_too_early or (edition is None and current != SetUpStep.TERRITORY):
        return redirect(url_for("first_day.start"))
    if current == SetUpStep.TERRITORY:
        return _territory(edition)
    assert edition is not None
    turn_to_edition(edition)
    with in_zone(edition.time_zone), in_edition(edition.id):
        return PAGES[current](edition)


def _page(
    step: SetUpStep,
    edition: Edition | None,
    form: SalonForm,
    save: Callable[[], object],
    **context: object,
) -> ResponseReturnValue:
    """Show a step; save what was sent, and lead to the next one."""
    if form.validate_on_submit():
        with form.refusals():
            save()
        if form.refusal is None:
            return redirect(url_for("first_day.take_step", step=step.following.value))
    page = render_template(
        f"first_day/{step.name.lower()}.html",
        form=form,
        step=step,
        steps=list(SetUpStep),
        reached=queries.step_reached(),
        draft=edition,
        **context,
    )
    return page, form.status_code


def _territory(edition: Edition | None) -> ResponseReturnValue:
    form = forms.TerritoryForm(
        department=edition.department if edition else "",
        village_name=edition.village_name if edition else "le village",
        day_on=edition.days[0].day_on if edition else None,
    )

    def save() -> None:
        department = form.department.data
        territory = Territory(department, form.village_name.data, zone_of(department))
        services.save_territory(request_act(), territory, form.day_on.data)

    return _page(SetUpStep.TERRITORY, edition, form, save)


def _organiser(edition: Edition) -> ResponseReturnValue:
    form = forms.OrganiserForm(
        name=edition.name, short_name=edition.short_name, organiser=edition.organiser
    )

    def save() -> None:
        names = form.name.data, form.short_name.data, form.organiser.data
        services.save_organiser(fair_act(edition), *names)
        if form.second_email.data:
            organisers.invite_colleague(
                request_act(), form.second_email.data, form.second_name.data, {Domain.ALL}, None
            )
            flash(f"{form.second_name.data} reçoit un courriel pour préparer son compte.", "info")

    return _page(SetUpStep.ORGANISER, edition, form, save)


def _place(edition: Edition) -> ResponseReturnValue:
    form = forms.PlaceForm(place=edition.place, address=edition.address, city=edition.city)
    return _page(
        SetUpStep.PLACE,
        edition,
        form,
        lambda: services.save_place(
            fair_act(edition), form.place.data, form.address.data, form.city.data
        ),
    )


def _days(edition: Edition) -> ResponseReturnValue:
    form = forms.DaysForm(data=days_of(edition))

    def save() -> None:
        services.save_days(fair_act(edition), [DayHours(**day) for day in form.days.data])

    return _page(SetUpStep.DAYS, edition, form, save)


def _halls(edition: Edition) -> ResponseReturnValue:
    halls: list[dict[str, object]] = [
        {"name": hall.name, "width": hall.width, "depth": hall.depth}
        for hall in queries.halls_in_order(edition)
    ]
    form = forms.HallsForm(halls=[*halls, {}, {}][: forms.MOST_HALLS])

    def save() -> None:
        hall_sizes = [
            services.HallSize(entry.form.name.data, entry.form.width.data, entry.form.depth.data)
            for entry in form.halls
            if entry.form.name.data
        ]
        services.save_halls(fair_act(edition), hall_sizes)

    return _page(SetUpStep.HALLS, edition, form, save)


def _village(edition: Edition) -> ResponseReturnValue:
    form = forms.VillageForm()

    def save() -> None:
        lines = (form.bodies.data or "").split("\n")
        services.add_bodies(fair_act(edition), [line.strip() for line in lines if line.strip()])

    return _page(SetUpStep.VILLAGE, edition, form, save, bodies=queries.bodies_of(edition))


def _registration(edition: Edition) -> ResponseReturnValue:
    form = forms.RegistrationForm(
        opens_at=edition.registration_opens_at.replace(second=0, microsecond=0),
        closes_at=edition.registration_closes_at,
    )

    def save() -> None:
        services.save_registration(fair_act(edition), form.opens_at.data, form.closes_at.data)

    return _page(SetUpStep.REGISTRATION, edition, form, save)


def _share(edition: Edition) -> ResponseReturnValue:
    form = SalonForm()
    if form.validate_on_submit():
        services.open_fair(fair_act(edition))
        flash("Le salon est en ligne.", "success")
        return redirect(plain_url_for("first_day.shared"))
    return _page(SetUpStep.SHARE, edition, form, lambda: None)


PAGES: dict[SetUpStep, Callable[[Edition], ResponseReturnValue]] = {
    SetUpStep.ORGANISER: _organiser,
    SetUpStep.PLACE: _place,
    SetUpStep.DAYS: _days,
    SetUpStep.HALLS: _halls,
    SetUpStep.VILLAGE: _village,
    SetUpStep.REGISTRATION: _registration,
    SetUpStep.SHARE: _share,
}


@blueprint.get("/organisation/a-partager")
@only(Role.ORGANISER)
def shared() -> ResponseReturnValue:
    if queries.is_first_day():
        return redirect(url_for("first_day.start"))
    return render_template("first_day/shared.html")
