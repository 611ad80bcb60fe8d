"""Pages of the village: its bodies and its themes, in order."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
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
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import (
    SettingPage,
    Undo,
    flash_left_out,
    removal_form,
    setting_question,
    undo_entry,
)
from salon.platform.web.access import only
from salon.platform.words.formats import plural

PLACE = "/organisation/reglages/village"


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
    return _body_page(edition, form).save(partial(services.add_body, fair_act(edition)))


@blueprint.route(f"{PLACE}/organismes/<int:body_id>", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def change_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    if body.withdrawn_at is not None:
        return redirect(url_for("fair.village_settings"))
    question = setting_question(
        f"Changer « {body.short_name} » de stand",
        "Changer de stand",
        url_for("fair.change_body", body_id=body.id),
        kicker="Village",
    )
    undo = Undo(url_for("fair.undo_body_move", body_id=body.id), partial(services.last_move, body))
    page = _page_of(edition, body)
    return page.follow(partial(services.change_body, fair_act(edition), body), question, undo)


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/revenir")
@only(Domain.FAIR, Domain.VILLAGE)
def undo_body_move(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    flash_left_out(services.move_body_back(fair_act(edition), body, undo_entry()))
    flash(f"« {body.short_name} » retrouve son stand, avec ce qui en dépend.", "success")
    return redirect(url_for("fair.change_body", body_id=body.id))


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/retirer")
@only(Domain.FAIR, Domain.VILLAGE)
def withdraw_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    body = queries.get_body(edition, body_id)
    back = url_for("fair.change_body", body_id=body.id)
    return _withdraw(edition, body, "Retirer cet organisme", back)


@blueprint.post(f"{PLACE}/organismes/<int:body_id>/retablir")
@only(Domain.FAIR, Domain.VILLAGE)
def restore_body(body_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    return _restore(edition, queries.get_body(edition, body_id))


def _name(row: PartnerBody | Theme) -> str:
    return row.name if isinstance(row, Theme) else row.short_name


def _withdraw(
    edition: Edition, row: PartnerBody | Theme, button: str, back: str
) -> ResponseReturnValue:
    name = _name(row)
    facts = "Voici ce que ce retrait touche. Rien n’est encore enregistré."
    question = setting_question(
        f"Retirer « {name} »", button, back, facts, kicker="Village", is_destructive=True
    )
    withdraw = partial(services.withdraw, fair_act(edition), row)
    page = _page_of(edition, row, is_fresh=True)
    return page.settle(question, withdraw, f"« {name} » n’est plus au village.")


def _restore(edition: Edition, row: PartnerBody | Theme) -> ResponseReturnValue:
    name = _name(row)
    question = setting_question(
        f"Rétablir « {name} »",
        "Rétablir",
        url_for("fair.village_settings"),
        "Chacun retrouve ce qu’il avait, sauf ce qui a changé depuis.",
        kicker="Village",
    )
    restore = partial(services.restore, fair_act(edition), row)
    page = _page_of(edition, row, is_fresh=True)
    return page.settle(question, restore, f"« {name} » est de nouveau au village.")


def _page_of(edition: Edition, row: PartnerBody | Theme, *, is_fresh: bool = False) -> SettingPage:
    """Return the page that changes a body or a theme."""
    if isinstance(row, Theme):
        theme_form = ChangeThemeForm.about(services.theme_values, row, is_fresh=is_fresh)
        return _theme_page(edition, theme_form, row)
    form = ChangeBodyForm.about(services.body_values, row, is_fresh=is_fresh)
    return _body_page(edition, form, row)


def _body_page(
    edition: Edition, form: AddBodyForm | ChangeBodyForm, body: PartnerBody | None = None
) -> SettingPage:
    """Offer the free stands, the body's own, and the one sent: the service says why not."""
    current_stand_id = body.stand_id if body else None
    form.stand_id.choices = [
        (stand.id, f"{stand.number}, hall {stand.hall}")
        for stand in queries.stands_on_plan(edition)
        if not stand.who or stand.id in (current_stand_id, form.stand_id.data)
    ]
    return SettingPage(
        "fair/change_body.html",
        form,
        url_for("fair.village_settings"),
        f"« {body.short_name if body else form.short_name.data} » est enregistré.",
        {"body": body, "last_move": services.last_move(body) if body else None},
    )


@blueprint.route(f"{PLACE}/themes/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
def add_theme() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddThemeForm(data={"place": len(queries.themes_of(edition)) + 1})
    return _theme_page(edition, form).save(partial(services.add_theme, fair_act(edition)))


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
            count = services.add_themes(fair_act(edition), themes, key)
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
    question = setting_question(
        f"Changer « {theme.name} »",
        "Changer ce thème",
        url_for("fair.change_theme", theme_id=theme.id),
        kicker="Village",
    )
    return _page_of(edition, theme).follow(
        partial(services.change_theme, fair_act(edition), theme), question
    )


@blueprint.post(f"{PLACE}/themes/<int:theme_id>/retirer")
@only(Domain.FAIR, Domain.VILLAGE)
def withdraw_theme(theme_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    theme = queries.get_theme_by_id(edition, theme_id)
    back = url_for("fair.change_theme", theme_id=theme.id)
    return _withdraw(edition, theme, "Retirer ce thème", back)


@blueprint.post(f"{PLACE}/themes/<int:theme_id>/retablir")
@only(Domain.FAIR, Domain.VILLAGE)
def restore_theme(theme_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    return _restore(edition, queries.get_theme_by_id(edition, theme_id))


def _theme_page(
    edition: Edition, form: AddThemeForm | ChangeThemeForm, theme: Theme | None = None
) -> SettingPage:
    form.body_id.choices = [(body.id, body.short_name) for body in queries.bodies_of(edition)]
    return SettingPage(
        "fair/change_theme.html",
        form,
        url_for("fair.village_settings"),
        f"« {theme.name if theme else form.name.data} » est enregistré.",
        {"theme": theme},
    )
