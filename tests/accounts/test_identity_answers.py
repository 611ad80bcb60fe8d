"""What an identity provider answers is verified before anybody enters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask

from salon.accounts.imports.provider_answers import (
    SECRET_LENGTH,
    read_id_token,
    read_identity,
    start_sign_in,
)
from salon.accounts.rules import identities as rules
from salon.doctor import Finding, examine
from salon.platform.settings.identity_provider import IdentityProvider
from salon.platform.settings.installation import Settings
from tests.accounts.conftest import changed, person_of, refusals
from tests.accounts.made_provider import read_made_identity
from tests.factories import make_account
from tests.openid_provider import BACK, Person, Providers, ask
from tests.pages import PageClient


def test_the_answer_to_another_browser_is_refused(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account()
    path = person_of(account).sign_in_at(ask(client))
    other_client = app.test_client()
    assert isinstance(other_client, PageClient)
    assert other_client.get(path).status_code == 400
    ask(other_client)
    answer = other_client.get(path)
    assert answer.status_code == 400
    assert "ne correspond pas à votre demande" in answer.text
    assert refusals(app) == [["service d’identité, réponse qui ne convient pas"]] * 2


@pytest.mark.parametrize("state", ["", "faux", "é", "x" * SECRET_LENGTH])
def test_another_state_is_refused(
    client: PageClient, provider: IdentityProvider, state: str
) -> None:
    path = person_of(make_account()).sign_in_at(ask(client))
    assert client.get(changed(path, state=state)).status_code == 400


def test_an_answer_of_another_issuer_is_refused(
    client: PageClient, provider: IdentityProvider
) -> None:
    path = person_of(make_account()).sign_in_at(ask(client))
    assert client.get(changed(path, iss="https://autre.example")).status_code == 400


def test_another_nonce_is_refused(client: PageClient, provider: IdentityProvider) -> None:
    address = changed(ask(client), nonce="un-autre-nonce-que-le-notre")
    assert client.get(person_of(make_account()).sign_in_at(address)).status_code == 400


def test_another_verifier_is_refused_by_the_provider(
    client: PageClient, provider: IdentityProvider
) -> None:
    address = changed(ask(client), code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert client.get(person_of(make_account()).sign_in_at(address)).status_code == 400


def test_a_code_serves_once_even_with_the_cookie_of_before(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    path = person_of(make_account()).sign_in_at(ask(client))
    cookie = client.get_cookie("salon")
    assert cookie is not None
    assert client.get(path).status_code == 302
    assert client.get(path).status_code == 400
    thief = app.test_client()
    thief.set_cookie("salon", cookie.value)
    assert thief.get(path).status_code == 400
    assert thief.get("/planning").status_code == 302


def test_an_answer_after_ten_minutes_is_refused(
    client: PageClient, provider: IdentityProvider
) -> None:
    path = person_of(make_account()).sign_in_at(ask(client))
    with client.session_transaction() as session:
        session["provider"] = {**session["provider"], "at": session["provider"]["at"] - 600}
    assert client.get(path).status_code == 400


def test_a_sign_in_that_was_given_up_is_no_failure(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    state = parse_qs(urlsplit(ask(client)).query)["state"][0]
    path = "/connexion/fournisseur/retour?" + urlencode({"state": state, "error": "access_denied"})
    answer = client.get(path)
    assert answer.status_code == 400
    assert "vous l’avez interrompue" in answer.text
    assert refusals(app) == [["service d’identité, connexion interrompue"]]


@pytest.mark.parametrize("seconds", [0, 1, 60, 3600])
def test_how_long_the_access_lasts_is_for_the_provider_to_judge(app: Flask, seconds: int) -> None:
    """It is used at once."""
    identity = read_made_identity({"sub": "camille"}, expires_in=seconds)
    assert (identity.subject, identity.email) == ("camille", "camille@herault.example")


@pytest.mark.parametrize("subject", ["", " ", None, 5, "é", "x" * 256])
def test_a_subject_that_names_nobody_is_refused(app: Flask, subject: object) -> None:
    with pytest.raises(rules.AnswerRefused):
        read_made_identity({"sub": subject})


def id_token_of(provider: IdentityProvider) -> tuple[str, str]:
    """Return an ID token that a client of the provider got, and its nonce."""
    address, pending = start_sign_in(provider, BACK)
    path = Person("porteur", "porteur@herault.example").sign_in_at(address)
    answer = dict(parse_qsl(urlsplit(path).query))
    identity = read_identity(provider, BACK, answer, pending, datetime.now(UTC))
    return identity.id_token, pending.nonce


def test_an_id_token_of_another_service_is_refused(providers: Providers) -> None:
    other_service = providers.settings(client_id="autre-service")
    id_token, nonce = id_token_of(other_service)
    tokens, at = {"id_token": id_token}, datetime.now(UTC)
    assert read_id_token(other_service, tokens, nonce, at)["aud"] == "autre-service"
    with pytest.raises(rules.AnswerRefused):
        read_id_token(providers.settings(), tokens, nonce, at)


def test_an_id_token_serves_for_its_time_its_issuer_and_its_signature(
    providers: Providers,
) -> None:
    provider = providers.settings()
    id_token, nonce = id_token_of(provider)
    now = datetime.now(UTC)
    assert read_id_token(provider, {"id_token": id_token}, nonce, now)["sub"] == "porteur"
    header, body, signature = id_token.split(".")
    forged = f"{header}.{body}.{signature[:-10]}{signature[-10:][::-1]}"
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    for issuer, token, its_nonce, at in (
        (provider, id_token, nonce, now + timedelta(hours=2)),
        (provider, id_token, "autre", now),
        (providers.settings(providers.state), id_token, nonce, now),
        (provider, forged, nonce, now),
        (provider, unsigned, nonce, now),
        (provider, "", nonce, now),
    ):
        with pytest.raises(rules.AnswerRefused):
            read_id_token(issuer, {"id_token": token}, its_nonce, at)


def test_the_doctor_asks_the_provider(
    app: Flask, settings: Settings, provider: IdentityProvider
) -> None:
    def identity_finding(**changes: str) -> Finding:
        changed_settings = replace(settings, identity_provider=replace(provider, **changes))
        [finding] = [
            finding for finding in examine(changed_settings) if finding.key == "identity_provider"
        ]
        return finding

    assert identity_finding().in_order
    assert identity_finding().words == f"{provider.issuer} répond"
    for issuer in (f"{provider.issuer}/", f"{provider.issuer}/autre", "http://127.0.0.1:1"):
        assert not identity_finding(issuer=issuer).in_order
    assert "identity_provider" not in [finding.key for finding in examine(settings)]
