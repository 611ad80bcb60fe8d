"""Nothing typed is lost: a form that meets an ended session comes back filled after signing in."""

import importlib
import pkgutil
import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pyotp
import pytest
from flask import Flask, url_for
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse
from wtforms import PasswordField

import salon
from salon.accounts.access.saved_forms import NEVER_KEPT
from salon.accounts.models import Account, SavedForm, SignIn
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import real_now
from salon.platform.web.access import allowed_of
from tests.badges.people import all_of
from tests.factories import PASSWORD, sign_in, sign_in_by_the_pages
from tests.pages import PageClient

TYPED = "Une phrase longue à écrire\u00a0: « le Pioch »"
PRACTICAL = "/organisation/reglages/venir"
ROLES = (Role.ORGANISER, Role.AGENT, Role.EXHIBITOR)


def kept_forms() -> list[SavedForm]:
    current_session().rollback()
    return list(current_session().scalars(select(SavedForm)))


def end_sessions(*, by_idleness: bool = True) -> None:
    """Every session is over: left idle for too long, or closed from another device."""
    with transaction() as session:
        if by_idleness:
            long_ago = real_now() - timedelta(hours=3)
            session.execute(update(SignIn).values(last_seen_at=long_ago))
        else:
            session.execute(delete(SignIn))


def sign_in_again() -> None:
    """The sessions are live again, as after signing in."""
    with transaction() as session:
        session.execute(update(SignIn).values(last_seen_at=real_now()))


