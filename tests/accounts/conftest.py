from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from salon.platform.identity_provider import IdentityProvider
from tests.openid_provider import Providers, run_providers


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    with run_providers() as providers:
        yield providers


def use_provider(app: Flask, provider: IdentityProvider | None) -> None:
    app.config["SALON"] = replace(app.config["SALON"], identity_provider=provider)
