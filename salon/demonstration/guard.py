"""Refusal to serve a database with public accounts where only invited people may enter."""

from time import monotonic

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.demonstration.services import COLLEAGUES, COORDINATOR, ORGANISER, PEOPLE
from salon.platform.database.db import current_session
from salon.platform.database.marks import DEMONSTRATION, Mark
from salon.platform.web.access import settings
from salon.platform.web.error_pages import error_page

CHECK_EVERY_S = 60.0
WITHOUT_DATABASE = ("static", "dashboard.alive", "dashboard.metrics")
REFUSAL = (
    "Cette base a été faite par « seed » : les mots de passe de ses comptes sont publics. "
    "Donnez à ce service une autre base (DATABASE_URL, SALON_DATA)."
)


def refusal() -> str:
    """Return why this database may not be served here; "" when it may."""
    current = settings()
    is_public = current.production or (current.secure_cookies and not current.demonstration)
    return REFUSAL if is_public and _has_public_accounts() else ""


def register_guard(app: Flask) -> None:
    """Answer 503 to every page while `refusal` says so, whichever server runs the application."""
    accepted_at = -CHECK_EVERY_S

    @app.before_request
    def refuse_public_accounts() -> ResponseReturnValue | None:
        nonlocal accepted_at
        if request.endpoint in WITHOUT_DATABASE or monotonic() - accepted_at < CHECK_EVERY_S:
            return None
        if reason := refusal():
            return error_page(503, reason)
        accepted_at = monotonic()
        return None


def _has_public_accounts() -> bool:
    mark = select(Mark.name).where(Mark.name == DEMONSTRATION)
    people = [email for _, email, _ in PEOPLE] + [email for email, _, _ in COLLEAGUES]
    keys = [email_key_of(email) for email in (ORGANISER, COORDINATOR, *people)]
    accounts = select(Account.id).where(Account.email_key.in_(keys), Account.disabled_at.is_(None))
    return (
        current_session().scalar(mark) is not None
        or current_session().scalar(accounts.limit(1)) is not None
    )
