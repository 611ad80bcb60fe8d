"""No secret and no address in the log, whichever page is asked for and whatever breaks."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from salon.accounts.models import Account
from salon.accounts.services.accounts import create_account
from salon.badges.models import Group
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail import outbox, sending
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import real_now
from salon.platform.settings.logs import LogFormat, describe_failure, log
from salon.platform.words.tokens import new_token
from tests.badges.people import badge_of, register_one
from tests.factories import sign_in
from tests.pages import PageClient
from tests.platform.web.test_requests import captured_log

CANARY = "canari-jaune@secret.example"
CODE = "7319 4482"


@pytest.fixture
def secrets(app: Flask, edition: Edition) -> list[str]:
    """Return secrets that the log must not hold: an address, private links, a code to send."""
    attendee = register_one(email=CANARY)
    badge = badge_of(attendee.id)
    with transaction() as session:
        outbox.post(session, "sign_in_code", CANARY, code=CODE, minutes=10)
    group = current_session().query(Group).first()
    assert group is not None
    return [CANARY, CODE, badge.private_token, badge.code, group.private_token]


def addresses(app: Flask, secrets: list[str]) -> Iterator[tuple[Rule, str]]:
    """Yield an address of each route, with secrets in the place of its texts and its query."""
    for rule in app.url_map.iter_rules():
        values = {}
        for name in rule.arguments:
            converter = rule._converters[name]
            if isinstance(converter, AnyConverter):
                values[name] = next(iter(converter.items))
            else:
                values[name] = 1 if isinstance(converter, IntegerConverter) else secrets[2]
        built = rule.build(values)
        assert built is not None
        yield rule, f"{built[1]}?q={CANARY}&email={CANARY}"


def ask_everything(app: Flask, clients: dict[str, PageClient], secrets: list[str]) -> int:
    """Ask every route, reading then writing, as somebody who may; return how many answered."""
    count = 0
    for rule, address in addresses(app, secrets):
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", "public")
        roles = [role for role in clients if allowed == "public" or role in allowed] or ["public"]
        fields = {"email": CANARY, "code": secrets[3], "q": CODE, "token": secrets[2]}
        for method in (rule.methods or set()) & {"GET", "POST"}:
            vars(g).clear()
            # The pages themselves are not looked at here.
            FlaskClient.open(clients[roles[0]], address, method=method, data=fields)
            current_session().rollback()
            count += 1
    vars(g).clear()
    return count


@pytest.fixture
def clients(app: Flask, edition: Edition) -> dict[str, PageClient]:
    signed_in = {role: sign_in(app, role) for role in (Role.ORGANISER, Role.AGENT, Role.EXHIBITOR)}
    public = app.test_client()
    assert isinstance(public, PageClient)
    return {"public": public, **signed_in}


@pytest.mark.long
def test_no_route_logs_a_secret_even_when_the_database_breaks(
    app: Flask,
    clients: dict[str, PageClient],
    secrets: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with (
        caplog.at_level(logging.DEBUG, "salon"),
        captured_log(LogFormat.TEXT) as in_words,
        captured_log(LogFormat.JSON) as in_json,
    ):
        assert ask_everything(app, clients, secrets) > 300
        current_session().rollback()
        with db.engine.begin() as connection:
            for table in ("badges", "messages", "groups", "attendees", "journal_entries"):
                connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")
        ask_everything(app, clients, secrets)
    assert "no such table" not in caplog.text
    assert "sqlalchemy.exc.OperationalError SQLITE_ERROR" in caplog.text
    written = caplog.text + in_words.getvalue() + in_json.getvalue()
    assert "route=/badge/<token> " in written
    assert [secret for secret in secrets if secret in written] == []


def test_the_log_says_where_and_of_which_kind_a_failure_is() -> None:
    with pytest.raises(KeyError) as failure:
        {}[CANARY]
    described = describe_failure(failure.value)
    assert "test_logs.py" in described
    assert described.endswith("builtins.KeyError")
    assert CANARY not in described


def test_a_violated_constraint_is_named_without_its_row(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    create_account(Act(SYSTEM), CANARY, Role.AGENT, "Canari")
    with pytest.raises(IntegrityError) as failure, transaction() as session:
        session.add(
            Account(
                email=CANARY,
                email_key=CANARY,
                role=Role.AGENT,
                display_name="",
                created_at=real_now(),
            )
        )
    assert CANARY not in str(failure.value)  # what is printed without the log, too
    log.error("incident", exc_info=failure.value)
    assert "IntegrityError" in caplog.text
    assert CANARY not in caplog.text


def test_a_secret_leaves_the_database_with_its_message(app: Flask, edition: Edition) -> None:
    token = new_token()
    with transaction() as session:
        outbox.post(session, "sign_in_code", CANARY, code=CODE, minutes=10)
        outbox.post(session, "lead_link", CANARY, rows=[{"token": token}], token=token)
    sending.send_due(lambda message: outbox.Delivery(True))
    current_session().rollback()
    contexts = str([message.context for message in current_session().query(Message)])
    assert CODE not in contexts
    assert token not in contexts
