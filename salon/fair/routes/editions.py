"""The editions: their state, the acts that change it, and the archive of a past one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, find_request_edition
from salon.fair.forms.editions import EditionActForm
from salon.fair.models import Edition
from salon.fair.presenters.editions import STATE_KINDS, consequences_of, edition_lines
from salon.fair.routes import blueprint
from salon.fair.rules.lifecycle import EditionAct
from salon.fair.services.lifecycle import change_state, stamp_of
from salon.platform.database.identity import Role
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken

DONE = {
    EditionAct.OPEN: "Le public voit maintenant cette édition.",
    EditionAct.WITHDRAW: "Le public ne voit plus cette édition.",
    EditionAct.HOLD: "L’édition est notée comme tenue.",
    EditionAct.CLOSE: "L’édition est clôturée.",
    EditionAct.REOPEN: "L’édition est rouverte pour correction.",
}


@blueprint.get("/organisation/reglages/editions")
@only(Role.ORGANISER)
def editions() -> ResponseReturnValue:
    return _editions_page()


@blueprint.post("/organisation/reglages/editions/<slug>")
@only(Role.ORGANISER)
def change_edition(slug: str) -> ResponseReturnValue:
    """Change the state of an edition, once its consequences were read."""
    edition, form = queries.get_edition(slug), EditionActForm()
    if not form.validate_on_submit():
        return _editions_page("Choisissez l’une des actions de la page."), 400
    act, stamp = EditionAct(form.act.data), form.stamp.data or ""
    try:
        question = _question(edition, act)
        if page := confirm_first(question, lambda: change_state(fair_act(edition), act, stamp)):
            return page
    except RuleBroken as refusal:
        return _editions_page(refusal.message), refusal.status
    flash(DONE[act], "success")
    return redirect(url_for("fair.editions"))


def _question(edition: Edition, act: EditionAct) -> Confirmation:
    return Confirmation(
        title=f"{act.label} : {edition.name} ({edition.starts_at.year})",
        button=act.label,
        back=url_for("fair.editions"),
        facts=consequences_of(edition, act, queries.find_public_edition(), now()),
        is_destructive=False,
        section="dashboard.settings",
    )


def _editions_page(refusal: str = "") -> str:
    all_editions = queries.editions()
    return render_template(
        "fair/editions.html",
        lines=edition_lines(all_editions, now()),
        stamp=stamp_of(all_editions),
        kinds=STATE_KINDS,
        at_work=find_request_edition(),
        refusal=refusal,
    )
