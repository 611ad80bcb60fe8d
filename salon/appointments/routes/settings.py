"""Pages of the booking settings and topics."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.forms.settings import (
    AddTopicForm,
    ChangeTopicForm,
    SettingsForm,
)
from salon.appointments.models import Topic
from salon.appointments.presenters.offered import OfferedHours, hours_of
from salon.appointments.queries import settings as queries
from salon.appointments.queries.offered import drafted_themes, offered_themes
from salon.appointments.routes import blueprint
from salon.appointments.rules.settings import CHANGEABLE
from salon.appointments.services import topics as topic_services
from salon.appointments.services.settings import ThemeChoice, change_settings
from salon.appointments.services.topics import TopicFacts
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.fair.queries import bodies_of, themes_of
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.forms import SalonForm, VersionForm
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import BadInput, RuleBroken

SHOWN = (
    *("per_visitor", "per_commune", "notice_minutes"),
    *("buffer_minutes", "hold_minutes", "offer_minutes"),
)
PLACE = "/organisation/reglages/rendez-vous"
TOPICS = f"{PLACE}/besoins"


@blueprint.app_template_global()
def drafted_hours() -> OfferedHours:
    """Return the hours that publishing the draft of the rota would offer."""
    return hours_of(drafted_themes(get_request_edition(), now()))


@blueprint.get(PLACE)
@only(Domain.APPOINTMENTS)
def settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return _page(edition, _settings_form(edition))


@blueprint.post(PLACE)
@only(Domain.APPOINTMENTS)
def change_booking_settings() -> ResponseReturnValue:
    edition, form = get_request_edition(), SettingsForm()
    if not form.validate():
        return _page(edition, form), 400
    themes, kept_free = _lines(edition, form)
    values = {name: form[name].data for name in CHANGEABLE}
    try:
        change_settings(fair_act(edition), int(form.version.data), values, themes, kept_free)
    except StaleVersion as refusal:
        fresh = _settings_form(edition)
        fresh.refuse(refusal)
        return _page(edition, fresh), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _page(edition, form), refusal.status
    flash("Les réglages sont enregistrés. Ce qui est déjà réservé ne bouge pas.", "success")
    return redirect(url_for("appointments.settings"))


def _lines(
    edition: Edition, form: SettingsForm
) -> tuple[dict[int, ThemeChoice], dict[int, int | None]]:
    """Return the settings by theme and by stand. Raises BadInput for another edition's."""
    themes = {
        line.theme_id.data: ThemeChoice(line.minutes.data, line.is_open.data, line.is_funding.data)
        for line in (entry.form for entry in form.themes)
    }
    kept_free = {
        line.stand_id.data: line.kept_free.data for line in (entry.form for entry in form.stands)
    }
    theme_ids = {theme.id for theme in themes_of(edition)}
    stands = {body.stand_id for body in bodies_of(edition)}
    if not (set(themes) <= theme_ids and set(kept_free) <= stands):
        raise BadInput
    return themes, kept_free


def _settings_form(edition: Edition) -> SettingsForm:
    """Return the form with the current settings."""
    current = queries.settings_of(edition)
    decided, kept_free = queries.theme_bookings(edition), queries.kept_free_by_stand(edition)
    themes = [
        decided.get(theme.id) or queries.default_booking(theme.id) for theme in themes_of(edition)
    ]
    lines = [
        {"theme_id": booking.theme_id}
        | {name: getattr(booking, name) for name in ("minutes", "is_open", "is_funding")}
        for booking in themes
    ]
    stands = [
        {"stand_id": body.stand_id, "kept_free": kept_free.get(body.stand_id)}
        for body in bodies_of(edition)
    ]
    values = {name: getattr(current, name) for name in ("version", *CHANGEABLE)}
    return SettingsForm(formdata=None, data={**values, "themes": lines, "stands": stands})


def _page(edition: Edition, form: SettingsForm) -> str:
    offered = offered_themes(edition, now())
    return render_template(
        "appointments/settings.html",
        form=form,
        hours=hours_of(offered),
        hours_by_theme={theme.theme_id: theme.count for theme in offered},
        limits=SHOWN,
        themes={theme.id: theme for theme in themes_of(edition)},
        bodies={body.stand_id: body for body in bodies_of(edition)},
        minimums=queries.minimums_of(edition),
        answered=queries.agents_by_theme(edition),
        topics=queries.topics_of(edition),
    )