def visible(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\u00a0", " ")


@pytest.mark.parametrize("role", ROLES)
def test_every_form_of_every_role_comes_back(app: Flask, edition: Edition, role: Role) -> None:
    """POST addresses of each feature, whatever the object: what was typed is shown again."""
    client = sign_in(app, role)
    token = client.token("/connexion")
    lost, asked = [], set()
    for rule in app.url_map.iter_rules():
        allowed = allowed_of(app, rule.endpoint)
        if "POST" not in (rule.methods or ()) or not isinstance(allowed, frozenset):
            continue
        if role not in allowed or rule.rule.startswith("/api/"):
            continue
        feature, _, view = rule.endpoint.rpartition(".")
        kind = feature, view.partition("_")[0], "<" in rule.rule
        if kind in asked:
            continue
        asked.add(kind)
        path = re.sub(r"<int:[^>]+>", "999999", rule.rule)
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        path = re.sub(r"<[^>]+>", "inconnu", path)
        end_sessions()
        answer = client.post(path, data={"csrf_token": token, "texte-libre": TYPED})
        assert answer.status_code == 303, path
        assert "next=/reprendre" in (answer.location or ""), path
        sign_in_again()
        answer = client.get("/reprendre", follow_redirects=True)
        if visible(answer).count(visible_text(TYPED)) < 1:
            lost.append(path)
    assert lost == []


def visible_text(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_page_is_filled_and_nothing_is_sent_by_itself(app: Flask, edition: Edition) -> None:
    client = sign_in_by_the_pages(app, Role.ORGANISER)
    email = all_of(SignIn)[0].account.email
    secret = all_of(SignIn)[0].account.totp_secret
    page = client.get(PRACTICAL).text
    hidden = dict(re.findall(r'name="(csrf_token|stamp)"[^>]*value="([^"]+)"', page))
    before = edition.access
    end_sessions()
    data = {**hidden, "access": TYPED, "practical-0-title": "Bus", "practical-0-text": "Ligne 16"}
    answer = client.post(PRACTICAL, data=data)
    assert answer.location == "/connexion/organisation?next=/reprendre"
    with transaction() as session:
        session.execute(delete(SignIn))
    with transaction() as session:
        session.execute(update(Account).values(totp_last_counter=0))
    form = client.get(answer.location).text
    following = re.search(r'name="next" value="([^"]+)"', form)
    assert following is not None
    client.fill("/connexion/organisation", email=email, password=PASSWORD, next=following[1])
    code = pyotp.TOTP(secret).now()
    answer = client.fill("/connexion/organisation/code", code=code)
    assert answer.location == "/reprendre"
    answer = client.get("/reprendre", follow_redirects=True)
    assert answer.request.path == PRACTICAL
    words = visible(answer)
    for expected in ("Votre session avait pris fin", visible_text(TYPED), "Ligne 16"):
        assert expected in words
    current_session().expire_all()
    assert edition.access == before
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert token is not None
    assert client.post(PRACTICAL, data={**data, "csrf_token": token[1]}).status_code == 302
    current_session().expire_all()
    assert visible_text(edition.access) == visible_text(TYPED)
    assert kept_forms() == []
    assert "Votre session avait pris fin" not in visible(client.get(PRACTICAL))


def keep_one(client: PageClient, path: str = PRACTICAL, **fields: object) -> TestResponse:
    token = client.token("/connexion")
    end_sessions()
    answer = client.post(path, data={"csrf_token": token, "access": TYPED, **fields})
    sign_in_again()
    return answer


def test_the_kept_text_is_encrypted_bound_to_its_author_and_gone_after_30_minutes(
    app: Flask, edition: Edition
) -> None:
    author = sign_in(app, Role.ORGANISER)
    keep_one(author)
    (saved_form,) = kept_forms()
    assert "phrase" not in saved_form.content
    somebody_else = sign_in(app, Role.ORGANISER)
    assert somebody_else.get("/reprendre").location == "/mon-espace"
    assert author.get("/reprendre").location == PRACTICAL
    with transaction() as session:
        session.execute(update(SavedForm).values(kept_at=real_now() - timedelta(minutes=31)))
    assert author.get("/reprendre").location == "/mon-espace"
    assert "phrase longue" not in visible(author.get(PRACTICAL))


def test_a_session_closed_elsewhere_is_known_by_its_browser(app: Flask, edition: Edition) -> None:
    client = sign_in_by_the_pages(app, Role.ORGANISER)
    token = client.token("/connexion")
    end_sessions(by_idleness=False)
    answer = client.post(PRACTICAL, data={"csrf_token": token, "access": TYPED})
    assert answer.location == "/connexion/organisation?next=/reprendre"
    assert len(kept_forms()) == 1


def test_files_are_named_again(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    keep_one(
        client, "/organisation/comptes/999999/fermer", plan=(BytesIO(b"x"), "plan du hall.pdf")
    )
    words = visible(client.get("/reprendre"))
    assert "Choisissez de nouveau « plan du hall.pdf »" in words
    assert "Choisir de nouveau « plan du hall.pdf »" in words


def test_secrets_are_never_kept(app: Flask, edition: Edition) -> None:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(salon.__path__, "salon.")
        if ".forms" in module.name
    ]
    names = {
        name
        for module in modules
        for form in vars(module).values()
        if isinstance(form, type)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert names
    assert names <= NEVER_KEPT
    client = sign_in(app, Role.ORGANISER)
    keep_one(client, password="un secret bien long", pin="4321")
    answer = client.get("/reprendre", follow_redirects=True)
    assert "un secret bien long" not in answer.text
    assert "4321" not in answer.text


def test_a_page_open_for_too_long_comes_back_filled_with_a_fresh_token(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    with app.test_request_context():
        press = url_for("appointments.forget_badge")
    for browser, path, field in (
        (organiser, PRACTICAL, "access"),
        (client, "/inscription", "last_name"),
        (client, press, "texte"),
    ):
        answer = browser.post(path, data={"csrf_token": "faux", field: TYPED})
        assert answer.status_code == 400, path
        assert visible_text(TYPED) in visible(answer), path
        assert "restée ouverte trop longtemps" in visible(answer)
        fresh = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
        assert fresh is not None
        assert fresh[1] != "faux"


def test_a_browser_without_any_trace_of_its_account_keeps_what_was_typed(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    """Its cookies are gone: the page holds the form, and sends it once signed in again."""
    path = "/organisation/reglages/textes"
    answer = client.post(path, data={"csrf_token": "faux", "tagline": TYPED})
    assert answer.status_code == 401
    assert visible_text(TYPED) in visible(answer)
    assert 'href="/connexion" target="_blank"' in answer.text
    assert f'<form class="form" method="post" action="{path}"' in answer.text
    again = sign_in(app, Role.ORGANISER).post(path, data={"csrf_token": "x", "tagline": TYPED})
    assert visible_text(TYPED) in visible(again)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    hidden = client.post(path, data={"csrf_token": "x", "tagline": TYPED}, headers=foreign)
    assert visible_text(TYPED) not in visible(hidden)


def test_a_form_of_another_site_is_shown_to_nobody(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = client.post("/inscription", data={"last_name": TYPED}, headers=headers)
        assert answer.status_code == 400
        assert visible_text(TYPED) not in visible(answer)


def test_a_form_too_long_to_be_kept_leads_back_to_its_page(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    token = client.token("/connexion")
    end_sessions()
    answer = client.post(
        PRACTICAL,
        data={"csrf_token": token, "address": "x" * 200_001},
        headers={"Referer": f"http://localhost{PRACTICAL}"},
    )
    assert answer.status_code == 303
    assert "reprendre" not in (answer.location or "")
    assert kept_forms() == []
