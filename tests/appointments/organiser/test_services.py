"""Needs in words, why an agent was lost, what a shift holds: on SQLite and PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from salon.appointments.models import Topic
from salon.appointments.queries.counter import staff_offers
from salon.appointments.queries.lost import LossReason, losses_of
from salon.appointments.queries.rescue import untended_appointments
from salon.appointments.queries.settings import minimums_of, settings_of, topics_of
from salon.appointments.rules.booking import Limit
from salon.appointments.rules.settings import NoTheme, TooManyTopics, TopicKnown
from salon.appointments.services.topics import (
    TopicFacts,
    add_topic,
    change_topic,
    remove_topic,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry, journal_actions
from salon.platform.database.submissions import SubmissionDiffers
from salon.platform.database.versions import StaleVersion
from salon.platform.words.errors import BadInput
from salon.staffing.models import ShiftStatus
from salon.staffing.presenters.promised_appointments import promised_in
from salon.staffing.services.agents import remove_agent
from tests.appointments.make import Fair, book, make_fair
from tests.appointments.organiser.pages import fall_ill
from tests.factories import act_in, make_edition, new_key
from tests.staffing.make import ORGANISER, publish, put, shifts

pytestmark = pytest.mark.on_both


def facts(fair: Fair, **overrides: object) -> TopicFacts:
    values = {"name": "L’eau", "words": "fuite", "theme_ids": (fair.theme_id(),), "place": 1}
    return TopicFacts(**{**values, **overrides})  # type: ignore[arg-type]


def version(fair: Fair) -> int:
    current_session().expire_all()
    return settings_of(fair.edition).version


def add(fair: Fair, key: str = "", **overrides: object) -> Topic:
    topic_facts = facts(fair, **overrides)
    return add_topic(act_in(fair.edition, ORGANISER), version(fair), topic_facts, key or new_key())


def test_needs_keep_their_order_and_that_of_their_themes(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    two = (fair.theme_id("SDIS 34"), fair.theme_id())
    first = add(fair)
    add(fair, name="Le feu", theme_ids=two, place=1)
    add(fair, name="La fin", place=40)
    assert [topic.name for topic in topics_of(edition)] == ["Le feu", "L’eau", "La fin"]
    assert [theme.id for theme in topics_of(edition)[0].themes] == list(two)
    change_topic(
        act_in(edition, ORGANISER), first.id, version(fair), facts(fair, theme_ids=two, place=3)
    )
    assert [topic.name for topic in topics_of(edition)] == ["Le feu", "La fin", "L’eau"]
    assert [topic.rank for topic in topics_of(edition)] == [0, 1, 2]


def test_a_need_sent_twice_is_added_once(app: Flask, edition: Edition) -> None:
    fair, key = make_fair(edition), new_key()
    first, read = add(fair, key), version(fair)
    assert add_topic(act_in(edition, ORGANISER), read - 1, facts(fair), key).id == first.id
    with pytest.raises(SubmissionDiffers):
        add_topic(act_in(edition, ORGANISER), read, facts(fair, words="captage"), key)
    assert len(topics_of(edition)) == 1


def test_what_no_need_may_be(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    fair = make_fair(edition)
    topic = add(fair)
    with pytest.raises(NoTheme):
        add(fair, name="Rien", theme_ids=())
    with pytest.raises(BadInput):
        add(fair, name="Ailleurs", theme_ids=(999_999,))
    with pytest.raises(TopicKnown):
        add(fair, name="L'eau")
    with pytest.raises(StaleVersion):
        change_topic(
            act_in(edition, ORGANISER), topic.id, version(fair) - 1, facts(fair, name="Vieux")
        )
    with pytest.raises(NoResultFound):
        remove_topic(act_in(make_edition(is_current=False), ORGANISER), topic.id, 1)
    monkeypatch.setattr("salon.appointments.rules.settings.MOST_TOPICS", 1)
    with pytest.raises(TooManyTopics):
        add(fair, name="Un de trop")
    current_session().expire_all()
    assert [topic.name for topic in topics_of(edition)] == ["L’eau"]


def test_each_loss_has_its_reason(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 4})
    absent, moved, off, removed = fair.agents["Département"]
    booked = {
        item.id: book(fair, at=fair.at(hour), agent=item)
        for hour, item in zip((9, 10, 11, 14), fair.agents["Département"], strict=True)
    }
    fall_ill(absent, fair)
    put(fair.village, moved, fair.village.wanted("SDIS 34", (9, 0), (12, 0)))
    put(fair.village, off, fair.village.wanted("Département", (15, 0), (17, 0)))
    publish(fair.village)
    current_session().refresh(removed)
    remove_agent(Act(ORGANISER, fair.before), removed, removed.version, True)
    lost = untended_appointments(edition, fair.before)
    results = {
        appointment.agent_id: losses_of(edition, lost)[appointment.id] for appointment in lost
    }
    assert len(results) == len(booked)
    assert {agent_id: text.kind for agent_id, text in results.items()} == {
        absent.id: LossReason.ABSENT,
        moved.id: LossReason.ELSEWHERE,
        off.id: LossReason.OFF,
        removed.id: LossReason.REMOVED,
    }
    assert losses_of(edition, []) == {}


def test_a_shift_says_how_many_appointments_it_holds(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,) = fair.agents["Département"]
    for hour in (9, 10, 14):
        book(fair, at=fair.at(hour), agent=agent)
    morning, afternoon = shifts(agent, ShiftStatus.PUBLISHED)
    promised = promised_in([morning, afternoon], fair.at(9, 30))
    assert promised == {morning.id: 1, afternoon.id: 1}
    assert promised_in([morning], fair.at(12)) == {}


def test_staff_are_shown_which_limit_each_time_passes(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=1, notice_minutes=60)
    appointment = book(fair, at=fair.at(14), accepted=[Limit.COVER])
    offers = staff_offers(appointment, fair.at(9))
    assert {offer.passes for offer in offers} == {
        frozenset({Limit.COVER}),
        frozenset({Limit.COVER, Limit.NOTICE}),
    }
    assert min(offer.slot.starts_at for offer in offers) == fair.at(9)
    assert all(offer.slot.starts_at != appointment.starts_at for offer in offers)


def test_the_least_agents_that_a_stand_keeps_free_is_that_of_its_needs(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    assert minimums_of(edition) == {fair.stand_id(): (1, 1)}


def test_what_the_journal_holds_has_french_words(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    add(fair)
    book(fair, at=fair.at(9))
    current_session().rollback()
    actions = {entry.action for entry in current_session().query(JournalEntry)}
    assert {"topic.added", "appointment.booked"} <= actions <= set(journal_actions())
