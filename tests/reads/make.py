"""Tokens and reads made for tests."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from salon.accounts.services.read_tokens import make_read_token
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import real_now
from tests.factories import new_key
from tests.pages import PageClient


def make_token(edition: Edition, *, days: float = 30, name: str = "Portail de données") -> str:
    """Make a token of an edition; `days`: from now to its end."""
    expires_at = real_now() + timedelta(days=days)
    _, secret = make_read_token(Act(SYSTEM), edition.id, name, expires_at, new_key())
    assert secret is not None
    return secret


def read(client: PageClient, token: str, path: str, **headers: str) -> TestResponse:
    """Read an address of the API; `path` follows /api/v1/editions/."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(
        f"/api/v1/editions/{path}", headers={"Authorization": f"Bearer {token}", **fields}
    )


def pages(client: PageClient, token: str, path: str) -> list[dict[str, Any]]:
    """Read a list to its last page."""
    read_pages = []
    address = f"/api/v1/editions/{path}"
    while address:
        answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        read_pages.append(answer.json)
        address = answer.json["next"] or ""
    return read_pages
