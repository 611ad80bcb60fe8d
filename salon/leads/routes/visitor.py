"""The visitor's pages: leave contact details at a stand, see who scanned, withdraw."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.appointments.access import find_badge_holder, forget_badge, remember_badge
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries import get_badge_by_token, get_valid_badge
from salon.exhibitors.models import Exhibitor
from salon.fair.access import fair_act, get_request_edition
from salon.leads.forms import ChoiceForm, LinkForm
from salon.leads.models import Lead
from salon.leads.models.labels import TEXT_VERSION, Field, Purpose, consent_text
from salon.leads.presenters import field_values, share_of
from salon.leads.queries.leads import (
    find_exhibitor_by_code,
    find_lead,
    get_lead_of_attendee,
    leads_of_attendee,
)
from salon.leads.routes import blueprint
from salon.leads.rules import CHOICES_PER_HOUR, LINKS_PER_HOUR, NothingChosen
from salon.leads.services import sharing as services
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.web.access import network, public, stays_open
from salon.platform.web.limits import count_try


def opened_badge(token: str) -> Badge:
    """Return a registered person's valid badge, of any edition; else a 404."""
    badge = get_badge_by_token(token)
    if not badge.is_valid or badge.attendee.status != AttendeeStatus.REGISTERED:
        abort(404)
    return badge


def stand_of_code(code: str) -> Exhibitor:
    exhibitor = find_exhibitor_by_code(get_request_edition(), code)
    return exhibitor if exhibitor is not None else abort(404)


@blueprint.route("/stand/<code>", methods=["GET", "POST"])
@public
def leave(code: str) -> ResponseReturnValue:
    """Open the visitor's choice from a stand's QR code, or mail the link to it.

    The number or QR of a badge is not enough: anybody who saw it could choose for its holder. Only
    the private link in the holder's mail opens the choice.
    """
    exhibitor = stand_of_code(code)
    form = LinkForm()
    if request.method == "GET":
        holder = find_badge_holder(get_request_edition())
        if holder is not None:
            token = get_valid_badge(holder.id).private_token
            return redirect(url_for("leads.leave_with_badge", token=token, code=code))
        return render_template("leads/leave.html", exhibitor=exhibitor, form=form, code=code)
    if not form.validate():
        page = render_template("leads/leave.html", exhibitor=exhibitor, form=form, code=code)
        return page, 400
    count_try(f"lead-link:{network()}", LINKS_PER_HOUR, 3600)
    services.send_links(fair_act(), exhibitor, form.email.data or "")
    return render_template("leads/link_sent.html", exhibitor=exhibitor, email=form.email.data)


@blueprint.post("/stand/<code>/autre")
@public
def leave_as_another(code: str) -> ResponseReturnValue:
    """Forget the badge of this browser, which another person now uses."""
    forget_badge()
    return redirect(url_for("leads.leave", code=code))


@blueprint.route("/badge/<token>/contacts/stand/<code>", methods=["GET", "POST"])
@public
def leave_with_badge(token: str, code: str) -> ResponseReturnValue:
    badge, exhibitor = opened_badge(token), stand_of_code(code)
    attendee = badge.attendee
    if attendee.edition_id != exhibitor.edition_id:
        abort(404)
    lead = find_lead(exhibitor.id, attendee.id)
    form = _choice_form(attendee, lead)
    if request.method == "GET":
        return _choice_page(form, badge, exhibitor, lead, code)
    if form.validate():
        count_try(f"lead-choice:{attendee.id}", CHOICES_PER_HOUR, 3600)
        with form.refusals(NothingChosen):
            lead_id = services.leave_contact(
                request_act(), exhibitor, attendee, form.choice, form.submission_key.data or ""
            )
            remember_badge(badge)
            return redirect(url_for("leads.given", token=token, lead_id=lead_id))
    return _choice_page(form, badge, exhibitor, lead, code), form.status_code


@blueprint.get("/badge/<token>/contacts/<int:lead_id>/choix")
@public
def given(token: str, lead_id: int) -> ResponseReturnValue:
    """Show what was just chosen."""
    attendee = opened_badge(token).attendee
    lead = get_lead_of_attendee(attendee.id, lead_id)
    share = share_of(lead, attendee)
    return render_template("leads/given.html", share=share, attendee=attendee, token=token)


