"""A provider of OpenID Connect that answers what a test wants, over HTTP and well signed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from salon.accounts.imports.provider_answers import (
    PendingSignIn,
    ProvedIdentity,
    read_identity,
)
from salon.platform.settings.identity_provider import IdentityProvider

CLIENT = "salon"
BACK = "http://127.0.0.1:5000/connexion/fournisseur/retour"
PENDING = PendingSignIn(state="a state", nonce="a nonce", verifier="v" * 43)
KEY = RSAKey.generate_key(2048, {"kid": "one"})


def answers_of(
    issuer: str, claims: Mapping[str, object], tokens: Mapping[str, object]
) -> dict[str, object]:
    """Return what is answered at each path. `claims`: of the person; `tokens`: of the access."""
    now = int(datetime.now(UTC).timestamp())
    facts = {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": PENDING.nonce}
    id_token = jwt.encode({"alg": "RS256", "kid": "one"}, {**facts, **claims}, KEY)
    return {
        "/.well-known/openid-configuration": {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
        },
        "/keys": {"keys": [KEY.as_dict(private=False)]},
        "/token": {
            "access_token": "an access",
            "token_type": "Bearer",
            "id_token": id_token,
            **tokens,
        },
        "/userinfo": {"email": "camille@herault.example", "email_verified": True, **claims},
    }


@contextmanager
def made_provider(
    claims: Mapping[str, object], tokens: Mapping[str, object]
) -> Iterator[IdentityProvider]:
    """Serve a provider for as long as the block lasts."""
    answers: dict[str, object] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(answers[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = f"http://127.0.0.1:{server.server_address[1]}"
        answers.update(answers_of(issuer, claims, tokens))
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield IdentityProvider(
                issuer=issuer,
                client_id=CLIENT,
                client_secret="a secret",
                label="ProConnect",
                organiser_levels=(),
            )
        finally:
            server.shutdown()
            thread.join()


def read_made_identity(claims: Mapping[str, object], **tokens: object) -> ProvedIdentity:
    """Return the identity that such answers prove."""
    with made_provider(claims, tokens) as provider:
        answer = {"state": PENDING.state, "code": "a code"}
        return read_identity(provider, BACK, answer, PENDING, datetime.now(UTC))
