"""Cookie that lists the accounts that signed in from a browser before.

Guesses from elsewhere do not slow such a browser down. It grants no access.
"""

import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from salon.platform.web.access import settings

LIFETIME = timedelta(days=180)
MOST_ACCOUNTS = 5
"""Accounts that one browser is remembered for: a shared computer keeps the last ones."""


def browser_of(account_id: int | None) -> str:
    """Return the identifier of this browser if the account signed in from it, else ""."""
    browser, accounts = _read()
    return browser if account_id in accounts else ""


def last_account_id() -> int | None:
    """Return the account that signed in from this browser last."""
    _, accounts = _read()
    return accounts[0] if accounts else None


def remember_browser(account_id: int) -> None:
    """Add an account, the last one signed in, to the cookie of the response."""
    browser, accounts = _read()
    others = [other_id for other_id in accounts if other_id != account_id]
    value = _signer().dumps(
        [browser or secrets.token_urlsafe(16), [account_id, *others][:MOST_ACCOUNTS]]
    )

    @after_this_request
    def send(response: Response) -> Response:
        response.set_cookie(
            current_app.config["BROWSER_COOKIE_NAME"],
            value,
            max_age=LIFETIME,
            secure=settings().secure_cookies,
            httponly=True,
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, list[int]]:
    try:
        browser, accounts = _signer().loads(
            request.cookies.get(current_app.config["BROWSER_COOKIE_NAME"], ""),
            max_age=int(LIFETIME.total_seconds()),
        )
    except BadData:
        return "", []
    return browser, accounts


def _signer() -> URLSafeTimedSerializer:
    keys = [*settings().secret_key_fallbacks, settings().secret_key]
    return URLSafeTimedSerializer(keys, salt="known browser")
