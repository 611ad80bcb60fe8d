"""Pages that exist in demonstration mode only."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.access import sign_ins
from salon.accounts.models import StationKind
from salon.accounts.services import stations
from salon.badges.queries import find_demonstration_badge
from salon.demonstration import services
from salon.fair.queries import find_public_edition, get_public_edition
from salon.platform.database.identity import Role
from salon.platform.mail.delivery import attachments_of, file_names_of, page_of, words_of
from salon.platform.mail.outbox import get_message, recent_messages
from salon.platform.pages.acts import request_act
from salon.platform.web.access import demonstration_only, safe_path

FREE_NUMBER = 99_999
"""SIRET of no made-up exhibitor, to try the application form."""

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


@blueprint.get("")
@demonstration_only
def enter() -> ResponseReturnValue:
    # What invents exhibitors draws their papers: not loaded at start.
    from salon.demonstration.inventing import siret_of

    return render_template(
        "demonstration/enter.html",
        organiser=services.ORGANISER,
        password=services.PASSWORD,
        secret=services.organiser_totp_secret(),
        people=services.PEOPLE,
        colleagues=services.COLLEAGUES,
        coordinator=services.COORDINATOR,
        kiosk_pin=services.KIOSK_PIN,
        siret=siret_of(FREE_NUMBER),
    )


@blueprint.post("/moment")
@demonstration_only
def jump() -> ResponseReturnValue:
    if services.jump_to(request.form.get("moment", "")) is None:
        abort(404)
    return redirect(safe_path(request.form.get("back")) or "/")


@blueprint.post("/entrer")
@demonstration_only
def enter_as() -> ResponseReturnValue:
    role_name = request.form.get("role", "")
    if role_name == "visitor":
        badge = find_demonstration_badge(
            get_public_edition(),
        )
        if badge is None:
            abort(404)
        return redirect(url_for("badges.badge", token=badge.private_token))
    if role_name == services.COORDINATION:
        sign_ins.enter(account_id=services.find_named_account(services.COORDINATOR).id)
        flash("Vous êtes entré dans la démonstration.", "success")
        return redirect(url_for("staffing.agents"))
    if role_name in {email for email, _, _ in services.COLLEAGUES}:
        sign_ins.enter(account_id=services.find_named_account(role_name).id)
        flash("Vous êtes entré dans la démonstration.", "success")
        return redirect(url_for("dashboard.overview"))
    if role_name == StationKind.KIOSK:
        if (edition := find_public_edition()) is not None:
            services.set_kiosk_pin(edition)
        return _offer_station("Borne A", StationKind.KIOSK)
    if role_name == StationKind.DESK:
        return _offer_station("Accueil", StationKind.DESK)
    if role_name not in sign_ins.START_PAGES:
        abort(404)
    role = Role(role_name)
    if role == Role.STATION:
        return _offer_station("Entrée A", StationKind.SCANNER)
    sign_ins.enter(account_id=services.find_account_of(role).id)
    flash("Vous êtes entré dans la démonstration.", "success")
    return redirect(url_for(sign_ins.START_PAGES[role]))


def _offer_station(name: str, kind: StationKind) -> ResponseReturnValue:
    edition = find_public_edition()
    station = stations.create_station(
        request_act(), name, "A", edition.id if edition else None, kind
    )
    code = stations.offer_enrolment(request_act(), station.id)
    return redirect(url_for("entrance.enrol", code=code))


@blueprint.get("/courriels")
@demonstration_only
def mailbox() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:254]
    messages = [(message, words_of(message)[0]) for message in recent_messages(50, search)]
    return render_template("demonstration/mailbox.html", messages=messages, search=search)


@blueprint.get("/courriels/<int:message_id>")
@demonstration_only
def message(message_id: int) -> ResponseReturnValue:
    message = get_message(message_id)
    subject, body = words_of(message)
    return render_template(
        "demonstration/message.html",
        message=message,
        subject=subject,
        body=body,
        file_names=file_names_of(message),
    )


@blueprint.get("/courriels/<int:message_id>/lettre")
@demonstration_only
def letter(message_id: int) -> ResponseReturnValue:
    message = get_message(message_id)
    return page_of(message, *words_of(message), attachments_of(message))
