"""Applications never sent: deleted once they have rested and their contact was warned."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from salon.dashboard.services import purge
from salon.dashboard.services.draft_purge import WARNING, warn_of_deletion
from salon.duplicates.services import tell_apart
from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    DistinctExhibitors,
    Document,
    Exhibitor,
)
from salon.exhibitors.rules.application import ApplicationStep
from salon.exhibitors.services.answers import save_step
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.files.uploads import FOLDER
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import now, real_now
from tests.dashboard.exhibitors.test_services import DAY, count, data_of, furnish
from tests.exhibitors.apply.drafts import PUBLIC
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in

YEAR = 365 * DAY


def make_draft(edition: Edition, begun: timedelta) -> Exhibitor:
    at = now() - begun
    return make_exhibitor(
        edition,
        status=ApplicationStatus.DRAFT,
        slug=None,
        submitted_at=None,
        created_at=at,
        status_at=at,
    )


def save(draft: Exhibitor, **values: object) -> None:
    current_session().refresh(draft)
    step = ApplicationStep.ORGANISATION
    save_step(Act(PUBLIC), draft.private_token, draft.version, step, values)


def warned() -> Sequence[Message]:
    current_session().rollback()
    return current_session().scalars(select(Message).where(Message.kind == WARNING)).all()


def send_warnings(at: datetime) -> None:
    with transaction() as session:
        values = {"status": MessageStatus.SENT, "sent_at": at}
        session.execute(update(Message).where(Message.kind == WARNING).values(values))


def purge_in(wait: timedelta) -> list[int]:
    """Purge after this time; return the numbers of the exhibitors left."""
    purge.purge(Act(SYSTEM, now() + wait), real_now() + wait, dry_run=False)
    current_session().rollback()
    return list(current_session().scalars(select(Exhibitor.id).order_by(Exhibitor.id)))


@pytest.mark.on_both
def test_a_draft_at_rest_is_deleted_two_weeks_after_its_warning_left(
    app: Flask, edition: Edition
) -> None:
    draft = make_draft(edition, begun=167 * DAY)
    furnish(draft, data_of(app))
    sent_exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, slug=None)
    tell_apart(act_in(edition, SYSTEM), [draft.id, sent_exhibitor.id], DistinctExhibitors)
    warn_of_deletion(now())
    warn_of_deletion(now())
    (warning,) = warned()
    assert warning.context["token"] == draft.private_token
    assert "Si elles sont closes, écrivez-nous" in words_of(warning)[1]
    assert purge_in(20 * DAY) == [draft.id, sent_exhibitor.id]  # the warning has not left
    send_warnings(real_now() + 2 * DAY)
    assert purge_in(15 * DAY) == [draft.id, sent_exhibitor.id]
    assert purge_in(17 * DAY) == [sent_exhibitor.id]
    assert count(Document) == 0
    assert list((data_of(app) / FOLDER).iterdir()) == []


def test_a_draft_begun_long_ago_and_saved_today_stays(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    draft = make_draft(edition, begun=YEAR)
    warn_of_deletion(now())
    send_warnings(real_now())
    save(draft, city="Sète")
    assert purge_in(20 * DAY) == [draft.id]


def test_to_save_a_draft_again_as_it_is_gives_it_its_time_again(
    app: Flask, edition: Edition
) -> None:
    make_terms(edition)
    draft = make_draft(edition, begun=YEAR)
    save(draft, city=draft.city)
    assert now() - draft.status_at < DAY


def test_no_draft_is_deleted_while_applications_are_open(app: Flask, edition: Edition) -> None:
    terms = make_terms(edition)
    with transaction(terms):
        terms.applications_close_at = now() + 30 * DAY
    draft = make_draft(edition, begun=YEAR)
    warn_of_deletion(now())
    assert warned() == []
    warn_of_deletion(now() + 17 * DAY)
    send_warnings(real_now())
    assert purge_in(29 * DAY) == [draft.id]
    assert purge_in(31 * DAY) == []


def test_a_draft_without_an_address_is_deleted_unwarned(app: Flask, edition: Edition) -> None:
    make_draft(edition, begun=YEAR)
    with transaction() as session:
        session.execute(delete(Contact))
    warn_of_deletion(now())
    assert warned() == []
    assert purge_in(timedelta()) == []
