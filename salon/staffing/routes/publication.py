"""The page that publishes the rota: what changes and for whom, then one button."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.queries import get_current_edition
from salon.platform.access import actor, only
from salon.platform.clock import now
from salon.platform.errors import RuleBroken
from salon.platform.identity import Domain, Role
from salon.staffing.access import own_scope
from salon.staffing.forms.grid import PublishForm
from salon.staffing.presenters.publication import PublicationView
from salon.staffing.routes import blueprint
from salon.staffing.services.publication import publish_rota

PLACE = "/organisation/village/publication"


@blueprint.get(PLACE)
@only(Domain.VILLAGE, Role.AGENT)
def publication() -> ResponseReturnValue:
    return _page(PublishForm(formdata=None))


@blueprint.post(PLACE)
@only(Domain.VILLAGE)
def publish() -> ResponseReturnValue:
    form = PublishForm()
    if not form.validate():
        return _page(form), 400
    edition = get_current_edition()
    stamp, note, key = form.stamp.data, form.note.data or "", form.submission_key.data
    try:
        version = publish_rota(edition, stamp, note, actor(), now(), key)
    except RuleBroken as refusal:
        return _page(form, refusal.message), refusal.status
    flash(f"Version {version.number} publiée. Chaque agent concerné reçoit un message.", "success")
    return redirect(url_for("staffing.publication"))


def _page(form: PublishForm, refusal: str = "") -> str:
    """Return the page with the differences as they are now, whatever was read before."""
    scope = own_scope()
    view = PublicationView(scope.edition, scope.body_ids, now())
    form.stamp.data = view.stamp
    return render_template(
        "staffing/publication.html", view=view, form=form, scope=scope, refusal=refusal
    )
