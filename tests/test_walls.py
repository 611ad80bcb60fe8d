"""Properties of every page: access, headers, tokens, hosts, sizes, errors."""

import logging
import re
from pathlib import Path

import pytest
import sqlalchemy.exc
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import db
from salon.platform.database.identity import Domain, Role
from salon.platform.web.access import allowed_of, domains_of, kinds_of, public
from salon.platform.web.headers import CONTENT_SECURITY_POLICY, SCANNER_POLICY
from tests.factories import sign_in
from tests.pages import PageClient
from tests.tables import each

ACCESS = Path(__file__).parent / "access.txt"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


def access_table(app: Flask) -> list[str]:
    """Return a line for each route: methods, address, roles (with rights and kinds of stations)."""
    lines = []
    for rule in app.url_map.iter_rules():
        allowed = allowed_of(app, rule.endpoint)
        opened_to = (
            allowed if isinstance(allowed, str) else ", ".join(sorted(allowed or ["NOBODY"]))
        )
        if "organiser" in opened_to and (domains := domains_of(app, rule.endpoint)) is not None:
            domain_words = "any right" if domains == set(Domain) else " ".join(sorted(domains))
            opened_to = opened_to.replace("organiser", f"organiser ({domain_words})")
        if kinds := kinds_of(app, rule.endpoint):
            opened_to = opened_to.replace("station", f"station ({' '.join(sorted(kinds))})")
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{methods:9} {rule.rule:55} {opened_to}")
    return sorted(lines, key=lambda line: line[10:])


def test_who_may_open_what_is_written_down(app: Flask) -> None:
    """A change of rights shows as a changed line of tests/access.txt."""
    assert "\n".join(access_table(app)) == ACCESS.read_text().rstrip("\n")


def test_a_view_that_says_nothing_is_refused(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/oubli", "oubli", lambda: "secret")
    answer = app.test_client().get("/oubli")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def paths(app: Flask) -> list[tuple[str, str, object]]:
    """Return each route with plausible values in its address."""
    results = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        path = re.sub(r"<int:[^>]+>", "999999", rule.rule)
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        path = re.sub(r"<[^>]+>", "inconnu", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            results.append((method, path, allowed_of(app, rule.endpoint)))
    return results


def send(client: PageClient, method: str, path: str, token: str) -> int:
    data = {"csrf_token": token} if method != "GET" else None
    return client.open(path, method=method, data=data).status_code


def test_each_role_opens_its_own_pages_only(app: Flask, edition: Edition) -> None:
    """Route × role; those who may not are led to sign in or get 403, never the page."""
    anonymous = app.test_client()
    own_token = anonymous.token("/connexion")
    browsers = {role: sign_in(app, role) for role in (Role.AGENT, Role.EXHIBITOR)}
    tokens = {role: browser.token("/") for role, browser in browsers.items()}
    for method, path, allowed in paths(app):
        if allowed in ("public", "demonstration"):
            continue
        assert isinstance(allowed, frozenset)
        status = send(anonymous, method, path, own_token)
        assert status in (302, 303, 401), (method, path, status)
        for role, browser in browsers.items():
            if role not in allowed and not path.startswith("/api/"):
                status = send(browser, method, path, tokens[role])
                assert status == 403, (role, method, path, status)


def test_the_demonstration_does_not_exist_outside_its_mode(app: Flask, edition: Edition) -> None:
    client = app.test_client()
    token = client.token("/connexion")
    for method, path, allowed in paths(app):
        if allowed == "demonstration":
            assert send(client, method, path, token) == 404, path


def test_nothing_is_changed_without_a_token(app: Flask, edition: Edition) -> None:
    """Each POST without token, and with the token of another session, is a 400."""
    client = sign_in(app, Role.ORGANISER)
    other_text = app.test_client().token("/connexion")
    for method, path, allowed in paths(app):
        if method == "GET" or path.startswith("/api/") or allowed == "demonstration":
            continue
        for data in ({}, {"csrf_token": other_text}):
            status = client.open(path, method=method, data=data).status_code
            assert status in (400, 403), (method, path, status)


def test_a_posting_address_is_not_got(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    methods: dict[str, set[str]] = {}
    for method, path, _ in paths(app):
        methods.setdefault(path, set()).add(method)
    for path, text in methods.items():
        if "GET" not in text:
            assert client.get(path).status_code in (404, 405), path


def snapshot(
    journal: tuple[str, ...] = ("journal_entries", "rate_counters", "sign_ins"),
) -> dict[str, list[object]]:
    """Return every row of every table but the logs."""
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in db.metadata.sorted_tables
            if table.name not in journal
        }


def test_reading_changes_nothing(app: Flask, edition: Edition) -> None:
    """Every GET as organiser leaves the database as it was, logs excepted."""
    client = sign_in(app, Role.ORGANISER)
    before = snapshot()
    for method, path, _ in paths(app):
        if method == "GET":
            assert client.get(path).status_code < 500, path
    assert snapshot() == before


@each(
    ("path", "policy", "camera"),
    [
        ("/", POLICY, "camera=()"),
        ("/connexion", POLICY, "camera=()"),
        ("/inconnue", POLICY, "camera=()"),
        ("/static/css/theme.css", POLICY, "camera=()"),
        ("/api/v1/time", POLICY, "camera=()"),
        ("/api/v1/station", POLICY, "camera=()"),
        (
            "/scanner",
            POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"),
            "camera=(self)",
        ),
    ],
)
def test_headers_by_exact_value(
    client: PageClient, edition: Edition, path: str, policy: str, camera: str
) -> None:
    answer = client.get(path)
    answer.close()
    headers = answer.headers
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    expected = f"{camera}, microphone=(), geolocation=(), payment=(), usb=()"
    assert headers["Permissions-Policy"] == expected
    if not path.startswith("/static/"):
        # The home page is the same for all: a browser may keep it, and asks each time.
        is_kept = path == "/"
        assert headers["Cache-Control"] == ("no-cache" if is_kept else "no-store")
        varies_by = "Authorization" if path.startswith("/api/") else "Cookie"
        assert headers["Vary"] == (f"Accept-Encoding, {varies_by}" if is_kept else varies_by)


def test_no_policy_lets_inline_code_run() -> None:
    assert "unsafe-inline" not in CONTENT_SECURITY_POLICY + SCANNER_POLICY


def test_public_pages_set_no_cookie_before_a_form(client: PageClient, edition: Edition) -> None:
    for path in ("/", "/village", "/programme", "/plan", "/infos-pratiques", "/accessibilite"):
        assert "Set-Cookie" not in client.get(path).headers, path


def test_the_session_cookie_is_closed(client: PageClient, edition: Edition) -> None:
    """HttpOnly, SameSite, whole site, no Domain; Secure and __Host- come with https."""
    cookie = client.get("/connexion").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "evil.test:5000"])
