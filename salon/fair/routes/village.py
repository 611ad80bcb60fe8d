"""Pages of the village: its bodies and its themes, in order."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
from salon.fair.forms.settings import figures_of
from salon.fair.forms.village import (
    AddBodyForm,
    AddThemeForm,
    ChangeBodyForm,
    ChangeThemeForm,
    ThemesForm,
)
from salon.fair.models import Edition, PartnerBody, Theme
from salon.fair.routes import blueprint
from salon.fair.services import village as services
from salon.platform.database.consequences import Consequences
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, consequences_page
from salon.platform.pages.setting_pages import SettingPage, removal_form, requested_change
from salon.platform.web.access import actor, only
from salon.platform.words.formats import plural

PLACE = "/organisation/reglages/village"
BLANK_FIGURE = {"value": "", "label": ""}
BLANK_LINK = {"label": "", "address": ""}


@blueprint.get(PLACE)
@only(Domain.FAIR, Domain.VILLAGE)
def village_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "fair/village_settings.html",
        bodies=queries.bodies_of(edition),
        themes=queries.themes_of(edition),
        withdrawn_bodies=[
            (body, removal_form(services.body_values(body)))
            for body in queries.withdrawn_bodies_of(edition)
        ],
        withdrawn_themes=[
            (theme, removal_form(services.theme_values(theme)))
            for theme in queries.withdrawn_themes_of(edition)
        ],
    )


@blueprint.route(f"{PLACE}/organismes/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def add_body() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddBodyForm(data={"place": len(queries.bodies_of(edition)) + 1})
    _offer_stands(edition, form)

    def save() -> None:
        services.add_body(edition, _body_values(form), form.submission_key.data or "", actor())

    return _body_page(form).answer(form, save)


@blueprint.route(f"{PLACE}/organismes/<int:body_id>", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def change_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    if body.withdrawn_at is not None:
        return redirect(url_for("fair.village_settings"))
    form = _change_body_form(edition, body)

    def change() -> Consequences:
        changes = {**_body_values(form), "words": form.mail_words.data or ""}
        return services.change_body(edition, body, changes, form.stamp.data or "", actor())

    def save() -> None:
        if change() and (entry := services.last_move(body)):
            offer_undo(url_for("fair.undo_body_move", body_id=body.id), entry=str(entry.id))

    question = _changing(
        f"Changer « {body.short_name} » de stand",
        "Changer de stand",
        url_for("fair.change_body", body_id=body.id),
    )
    return _body_page(form, body).answer(form, save, lambda: consequences_page(question, change))


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/revenir")
@only(Domain.FAIR, Domain.VILLAGE)
def undo_body_move(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    services.move_body_back(edition, body, request.form.get("entry", type=int) or 0, actor())
    flash(f"« {body.short_name} » retrouve son stand, avec ce qui en dépend.", "success")
    return redirect(url_for("fair.change_body", body_id=body.id))


def _changing(title: str, button: str, back: str) -> Confirmation:
    return Confirmation(
        title=title,
        kicker="Village",
        button=button,
        back=back,
        facts=["Voici ce que ce changement touche. Rien n’est encore enregistré."],
        section="dashboard.settings",
        is_destructive=False,
    )


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/retirer")
@only(Domain.FAIR, Domain.VILLAGE)
def withdraw_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    form = _change_body_form(edition, body, is_fresh=True)
    back = url_for("fair.change_body", body_id=body.id)
    return _withdraw(edition, body, _body_page(form, body), form, "Retirer cet organisme", back)


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/retablir")
@only(Domain.FAIR, Domain.VILLAGE)
def restore_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    form = _change_body_form(edition, body, is_fresh=True)
    return _restore(edition, body, _body_page(form, body), form)


def _name(row: PartnerBody | Theme) -> str:
    return row.name if isinstance(row, Theme) else row.short_name


def _withdraw(
    edition: Edition,
    row: PartnerBody | Theme,
    page: SettingPage,
    form: Any,
    button: str,
    back: str,
) -> ResponseReturnValue:
    name, (stamp, words) = _name(row), requested_change()
    question = Confirmation(
        title=f"Retirer « {name} »",
        kicker="Village",
        button=button,
        back=back,
        facts=["Voici ce que ce retrait touche. Rien n’est encore enregistré."],
        section="dashboard.settings",
    )
    return page.settle(
        form,
        question,
        lambda: services.withdraw(edition, row, words, stamp, actor()),
        f"« {name} » n’est plus au village.",
    )


def _restore(
    edition: Edition, row: PartnerBody | Theme, page: SettingPage, form: Any
) -> ResponseReturnValue:
    name, (stamp, words) = _name(row), requested_change()
    question = Confirmation(
        title=f"Rétablir « {name} »",
        kicker="Village",
        button="Rétablir",
        back=url_for("fair.village_settings"),
        facts=["Chacun retrouve ce qu’il avait, sauf ce qui a changé depuis."],
        section="dashboard.settings",
        is_destructive=False,
    )
    return page.settle(
        form,
        question,
        lambda: services.restore(edition, row, words, stamp, actor()),
        f"« {name} » est de nouveau au village.",
    )


def _body_page(form: Any, body: PartnerBody | None = None) -> SettingPage:
    name = body.short_name if body else form.short_name.data
    return SettingPage(
        "fair/change_body.html",
        url_for("fair.village_settings"),
        f"« {name} » est enregistré.",
        lambda: services.body_values(body) if body else {},
        context={
            "body": body,
            "last_move": services.last_move(body) if body else None,
            "remove": removal_form(services.body_values(body)) if body else None,
        },
    )


def _change_body_form(
    edition: Edition, body: PartnerBody, is_fresh: bool = False
) -> ChangeBodyForm:
    values = services.body_values(body)
    form_options: dict[str, Any] = {"formdata": None} if is_fresh else {}
    data = {**values, "place": body.rank + 1, "stamp": stamp_of(values)}
    form = ChangeBodyForm(data=data, **form_options)
    _offer_stands(edition, form, body)
    return form


def _offer_stands(edition: Edition, form: Any, body: PartnerBody | None = None) -> None:
    """Offer the free stands, the body's own, and the one sent: the service says why not."""
    current_stand_id = body.stand_id if body else None
    form.stand_id.choices = [
        (stand.id, f"{stand.number}, hall {stand.hall}")
        for stand in queries.stands_on_plan(edition)
        if not stand.who or stand.id in (current_stand_id, form.stand_id.data)
    ]


