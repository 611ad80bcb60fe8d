"""Promises to people: information at each form (RGPD art. 13), and no secret in the logs."""

import logging

import pyotp
import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.badges.people import badge_of, register_one
from tests.factories import (
    PASSWORD,
    latest_code,
    make_account,
    make_station_token,
    new_key,
)
from tests.pages import PageClient
from tests.tables import each

SAID = (
    "Responsable",
    "Délégué à la protection des données",
    "servent",
    "Base légale",
    "Obligatoire",
    "Destinataires",
    "Durée",
    "Transfert hors de l’Union européenne",
    "Vos droits",
    "CNIL",
)


@each(
    "path",
    [
        "/inscription",
        "/inscription/commune",
        "/inscription/commune/liste",
        "/badge/TOKEN/modifier",
        "/badge/TOKEN/remplacer",
        "/badge/TOKEN/consentements",
    ],
)
def test_each_form_says_the_ten_elements(client: PageClient, edition: Edition, path: str) -> None:
    token = badge_of(register_one().id).private_token
    page = client.get(path.replace("TOKEN", token)).text
    assert [words for words in SAID if words not in page] == []


def test_no_secret_is_written_in_the_logs(
    app: Flask, edition: Edition, caplog: pytest.LogCaptureFixture
) -> None:
    """Sign-ins, a scan, a badge page, an incident; then the logs are searched."""
    with caplog.at_level(logging.DEBUG):
        organiser = make_account(role=Role.ORGANISER)
        client = app.test_client()
        client.fill("/connexion/organisation", email=organiser.email, password=PASSWORD)
        totp = pyotp.TOTP(organiser.totp_secret).now()
        client.fill("/connexion/organisation/code", code=totp)
        cookie = client.get_cookie("salon")
        assert cookie
        agent = make_account()
        other_client = app.test_client()
        other_client.fill("/connexion", email=agent.email)
        code = latest_code(agent.email)
        other_client.fill("/connexion/code", code=code)
        badge = badge_of(register_one().id)
        other_client.get(f"/badge/{badge.private_token}")
        station = make_station_token(edition)
        scan = {
            "scan_id": new_key(),
            "code": badge.code,
            "scanned_at": "2026-11-25T09:00:00+01:00",
            "door": "A",
            "direction": "in",
        }
        answer = other_client.post(
            "/api/v1/scans",
            json={"scans": [scan]},
            headers={"Authorization": f"Bearer {station}"},
        )
        assert answer.status_code == 200
        other_client.post("/api/v1/scans", data="{", headers={"Authorization": f"Bearer {station}"})
    secrets = (
        PASSWORD,
        organiser.totp_secret,
        cookie.value,
        code,
        badge.private_token,
        station,
        app.config["SECRET_KEY"],
    )
    assert [secret for secret in secrets if secret in caplog.text] == []
