"""Sessions: Flask-Login carries the token of a sign-in; the table `sign_ins` says its worth."""

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user

from salon.access import actor, settings
from salon.accounts import queries, services
from salon.identity import Identity, Role

login_manager = LoginManager()

START_PAGES = {
    Role.ORGANISER: "dashboard.overview",
    Role.AGENT: "staffing.my_rota",
    Role.EXHIBITOR: "exhibitors.space",
    Role.STATION: "entrance.scanner",
}


class Sessions(SecureCookieSessionInterface):
    """Sessions of people. A station's call brings its token each time and has none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/api/"):
            return None
        return super().open_session(app, request)


class SignedIn(UserMixin):
    """What Flask-Login carries: the token of a sign-in and who it is."""

    def __init__(self, token: str, identity: Identity) -> None:
        self.token = token
        self.identity = identity

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader
def load_user(token: str) -> SignedIn | None:
    known = settings()
    identity = services.find_identity_of(
        token, known.organiser_idle, known.other_idle, known.session_absolute
    )
    return SignedIn(token, identity) if identity else None


def load_station() -> Identity | None:
    """The station of the bearer token (RFC 6750) of an API call."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    station = queries.find_station_by_token(token.strip()) if scheme.lower() == "bearer" else None
    return Identity(Role.STATION, station.id, station.name) if station else None


def load_identity() -> Identity | None:
    """Who is signed in: by session cookie, or by a station's bearer token under /api/."""
    if request.path.startswith("/api/"):
        return load_station()
    return current_user.identity if current_user.is_authenticated else None


def enter(account_id: int | None = None, station_id: int | None = None) -> None:
    """Opens a sign-in in a new session: nothing of the former one is kept."""
    token = services.open_sign_in(actor(), account_id=account_id, station_id=station_id)
    session.clear()
    found = load_user(token)
    login_user(found)
