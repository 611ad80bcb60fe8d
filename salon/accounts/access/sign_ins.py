"""Sessions: Flask-Login carries the token of a sign-in; the table `sign_ins` holds its state.

A second cookie lists the accounts that signed in from a browser before, so that guesses from
elsewhere do not slow it down. It grants no access.
"""

import secrets
from datetime import timedelta

from flask import Flask, Request, Response, after_this_request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import BadData, URLSafeTimedSerializer

from salon.accounts import queries, services
from salon.accounts.models import Account
from salon.platform.access import actor, settings
from salon.platform.identity import Identity, Role

login_manager = LoginManager()

START_PAGES = {
    Role.ORGANISER: "dashboard.overview",
    Role.AGENT: "village_day.my_rota",
    Role.EXHIBITOR: "exhibitor_space.space",
    Role.STATION: "entrance.scanner",
}


WATCH = "accounts.session_left"
"""Asking how long a session still lasts does not make it last."""
BROWSER_KEPT = timedelta(days=180)
BROWSER_ACCOUNTS = 5
"""Accounts that one browser is remembered for: a shared computer keeps the last ones."""


class Sessions(SecureCookieSessionInterface):
    """Sessions of people. A station's call has a token and no session."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/api/"):
            return None
        return super().open_session(app, request)


class SignedIn(UserMixin):
    """The user of Flask-Login: the token of a sign-in and its identity."""

    def __init__(self, token: str, identity: Identity) -> None:
        self.token = token
        self.identity = identity

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader
def load_user(token: str) -> SignedIn | None:
    configuration = settings()
    identity = services.find_identity_of(
        token,
        configuration.organiser_idle,
        configuration.other_idle,
        configuration.session_absolute,
        notes_visit=request.endpoint != WATCH,
    )
    return SignedIn(token, identity) if identity else None


def load_station() -> Identity | None:
    """Return the station of the bearer token (RFC 6750) of an API call."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    station = queries.find_station_by_token(token.strip()) if scheme.lower() == "bearer" else None
    if station is None:
        return None
    return Identity(Role.STATION, station.id, station.name, kind=station.kind)


def load_identity() -> Identity | None:
    """Return the identity of the session cookie, or of a bearer token under /api/."""
    if request.path.startswith("/api/"):
        return load_station()
    return current_user.identity if current_user.is_authenticated else None


def enter(account_id: int | None = None, station_id: int | None = None) -> None:
    """Open a sign-in in a new session; nothing of the former session stays."""
    token = services.open_sign_in(actor(), account_id=account_id, station_id=station_id)
    session.clear()
    signed_in = load_user(token)
    login_user(signed_in)
    if account_id is not None:
        _remember_browser(account_id)


def browser_of(account_id: int | None) -> str:
    """Return the identifier of this browser if the account signed in from it, else ""."""
    browser, accounts = _read_browser()
    return browser if account_id in accounts else ""


def account_of_browser() -> Account | None:
    """Return the account of the ended session, else the last one signed in from this browser."""
    sign_in = queries.find_sign_in(session.get("_user_id", ""))
    if sign_in is not None:
        return sign_in.account
    _, accounts = _read_browser()
    account = queries.find_account_by_id(accounts[0]) if accounts else None
    return account if account is not None and account.disabled_at is None else None


def _remember_browser(account_id: int) -> None:
    browser, accounts = _read_browser()
    accounts = [account_id, *(other_id for other_id in accounts if other_id != account_id)][
        :BROWSER_ACCOUNTS
    ]
    value = _browser_signer().dumps([browser or secrets.token_urlsafe(16), accounts])

    @after_this_request
    def send(response: Response) -> Response:
        response.set_cookie(
            current_app.config["BROWSER_COOKIE_NAME"],
            value,
            max_age=BROWSER_KEPT,
            secure=settings().secure_cookies,
            httponly=True,
            samesite="Lax",
        )
        return response


def _read_browser() -> tuple[str, list[int]]:
    try:
        browser, accounts = _browser_signer().loads(
            request.cookies.get(current_app.config["BROWSER_COOKIE_NAME"], ""),
            max_age=int(BROWSER_KEPT.total_seconds()),
        )
    except BadData:
        return "", []
    return browser, accounts


def _browser_signer() -> URLSafeTimedSerializer:
    keys = [*settings().secret_key_fallbacks, settings().secret_key]
    return URLSafeTimedSerializer(keys, salt="known browser")
