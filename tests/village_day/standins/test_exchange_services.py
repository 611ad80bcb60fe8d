"""Two agents exchange their shifts; every message reads as a letter."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.staffing.models import (
    Exchange,
    ExchangeStatus,
    Shift,
    ShiftOrigin,
    ShiftStatus,
)
from salon.staffing.queries.rota import find_publication
from salon.village_day.queries.standins import published_of
from salon.village_day.rules import exchanges as exchange_rules
from salon.village_day.services import exchanges
from salon.village_day.services import standins as services
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, make_agent, publish, put
from tests.village_day.standins.made import (
    AFTERNOON,
    MORNING,
    as_agent,
    asks_of,
    at,
    fresh,
    give,
    hours_of,
    mails,
    make_team,
    open_for,
    published,
)

pytestmark = pytest.mark.usefixtures("app")


def test_both_shifts_change_hands_when_the_second_agrees(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    coordinator = make_agent(village, is_coordinator=True)
    now, key = at(village, 9, before=10), new_key()
    proposal = exchanges.Proposal(own_shift, other_shift, "Je repars à midi")
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal, key)
    assert (
        exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal, key).id
        == exchange.id
    )
    with pytest.raises(exchange_rules.AlreadyProposed):
        exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal, new_key())
    assert hours_of(anna) == [("09:00", "11:00")]
    before = find_publication(edition)
    exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
    exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        assert hours_of(anna, status) == [("14:00", "16:00")]
        assert hours_of(bruno, status) == [("09:00", "11:00")]
    after = find_publication(edition)
    assert before is not None
    assert after is not None
    assert after.number == before.number + 1
    assert published(anna)[0].origin == ShiftOrigin.EXCHANGE
    assert mails("exchange_asked") == [bruno.email]
    assert mails("exchange_done") == [coordinator.email]
    assert fresh(exchange).status == ExchangeStatus.ACCEPTED


def test_a_shift_that_changed_hands_is_exchanged_no_more(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    now = at(village, 9, before=10)
    proposal = exchanges.Proposal(own_shift, other_shift, "")
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal, new_key())
    carla = make_agent(village)
    with transaction(own_shift):
        own_shift.agent_id = carla.id
    with pytest.raises(exchange_rules.ShiftsChanged):
        exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
    assert fresh(exchange).status == ExchangeStatus.OPEN


@pytest.mark.on_both
def test_same_hours_on_two_stands_can_be_exchanged(edition: Edition) -> None:
    village, (anna, bruno) = make_team(
        edition, "Anna A", "Bruno B", stands=["Département", "SDIS 34"]
    )
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, ((9, 30), (11, 30)), body="SDIS 34")
    now = at(village, 9, before=10)
    proposal = exchanges.Proposal(own_shift, other_shift)
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal)
    exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
    assert hours_of(anna) == [("09:30", "11:30")]
    assert published(anna)[0].stand_id == village.bodies["SDIS 34"].stand_id
    assert hours_of(bruno) == [("09:00", "11:00")]


@pytest.mark.on_both
def test_an_exchange_that_breaks_a_rule_is_refused_with_its_reason(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    with transaction(anna):
        anna.leaves_at = village.at(15)
    now = at(village, 9, before=10)
    with pytest.raises(exchange_rules.CannotExchange, match=r"Anna A.*pas disponible"):
        exchanges.ask_exchange(
            act_in(edition, as_agent(anna), now), exchanges.Proposal(own_shift, other_shift)
        )
    with pytest.raises(exchange_rules.HasBegun):
        late = at(village, 9)
        exchanges.ask_exchange(
            act_in(edition, as_agent(anna), late), exchanges.Proposal(own_shift, other_shift)
        )
    assert current_session().scalar(select(func.count()).select_from(Exchange)) == 0


def test_a_refusal_and_a_withdrawal_are_told(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    now = at(village, 9, before=10)
    proposal = exchanges.Proposal(own_shift, other_shift)
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal)
    exchanges.decline_exchange(Act(as_agent(bruno), now), exchange)
    assert mails("exchange_refused") == [anna.email]
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal)
    exchanges.withdraw_exchange(Act(as_agent(anna), now), exchange)
    assert mails("exchange_withdrawn") == [bruno.email]
    with pytest.raises(exchange_rules.ExchangeIsOver, match="vient d’être retiré"):
        exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
    assert hours_of(anna) == [("09:00", "11:00")]


@pytest.mark.on_both
def test_every_message_reads_as_a_letter(app: Flask, edition: Edition) -> None:
    """Each kind has a subject, a greeting, an end, and no hole."""
    village, (anna, bruno, carla, _) = make_team(
        edition, "Anna A", "Bruno B", "Carla C", "Dario D", phone="06 00 00 00 00"
    )
    make_agent(village, is_coordinator=True, stands=["SDIS 34"])
    (own_shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    now = at(village, 9, before=10)
    actor = as_agent(anna)
    for close in (services.withdraw_stand_in, services.close_stand_in):
        stand_in = services.ask_stand_in(act_in(edition, ORGANISER, now), own_shift, "Malade")
        close(act_in(edition, actor, now), stand_in)
    proposal = exchanges.Proposal(own_shift, other_shift, "Merci")
    exchanges.withdraw_exchange(
        Act(actor, now), exchanges.ask_exchange(act_in(edition, actor, now), proposal)
    )
    exchanges.decline_exchange(
        Act(actor, now), exchanges.ask_exchange(act_in(edition, actor, now), proposal)
    )
    exchanges.accept_exchange(
        Act(actor, now), exchanges.ask_exchange(act_in(edition, actor, now), proposal)
    )
    (own_shift,), (other_shift,) = published(anna), published(bruno)
    exchanges.ask_exchange(act_in(edition, actor, now), exchanges.Proposal(own_shift, other_shift))
    stand_in = open_for(village, own_shift, now)
    put(village, anna, village.wanted("Département", *MORNING))
    publish(village)
    (own_shift,) = published(anna)
    stand_in = open_for(village, own_shift, at(village, 8, 30))
    services.take_shift(Act(as_agent(carla), at(village, 8, 30)), asks_of(stand_in)[0].id)
    current_session().rollback()
    kinds = set()
    statement = select(Message).where(Message.kind.regexp_match("^(standin|exchange)_"))
    for message in current_session().scalars(statement):
        kinds.add(message.kind)
        subject, text = words_of(message)
        assert subject
        assert text.startswith(f"Bonjour {message.context['first_name']},\n\n"), text
        assert text.endswith("L’équipe du salon\n")
        assert "\n\n\n" not in text, text
        assert "None" not in text
    assert kinds == {
        *(f"standin_{text}" for text in ("asked", "taken", "withdrawn", "overtaken", "opened")),
        *(f"standin_{text}" for text in ("closed", "found", "escalated")),
        *(f"exchange_{text}" for text in ("asked", "refused", "withdrawn", "overtaken", "done")),
    }


@pytest.mark.on_both
def test_the_published_rota_is_what_is_ranked_not_the_draft(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    put(village, bruno, village.wanted("Département", *MORNING))
    published = published_of(edition, at(village, 9, before=10))
    (candidate,) = published.candidates(shift)
    assert candidate.can
    assert current_session().scalar(select(func.count()).select_from(Shift)) == 3
