"""A worker that did not run for a day: what waited leaves once, what is past is not told."""

import email
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from sqlalchemy import update

from bench.fairs import Fair
from bench.workers import Worker, post_mail
from salon.appointments.services.reminders import post_appointment_reminders
from salon.badges.jobs import ask_print_run
from salon.badges.models import Attendee, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.dashboard.services.alarms import watch_over
from salon.doctor import examine
from salon.paper.jobs import ask_pack
from salon.paper.models import PaperPack
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.mail.server import LAPSED
from salon.platform.settings.clock import clock, paris, real_now
from salon.platform.settings.installation import Settings
from salon.platform.work.alarms import alarm_words
from salon.platform.work.heartbeat import FILE, beat
from salon.platform.work.jobs import JobStatus
from salon.staffing.services.reminders import post_rota_reminders
from tests.appointments.make import book, make_fair, make_visitor, messages
from tests.conftest import settings_for
from tests.factories import act_in, make_account, make_edition, make_places
from tests.kills import count
from tests.platform.files.backup.places import close, opened
from tests.postman import Postman, open_postman

DAY = timedelta(days=1)
OF_THE_EVE = {"appointment_tomorrow", "eve_visitor", "shift_tomorrow"}


@contextmanager
def a_day_ago(folder: Path) -> Iterator[None]:
    """Act as on the day before, by the clock of the fair."""
    path = clock.path
    clock.follow(folder / "yesterday.json")
    clock.jump(real_now() - DAY)
    yield
    clock.follow(path)


def fill(settings: Settings) -> None:
    """Make a fair held tomorrow, with all that a worker would do this evening still to be done."""
    make_places()
    edition = make_edition()
    make_account(role=Role.ORGANISER, email="olivia@herault.example")
    fair = make_fair(edition)
    book(fair, at=fair.at(10))
    visitors = [make_visitor(edition) for _ in range(20)]
    with transaction() as session:
        session.execute(update(Attendee).values(registered_at=fair.before - DAY))
    evening = paris(edition.days[0].day_on - DAY, time(18))
    assert post_appointment_reminders(evening) > len(visitors)
    assert post_rota_reminders(evening) > 0
    act = act_in(edition, SYSTEM)
    ask_print_run(act, AttendeeFilter(), Layout.A4, uuid.uuid4().hex)
    ask_pack(act, uuid.uuid4().hex)
    watch_over(settings, real_now() - DAY)


def stop_the_worker_a_day_ago(settings: Settings) -> None:
    """Date the messages, and the last sign of the worker, a day before."""
    with transaction() as session:
        since = real_now() - DAY
        session.execute(update(Message).values(created_at=since, next_attempt_at=since))
    beat(settings.data)
    os.utime(settings.data / FILE, (since.timestamp(), since.timestamp()))


def is_idle(fair: Fair) -> bool:
    jobs = [count(fair, table, table.status != JobStatus.DONE) for table in (PrintRun, PaperPack)]
    return not any(jobs) and not count(fair, Message, Message.status == MessageStatus.WAITING)


def leaves(fair: Fair, postman: Postman, address: str, worker: Worker) -> None:
    post_mail(fair, address)
    worker.wait_for(lambda: address in postman.recipients)
    worker.wait_for(lambda: is_idle(fair))


def subjects(postman: Postman) -> list[str]:
    mails = map(email.message_from_bytes, postman.received)
    return [str(make_header(decode_header(mail["Subject"]))) for mail in mails]


def mail_finding(settings: Settings) -> str:
    [finding] = [finding for finding in examine(settings) if finding.key == "mail"]
    return "" if finding.in_order else finding.words


@pytest.mark.long
def test_a_worker_stopped_for_a_day_sends_each_mail_once_and_none_that_is_over(
    tmp_path: Path,
) -> None:
    settings = settings_for(tmp_path / "data")
    app, fair = opened(settings), Fair(settings.data, "", "")
    with app.app_context(), open_postman() as postman:
        with a_day_ago(tmp_path):
            fill(settings)
        stop_the_worker_a_day_ago(settings)
        late = [message.recipient for message in messages() if message.kind not in OF_THE_EVE]
        assert "Le travail de fond ne donne plus signe depuis le" in alarm_words(settings)
        assert "le plus ancien depuis" in mail_finding(settings)

        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        with Worker(fair, **mail, MAIL_PER_MINUTE="60000") as worker:
            worker.wait_for(lambda: is_idle(fair))
            leaves(fair, postman, "before@commune.example", worker)
            worker.kill()
            worker.start()
            leaves(fair, postman, "after@commune.example", worker)
            assert alarm_words(settings) == ""

        of_the_eve = [message for message in messages() if message.kind in OF_THE_EVE]
        assert {message.kind for message in of_the_eve} == OF_THE_EVE
        assert {(message.status, message.last_error) for message in of_the_eve} == {
            (MessageStatus.CALLED_OFF, LAPSED)
        }
        assert not [subject for subject in subjects(postman) if "demain" in subject.lower()]
        sent = [row.recipient for row in messages() if row.status == MessageStatus.SENT]
        assert Counter(postman.recipients) == Counter(sent)
        assert Counter(late) <= Counter(sent)
        once = {"alarm", "digest", "paper_pack_ready"}
        told = Counter(
            (row.kind, row.recipient, row.context.get("number"))
            for row in messages()
            if row.kind in once
        )
        assert set(told.values()) == {1}
    close(app)
