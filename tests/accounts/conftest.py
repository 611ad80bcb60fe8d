"""An identity provider, and people who have an identity there."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from flask import Flask

from salon.accounts.models import Account
from salon.dashboard.presenters.journal import detail_lines
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import entries
from salon.platform.settings.identity_provider import IdentityProvider
from tests.openid_provider import Person, Providers, run_providers

numbers = count(1)


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    with run_providers() as providers:
        yield providers


def use_provider(app: Flask, provider: IdentityProvider | None) -> None:
    app.config["SALON"] = replace(app.config["SALON"], identity_provider=provider)


@pytest.fixture
def provider(app: Flask, edition: Edition, providers: Providers) -> IdentityProvider:
    provider = providers.settings()
    use_provider(app, provider)
    return provider


def person_of(account: Account, **changes: object) -> Person:
    """Return the owner of an account, under an identity that no test shares."""
    return Person(f"sujet-{next(numbers)}", account.email, **changes)  # type: ignore[arg-type]


def changed(address: str, **parameters: str | None) -> str:
    """Return an address with other parameters, or without them, as changed on the way."""
    parts = urlsplit(address)
    merged = {**dict(parse_qsl(parts.query)), **parameters}
    variables = {name: value for name, value in merged.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(variables)))


# Who enters


def refusals(app: Flask) -> list[list[str]]:
    """Return the values of each refused sign-in in the journal, as its page says them."""
    rows = current_session().scalars(entries("sign_in.refused"))
    return [[value for _, value in detail_lines(row)] for row in rows]
