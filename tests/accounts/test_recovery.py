"""A lost password: two proofs, limits of guesses, and the printed codes."""

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts import rules
from salon.accounts.models import SingleUseCode
from salon.accounts.queries import find_account
from salon.accounts.services import organisers, recovery
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Domain, Role
from salon.platform.mail.delivery import shown_words_of, words_of
from salon.platform.mail.outbox import recent_messages
from salon.platform.words.errors import LinkExpired
from tests.factories import PASSWORD, make_account, sign_in

LOST = "/connexion/mot-de-passe-perdu"
NEW_PASSWORD = "sarriette genêt murmure ancien"


def link_of(email: str, path: str) -> str:
    """Return the link that the last message to an address carries."""
    current_session().rollback()
    message = recent_messages(1, email)[0]
    match = re.search(rf"({path}/[\w-]+)", words_of(message)[1])
    assert match, words_of(message)
    assert match[1].rpartition("/")[2] not in shown_words_of(message)[1]
    return match[1]


def test_the_only_organiser_recovers_with_a_printed_code(app: Flask, edition: Edition) -> None:
    lost = sign_in(app, Role.ORGANISER, email="nadia@herault.example")
    sheet = lost.fill("/organisation/codes-de-secours", password=PASSWORD)
    codes = re.findall(r"<code>([A-Z0-9-]{29})</code>", sheet.text)
    assert len(codes) == 10
    client = app.test_client()
    assert client.fill(LOST, email="Nadia@herault.example").status_code == 302
    path = link_of("nadia@herault.example", LOST)
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert client.get(path).status_code == 200  # reading it uses nothing
    assert client.fill(path, code="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE").status_code == 400
    answer = client.fill(path, code=codes[3].lower().replace("-", " "))
    set_up = answer.headers["Location"]
    assert set_up.startswith("/connexion/premiere/")
    token = client.token(set_up)
    with client.session_transaction() as stored:
        totp = pyotp.TOTP(stored["totp_secret"]).now()
    fields = {"password": NEW_PASSWORD, "code": totp, "csrf_token": token}
    assert client.post(set_up, data=fields).headers["Location"] == "/organisation/codes-de-secours"
    assert client.get("/organisation/comptes").status_code == 200
    assert lost.get("/organisation/comptes").status_code == 302  # the former session has ended
    assert client.get(path).status_code == 410
    client.fill(LOST, email="nadia@herault.example")
    second_link = link_of("nadia@herault.example", LOST)
    assert app.test_client().fill(second_link, code=codes[3]).status_code == 400  # used once


def test_an_unknown_address_gets_the_same_answer_and_no_mail(app: Flask, edition: Edition) -> None:
    make_account(role=Role.AGENT, email="agent@herault.example")
    make_account(role=Role.ORGANISER, email="nadia@herault.example")
    pages = []
    for email in ("inconnu@herault.example", "agent@herault.example", "nadia@herault.example"):
        client = app.test_client()
        answer = client.fill(LOST, email=email)
        page = client.get(answer.headers["Location"]).text
        pages.append((answer.status_code, "Si un compte d’organisation a cette adresse" in page))
    assert pages == [(302, True)] * 3
    current_session().rollback()
    assert not recent_messages(1, "inconnu@herault.example")
    assert not recent_messages(1, "agent@herault.example")


def test_a_mailed_link_alone_opens_nothing(app: Flask, edition: Edition) -> None:
    account = make_account(role=Role.ORGANISER)
    recovery.offer_recovery(account.email, by_mail=True)
    code = link_of(account.email, LOST).rpartition("/")[2]
    with pytest.raises(LinkExpired):
        organisers.find_set_up(code)
    with pytest.raises(rules.CodeRefused):
        recovery.use_recovery_code(Act(SYSTEM), code, "")


def test_a_code_of_somebody_else_is_refused(app: Flask) -> None:
    first, second = (make_account(role=Role.ORGANISER) for _ in range(2))
    codes = recovery.issue_recovery_codes(Act(SYSTEM), second.id, PASSWORD)
    recovery.offer_recovery(first.email, by_mail=True)
    link = link_of(first.email, LOST).rpartition("/")[2]
    with pytest.raises(rules.CodeRefused):
        recovery.use_recovery_code(Act(SYSTEM), link, codes[0])