@blueprint.get("/badge/<token>/contacts")
@public
@stays_open
def who_scanned(token: str) -> ResponseReturnValue:
    attendee = opened_badge(token).attendee
    shares = [share_of(lead, attendee) for lead in leads_of_attendee(attendee.id)]
    return render_template(
        "leads/who_scanned.html",
        attendee=attendee,
        token=token,
        shares=shares,
        sharing=sum(bool(share.uses) for share in shares),
    )


@blueprint.route("/badge/<token>/contacts/<int:lead_id>", methods=["GET", "POST"])
@public
@stays_open
def choose(token: str, lead_id: int) -> ResponseReturnValue:
    badge = opened_badge(token)
    lead = get_lead_of_attendee(badge.attendee_id, lead_id)
    form = _choice_form(badge.attendee, lead)
    if request.method == "GET":
        return _choice_page(form, badge, lead.exhibitor, lead)
    if not form.validate():
        return _choice_page(form, badge, lead.exhibitor, lead), 400
    count_try(f"lead-choice:{badge.attendee_id}", CHOICES_PER_HOUR, 3600)
    services.change_consents(request_act(), lead, form.choice)
    return redirect(url_for("leads.given", token=token, lead_id=lead_id))


@blueprint.post("/badge/<token>/contacts/<int:lead_id>/retirer")
@public
@stays_open
def withdraw(token: str, lead_id: int) -> ResponseReturnValue:
    lead = get_lead_of_attendee(opened_badge(token).attendee_id, lead_id)
    question = Confirmation(
        title=f"Tout retirer à {lead.exhibitor.name}",
        button="Retirer mes coordonnées",
        back=url_for("leads.who_scanned", token=token),
        facts=[
            "Cet exposant ne voit plus vos coordonnées, et un courriel le lui dit.",
            "Vous pourrez les lui laisser de nouveau depuis cette même page.",
        ],
        layout="base.html",
    )
    if page := confirm_first(question, lambda: services.change_consents(request_act(), lead, {})):
        return page
    flash(f"{lead.exhibitor.name} ne voit plus vos coordonnées et en est prévenu.", "success")
    return redirect(url_for("leads.who_scanned", token=token))


@blueprint.post("/badge/<token>/contacts/retirer")
@public
@stays_open
def withdraw_all(token: str) -> ResponseReturnValue:
    attendee = opened_badge(token).attendee
    question = Confirmation(
        title="Retirer vos coordonnées à tous les exposants",
        button="Les retirer à tous",
        back=url_for("leads.who_scanned", token=token),
        facts=[
            "Plus aucun exposant ne voit vos coordonnées, et un courriel le dit à chacun.",
            "Vous pourrez les laisser de nouveau, stand par stand.",
        ],
        layout="base.html",
    )
    if page := confirm_first(question, lambda: services.withdraw_all(request_act(), attendee)):
        return page
    flash("Plus aucun exposant ne voit vos coordonnées. Chacun en est prévenu.", "success")
    return redirect(url_for("leads.who_scanned", token=token))


def _choice_form(attendee: Attendee, lead: Lead | None) -> ChoiceForm:
    """Return the form, ticked with the current consents."""
    current = share_of(lead, attendee).uses if lead else {}
    data = {purpose.value: [field.value for field in fields] for purpose, fields in current.items()}
    form = ChoiceForm(data=data) if request.method == "GET" else ChoiceForm()
    values = field_values(attendee)
    form.offer({field: f"{field.label}\u00a0: {values[field]}" for field in Field if values[field]})
    return form


def _choice_page(
    form: ChoiceForm, badge: Badge, exhibitor: Exhibitor, lead: Lead | None, code: str = ""
) -> str:
    return render_template(
        "leads/choose.html",
        form=form,
        attendee=badge.attendee,
        token=badge.private_token,
        exhibitor=exhibitor,
        share=share_of(lead, badge.attendee) if lead else None,
        purposes=Purpose,
        text_of=lambda purpose, exhibitor_name: consent_text(purpose, TEXT_VERSION, exhibitor_name),
        code=code,
    )
