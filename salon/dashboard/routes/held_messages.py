"""Held messages: called off, sent at once, or let go after a restore."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.dashboard.access import readable_messages
from salon.dashboard.queries.messages import get_message
from salon.dashboard.routes import blueprint
from salon.dashboard.services import messages
from salon.platform.database.identity import Domain, Role
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only, safe_path
from salon.platform.words.formats import plural

BOTH, NEWER = "both", "newer"
"""Answers: call off the older messages too, or let them leave."""


@blueprint.post("/organisation/courriels/<int:message_id>/annuler")
@only(Domain.MESSAGES)
def call_off_message(message_id: int) -> ResponseReturnValue:
    message = get_message(readable_messages(), message_id)
    older = messages.older_messages(request_act(), Message.id == message_id)
    if older and _choice() is None:
        return _older_page(older)
    messages.call_off_message(request_act(), message.id, _ids(older))
    flash("L’envoi est annulé : ce courriel ne partira pas.", "success")
    return redirect(url_for("dashboard.message", message_id=message_id))


@blueprint.post("/organisation/courriels/<int:message_id>/envoyer")
@only(Domain.MESSAGES)
def send_now(message_id: int) -> ResponseReturnValue:
    message = get_message(readable_messages(), message_id)
    has_older = messages.send_now(request_act(), message.id) > 1
    words = ", après le courriel plus ancien qu’il corrige" if has_older else ""
    flash(f"Le courriel part maintenant{words}.", "success")
    return redirect(url_for("dashboard.message", message_id=message_id))


@blueprint.post("/organisation/courriels/apres-restauration/<any(envoyer,annuler):decision>")
@only(Role.ORGANISER)
def release_mail(decision: str) -> ResponseReturnValue:
    count = messages.release_mail(request_act(), sends_backlog=decision == "envoyer")
    words = "Les courriels partent de nouveau."
    if count:
        leave = "ne partira pas" if count == 1 else "ne partiront pas"
        words += f" {plural(count, 'courriel')} de la sauvegarde {leave}."
    flash(words, "success")
    return redirect(url_for("dashboard.messages"))


@blueprint.post("/envois/<act>/annuler")
@only(Role.ORGANISER, Role.AGENT, Role.EXHIBITOR, any_organiser=True)
def call_off_act(act: str) -> ResponseReturnValue:
    older = messages.older_messages(request_act(), Message.act == act)
    if older and _choice() is None:
        return _older_page(older)
    count = messages.call_off_act(request_act(), act, _ids(older))
    words = "ne partira pas" if count == 1 else "ne partiront pas"
    flash(f"L’envoi est annulé : {plural(count, 'courriel')} {words}.", "success")
    return redirect(safe_path(request.form.get("back")) or url_for("accounts.start"))


def _choice() -> str | None:
    choice = request.form.get("older")
    return choice if choice in (BOTH, NEWER) else None


def _ids(older: Sequence[Message]) -> list[int]:
    return [message.id for message in older] if _choice() == BOTH else []


def _older_page(older: Sequence[Message]) -> str:
    """Return the page that asks what becomes of the messages that the others correct."""
    shown = [(message, words_of(message)[0]) for message in older]
    back = safe_path(request.form.get("back")) or url_for("accounts.start")
    return render_template("dashboard/older_messages.html", shown=shown, back=back)
