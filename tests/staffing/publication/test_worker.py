"""The worker reminds an agent by a real SMTP conversation."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.settings.clock import now
from salon.platform.settings.installation import Settings
from salon.platform.words.formats import hour
from salon.staffing.models import Shift, ShiftOrigin, ShiftStatus
from tests.days import open_day
from tests.platform.mail import test_delivery
from tests.staffing.make import make_agent, make_village

postman = test_delivery.postman


@pytest.fixture
def settings(settings: Settings, postman: test_delivery.Postman) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port)  # type: ignore[attr-defined]


def test_the_worker_sends_the_reminder_of_a_shift_that_begins_soon(
    app: Flask, runner: FlaskCliRunner, edition: Edition, postman: test_delivery.Postman
) -> None:
    village = make_village(edition)
    agent = make_agent(village, name="Léa Vidal")
    starts_at = now() + timedelta(minutes=10)
    with transaction() as session:
        open_day(session, edition.id, starts_at)
        session.add(
            Shift(
                edition_id=edition.id,
                agent_id=agent.id,
                stand_id=village.bodies["SDIS 34"].stand_id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                status=ShiftStatus.PUBLISHED,
                origin=ShiftOrigin.BY_HAND,
                uid="bientot",
            )
        )
    for _ in range(2):
        assert runner.invoke(args=["worker", "--once"]).exit_code == 0
    read = [message_from_bytes(raw, policy=policy.default) for raw in postman.received]
    (mail,) = [item for item in read if item["Subject"].startswith("À ")]
    assert mail["To"] == agent.email
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert f"Votre vacation commence à {hour(starts_at)}" in text
    assert "SDIS 34, hall 3, stand V2" in text
