"""What time alone decides waits while the clock may be wrong: offers and reminders, too."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from salon.doctor import examine
from salon.exhibitors.models import ApplicationStatus
from salon.fair.models import Edition
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from salon.worker import tasks_of
from tests.exhibitors.make import make_exhibitor

DAY = timedelta(days=1)


def acted(ago: timedelta, actor: str = "organiser:1") -> None:
    with transaction() as session:
        at = real_now() - ago
        session.add(JournalEntry(at=at, actor=actor, actor_name="Claire", action="sign_in.opened"))


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("acts", "is_doubtful"),
    [
        ([], False),
        ([timedelta(hours=1)], False),
        ([2 * DAY], False),
        ([29 * DAY], False),
        ([31 * DAY], True),
        ([31 * DAY, timedelta(hours=1)], True),
        ([-365 * DAY], True),
        ([-365 * DAY, 2 * DAY], False),
    ],
)
def test_the_clock_is_believed_where_people_acted_lately(
    app: Flask, acts: list[timedelta], is_doubtful: bool
) -> None:
    for ago in acts:
        acted(ago)
    acted(2 * DAY, actor=SYSTEM.key)
    assert bool(clock_doubt(real_now())) == is_doubtful


def test_an_offer_does_not_lapse_by_a_clock_a_year_ahead(app: Flask, edition: Edition) -> None:
    acted(365 * DAY)
    exhibitor = make_exhibitor(
        edition, status=ApplicationStatus.OFFERED, offer_expires_at=now() - DAY
    )
    tasks = {task.name: task for task in tasks_of(threading.Event())}

    def status_after_task() -> ApplicationStatus:
        tasks["clore les offres de place"].run()
        current_session().rollback()
        current_session().refresh(exhibitor)
        return exhibitor.status

    assert status_after_task() == ApplicationStatus.OFFERED
    [finding] = [finding for finding in examine(settings()) if finding.key == "clock"]
    assert (finding.in_order, "dernier acte du journal" in finding.words) == (False, True)
    acted(2 * DAY)
    assert status_after_task() == ApplicationStatus.WAITING
