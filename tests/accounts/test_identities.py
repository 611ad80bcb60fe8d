"""Signing in by OpenID Connect, against a real provider."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from threading import Barrier
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from salon.accounts.imports.provider_answers import (
    SECRET_LENGTH,
    ProvedIdentity,
    read_id_token,
    read_identity,
    start_sign_in,
)
from salon.accounts.models import Account, SignIn
from salon.accounts.queries import find_account, get_account
from salon.accounts.rules import identities as rules
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers
from salon.accounts.services.proved_identities import account_of_identity
from salon.dashboard.presenters.journal import detail_lines
from salon.fair.models import Edition
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM, Role
from salon.platform.identity_provider import IdentityProvider
from salon.platform.journal import JournalEntry, entries
from tests.accounts.conftest import use_provider
from tests.factories import make_account
from tests.factories import sign_in as sign_in_usually
from tests.openid_provider import (
    BACK,
    SIGNED_OUT,
    Person,
    Providers,
    ask,
    run_providers,
    sign_in,
)
from tests.pages import PageClient
from tests.races import ROUNDS, race

numbers = count(1)
AS_ORGANISER = "/connexion/fournisseur?organisation=1"


@pytest.fixture
def provider(app: Flask, edition: Edition, providers: Providers) -> IdentityProvider:
    provider = providers.settings()
    use_provider(app, provider)
    return provider


def person_of(account: Account, **changes: object) -> Person:
    """The owner of an account, under an identity that no test shares."""
    return Person(f"sujet-{next(numbers)}", account.email, **changes)  # type: ignore[arg-type]


def refusals(app: Flask) -> list[list[str]]:
    """The values of each refused sign-in in the journal, as its page says them."""
    rows = current_session().scalars(entries("sign_in.refused"))
    return [[value for _, value in detail_lines(row)] for row in rows]


def changed(address: str, **parameters: str | None) -> str:
    """An address with other parameters, or without them, as somebody on its way may make it."""
    parts = urlsplit(address)
    merged = {**dict(parse_qsl(parts.query)), **parameters}
    kept = {name: value for name, value in merged.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(kept)))


# Who enters


@pytest.mark.parametrize(
    ("role", "page"), [(Role.AGENT, "/planning"), (Role.EXHIBITOR, "/mon-stand")]
)
def test_an_agent_and_an_exhibitor_enter_by_their_verified_address(
    app: Flask, client: PageClient, provider: IdentityProvider, role: Role, page: str
) -> None:
    account = make_account(role=role)
    answer = sign_in(client, person_of(account))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/mon-espace"
    assert client.get("/mon-espace").headers["Location"] == page


def test_an_organiser_with_two_factors_enters_without_password_or_code(
    client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account(role=Role.ORGANISER)
    answer = sign_in(client, person_of(account, acr="eidas2"), AS_ORGANISER)
    assert answer.status_code == 302
    assert client.get("/organisation/comptes").status_code == 200


def test_the_state_s_provider_signs_its_answer_and_vouches_for_addresses(
    app: Flask, client: PageClient, edition: Edition, providers: Providers
) -> None:
    use_provider(app, providers.settings(providers.state, vouches_for_addresses=True))
    account = make_account()
    assert sign_in(client, person_of(account, email_verified=None)).status_code == 302
    assert client.get("/planning").status_code == 200


def test_an_invitee_signs_in_to_the_page_that_was_asked(
    client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account()
    page = client.get("/connexion?next=/planning/souhaits").text
    button = re.search(r'href="(/connexion/fournisseur[^"]*)"', page)
    assert button is not None
    answer = sign_in(client, person_of(account), unescape(button[1]))
    assert answer.headers["Location"] == "/planning/souhaits"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(
    client: PageClient, provider: IdentityProvider, elsewhere: str
) -> None:
    account = make_account()
    address = "/connexion/fournisseur?" + urlencode({"next": elsewhere})
    assert sign_in(client, person_of(account), address).headers["Location"] == "/mon-espace"


def test_the_session_of_before_is_worth_nothing_after(
    client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account()
    person = person_of(account)
    path = person.sign_in_at(ask(client))
    before = client.get_cookie("salon")
    client.get(path)
    after = client.get_cookie("salon")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert current_session().scalar(select(func.count(SignIn.id))) == 1


# Who does not


def test_an_unknown_address_gets_a_page_an_entry_and_no_account(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    answer = sign_in(client, Person("inconnue", "Inconnue@mairie.example"))
    assert answer.status_code == 403
    assert "n’est pas connue de ce salon" in answer.text
    assert 'href="/connexion"' in answer.text
    assert refusals(app) == [["Inconnue@mairie.example", "service d’identité, adresse inconnue"]]
    assert find_account("inconnue@mairie.example") is None
    assert client.get("/mon-espace").status_code == 302


@pytest.mark.parametrize("email", ["a\0b@mairie.example", "a\ud800@mairie.example", "\u202ea@b.fr"])
def test_an_address_that_nobody_can_read_is_refused(
    app: Flask, client: PageClient, provider: IdentityProvider, email: str
) -> None:
    assert sign_in(client, Person("illisible", email)).status_code == 400
    assert refusals(app) == [["service d’identité, réponse qui ne convient pas"]]


@pytest.mark.parametrize("is_verified", [False, None])
def test_an_address_that_is_not_verified_opens_nothing(
    app: Flask, client: PageClient, provider: IdentityProvider, is_verified: bool | None
) -> None:
    account = make_account()
    answer = sign_in(client, person_of(account, email_verified=is_verified))
    assert answer.status_code == 403
    assert "n’atteste pas" in answer.text
    assert refusals(app)[0][1] == "service d’identité, adresse non vérifiée"


def test_an_address_said_not_to_be_verified_opens_nothing_even_where_the_provider_vouches(
    app: Flask, client: PageClient, provider: IdentityProvider, providers: Providers
) -> None:
    use_provider(app, providers.settings(vouches_for_addresses=True))
    account = make_account()
    assert sign_in(client, person_of(account, email_verified=False)).status_code == 403


def test_an_organiser_with_one_factor_is_told_why_and_the_way_out(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account(role=Role.ORGANISER)
    person = person_of(account, acr="eidas1")
    for address in ("/connexion/fournisseur", AS_ORGANISER):
        sent = changed(ask(client, address), claims=None)
        answer = client.get(person.sign_in_at(sent))
        assert answer.status_code == 403
        assert "deux facteurs" in answer.text
        assert 'href="/connexion/organisation"' in answer.text
        way_out = re.search(r'href="(/connexion/fournisseur[^"]*)"', answer.text)
        assert way_out is not None
    assert refusals(app)[0][1] == "service d’identité, un seul facteur"
    person.acr = "eidas2"
    again = ask(client, unescape(way_out[1]))
    required = json.loads(parse_qs(urlsplit(again).query)["claims"][0])
    assert required["id_token"]["acr"] == {"essential": True, "values": ["eidas2", "eidas3"]}
    assert parse_qs(urlsplit(again).query)["prompt"] == ["login"]
    assert client.get(person.sign_in_at(again)).status_code == 302


def test_without_levels_no_organiser_enters_by_the_provider(
    app: Flask, client: PageClient, provider: IdentityProvider, providers: Providers
) -> None:
    use_provider(app, providers.settings(organiser_levels=()))
    assert "/connexion/fournisseur" not in client.get("/connexion/organisation").text
    account = make_account(role=Role.ORGANISER)
    answer = sign_in(client, person_of(account, acr="eidas2"))
    assert answer.status_code == 403
    assert "Recommencer avec" not in answer.text


def test_an_organiser_who_has_not_set_up_the_account_does_it_first(
    client: PageClient, provider: IdentityProvider
) -> None:
    organisers.invite_organiser("neuve@herault.example", "Neuve", SYSTEM)
    person = Person("neuve", "neuve@herault.example", acr="eidas2")
    answer = sign_in(client, person, AS_ORGANISER)
    assert answer.status_code == 403
    assert "pas encore activé" in answer.text


def test_a_closed_account_stays_closed(client: PageClient, provider: IdentityProvider) -> None:
    account = make_account()
    person = person_of(account)
    assert sign_in(client, person).status_code == 302
    account_services.disable_account(account.id, SYSTEM)
    assert client.get("/planning").status_code == 302
    assert sign_in(client, person).status_code == 403
    account_services.reopen_account(account.id, SYSTEM)
    assert get_account(account.id).provider_subject == ""


# What is forged, replayed or late


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
    sent = changed(ask(client), nonce="un-autre-nonce-que-le-notre")
    assert client.get(person_of(make_account()).sign_in_at(sent)).status_code == 400


def test_another_verifier_is_refused_by_the_provider(
    client: PageClient, provider: IdentityProvider
) -> None:
    sent = changed(ask(client), code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert client.get(person_of(make_account()).sign_in_at(sent)).status_code == 400


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


def id_token_of(provider: IdentityProvider) -> tuple[str, str]:
    """An ID token that a client of the provider got, and its nonce."""
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


# Whose account


def test_a_changed_address_takes_nobody_else_s_account(
    client: PageClient, provider: IdentityProvider
) -> None:
    own, others = make_account(), make_account()
    person = person_of(own)
    sign_in(client, person)
    person.email = others.email
    assert sign_in(client, person).status_code == 302
    assert current_session().scalars(select(SignIn.account_id)).all() == [own.id, own.id]
    assert get_account(others.id).provider_subject == ""


def test_an_address_given_to_somebody_else_does_not_open_the_account_of_before(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account()
    sign_in(client, person_of(account))
    successor = person_of(account)
    answer = sign_in(client, successor)
    assert answer.status_code == 403
    assert "appartient déjà à une autre identité" in answer.text
    assert refusals(app)[0][1] == "service d’identité, compte lié à une autre identité"
    organiser = sign_in_usually(app, Role.ORGANISER)
    page = f"/organisation/comptes/{account.id}"
    assert "liée à sa première connexion par ProConnect" in organiser.get(page).text
    token = organiser.token(page)
    organiser.post(f"{page}/identite/oublier", data={"csrf_token": token})
    assert sign_in(client, successor).status_code == 302
    assert "Oublier l’identité" in organiser.get(page).text


def identity_of(
    email: str, subject: str = "s", issuer: str = "https://i.example"
) -> ProvedIdentity:
    return ProvedIdentity(issuer, subject, email, True, "", "")


@pytest.mark.parametrize(
    ("address", "claimed", "is_same"),
    [
        ("Camille@herault.example", "camille@Herault.Example", True),
        ("camille@herault.example", "ｃamille@herault.example", False),
        ("camille@herault.example", "cam ille@herault.example", False),
        ("kim@herault.example", "\u212aim@herault.example", False),
        ("zoé@herault.example", "zoé@herault.example", True),
    ],
)
def test_an_address_is_compared_as_a_provider_means_it(
    address: str, claimed: str, is_same: bool
) -> None:
    assert rules.is_same_address(claimed, address) == is_same


@pytest.mark.on_both
def test_an_identity_is_linked_once_and_a_new_provider_s_replaces_it(app: Flask) -> None:
    account = make_account()
    first, second = (
        identity_of(account.email),
        identity_of(account.email, issuer="https://j.example"),
    )
    for identity in (first, first, second):
        assert account_of_identity(identity, (), SYSTEM).id == account.id
    linked = current_session().scalars(entries("account.linked")).all()
    assert len(linked) == 2
    assert get_account(account.id).provider_issuer == "https://j.example"


@pytest.mark.race
def test_two_identities_of_one_address_get_one_account_between_them(app: Flask) -> None:
    def entered(identity: ProvedIdentity) -> bool:
        try:
            account_of_identity(identity, (), SYSTEM)
        except rules.LinkedToAnother:
            return False
        return True

    for _ in range(ROUNDS):
        email = make_account().email
        pair = [identity_of(email, subject=f"{email}-{number}") for number in range(2)]
        results = race(app, [lambda who=who: entered(who) for who in pair])
        assert sorted(results) == [False, True]


@pytest.mark.race
def test_control_identities_linked_outside_a_transaction_share_an_account(app: Flask) -> None:
    both_read = Barrier(2)

    def enter_unguarded(identity: ProvedIdentity) -> bool:
        account = find_account(identity.email)
        assert account is not None
        is_free = account.provider_subject == ""
        both_read.wait()
        values = {"provider_issuer": identity.issuer, "provider_subject": identity.subject}
        with transaction() as session:
            session.execute(update(Account).where(Account.id == account.id).values(values))
        return is_free

    email = make_account().email
    pair = [identity_of(email, subject=f"{email}-{number}") for number in range(2)]
    assert race(app, [lambda who=who: enter_unguarded(who) for who in pair]) == [True, True]


# The way out, and the provider that is gone


def test_signing_out_ends_the_session_of_the_provider_too(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    person = person_of(make_account())
    sign_in(client, person)
    token = client.token("/planning")
    page = client.post("/deconnexion", data={"csrf_token": token})
    assert page.status_code == 200
    assert client.get("/planning").status_code == 302
    refresh = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
    assert refresh is not None
    address = unescape(refresh[1])
    assert address.startswith(provider.issuer)
    back = person.end_session_at(address)
    assert back.startswith(SIGNED_OUT)
    home = client.get(urlsplit(back).path, follow_redirects=True)
    assert "Vous êtes déconnecté, de ProConnect aussi." in home.text
    agent = sign_in_usually(app, Role.AGENT)
    page = agent.get("/deconnexion", follow_redirects=True)
    assert "Vous êtes déconnecté" not in page.text
    # Without its session there, the provider asks who it is.
    asked = person.browser.get(ask(client))
    assert "/sign-in/" in asked.headers["Location"]


def test_a_sign_in_by_code_ends_here_alone(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    agent = sign_in_usually(app, Role.AGENT)
    answer = agent.post("/deconnexion", data={"csrf_token": agent.token("/planning")})
    assert answer.status_code == 302


def test_the_usual_way_stays_when_the_provider_is_gone(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    account = make_account()
    person = person_of(account)
    with run_providers() as providers:
        use_provider(app, providers.settings())
        path = person.sign_in_at(ask(client))
    answer = client.get(path)
    assert answer.status_code == 503
    assert "ne répond pas" in answer.text
    assert 'href="/connexion"' in answer.text
    with run_providers() as providers:
        use_provider(app, providers.settings())
    assert client.get("/connexion/fournisseur").status_code == 503
    assert client.get("/connexion/fournisseur").status_code == 503
    assert refusals(app) == []
    agent = sign_in_usually(app, Role.AGENT)
    assert agent.get("/planning").status_code == 200


def test_a_provider_that_names_itself_otherwise_is_not_asked(
    app: Flask, client: PageClient, edition: Edition, providers: Providers
) -> None:
    use_provider(app, providers.settings(f"{providers.plain}/"))
    assert client.get("/connexion/fournisseur").status_code == 503


def test_the_page_of_personal_data_says_what_the_provider_learns_and_gives(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    words = "ProConnect, seulement si vous vous identifiez par lui"
    assert words in client.get("/confidentialite").text
    use_provider(app, None)
    assert words not in client.get("/confidentialite").text


def test_without_a_provider_there_is_neither_button_nor_page(
    client: PageClient, edition: Edition
) -> None:
    for page in ("/connexion", "/connexion/organisation"):
        assert "fournisseur" not in client.get(page).text
    for path in ("/connexion/fournisseur", "/connexion/fournisseur/retour", "/deconnexion"):
        assert client.get(path).status_code == 404


def test_a_network_that_asks_and_asks_waits(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    limit = app.config["SALON"].codes_per_hour * 20
    statuses = {client.get("/connexion/fournisseur/retour").status_code for _ in range(limit)}
    assert statuses == {400}
    assert client.get("/connexion/fournisseur/retour").status_code == 429
    assert current_session().scalar(select(func.count(JournalEntry.id))) <= limit + 5
