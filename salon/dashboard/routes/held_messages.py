"""Held messages: called off, sent at once, or let go after a restore."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.dashboard.access import readable_messages
from salon.dashboard.queries.messages import get_message
from salon.dashboard.routes import blueprint
from salon.dashboard.services import messages
from salon.platform.database.identity import Domain, Role
from salon.platform.web.access import actor, only, safe_path
from salon.platform.words.formats import plural


@blueprint.post("/organisation/courriels/<int:message_id>/annuler")
@only(Domain.MESSAGES)
def call_off_message(message_id: int) -> ResponseReturnValue:
    message = get_message(readable_messages(), message_id)
    messages.call_off_message(message.id, actor())
    flash("L’envoi est annulé : ce courriel ne partira pas.", "success")
    return redirect(url_for("dashboard.message", message_id=message_id))


@blueprint.post("/organisation/courriels/<int:message_id>/envoyer")
@only(Domain.MESSAGES)
def send_now(message_id: int) -> ResponseReturnValue:
    message = get_message(readable_messages(), message_id)
    messages.send_now(message.id, actor())
    flash("Le courriel part maintenant.", "success")
    return redirect(url_for("dashboard.message", message_id=message_id))


@blueprint.post("/organisation/courriels/apres-restauration/<any(envoyer,annuler):decision>")
@only(Domain.MESSAGES)
def release_mail(decision: str) -> ResponseReturnValue:
    count = messages.release_mail(actor(), sends_backlog=decision == "envoyer")
    words = "Les courriels partent de nouveau."
    if count:
        leave = "ne partira pas" if count == 1 else "ne partiront pas"
        words += f" {plural(count, 'courriel')} de la sauvegarde {leave}."
    flash(words, "success")
    return redirect(url_for("dashboard.messages"))


@blueprint.post("/envois/<act>/annuler")
@only(Role.ORGANISER, Role.AGENT, Role.EXHIBITOR, any_organiser=True)
def call_off_act(act: str) -> ResponseReturnValue:
    count = messages.call_off_act(act, actor())
    words = "ne partira pas" if count == 1 else "ne partiront pas"
    flash(f"L’envoi est annulé : {plural(count, 'courriel')} {words}.", "success")
    return redirect(safe_path(request.form.get("back")) or url_for("accounts.start"))
