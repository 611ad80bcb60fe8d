"""Invitation codes of an exhibitor, and their use as the organiser sees it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.forms.invitations import InvitationForm
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.invitations import guests_by_exhibitor, invitations_of
from salon.exhibitors.routes import blueprint
from salon.exhibitors.rules.invitations import TooManyCodes
from salon.exhibitors.services.invitations import create_invitation, revoke_invitation
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import now
from salon.platform.web.access import only, settings


@blueprint.route("/mon-stand/<int:exhibitor_id>/invitations", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def invitations(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    form = InvitationForm()
    if form.validate_on_submit():
        key = form.submission_key.data
        with form.refusals(TooManyCodes):
            create_invitation(request_act(), exhibitor_id, form.label.data, form.quota.data, key)
            flash(
                "Le code est créé. Copiez le message ci-dessous et envoyez-le à vos clients.",
                "success",
            )
            return redirect(url_for("exhibitors.invitations", exhibitor_id=exhibitor_id))
    return _page(exhibitor, form), form.status_code


def _page(exhibitor: Exhibitor, form: InvitationForm) -> str:
    edition = get_request_edition()
    return render_template(
        "exhibitors/invitations.html",
        exhibitor=exhibitor,
        form=form,
        invitations=invitations_of(exhibitor),
        fair=edition,
        is_open=edition.registration_opens_at <= now() < edition.registration_closes_at,
        public_url=settings().public_url,
    )


@blueprint.post("/mon-stand/<int:exhibitor_id>/invitations/<int:invitation_id>/arreter")
@only(Role.EXHIBITOR)
def revoke_code(exhibitor_id: int, invitation_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    question = Confirmation(
        title="Arrêter ce code d’invitation",
        kicker=exhibitor.name,
        button="Arrêter ce code",
        back=url_for("exhibitors.invitations", exhibitor_id=exhibitor_id),
        facts=["Le code ne compte plus personne. Qui s’est inscrit avec reste inscrit."],
        is_final=True,
        layout="base.html",
    )
    if page := confirm_first(
        question, lambda: revoke_invitation(request_act(), exhibitor_id, invitation_id)
    ):
        return page
    flash("Le code est arrêté. Qui s’est inscrit avec reste inscrit.", "success")
    return redirect(url_for("exhibitors.invitations", exhibitor_id=exhibitor_id))


@blueprint.get("/organisation/invitations")
@only(Domain.EXHIBITORS)
def invitation_counts() -> ResponseReturnValue:
    rows = guests_by_exhibitor(get_request_edition())
    return render_template(
        "exhibitors/invitation_counts.html",
        rows=rows,
        codes=sum(codes for _, codes, _ in rows),
        guests=sum(guests for _, _, guests in rows),
        greatest=max((guests for _, _, guests in rows), default=0),
    )
