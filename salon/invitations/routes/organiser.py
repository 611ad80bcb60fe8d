"""The list of those of last year, and their invitations."""

from collections.abc import Collection, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.invitations.engine import InvitationState
from salon.invitations.forms import InvitationFilterForm, SendForm
from salon.invitations.models import InvitedKind
from salon.invitations.presenters import LOOKS, NO_ANSWER
from salon.invitations.queries import invitations as queries
from salon.invitations.queries.candidates import Candidate, find_past_edition
from salon.invitations.queries.invitations import InvitationFilter
from salon.invitations.routes import blueprint
from salon.invitations.rules import check_invites, may_be_invited
from salon.invitations.services.sending import send_invitations
from salon.platform.database.identity import Domain
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import held_domains, holds, only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural

DOMAINS = {
    InvitedKind.EXHIBITOR: Domain.EXHIBITORS,
    InvitedKind.PLACE: Domain.REGISTRATIONS,
    InvitedKind.OTHER: Domain.REGISTRATIONS,
}


@blueprint.get("/organisation/inviter")
@only(Domain.EXHIBITORS, Domain.REGISTRATIONS)
def invitations() -> ResponseReturnValue:
    edition = get_request_edition()
    form = InvitationFilterForm(request.args)
    kinds = [kind for kind, domain in DOMAINS.items() if holds(domain)]
    answering = queries.kinds_that_can_answer(edition, kinds, now())
    organisations = queries.invited_organisations(edition, kinds)
    counts = {
        state: sum(organisation.state == state for organisation in organisations)
        for state in InvitationState
    }
    refusal = ""
    try:
        check_invites(edition, now())
    except RuleBroken as error:
        refusal = error.message
    return render_template(
        "invitations/invitations.html",
        form=form,
        send_form=SendForm(),
        active=filters_in_force(form),
        page=queries.invitations_page(
            organisations, requested_filters(form, InvitationFilter), requested_page()
        ),
        counts=counts,
        looks=LOOKS,
        may_be_invited=lambda row: (
            row.candidate.kind in answering and may_be_invited(row.state, row.sent_at, now())
        ),
        no_answers=[NO_ANSWER[kind] for kind in kinds if kind not in answering],
        past=find_past_edition(edition),
        refusal=refusal,
    )


@blueprint.post("/organisation/inviter/envoyer")
@only(Domain.EXHIBITORS, Domain.REGISTRATIONS)
def send() -> ResponseReturnValue:
    edition, form = get_request_edition(), SendForm()
    kinds = [
        kind
        for kind, domain in DOMAINS.items()
        if not held_domains().isdisjoint({domain, Domain.ALL})
    ]
    keys = set(request.form.getlist("row"))
    back = url_for("invitations.invitations")
    chosen_rows = [
        row
        for row in queries.invited_organisations(
            edition, queries.kinds_that_can_answer(edition, kinds, now())
        )
        if row.candidate.key in keys and may_be_invited(row.state, row.sent_at, now())
    ]
    if not form.validate() or not chosen_rows:
        flash("Cochez au moins une organisation à inviter.", "warning")
        return redirect(back)
    return confirm_sending(
        form.submission_key.data, kinds, [row.candidate for row in chosen_rows], back
    )


def confirm_sending(
    key: str, kinds: Collection[InvitedKind], candidates: Sequence[Candidate], back: str
) -> ResponseReturnValue:
    """Invite these candidates once the person has read the message."""
    keys = {candidate.key for candidate in candidates}

    def act() -> int:
        return send_invitations(fair_act(get_request_edition()), keys, kinds, key)

    if not is_confirmed():
        count = plural(len(candidates), "organisation")
        question = Confirmation(
            title=f"Inviter {count}",
            button=f"Inviter {count}",
            back=back,
            names=[candidate.name for candidate in candidates],
            is_destructive=False,
            section="invitations.invitations",
        )
        return confirmation_page(question, act)
    flash(f"{plural(act(), 'invitation')} : départ par courriel.", "success")
    return redirect(back)
