"""A real OpenID Connect provider, and a browser that signs in there."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2

from salon.platform.settings.identity_provider import IdentityProvider
from scripts.node import MODULES, node
from tests.pages import PageClient
from tests.processes import tied

SITE = "http://127.0.0.1:5000"
BACK = f"{SITE}/connexion/fournisseur/retour"
SIGNED_OUT = f"{SITE}/deconnexion"


@dataclass(frozen=True)
class Providers:
    """The providers that one process of Node holds."""

    secret: str
    plain: str
    state: str

    def settings(self, issuer: str = "", **changes: Any) -> IdentityProvider:
        choices: dict[str, Any] = {
            "issuer": issuer or self.plain,
            "client_id": "salon",
            "client_secret": self.secret,
            "label": "ProConnect",
            "organiser_levels": ("eidas2", "eidas3"),
            **changes,
        }
        return IdentityProvider(**choices)


@contextmanager
def run_providers(back: str = BACK, signed_out: str = SIGNED_OUT) -> Iterator[Providers]:
    script = Path(__file__).with_suffix(".mjs")
    command = [node(), str(script), str(MODULES), back, signed_out]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(tied(*command), stdout=pipe, stderr=nowhere, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            facts = json.loads(next(line for line in lines if line.startswith('{"secret"')))
            yield Providers(**facts)
        finally:
            process.terminate()


def new_browser() -> httpx2.Client:
    """Return a browser with its own cookies, that leaves no connection open."""
    return httpx2.Client(limits=httpx2.Limits(max_keepalive_connections=0))


@dataclass
class Person:
    """Somebody whom the provider knows, in a browser of their own."""

    sub: str
    email: str
    email_verified: bool | None = True
    acr: str = "eidas1"
    browser: httpx2.Client = field(default_factory=new_browser)

    def sign_in_at(self, address: str) -> str:
        """Follow the provider's pages from `address`; return the path it sends the browser to."""
        claims = {"sub": self.sub, "email": self.email, "acr": self.acr}
        if self.email_verified is not None:
            claims["email_verified"] = self.email_verified  # type: ignore[assignment]
        while not address.startswith(SITE):
            if "/sign-in/" in address:
                address += "?" + urlencode({"claims": json.dumps(claims)})
            answer = self.browser.get(address)
            assert answer.is_redirect, answer.text
            address = str(answer.url.join(answer.headers["Location"]))
        return address.removeprefix(SITE)

    def end_session_at(self, address: str) -> str:
        """Say yes to the provider that asks; return where it sends the browser."""
        page = self.browser.get(address)
        assert page.status_code == 200, page.text
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        action = unescape(re.search(r'action="([^"]+)"', page.text)[1])  # type: ignore[index]
        answer = self.browser.post(action, data={**form, "logout": "yes"})
        return answer.headers["Location"]


def ask(client: PageClient, address: str = "/connexion/fournisseur") -> str:
    """Return the provider's address that our page leads to."""
    answer = client.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def sign_in(client: PageClient, person: Person, address: str = "/connexion/fournisseur") -> Any:
    """Sign in by the provider; return our answer to the browser that comes back."""
    return client.get(person.sign_in_at(ask(client, address)))
