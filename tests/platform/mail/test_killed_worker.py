"""kill -9 of a worker that sends to many: each address gets one message, none is left."""

import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.fairs import Fair
from bench.workers import Worker
from salon.platform.database.db import current_session, transaction
from salon.platform.mail import outbox
from salon.platform.mail.outbox import Message, MessageStatus
from tests.conftest import settings_for
from tests.platform.files.backup.places import close, opened
from tests.postman import open_postman

RECIPIENTS, KILLS = 300, 10


@pytest.mark.long
def test_a_worker_killed_ten_times_writes_once_to_each_of_300(tmp_path: Path) -> None:
    app = opened(settings_for(tmp_path))
    addresses = [f"mairie{number}@commune.example" for number in range(RECIPIENTS)]
    with app.app_context(), transaction() as session:
        for address in addresses:
            outbox.post(session, "sign_in_code", address, urgent=False, code="1", minutes=10)
    moments = sorted(random.sample(range(1, RECIPIENTS), KILLS))
    with open_postman() as postman:
        postman.answers_after_s = 0.02
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        fair = Fair(tmp_path, "", "")
        with Worker(fair, **mail, MAIL_PER_MINUTE="60000") as worker:
            for moment in moments:
                worker.wait_for(lambda moment=moment: len(postman.recipients) >= moment)
                worker.kill()
                worker.start()
            with app.app_context():
                worker.wait_for(lambda: all_are_sent())
    assert Counter(postman.recipients) == Counter(addresses)
    close(app)


def all_are_sent() -> bool:
    current_session().rollback()
    sent = select(func.count()).where(Message.status == MessageStatus.SENT)
    return current_session().scalar(sent) == RECIPIENTS
