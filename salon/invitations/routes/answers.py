"""The page that an invited organisation opens by its link."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.access import get_request_edition
from salon.invitations.forms import DeclineForm
from salon.invitations.models import InvitedKind
from salon.invitations.queries import invitations as queries
from salon.invitations.queries.candidates import find_origin
from salon.invitations.routes import blueprint
from salon.invitations.services import answering
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.web.mailboxes import remember_mailbox
from salon.platform.words.errors import RuleBroken

ANSWERS = {
    "decline": "Votre réponse est notée\u00a0: vous ne viendrez pas cette fois. Merci.",
    "come": "Votre réponse est notée\u00a0: vous pouvez venir.",
    "oppose": "Votre réponse est notée\u00a0: nous ne vous inviterons plus.",
    "allow": "Votre réponse est notée\u00a0: nous pourrons de nouveau vous inviter.",
}


@blueprint.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    invited = queries.get_invitation(token)
    remember_mailbox(invited.email)
    answering.note_opening(request_act(), invited)
    return _page(token)


def _page(token: str, refusal: str = "", form: DeclineForm | None = None) -> str:
    invited = queries.get_invitation(token)
    edition = get_request_edition()
    exhibits = invited.kind == InvitedKind.EXHIBITOR
    terms = find_terms(edition) if exhibits else None
    opens_at = terms.applications_open_at if terms else edition.registration_opens_at
    closes_at = terms.applications_close_at if terms else edition.registration_closes_at
    return render_template(
        "invitations/invitation.html",
        invitation=invited,
        token=token,
        exhibits=exhibits,
        opens_at=opens_at,
        closes_at=closes_at,
        now=now(),
        is_open=edition.is_as_planned and opens_at <= now() < closes_at,
        origin=find_origin(invited),
        registered=0 if exhibits else queries.count_registered(invited),
        refusal=refusal,
        form=form or DeclineForm(),
    )


@blueprint.post("/invitation/<token>/reponse")
@public
def answer(token: str) -> ResponseReturnValue:
    invited = queries.get_invitation(token)
    choice = request.form.get("answer", "")
    if choice not in ANSWERS:
        abort(400)
    if choice in ("decline", "come"):
        form = DeclineForm()
        if not form.validate():
            return _page(token, form=form), 400
        answering.decline(request_act(), invited, choice == "decline", form.reason.data or "")
    else:
        answering.oppose(request_act(), invited, choice == "oppose")
    flash(ANSWERS[choice], "success")
    return redirect(url_for("invitations.invitation", token=token))


@blueprint.post("/invitation/<token>/candidature")
@public
def apply_again(token: str) -> ResponseReturnValue:
    """Begin the application of a former exhibitor, filled with its organisation."""
    invited = queries.get_invitation(token)
    if invited.exhibitor is None:
        abort(404)
    count_try(f"application:{network()}", settings().registrations_per_hour, 3600)
    try:
        application = answering.begin_application(request_act(), invited, invited.exhibitor)
    except RuleBroken as error:
        return _page(token, error.message), error.status
    if application is None:
        return render_template("exhibitors/apply_known.html"), 409
    return redirect(url_for("exhibitors.track", token=application.private_token))
