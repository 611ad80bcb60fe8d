"""Sessions: the signed cookie carries the token of a sign-in; `sign_ins` holds its state."""

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from salon.accounts import queries
from salon.accounts.access import known_browsers
from salon.accounts.models import Account
from salon.accounts.services import sign_ins
from salon.accounts.services.read_tokens import PREFIX as READ_TOKEN
from salon.accounts.services.sign_ins import identity_of_station
from salon.platform.database.identity import Identity, Role
from salon.platform.pages.acts import request_act
from salon.platform.web.access import settings

START_PAGES = {
    Role.ORGANISER: "dashboard.overview",
    Role.AGENT: "village_day.my_rota",
    Role.EXHIBITOR: "exhibitor_space.space",
    Role.STATION: "entrance.scanner",
}


TOKEN = "_user_id"
"""Key of the token in the session, as Flask-Login named it: whoever had signed in then stays so."""
WATCH = "accounts.session_left"
"""Asking how long a session still lasts does not make it last."""


class Sessions(SecureCookieSessionInterface):
    """Sessions of people. A call of the API has a token and no session."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/api/"):
            return None
        return super().open_session(app, request)


def load_bearer() -> Identity | None:
    """Return the station or the reader of the bearer token (RFC 6750) of an API call."""
    scheme, _, sent_token = request.headers.get("Authorization", "").partition(" ")
    token = sent_token.strip()
    if scheme.lower() != "bearer":
        return None
    if token.startswith(READ_TOKEN):
        reader = queries.find_live_read_token(token)
        if reader is None:
            return None
        return Identity(Role.READER, reader.id, reader.name, edition_id=reader.edition_id)
    station = queries.find_station_by_token(token)
    if station is None:
        return None
    return identity_of_station(station)


def load_identity() -> Identity | None:
    """Return the identity of the session cookie, or of a bearer token under /api/."""
    if request.path.startswith("/api/"):
        return load_bearer()
    if TOKEN not in session:
        return None
    limits = settings()
    return sign_ins.find_identity_of(
        session[TOKEN],
        limits.organiser_idle,
        limits.other_idle,
        limits.session_absolute,
        notes_visit=request.endpoint != WATCH,
    )


def enter(account_id: int | None = None, station_id: int | None = None, id_token: str = "") -> None:
    """Open a sign-in in a new session; nothing of the former session stays."""
    token = sign_ins.open_sign_in(request_act(), account_id, station_id, id_token)
    session.clear()
    session[TOKEN] = token
    if account_id is not None:
        known_browsers.remember_browser(account_id)


def account_of_browser() -> Account | None:
    """Return the account of the ended session, else the last one signed in from this browser."""
    sign_in = queries.find_sign_in(session.get(TOKEN, ""))
    if sign_in is not None:
        return sign_in.account
    last_id = known_browsers.last_account_id()
    account = queries.find_account_by_id(last_id) if last_id is not None else None
    return account if account is not None and account.disabled_at is None else None
