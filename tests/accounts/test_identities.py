"""Signing in by OpenID Connect, against a real provider."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts.models import SignIn
from salon.accounts.queries import find_account, get_account
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.identity_provider import IdentityProvider
from tests.accounts.conftest import changed, person_of, refusals, use_provider
from tests.factories import make_account
from tests.factories import sign_in as sign_in_usually
from tests.openid_provider import (
    SIGNED_OUT,
    Person,
    Providers,
    ask,
    run_providers,
    sign_in,
)
from tests.pages import PageClient

AS_ORGANISER = "/connexion/fournisseur?organisation=1"


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
        sent_address = changed(ask(client, address), claims=None)
        answer = client.get(person.sign_in_at(sent_address))
        assert answer.status_code == 403
        assert "deux facteurs" in answer.text
        assert 'href="/connexion/organisation"' in answer.text
        way_out = re.search(r'href="(/connexion/fournisseur[^"]*)"', answer.text)
        assert way_out is not None
    assert refusals(app)[0][1] == "service d’identité, un seul facteur"
    person.acr = "eidas2"
    second_answer = ask(client, unescape(way_out[1]))
    required = json.loads(parse_qs(urlsplit(second_answer).query)["claims"][0])
    assert required["id_token"]["acr"] == {"essential": True, "values": ["eidas2", "eidas3"]}
    assert parse_qs(urlsplit(second_answer).query)["prompt"] == ["login"]
    assert client.get(person.sign_in_at(second_answer)).status_code == 302


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
    organisers.invite_organiser(Act(SYSTEM), "neuve@herault.example", "Neuve")
    person = Person("neuve", "neuve@herault.example", acr="eidas2")
    answer = sign_in(client, person, AS_ORGANISER)
    assert answer.status_code == 403
    assert "pas encore activé" in answer.text


def test_an_organiser_whose_level_comes_unasked_is_led_to_the_password(
    client: PageClient, provider: IdentityProvider
) -> None:
    organisers.invite_organiser(Act(SYSTEM), "neuve@herault.example", "Neuve")
    person = Person("neuve", "neuve@herault.example", acr="eidas2")
    claims = parse_qs(urlsplit(ask(client, AS_ORGANISER)).query)["claims"][0]
    answer = client.get(person.sign_in_at(changed(ask(client), claims=claims)))
    assert "pas encore activé" in answer.text
    assert 'href="/connexion/organisation"' in answer.text


def test_a_closed_account_stays_closed(client: PageClient, provider: IdentityProvider) -> None:
    account = make_account()
    person = person_of(account)
    assert sign_in(client, person).status_code == 302
    account_services.disable_account(Act(SYSTEM), account.id)
    assert client.get("/planning").status_code == 302
    assert sign_in(client, person).status_code == 403
    account_services.reopen_account(Act(SYSTEM), account.id)
    assert get_account(account.id).provider_subject == ""


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
    response = person.browser.get(ask(client))
    assert "/sign-in/" in response.headers["Location"]


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
