"""Contacts of a stand: readings, consents, files."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.badges.queries import get_badge
from salon.badges.services import cancel_attendee
from salon.badges.services.changes import reissue_badge
from salon.fair.models import Edition
from salon.leads.models import Interest, Lead, LeadConsent, LeadReading
from salon.leads.models.labels import TEXT_VERSION, Purpose
from salon.leads.queries.leads import get_line, lines_of
from salon.leads.queries.shared import uses_of
from salon.leads.rules import NothingChosen, merged_note
from salon.leads.services.following import FollowUp, change_lead, take_file
from salon.leads.services.reading import ReadState, record_readings
from salon.leads.services.sharing import leave_contact, send_links, withdraw_all
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, make_edition, new_key
from tests.leads.counts import count
from tests.leads.make import (
    AT,
    EMAIL,
    EMAIL_ALONE,
    LATER,
    NAME,
    STAND,
    VISITOR,
    WHOLE,
    fresh,
    give,
    item,
    leave,
    live,
    make_witness,
    person,
    posted,
    read,
)


@pytest.mark.on_both
def test_a_reading_sent_twice_is_one_and_tells_nothing_of_the_person(
    app: Flask, edition: Edition
) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    other_reading = item(badge)
    for _ in range(2):
        (result,) = record_readings(Act(STAND, AT), exhibitor, [other_reading])
        assert result.state == ReadState.KEPT
        assert result.line is not None
        assert result.line.person is None
    second_lead = read(exhibitor, badge)
    assert (count(Lead), count(LeadReading), count(LeadConsent)) == (1, 2, 0)
    assert [reading.read_by for reading in second_lead.readings] == ["Élise Cabanel"] * 2


@pytest.mark.on_both
def test_what_is_no_valid_badge_of_this_edition_leaves_nothing(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition)
    elsewhere = make_witness(make_edition(is_current=False))
    cancelled = make_witness(edition)
    cancel_attendee(Act(SYSTEM, AT), cancelled.attendee_id)
    sent = [item(), item(elsewhere), item(cancelled)]
    results = record_readings(Act(STAND, AT + timedelta(days=1)), exhibitor, sent)
    assert [result.state for result in results] == [
        ReadState.UNKNOWN,
        ReadState.UNKNOWN,
        ReadState.ENDED,
    ]
    assert (count(Lead), count(LeadReading)) == (0, 0)


@pytest.mark.on_both
def test_the_contact_stays_with_the_person_whose_badge_is_replaced(
    app: Flask, edition: Edition
) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    lead = read(exhibitor, badge)
    give(lead)
    new = get_badge(reissue_badge(Act(SYSTEM, AT), badge.attendee_id, "perdu", new_key()))
    after = item(badge, read_at=LATER)
    assert record_readings(Act(STAND, LATER), exhibitor, [after])[0].state == ReadState.ENDED
    assert read(exhibitor, new, LATER).id == lead.id
    stored_person = get_line(exhibitor.id, lead.id).person
    assert stored_person is not None
    assert stored_person.last_name == NAME


@pytest.mark.on_both
def test_a_short_code_finds_one_badge(app: Flask, edition: Edition) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    typed = item(code_hash="", short_code=badge.code[:8])
    assert record_readings(Act(STAND, AT), exhibitor, [typed])[0].state == ReadState.KEPT
    for nothing in ("", "AAAAAAAA"):
        other_reading = item(code_hash="", short_code=nothing)
        assert (
            record_readings(Act(STAND, AT), exhibitor, [other_reading])[0].state
            == ReadState.UNKNOWN
        )


@pytest.mark.on_both
def test_words_added_later_join_the_reading_once(app: Flask, edition: Edition) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    other_exhibitor = make_exhibitor(edition)
    lead = read(exhibitor, badge, note="40 mâts")
    number = lead.readings[0].reading_id
    more = item(reading_id=number, code_hash="", note="Avant juin", interest=Interest.URGENT)
    for _ in range(2):
        record_readings(Act(STAND, AT), exhibitor, [more])
    assert record_readings(Act(STAND, AT), other_exhibitor, [more])[0].state == ReadState.UNKNOWN
    lead = fresh(lead.id)
    assert (lead.note, lead.interest) == ("40 mâts\nAvant juin", Interest.URGENT)


@pytest.mark.on_both
def test_a_wild_clock_is_put_right(app: Flask, edition: Edition) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    for wrong in (timedelta(hours=2), timedelta(days=-400)):
        lead = read(exhibitor, badge, LATER, read_at=LATER + wrong)
        assert lead.readings[-1].read_at == LATER
    earlier = read(exhibitor, badge, LATER, read_at=AT)
    assert earlier.met_at == AT


@pytest.mark.on_both
def test_each_consent_keeps_its_text_its_fields_and_its_times(app: Flask, edition: Edition) -> None:
    lead = read(make_exhibitor(edition), make_witness(edition))
    give(lead, {Purpose.FOLLOW_UP: WHOLE, Purpose.NEWS: EMAIL_ALONE})
    give(lead, {Purpose.FOLLOW_UP: EMAIL_ALONE, Purpose.NEWS: EMAIL_ALONE}, LATER)
    current_session().rollback()
    rows = [
        (
            lead_consent.purpose,
            lead_consent.fields,
            lead_consent.text_version,
            lead_consent.given_at,
            lead_consent.withdrawn_at,
        )
        for lead_consent in current_session().scalars(select(LeadConsent).order_by(LeadConsent.id))
    ]
    assert rows == [
        ("follow_up", ["identity", "email", "phone"], TEXT_VERSION, AT, LATER),
        ("news", ["email"], TEXT_VERSION, AT, None),
        ("follow_up", ["email"], TEXT_VERSION, LATER, None),
    ]
    later_uses = uses_of(fresh(lead.id).consents, AT + timedelta(minutes=1))
    assert later_uses == {Purpose.FOLLOW_UP: WHOLE, Purpose.NEWS: EMAIL_ALONE}


def test_the_stand_is_told_what_it_may_no_longer_use_and_never_of_whom(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, email="stand@exposant.example")
    lead = read(exhibitor, make_witness(edition))
    give(lead)
    assert posted("lead_withdrawn") == []
    give(lead, {Purpose.FOLLOW_UP: EMAIL_ALONE}, LATER)
    give(lead, {}, LATER)
    give(lead, {}, LATER)
    messages = posted("lead_withdrawn")
    assert [(message.recipient, message.context["lost"]) for message in messages] == [
        ("stand@exposant.example", ["Recontacter : nom, téléphone"]),
        ("stand@exposant.example", ["Recontacter : courriel"]),
    ]
    assert messages[0].context["number"] == lead.id
    assert NAME not in str([message.context for message in messages])
    actions = current_session().scalars(select(JournalEntry.action).order_by(JournalEntry.id)).all()
    assert actions[-3:] == ["lead.given", "lead.withdrawn", "lead.withdrawn"]


@pytest.mark.on_both
def test_a_visitor_who_reads_the_poster_leaves_one_contact_however_often_it_is_sent(
    app: Flask, edition: Edition
) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    key, choice = new_key(), {Purpose.NEWS: EMAIL_ALONE}
    with pytest.raises(NothingChosen):
        leave_contact(Act(VISITOR, AT), exhibitor, person(badge), {}, key)
    assert count(Lead) == 0
    numbers = {
        leave_contact(Act(VISITOR, AT), exhibitor, person(badge), choice, key) for _ in range(2)
    }
    (number,) = numbers
    lead = fresh(number)
    assert live(lead) == {"news": ["email"]}
    assert [(reading.reading_id, reading.read_by) for reading in fresh(number).readings] == [
        (key, "")
    ]


@pytest.mark.on_both
def test_all_is_taken_back_at_once(app: Flask, edition: Edition) -> None:
    badge, other_badge = make_witness(edition), make_witness(edition, first_name="Odile")
    stands = [make_exhibitor(edition) for _ in range(3)]
    leads = [read(stand, badge) for stand in stands]
    saved_lead = read(stands[0], other_badge)
    for lead in (*leads[:2], saved_lead):
        give(lead)
    assert withdraw_all(Act(VISITOR, LATER), person(badge)) == 2
    assert [live(lead) for lead in leads] == [{}, {}, {}]
    assert live(saved_lead) != {}
    assert len(posted("lead_withdrawn")) == 2


@pytest.mark.on_both
@pytest.mark.parametrize("status", ["cancelled", "replaced", "erased"])
def test_who_is_no_longer_registered_shares_nothing(
    app: Flask, edition: Edition, status: str
) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    lead = read(exhibitor, badge)
    give(lead)
    assert get_line(exhibitor.id, lead.id).person is not None
    leave(badge, status)
    assert get_line(exhibitor.id, lead.id).person is None
    assert [
        line.person for line in take_file(Act(STAND, AT), exhibitor, Purpose.FOLLOW_UP, "csv")
    ] == [None]


@pytest.mark.on_both
def test_a_file_holds_one_purpose_and_who_is_in_it_is_noted(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    followed, informed = (
        read(exhibitor, make_witness(edition, first_name=name)) for name in ("Anna", "Berthe")
    )
    give(followed, {Purpose.FOLLOW_UP: WHOLE})
    give(informed, {Purpose.NEWS: EMAIL_ALONE})
    lines = {line.id: line for line in take_file(Act(STAND, LATER), exhibitor, Purpose.NEWS, "csv")}
    assert lines[followed.id].person is None
    shared = lines[informed.id].person
    assert shared is not None
    assert (shared.email, shared.last_name) == (EMAIL, "")
    assert (fresh(followed.id).downloaded_at, fresh(informed.id).downloaded_at) == (None, LATER)
    assert fresh(informed.id).version == 1
    give(informed, {}, LATER + timedelta(minutes=1))
    assert [line.id for line in lines_of(exhibitor.id) if line.is_stale] == [informed.id]


def test_the_file_of_another_purpose_does_not_settle_what_the_first_still_holds(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition)
    lead = read(exhibitor, make_witness(edition))
    give(lead, {Purpose.FOLLOW_UP: WHOLE, Purpose.NEWS: EMAIL_ALONE})
    take_file(Act(STAND, LATER), exhibitor, Purpose.FOLLOW_UP, "csv")
    give(lead, {Purpose.NEWS: EMAIL_ALONE}, LATER + timedelta(minutes=1))
    take_file(Act(STAND, LATER + timedelta(minutes=2)), exhibitor, Purpose.NEWS, "csv")
    assert [line.is_stale for line in lines_of(exhibitor.id)] == [True]
    give(lead, {}, LATER + timedelta(minutes=3))
    assert [line.is_stale for line in lines_of(exhibitor.id)] == [True]


@pytest.mark.parametrize(
    ("note", "added", "expected"),
    [
        ("Rappeler", "Rappeler", "Rappeler"),
        ("Pas intéressé par l’éclairage", "intéressé", "Pas intéressé par l’éclairage\nintéressé"),
        ("Un\nDeux\nTrois", "Deux\nTrois", "Un\nDeux\nTrois"),
        ("x" * 1_999, "Rappeler lundi", "x" * 1_999 + "\nRappeler lundi"),
    ],
)
def test_what_a_stand_writes_is_kept_whole_and_once(note: str, added: str, expected: str) -> None:
    assert merged_note(note, added) == expected


@pytest.mark.on_both
def test_two_of_a_stand_write_and_the_second_reads_again(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    lead = read(exhibitor, make_witness(edition))
    line = get_line(exhibitor.id, lead.id)
    first, second = (FollowUp(Interest.PROJECT, text, "", None, False) for text in ("Un", "Deux"))
    change_lead(Act(STAND, AT), line, line.version, first)
    with pytest.raises(StaleVersion):
        change_lead(Act(STAND, AT), line, line.version, second)
    assert fresh(lead.id).note == "Un"
    done = FollowUp(Interest.PROJECT, "Un", "Devis", AT.date(), True)
    for at in (LATER, LATER + timedelta(hours=1)):
        change_lead(Act(STAND, at), line, fresh(lead.id).version, done)
        assert fresh(lead.id).follow_up_done_at == LATER


@pytest.mark.on_both
def test_the_link_goes_to_the_registered_address_alone(app: Flask, edition: Edition) -> None:
    exhibitor, badge = make_exhibitor(edition), make_witness(edition)
    send_links(act_in(edition, VISITOR), exhibitor, EMAIL.upper())
    send_links(act_in(edition, VISITOR), exhibitor, "personne@ailleurs.example")
    (message,) = posted("lead_link")
    assert message.recipient == EMAIL
    assert message.context["token"] == badge.private_token
