import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.accounts.models import Account, SignIn
from salon.accounts.queries import find_account, get_account
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers, stations
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.words.errors import LinkExpired
from tests.factories import PASSWORD, latest_code, make_account
from tests.factories import sign_in_by_the_pages as sign_in
from tests.pages import PageClient
from tests.tables import each


def cookie_of(client: PageClient) -> str:
    cookie = client.get_cookie("salon")
    assert cookie is not None
    return cookie.value


def test_an_agent_signs_in_with_the_code_of_the_mail(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.AGENT)
    page = client.get("/mon-espace", follow_redirects=True)
    assert page.request.path == "/planning"
    assert "Camille Vidal" in page.text


def test_an_exhibitor_reaches_her_page_and_not_the_organiser_s(
    app: Flask, edition: Edition
) -> None:
    client = sign_in(app, Role.EXHIBITOR)
    assert client.get("/mon-espace").headers["Location"] == "/mon-stand"
    assert client.get("/mon-stand").status_code == 200
    assert client.get("/organisation/comptes").status_code == 403


def test_known_and_unknown_addresses_get_the_same_pages(app: Flask, client: PageClient) -> None:
    make_account(email="agent@herault.example")
    pages = []
    for email in ("agent@herault.example", "autre@herault.example"):
        client.fill("/connexion", email=email)
        page = client.get("/connexion/code")
        pages.append(
            (page.status_code, re.sub(r'value="[^"]+"', "", page.text.replace(email, "X")))
        )
    assert pages[0] == pages[1]


def test_a_code_used_again_is_gone(app: Flask, edition: Edition) -> None:
    account = make_account()
    client = app.test_client()
    client.fill("/connexion", email=account.email)
    code = latest_code(account.email)
    token = client.token("/connexion/code")
    assert (
        client.post("/connexion/code", data={"code": code, "csrf_token": token}).status_code == 302
    )
    other_client = app.test_client()
    other_client.fill("/connexion", email=account.email)
    answer = other_client.fill("/connexion/code", code=code)
    assert answer.status_code == 400
    assert "Ce code ne convient pas" in answer.text


@each("code", ["", "12", "x" * 5000, "1234\x005678", "<script>"])
def test_an_odd_code_is_refused_in_french(app: Flask, code: str) -> None:
    account = make_account()
    client = app.test_client()
    client.fill("/connexion", email=account.email)
    assert client.fill("/connexion/code", code=code).status_code == 400


def test_a_password_alone_opens_nothing(app: Flask, edition: Edition) -> None:
    account = make_account(role=Role.ORGANISER)
    client = app.test_client()
    client.fill("/connexion/organisation", email=account.email, password=PASSWORD)
    assert client.get("/organisation/comptes").status_code == 302
    answer = client.fill("/connexion/organisation/code", code="000000")
    assert answer.status_code == 400
    assert client.get("/organisation/comptes").status_code == 302


def test_a_code_after_another_password_opens_nothing(app: Flask, edition: Edition) -> None:
    """Whoever gave the former password has not given the one of now."""
    account = make_account(role=Role.ORGANISER)
    client = app.test_client()
    client.fill("/connexion/organisation", email=account.email, password=PASSWORD)
    organisers.change_password(Act(SYSTEM), account.id, PASSWORD, "lampe cactus horizon velours")
    code = pyotp.TOTP(account.totp_secret).now()
    answer = client.fill("/connexion/organisation/code", code=code)
    assert answer.headers["Location"] == "/connexion/organisation"
    assert "Le mot de passe a changé" in client.get("/connexion/organisation").text
    assert client.get("/organisation/comptes").status_code == 302
    assert client.get("/connexion/organisation/code").status_code == 302


def test_signing_in_changes_the_session_and_signing_out_kills_it(
    app: Flask, edition: Edition
) -> None:
    """The copied cookie of a signed-in browser is worth nothing after signing out."""
    account = make_account(role=Role.ORGANISER)
    client = app.test_client()
    client.fill("/connexion/organisation", email=account.email, password=PASSWORD)
    before = cookie_of(client)
    client.fill("/connexion/organisation/code", code=pyotp.TOTP(account.totp_secret).now())
    after = cookie_of(client)
    assert before != after
    thief = app.test_client()
    thief.set_cookie("salon", after)
    assert thief.get("/organisation/comptes").status_code == 200
    token = client.token("/organisation/comptes")
    client.post("/deconnexion", data={"csrf_token": token})
    answer = thief.get("/organisation/comptes")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion")


def test_an_organiser_left_alone_thirty_minutes_signs_in_again(
    app: Flask, edition: Edition
) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert client.get("/organisation/comptes").status_code == 200
    with transaction() as session:
        session.execute(
            update(SignIn).values(last_seen_at=datetime.now(UTC) - timedelta(minutes=30))
        )
    assert client.get("/organisation/comptes").status_code == 302


