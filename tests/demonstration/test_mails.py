import re

from flask import Flask
from sqlalchemy import select

from salon.platform.database.db import current_session
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from tests.platform.words.typography.spelling import faults_of


def test_every_mail_of_the_demonstration_reads_well(app: Flask) -> None:
    messages = current_session().scalars(select(Message)).all()
    assert len({message.kind for message in messages}) >= 19
    with app.test_request_context():
        for message in messages:
            subject, words = words_of(message)
            assert faults_of(subject) + faults_of(words) == [], message.kind
            assert not re.search(r"\n\n\n|[^\s\d-]- \S", words), (message.kind, words)