def _body_values(form: Any) -> dict[str, Any]:
    names = ("name", "short_name", "topics", "presentation", "stand_id", "place")
    return {name: form[name].data for name in names}


@blueprint.route(f"{PLACE}/themes/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def add_theme() -> ResponseReturnValue:
    edition = get_request_edition()
    data = {
        "place": len(queries.themes_of(edition)) + 1,
        "figures": [BLANK_FIGURE],
        "links": [BLANK_LINK],
    }
    form = AddThemeForm(data=data)
    _offer_bodies(edition, form)

    def save() -> None:
        services.add_theme(edition, _theme_values(form), form.submission_key.data or "", actor())

    return _theme_page(form).answer(form, save)


@blueprint.route(f"{PLACE}/themes/liste", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def add_themes() -> ResponseReturnValue:
    """Add themes from lists, one for each body."""
    edition = get_request_edition()
    bodies = queries.bodies_of(edition)
    form = ThemesForm(data={"bodies": [{} for _ in bodies]})
    pairs = list(zip(form.bodies, bodies, strict=False))
    for entry, body in pairs:
        entry.form.lines.label.text = body.short_name
    if form.validate_on_submit():
        themes = [
            (body, name, summary) for entry, body in pairs for name, summary in entry.form.themes
        ]
        with form.refusals():
            key = form.submission_key.data or ""
            count = services.add_themes(edition, themes, key, actor())
            words = plural(count, "thème ajouté", "thèmes ajoutés") if count else "Tous y étaient"
            flash(f"{words}.", "success")
            return redirect(url_for("fair.village_settings"))
    return render_template("fair/add_themes.html", form=form), form.status_code


@blueprint.route(f"{PLACE}/themes/<int:theme_id>", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def change_theme(theme_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    theme = queries.get_theme_by_id(edition, theme_id)
    if theme.withdrawn_at is not None:
        return redirect(url_for("fair.village_settings"))
    form = _change_theme_form(edition, theme)

    def change() -> Consequences:
        stamp = form.stamp.data or ""
        return services.change_theme(edition, theme, _theme_values(form), stamp, actor())

    question = _changing(
        f"Changer « {theme.name} »",
        "Changer ce thème",
        url_for("fair.change_theme", theme_id=theme.id),
    )
    return _theme_page(form, theme).answer(
        form, change, lambda: consequences_page(question, change)
    )


@blueprint.post(f"{PLACE}/themes/<int:theme_id>/retirer")
@only(Domain.FAIR, Domain.VILLAGE)
def withdraw_theme(theme_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    theme = queries.get_theme_by_id(edition, theme_id)
    form = _change_theme_form(edition, theme, is_fresh=True)
    back = url_for("fair.change_theme", theme_id=theme.id)
    return _withdraw(edition, theme, _theme_page(form, theme), form, "Retirer ce thème", back)


@blueprint.post(f"{PLACE}/themes/<int:theme_id>/retablir")
@only(Domain.FAIR, Domain.VILLAGE)
def restore_theme(theme_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    theme = queries.get_theme_by_id(edition, theme_id)
    form = _change_theme_form(edition, theme, is_fresh=True)
    return _restore(edition, theme, _theme_page(form, theme), form)


def _theme_page(form: Any, theme: Theme | None = None) -> SettingPage:
    name = theme.name if theme else form.name.data
    return SettingPage(
        "fair/change_theme.html",
        url_for("fair.village_settings"),
        f"« {name} » est enregistré.",
        lambda: services.theme_values(theme) if theme else {},
        context={
            "theme": theme,
            "remove": removal_form(services.theme_values(theme)) if theme else None,
        },
    )


def _change_theme_form(edition: Edition, theme: Theme, is_fresh: bool = False) -> ChangeThemeForm:
    values = services.theme_values(theme)
    form_options: dict[str, Any] = {"formdata": None} if is_fresh else {}
    shown_values = {
        **values,
        "details": "\n".join(theme.details),
        "figures": [*theme.figures, BLANK_FIGURE],
        "links": [*theme.links, BLANK_LINK],
        "place": theme.rank + 1,
        "stamp": stamp_of(values),
    }
    form = ChangeThemeForm(data=shown_values, **form_options)
    _offer_bodies(edition, form)
    return form


def _offer_bodies(edition: Edition, form: Any) -> None:
    form.body_id.choices = [(body.id, body.short_name) for body in queries.bodies_of(edition)]


def _theme_values(form: Any) -> dict[str, Any]:
    return {
        **{name: form[name].data for name in ("name", "body_id", "summary", "place")},
        "details": [text for text in (form.details.data or "").split("\n") if text],
        "figures": figures_of(form.figures),
        "links": [
            {"label": entry.form.label.data, "address": entry.form.address.data}
            for entry in form.links
            if entry.form.label.data
        ],
    }
