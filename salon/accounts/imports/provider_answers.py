"""Client of an OpenID Connect provider: discovery, authorization code with PKCE, verified tokens.

OpenID Connect Core 1.0, Discovery 1.0 and RP-Initiated Logout 1.0; RFC 7636 (PKCE), RFC 9207
(`iss`). Authlib and httpx2 are imported when first used: they take 150 ms that an installation
without a provider does not spend.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import compare_digest
from time import monotonic
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from salon.accounts.rules import identities as rules
from salon.platform.settings.identity_provider import IdentityProvider
from salon.platform.settings.logs import log
from salon.platform.settings.remote_services import is_protected

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client
    from httpx2 import Response
    from joserfc.jwt import Token

SCOPE = "openid email"
TIMEOUT = 5.0
DESCRIPTION_LIFETIME = 3600
"""Seconds for which the description and the keys of the provider are not asked for again."""
FAILURE_LIFETIME = 10
"""Seconds for which a provider that did not answer is not asked again."""
LEEWAY = 60
"""Seconds that two clocks may differ by."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that the provider alone has."""
LONGEST_SUBJECT = 255
"""ASCII characters of `sub` (Core 1.0, 2)."""
SECRET_LENGTH = 43
"""256 bits, and the least that RFC 7636 allows for a verifier."""


@dataclass(frozen=True)
class PendingSignIn:
    """Secrets that tie an answer of the provider to the browser that asked."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class ProvedIdentity:
    """The identity of the person who signed in, as proved by the provider."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    level: str
    """Value of `acr`; "" when the provider does not say it."""
    id_token: str = field(repr=False)


class Description(BaseModel):
    """Metadata of a provider (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]

    @property
    def is_protected(self) -> bool:
        addresses = (
            *(self.authorization_endpoint, self.token_endpoint, self.userinfo_endpoint),
            *(self.jwks_uri, self.end_session_endpoint),
        )
        return all(is_protected(address) for address in addresses if address)


_answers: dict[str, tuple[float, object]] = {}
_failures: dict[str, float] = {}


def start_sign_in(
    provider: IdentityProvider,
    return_address: str,
    *,
    levels: tuple[str, ...] = (),
    asks_again: bool = False,
) -> tuple[str, PendingSignIn]:
    """Return the provider's address to send the browser to, and what its answer must match.

    `levels`: one of them is required; `asks_again`: an open session there is not enough. Raises
    ProviderUnreachable.
    """
    from authlib.common.security import generate_token

    pending = PendingSignIn(*(generate_token(SECRET_LENGTH) for _ in range(3)))
    options = {"nonce": pending.nonce}
    if levels:
        required = {"essential": True, "values": list(levels)}
        options["claims"] = json.dumps({"id_token": {"acr": required}})
    if asks_again:
        options["prompt"] = "login"
    with _refusals():
        description = _describe(provider)
        with _client(provider, description, return_address) as client:
            address, _ = client.create_authorization_url(
                description.authorization_endpoint,
                state=pending.state,
                code_verifier=pending.verifier,
                **options,
            )
    return address, pending


def read_identity(
    provider: IdentityProvider,
    return_address: str,
    answer: Mapping[str, str],
    pending: PendingSignIn,
    at: datetime,
) -> ProvedIdentity:
    """Return the identity that the provider's answer leads to, verified.

    Raises AnswerRefused, SignInAbandoned, LevelTooLow, ProviderUnreachable.
    """
    state = answer.get("state", "").encode(errors="backslashreplace")
    is_ours = compare_digest(state, pending.state.encode())
    rules.check_answer_is_ours(is_ours and answer.get("iss", provider.issuer) == provider.issuer)
    rules.check_sign_in_succeeded(answer.get("error", ""))
    with _refusals():
        description = _describe(provider)
        with _client(provider, description, return_address) as client:
            tokens = client.fetch_token(
                description.token_endpoint,
                grant_type="authorization_code",
                code=answer.get("code", ""),
                code_verifier=pending.verifier,
            )
            # Used at once: how long the access token lasts is for the provider to judge.
            client.token = {
                name: value for name, value in tokens.items() if not name.startswith("expires_")
            }
            claims = read_id_token(provider, tokens, pending.nonce, at)
            response = client.get(description.userinfo_endpoint)
            response.raise_for_status()
        facts = _read_userinfo(provider, response, at)
        subject, email = str(claims["sub"]), str(facts.get("email", ""))
        is_sound = bool(subject.strip()) and subject.isascii() and (subject + email).isprintable()
        is_sound = is_sound and len(subject) <= LONGEST_SUBJECT
        rules.check_answer_is_ours(is_sound and facts.get("sub") == subject)
        is_verified = facts.get("email_verified", provider.vouches_for_addresses)
        return ProvedIdentity(
            issuer=provider.issuer,
            subject=subject,
            email=email,
            is_email_verified=is_verified is True,
            level=str(claims.get("acr", "")),
            id_token=tokens["id_token"],
        )


def read_id_token(
    provider: IdentityProvider, tokens: Mapping[str, Any], nonce: str, at: datetime
) -> Mapping[str, object]:
    """Return the claims of an ID token: signed by the provider, for us, for this sign-in, at this
    time (OpenID Connect Core 1.0, 3.1.3.7). Raises AnswerRefused."""
    with _refusals():
        from authlib.oidc.core import CodeIDToken

        token = _read_signed(provider, tokens["id_token"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": tokens.get("access_token", ""),
            },
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        return claims  # type: ignore[no-any-return]


def check_provider(provider: IdentityProvider) -> None:
    """Check that the provider describes itself and shows its keys.

    Raises ProviderUnreachable, or AnswerRefused when what it says is not JSON.
    """
    with _refusals():
        _fetch(_describe(provider).jwks_uri)


def end_session_address(provider: IdentityProvider, id_token: str, return_address: str) -> str:
    """Return the address where the provider ends its own session and sends the browser back.

    "" when it has none, or does not answer.
    """
    from authlib.common.security import generate_token
    from authlib.common.urls import add_params_to_uri

    try:
        with _refusals():
            endpoint = _describe(provider).end_session_endpoint
    except rules.ProviderUnreachable:
        return ""
    if not endpoint:
        return ""
    parameters = {
        "id_token_hint": id_token,
        "post_logout_redirect_uri": return_address,
        "state": generate_token(SECRET_LENGTH),
    }
    return str(add_params_to_uri(endpoint, parameters))


def _read_userinfo(
    provider: IdentityProvider, response: "Response", at: datetime
) -> Mapping[str, object]:
    """Return the claims of a UserInfo response, plain or signed (Core 1.0, 5.3.2)."""
    if not response.headers.get("Content-Type", "").startswith("application/jwt"):
        facts = response.json()
    else:
        from joserfc.jwt import JWTClaimsRegistry

        facts = _read_signed(provider, response.text).claims
        JWTClaimsRegistry(
            int(at.timestamp()),
            LEEWAY,
            iss={"value": provider.issuer},
            aud={"value": provider.client_id},
        ).validate(facts)
    rules.check_answer_is_ours(isinstance(facts, dict))
    return facts  # type: ignore[no-any-return]


def _read_signed(provider: IdentityProvider, token: str) -> "Token":
    """Return a token once its signature is verified; keys that changed are read again."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    address = _describe(provider).jwks_uri
    accepted = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, KeySet.import_key_set(_fetch(address)), registry=accepted)
    except InvalidKeyIdError:
        _answers.pop(address, None)
        return jwt.decode(token, KeySet.import_key_set(_fetch(address)), registry=accepted)