def test_six_wrong_passwords_in_a_minute_are_too_many_for_that_person_only(app: Flask) -> None:
    """Whatever X-Forwarded-For says; another person is not locked out."""
    victim, other_account = (make_account(role=Role.ORGANISER) for _ in range(2))
    client = app.test_client()
    token = client.token("/connexion/organisation")
    statuses = []
    for number in range(12):
        answer = client.post(
            "/connexion/organisation",
            data={"email": victim.email, "password": f"faux{number}", "csrf_token": token},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
        statuses.append(answer.status_code)
    assert statuses.count(400) in (5, 10)  # ten when a new minute begins meanwhile
    assert 429 in statuses or statuses.count(400) == 10
    assert "Retry-After" in answer.headers or answer.status_code == 400
    answer = client.post(
        "/connexion/organisation",
        data={"email": other_account.email, "password": PASSWORD, "csrf_token": token},
    )
    assert answer.status_code == 302


def test_six_codes_an_hour_are_too_many(app: Flask) -> None:
    client = app.test_client()
    statuses = [
        client.fill("/connexion", email="agent@herault.example").status_code for _ in range(11)
    ]
    assert 429 in statuses


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "\t//evil.test",
        "%2F%2Fevil.test",
        "/%2F%2Fevil.test",
        "javascript:alert(1)",
        "http://salon@evil.test",
        "/ok%0d%0aSet-Cookie:x",
        "/ok\r\nSet-Cookie: x",
    ],
)
def test_no_address_leads_elsewhere_after_signing_in(
    app: Flask, edition: Edition, target: str
) -> None:
    account = make_account()
    client = app.test_client()
    client.fill("/connexion", email=account.email, next=target)
    answer = client.fill("/connexion/code", code=latest_code(account.email))
    assert answer.headers["Location"] == "/mon-espace"


def test_one_is_led_back_to_the_page_asked_for(app: Flask, edition: Edition) -> None:
    account = make_account()
    client = app.test_client()
    answer = client.get("/planning?jour=1")
    assert "next=" in answer.headers["Location"]
    client.fill("/connexion", email=account.email, next="/planning?jour=1")
    answer = client.fill("/connexion/code", code=latest_code(account.email))
    assert answer.headers["Location"] == "/planning?jour=1"


def test_an_organiser_opens_and_closes_accounts(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    answer = client.fill(
        "/organisation/comptes/nouveau",
        email="thd@herault.example",
        display_name="Ana",
        role="agent",
    )
    assert answer.status_code == 302
    account = (
        current_session()
        .scalars(select(Account).where(Account.email_key == "thd@herault.example"))
        .one()
    )
    second_answer = client.fill(
        "/organisation/comptes/nouveau",
        email="THD@herault.example",
        display_name="Ana",
        role="agent",
    )
    assert second_answer.status_code == 409
    client.fill("/organisation/comptes/nouveau", to=f"/organisation/comptes/{account.id}/fermer")
    current_session().expire_all()
    assert current_session().get_one(Account, account.id).disabled_at is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "pas une adresse", "display_name": "Ana", "role": "agent"},
        {"email": "ana@herault.example", "display_name": "", "role": "agent"},
        {"email": "ana@herault.example", "display_name": "x" * 5000, "role": "agent"},
        {"email": "ana@herault.example", "display_name": "Ana\x07", "role": "agent"},
        {"email": "ana@herault.example", "display_name": "Ana", "role": "admin"},
        {"email": "ana@herault.example", "display_name": "=?UTF-8?Q?=0ABcc?=", "role": "agent"},
    ],
)
def test_a_bad_account_is_refused_and_nothing_written(
    app: Flask, edition: Edition, fields: dict[str, str]
) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert client.fill("/organisation/comptes/nouveau", **fields).status_code == 400
    assert current_session().query(Account).count() == 1


def test_a_first_sign_in_is_prepared_by_link(app: Flask, edition: Edition) -> None:
    code = organisers.invite_organiser(Act(SYSTEM), "orga@herault.example", "Orga")
    client = app.test_client()
    path = f"/connexion/premiere/{code}"
    page = client.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(path).status_code == 200  # opening it again uses nothing
    with client.session_transaction() as stored:
        secret = stored["totp_secret"]
    weak = client.post(
        path, data={"password": "court", "code": "1", "csrf_token": client.token(path)}
    )
    assert weak.status_code == 400
    with client.session_transaction() as stored:
        secret = stored["totp_secret"]
    hidden = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', weak.text)
    assert hidden
    answer = client.post(
        path,
        data={"password": PASSWORD, "code": pyotp.TOTP(secret).now(), "csrf_token": hidden[1]},
    )
    assert answer.status_code == 302
    assert client.get("/organisation/comptes").status_code == 200
    assert app.test_client().get(path).status_code == 410
    assert app.test_client().get("/connexion/premiere/inconnu").status_code == 410


def test_a_new_password_asks_to_sign_in_again(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    path = "/organisation/mot-de-passe"
    assert client.fill(path, current="faux faux faux", password=PASSWORD).status_code == 400
    assert client.fill(path, current=PASSWORD, password="court").status_code == 400
    answer = client.fill(path, current=PASSWORD, password="sarriette genêt murmure ancien")
    assert answer.status_code == 302
    assert client.get(path).status_code == 302


def test_the_links_of_a_closed_account_are_void(app: Flask, edition: Edition) -> None:
    make_account(role=Role.ORGANISER)
    code = organisers.invite_organiser(Act(SYSTEM), "orga@herault.example", "Orga")
    client = app.test_client()
    path = f"/connexion/premiere/{code}"
    token = client.token(path)
    with client.session_transaction() as stored:
        totp = pyotp.TOTP(stored["totp_secret"]).now()
    account = find_account("orga@herault.example")
    assert account is not None
    account_services.disable_account(Act(SYSTEM), account.id)
    assert client.get(path).status_code == 410
    fields = {"password": PASSWORD, "code": totp, "csrf_token": token}
    assert client.post(path, data=fields).status_code == 410
    assert get_account(account.id).password_hash == ""


def test_the_enrolment_of_a_revoked_station_is_void(app: Flask, edition: Edition) -> None:
    station = stations.create_station(Act(SYSTEM), "Porte B", "B", edition.id)
    code = stations.offer_enrolment(Act(SYSTEM), station.id)
    stations.revoke_station(Act(SYSTEM), station.id)
    with pytest.raises(LinkExpired):
        stations.enrol_station(Act(SYSTEM), code)
