"""What else follows a merge: the file and the erasure of a person, retention, links, consents."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.appointments.models import Ticket, TicketStatus, WaitingEntry, WaitingStatus
from salon.badges.models import Consent, DistinctPeople, HalfDay, MergedPerson
from salon.badges.queries import find_badge_by_token, history_of
from salon.badges.services import reissue_badge, set_consents
from salon.dashboard.queries.persons import person_of
from salon.dashboard.services.erasure import erase
from salon.dashboard.services.purge import STEPS
from salon.duplicates import rules
from salon.duplicates.services import separate_people, tell_apart
from salon.fair.models import Edition
from salon.kiosk.models import PrintJob
from salon.kiosk.services import ask_print
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.storage.folder import FolderStore
from salon.platform.words.tokens import new_token
from tests.appointments.make import make_fair
from tests.badges.people import all_of, badge_of, kinds_sent, register_one
from tests.badges.registrations import ORGANISER
from tests.dashboard.test_services import data_of
from tests.duplicates.people import NOW, merged
from tests.factories import act_in, new_key


def test_the_rights_of_a_person_reach_each_of_their_registrations(
    app: Flask, edition: Edition
) -> None:
    first, second, third = register_one(), register_one(), register_one()
    tell_apart(act_in(edition, ORGANISER, NOW), [first.id, third.id])
    merged(edition, [first, second], sources={"contact": second.id})
    for person in (first, second):
        assert person_of(person.id).ids == [first.id, second.id]
    erase(Act(ORGANISER), first.id, FolderStore(data_of(app)), NOW)
    for person in (first, second):
        assert (person.email, person.last_name) == ("", "effacée")
    assert current_session().scalars(select(MergedPerson)).all() == []
    assert current_session().scalars(select(DistinctPeople)).all() == []
    with pytest.raises(rules.NotMerged):
        separate_people(act_in(edition, ORGANISER, NOW), second.id)


def test_what_is_kept_of_a_merge_goes_with_the_fair() -> None:
    assert {"merged_people", "distinct_people"} <= STEPS.keys()


def test_a_new_badge_closes_the_links_of_merged_ones(edition: Edition) -> None:
    first, second = register_one(), register_one()
    former = badge_of(second.id).private_token
    merged(edition, [first, second])
    opened = find_badge_by_token(former)
    assert opened is not None
    assert opened.attendee_id == first.id
    reissue_badge(Act(ORGANISER, NOW), first.id, "badge perdu", new_key())
    assert find_badge_by_token(former) is None


def test_a_refusal_stands_and_an_agreement_follows(edition: Edition) -> None:
    first, second = register_one(), register_one(consents=["newsletter", "photo"])
    set_consents(Act(ORGANISER, NOW), first.id, ["photo"])
    set_consents(Act(ORGANISER, NOW), first.id, [])
    merged(edition, [first, second])
    live = [row for row in all_of(Consent) if not row.withdrawn_at and row.attendee_id == first.id]
    assert [row.purpose for row in live] == ["newsletter"], "the photo was refused"
    set_consents(Act(ORGANISER, NOW + timedelta(hours=1)), first.id, [])
    separate_people(act_in(edition, ORGANISER, NOW), second.id)
    live = [row for row in all_of(Consent) if row.withdrawn_at is None]
    assert [(row.attendee_id, row.purpose) for row in live] == [(second.id, "photo")]


def test_an_agreement_that_was_withdrawn_is_not_given_again_by_a_merge(edition: Edition) -> None:
    first, second = register_one(), register_one(consents=["newsletter"])
    set_consents(Act(ORGANISER, NOW), second.id, [])
    merged(edition, [first, second])
    assert [row.purpose for row in all_of(Consent) if row.withdrawn_at is None] == []


@pytest.mark.on_both
def test_double_places_become_one_and_come_back(edition: Edition) -> None:
    fair = make_fair(edition)
    first, second = register_one(), register_one()
    with transaction() as session:
        for place, person in enumerate((second, first), start=1):
            at = fair.before + timedelta(minutes=place)
            common = {
                "edition_id": edition.id,
                "attendee_id": person.id,
                "theme_id": fair.theme_id(),
            }
            wait = {"part": HalfDay.MORNING, "subject": "La route", "private_token": new_token()}
            session.add(WaitingEntry(**common, **wait, joined_at=at, queued_at=at))
            ticket = {"stand_id": fair.stand_id(), "day_on": at.date(), "number": place}
            times = {"taken_at": at, "queued_from": at, "private_token": new_token()}
            session.add(Ticket(**common, **ticket, **times))
    merged(edition, [first, second], now=fair.before)
    for table, waiting, left in (
        (WaitingEntry, WaitingStatus.WAITING, WaitingStatus.LEFT),
        (Ticket, TicketStatus.WAITING, TicketStatus.LEFT),
    ):
        states = [(row.attendee_id, row.status) for row in all_of(table)]
        assert states == [(first.id, waiting), (first.id, left)], "the earlier place stays"
    separate_people(act_in(edition, ORGANISER, fair.before), second.id)
    for table, waiting in ((WaitingEntry, WaitingStatus.WAITING), (Ticket, TicketStatus.WAITING)):
        states = [(row.attendee_id, row.status) for row in all_of(table)]
        assert states == [(second.id, waiting), (first.id, waiting)]


def test_a_badge_that_waits_for_a_printer_is_printed_as_the_kept_one(edition: Edition) -> None:
    first, second = register_one(), register_one()
    former = badge_of(second.id).id
    ask_print(Act(ORGANISER, NOW), former, "a-job", "62mm")
    merged(edition, [first, second])
    (job,) = all_of(PrintJob)
    assert job.badge_id == badge_of(first.id).id
    separate_people(act_in(edition, ORGANISER, NOW), second.id)
    (job,) = all_of(PrintJob)
    assert job.badge_id == former


def test_history_shows_both_and_messages_tell_each_address(edition: Edition) -> None:
    first, second = register_one(), register_one()
    merged(edition, [first, second])
    acts = [entry.action for entry in history_of(first)]
    assert acts.count("attendee.registered") == 2
    separate_people(act_in(edition, ORGANISER, NOW), second.id)
    assert [entry.action for entry in history_of(first)].count("attendee.registered") == 1
    assert kinds_sent(second.email) == ["registration", "merged", "registration"]