def test_new_codes_void_the_former_ones_and_are_stored_as_digests(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    with pytest.raises(rules.SignInRefused):
        recovery.issue_recovery_codes(Act(SYSTEM), account.id, "faux")
    former = recovery.issue_recovery_codes(Act(SYSTEM), account.id, PASSWORD)
    codes = recovery.issue_recovery_codes(Act(SYSTEM), account.id, PASSWORD)
    recovery.offer_recovery(account.email, by_mail=True)
    link = link_of(account.email, LOST).rpartition("/")[2]
    with pytest.raises(rules.CodeRefused):
        recovery.use_recovery_code(Act(SYSTEM), link, former[0])
    hashes = set(current_session().scalars(select(SingleUseCode.code_hash)))
    assert not hashes & {*codes, *map(recovery.normalised, codes)}
    assert recovery.use_recovery_code(Act(SYSTEM), link, codes[0])


def test_guesses_of_a_recovery_code_are_limited(app: Flask, edition: Edition) -> None:
    account = make_account(role=Role.ORGANISER)
    client = app.test_client()
    client.fill(LOST, email=account.email)
    path = link_of(account.email, LOST)
    statuses = [client.fill(path, code=f"AAAAA-{number}").status_code for number in range(7)]
    assert statuses[0] == 400
    assert statuses[-1] == 429


def test_requests_for_a_link_are_limited(app: Flask, edition: Edition) -> None:
    client = app.test_client()
    statuses = [client.fill(LOST, email="nadia@herault.example").status_code for _ in range(11)]
    assert 429 in statuses


def test_a_second_organiser_is_the_other_proof(app: Flask, edition: Edition) -> None:
    helper = sign_in(app, Role.ORGANISER, email="helper@herault.example")
    account = make_account(role=Role.ORGANISER, name="Nadia Belkacem")
    client = app.test_client()
    client.fill(LOST, email=account.email)
    path = link_of(account.email, LOST)
    assert client.fill(path, to=f"{path}/aide").status_code == 302
    current_session().rollback()
    message = recent_messages(1, "helper@herault.example")[0]
    assert f"/organisation/comptes/{account.id}" in words_of(message)[1]
    assert "Nadia Belkacem a perdu son mot de passe" in helper.get("/organisation/comptes").text
    page = f"/organisation/comptes/{account.id}"
    assert helper.fill(page, to=f"{page}/lien").status_code == 302
    assert client.get(link_of(account.email, "/connexion/premiere")).status_code == 200


def test_a_colleague_is_invited_with_rights(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    path = "/organisation/comptes/nouveau"
    fields = {"email": "ana@herault.example", "display_name": "Ana", "role": "organiser"}
    assert client.fill(path, **fields).status_code == 400  # no right
    assert client.fill(path, **fields, domains=["money", "messages"]).status_code == 302
    account = find_account("ana@herault.example")
    assert account is not None
    assert account.domains(edition.id) == [Domain.MONEY, Domain.MESSAGES]
    assert not account.is_ready
    assert app.test_client().get(link_of(account.email, "/connexion/premiere")).status_code == 200
    assert client.fill(path, **fields, domains=["money"]).status_code == 409


def test_rights_change_on_the_page_of_an_account(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER, email="nadia@herault.example")
    nadia = find_account("nadia@herault.example")
    assert nadia is not None
    page = f"/organisation/comptes/{nadia.id}"
    refused = client.fill(page, to=f"{page}/droits", domains=["money"])
    assert refused.status_code == 409
    assert "dernier organisateur" in refused.text
    other_account = make_account(role=Role.ORGANISER)
    page = f"/organisation/comptes/{other_account.id}"
    assert client.fill(page, to=f"{page}/droits", domains=["money"]).status_code == 302
    current_session().rollback()
    assert find_account(other_account.email).domains(edition.id) == [Domain.MONEY]  # type: ignore[union-attr]
    assert client.fill(page, to=f"{page}/droits", domains=["jardin"]).status_code == 400


def test_accounts_are_searched_and_a_second_organiser_asked_for(
    app: Flask, edition: Edition
) -> None:
    client = sign_in(app, Role.ORGANISER)
    make_account(role=Role.AGENT, name="Hélène Bédarieux", email="h@herault.example")
    assert "Un seul organisateur a tous les droits" in client.get("/organisation/comptes").text
    page = client.get("/organisation/comptes?q=helene").text
    assert "Hélène Bédarieux" in page
    assert "1 compte" in page.replace("\xa0", " ")
    assert "Hélène" not in client.get("/organisation/comptes?role=organiser").text
    assert "Hélène" not in client.get("/organisation/comptes?domain=all&sort=-email").text
    make_account(role=Role.ORGANISER)
    assert "Un seul organisateur" not in client.get("/organisation/comptes").text