def test_another_host_name_is_refused(client: PageClient, edition: Edition, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    forwarded = client.get("/connexion", headers={"X-Forwarded-Host": host})
    assert "evil.test" not in forwarded.text


@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_probe_is_answered_whatever_host_it_names(
    client: PageClient, edition: Edition, probe: str
) -> None:
    """A machine asks by address; only the probe's own path is open so."""
    for host in ("10.0.0.7:5000", "salon-web-1", "[::1]:5000"):
        assert client.get(probe, headers={"Host": host}).status_code == 200
        assert client.get(f"{probe}/../connexion", headers={"Host": host}).status_code == 400
        assert client.get(f"/connexion?{probe}", headers={"Host": host}).status_code == 400


def test_a_large_body_is_refused(app: Flask, client: PageClient, edition: Edition) -> None:
    """One byte beyond the limit is a 413, and so are 1,001 parts."""
    limit = app.config["MAX_CONTENT_LENGTH"]
    answer = client.post(
        "/connexion", data=b"a" * (limit + 1), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "volumineux" in answer.text or "lourd" in answer.text or "trop" in answer.text.lower()
    parts = {f"champ{number}": "x" for number in range(1001)}
    answer = client.post("/connexion", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413


@each("path", ["/console", "/.git/config", "/.env", "/static/../app.py", "/static/%2e%2e/app.py"])
def test_nothing_of_the_machine_is_served(client: PageClient, edition: Edition, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_incident_shows_its_reference_found_in_the_log(
    app: Flask, edition: Edition, caplog: pytest.LogCaptureFixture
) -> None:
    """No trace of the code on the page."""
    app._got_first_request = False

    @app.get("/panne")
    @public
    def fail() -> str:
        raise ZeroDivisionError("détail interne")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/panne")
    assert answer.status_code == 500
    assert "détail interne" not in answer.text
    identifier = answer.headers["X-Request-ID"]
    shown = re.search(r"Référence de l’incident&nbsp;: <strong[^>]*>(\w+)<", answer.text)
    assert shown
    assert shown[1] == identifier
    assert f"incident {identifier}, fail" in caplog.text


@pytest.mark.parametrize(
    ("words", "status"),
    [("database is locked", 503), ("database or disk is full", 507)],
)
def test_a_database_that_cannot_write_says_so(
    app: Flask, edition: Edition, words: str, status: int
) -> None:
    app._got_first_request = False

    @app.get("/panne")
    @public
    def fail() -> str:
        raise sqlalchemy.exc.OperationalError("INSERT", {}, Exception(words))

    answer = app.test_client().get("/panne")
    assert answer.status_code == status
    assert (status == 503) == ("Retry-After" in answer.headers)


def test_trace_is_refused(client: PageClient, edition: Edition) -> None:
    assert client.open("/", method="TRACE").status_code == 405