def _describe(provider: IdentityProvider) -> Description:
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        description = Description.model_validate(_fetch(address))
    except ValidationError:
        description = None
    if description is None or description.issuer != provider.issuer or not description.is_protected:
        log.error("identity provider: what it says of itself is not that of OIDC_ISSUER")
        raise rules.ProviderUnreachable
    return description


def _fetch(address: str) -> Any:
    """Return the JSON of an address, read at most once an hour."""
    import httpx2

    read_at, content = _answers.get(address, (0.0, None))
    if content is not None and monotonic() - read_at < DESCRIPTION_LIFETIME:
        return content
    if monotonic() - _failures.get(address, -FAILURE_LIFETIME) < FAILURE_LIFETIME:
        raise rules.ProviderUnreachable
    try:
        response = httpx2.get(address, timeout=TIMEOUT)
        response.raise_for_status()
        content = response.json()
    except (httpx2.HTTPError, OSError, ValueError):
        _failures[address] = monotonic()
        raise
    _answers[address] = monotonic(), content
    return content


def _client(
    provider: IdentityProvider, description: Description, return_address: str
) -> "OAuth2Client":
    from authlib.integrations.httpx_client import OAuth2Client

    basic, post = "client_secret_basic", "client_secret_post"
    method = basic if basic in description.token_endpoint_auth_methods_supported else post
    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=return_address,
        code_challenge_method="S256",
        timeout=TIMEOUT,
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the libraries raise into the refusals that a person reads; log its kind alone."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        log.warning("identity provider: %s", type(error).__name__)
        raise rules.ProviderUnreachable from None
    except (AuthlibBaseError, JoseError) as error:
        log.warning("identity provider: answer refused, %s", error.error)
        raise rules.AnswerRefused from None
    except (KeyError, ValueError) as error:
        log.warning("identity provider: answer not understood, %s", type(error).__name__)
        raise rules.AnswerRefused from None