@blueprint.route(f"{TOPICS}/nouveau", methods=["GET", "POST"])
@only(Domain.APPOINTMENTS)
def add_topic() -> ResponseReturnValue:
    edition = get_request_edition()
    count = len(queries.topics_of(edition))
    form = AddTopicForm(data={"version": _version(edition), "place": count + 1})
    _offer(form, edition)
    if form.validate_on_submit():
        with form.refusals():
            topic_services.add_topic(
                fair_act(edition), int(form.version.data), _facts(form), form.submission_key.data
            )
            return _saved(f"«\u00a0{form.name.data}\u00a0» est dans la liste des besoins.")
        form.version.data = str(_version(edition))
    return _topic_page(form), form.status_code


@blueprint.route(f"{TOPICS}/<int:topic_id>", methods=["GET", "POST"])
@only(Domain.APPOINTMENTS)
def change_topic(topic_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    topic = queries.get_topic(edition, topic_id)
    form = ChangeTopicForm(data=_values_of(edition, topic))
    _offer(form, edition)
    if not form.validate_on_submit():
        return _topic_page(form, topic), form.status_code
    try:
        topic_services.change_topic(
            fair_act(edition), topic_id, int(form.version.data), _facts(form)
        )
    except RuleBroken as refusal:
        return _topic_refused(edition, topic_id, form, refusal)
    return _saved(f"«\u00a0{form.name.data}\u00a0» est à jour.")


@blueprint.post(f"{TOPICS}/<int:topic_id>/retirer")
@only(Domain.APPOINTMENTS)
def remove_topic(topic_id: int) -> ResponseReturnValue:
    edition, form = get_request_edition(), VersionForm()
    if not form.validate():
        raise BadInput
    name = queries.get_topic(edition, topic_id).name

    def remove() -> None:
        topic_services.remove_topic(fair_act(edition), topic_id, int(form.version.data))

    question = Confirmation(
        title=f"Retirer «\u00a0{name}\u00a0» de la liste",
        kicker="Ce que les visiteurs viennent demander",
        button="Retirer de la liste",
        back=url_for("appointments.change_topic", topic_id=topic_id),
        facts=["Ce besoin et ses mots sont effacés ; ses thèmes restent."],
        is_final=True,
        section="dashboard.settings",
    )
    try:
        if page := confirm_first(question, remove):
            return page
    except RuleBroken as refusal:
        return _topic_refused(edition, topic_id, None, refusal)
    return _saved(f"«\u00a0{name}\u00a0» n’est plus proposé aux visiteurs. Ses thèmes restent.")


def _topic_refused(
    edition: Edition, topic_id: int, form: ChangeTopicForm | None, refusal: RuleBroken
) -> ResponseReturnValue:
    """Keep what was typed, or show the current values when another person changed them."""
    topic = queries.get_topic(edition, topic_id)
    if form is None or isinstance(refusal, StaleVersion):
        form = ChangeTopicForm(formdata=None, data=_values_of(edition, topic))
        _offer(form, edition)
    form.refuse(refusal)
    return _topic_page(form, topic), refusal.status


def _version(edition: Edition) -> int:
    return queries.settings_of(edition).version


def _values_of(edition: Edition, topic: Topic) -> dict[str, object]:
    return {
        "version": _version(edition),
        "name": topic.name,
        "words": topic.words,
        "themes": [link.theme_id for link in topic.links],
        "place": topic.rank + 1,
    }


def _facts(form: SalonForm) -> TopicFacts:
    themes = tuple(form.themes.data or ())
    return TopicFacts(form.name.data, form.words.data or "", themes, form.place.data)


def _offer(form: SalonForm, edition: Edition) -> None:
    form.themes.choices = {theme.id: theme.name for theme in themes_of(edition)}


def _saved(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("appointments.settings", _anchor="besoins"))


def _topic_page(form: SalonForm, topic: Topic | None = None) -> str:
    remove = VersionForm(formdata=None, version=form.version.data) if topic else None
    return render_template("appointments/change_topic.html", form=form, topic=topic, remove=remove)
