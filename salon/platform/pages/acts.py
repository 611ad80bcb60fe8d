"""Acts of requests: the act that a view opens, and the offers on the page after it.

The messages that a writing request of a signed-in person holds are announced beside the flash
message of the next page, with « Annuler l’envoi »; a view adds « Rétablir » by `offer_undo`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from flask import Flask, Response, g, request, session, url_for

from salon.platform.database.act import Act, MailHold
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import held_messages
from salon.platform.settings import clock
from salon.platform.settings.prefixes import page_address
from salon.platform.web import access
from salon.platform.web.access import find_identity, settings
from salon.platform.words.formats import hour, plural

READERS = ("GET", "HEAD", "OPTIONS")
AUTHORS = frozenset({Role.ORGANISER, Role.AGENT, Role.EXHIBITOR})
OFFERED = 4
"""Most offers that a browser stores until its next page: the latest ones."""


@dataclass(frozen=True)
class ActButton:
    """A button of the next page, which posts `values` to `path`."""

    label: str
    path: str
    words: str = ""
    icon: str = ""
    values: dict[str, str] = field(default_factory=dict)


def request_act(*, now: datetime | None = None, actor: Identity | None = None) -> Act:
    """Return the act of this request; unless given, `now` is the fair's time and `actor` who
    asks."""
    return Act(actor or access.actor(), now or clock.now(), request_hold())


def request_hold() -> MailHold | None:
    """Return the hold of this request's messages; None for the public, stations and reading."""
    hold: MailHold | None = g.get("mail_hold")
    return hold


def offer_undo(path: str, label: str = "Rétablir", **values: str) -> None:
    """Offer on the next page to undo the act, by a POST to `path`."""
    _keep("undo", asdict(ActButton(label, path, icon="arrow-counterclockwise", values=values)))


def _keep(name: str, value: object) -> None:
    session[name] = [*session.get(name, []), value][-OFFERED:]


def offers() -> Sequence[ActButton]:
    """Return the offers of this page after the acts before it; each offer is made once."""
    if g.get("failing", False):
        return []
    undo = [ActButton(**values) for values in session.pop("undo", [])]
    keys = session.pop("held_acts", [])
    hold = request_hold()
    if hold is not None and hold.has_held:
        keys = [*keys, hold.key]
        hold.has_held = False
    return [*undo, *(offer for key in keys if (offer := _call_off_offer(key)))]


def _call_off_offer(key: str) -> ActButton | None:
    messages = held_messages(key)
    if not messages:
        return None
    ends_at = max(message.held_until for message in messages if message.held_until)
    count = plural(len(messages), "courriel retenu", "courriels retenus")
    back = page_address() if request.method == "GET" else ""
    return ActButton(
        "Annuler l’envoi",
        url_for("dashboard.call_off_act", act=key),
        words=f"{count} jusqu’à {hour(ends_at)}.",
        icon="envelope-slash",
        values={"back": back},
    )


def register_acts(app: Flask) -> None:
    """Hold the mail of each writing view whose author signed in, once the access is checked."""
    app.jinja_env.globals["offers_to_undo"] = offers

    @app.before_request
    def hold_mail() -> None:
        if request.method in READERS or request.path.startswith("/api/"):
            return
        identity = find_identity()
        if identity is not None and identity.role in AUTHORS:
            g.mail_hold = MailHold(identity, timedelta(seconds=settings().mail_hold))

    @app.after_request
    def offer_to_call_off(response: Response) -> Response:
        hold = request_hold()
        if hold is not None and hold.has_held:
            _keep("held_acts", hold.key)
        return response
