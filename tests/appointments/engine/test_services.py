"""Bad input, and who is chosen, on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from salon.appointments.models import (
    Appointment,
    Hold,
    ThemeBooking,
    WaitingEntry,
)
from salon.appointments.queries.offers import offers_of
from salon.appointments.rules import booking as rules
from salon.appointments.services.booking import (
    book_slot,
    hold_slot,
    move_appointment,
)
from salon.appointments.services.placing import BookingAttempt, Choice, WaitingChoice
from salon.appointments.services.waiting import (
    join_waiting,
)
from salon.badges.models import Attendee, HalfDay
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local
from salon.platform.words.errors import BadInput
from tests.appointments.engine.made import WORDS
from tests.appointments.make import (
    PUBLIC,
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.factories import act_in, make_edition, new_key
from tests.staffing.make import make_agent, make_village

MINUTE = timedelta(minutes=1)
ALL = list(rules.Limit)


def wait(fair: Fair, visitor: Attendee, after: int = 0, body: str = "Département") -> WaitingEntry:
    now = fair.before + after * MINUTE
    return join_waiting(
        act_in(fair.edition, PUBLIC, now),
        WaitingChoice(fair.theme_id(body), HalfDay.WHOLE_DAY, "L’eau"),
        visitor.id,
        new_key(),
    )


def test_what_is_past_is_refused_even_to_staff(edition: Edition) -> None:
    fair = make_fair(edition)
    now = fair.at(10, 3)
    for at, accepted in ((fair.at(9), None), (fair.at(10, 10), None), (fair.at(9, 55), ALL)):
        with pytest.raises(rules.SlotTooSoon):
            book(fair, at=at, now=now, accepted=accepted)
    assert book(fair, at=fair.at(10), now=now, accepted=ALL).starts_at == fair.at(10)


@pytest.mark.on_both
def test_what_is_not_a_slot_is_refused_and_nothing_is_written(edition: Edition) -> None:
    fair = make_fair(edition)
    elsewhere = make_village(make_edition(is_current=False))
    foreign = make_agent(elsewhere)
    theme = fair.theme_id()
    at, visitor = fair.at(9), make_visitor(edition)
    refused: list[tuple[Choice, type[Exception]]] = [
        (Choice(theme, at + 2 * MINUTE), BadInput),
        (Choice(theme, at + timedelta(seconds=1)), BadInput),
        (Choice(theme, at, foreign.id), rules.NotThisAgent),
        (Choice(theme, at, 999_999), rules.NotThisAgent),
        (Choice(theme, fair.at(12, 30)), rules.SlotNotFree),
        (Choice(theme, fair.at(11, 45)), rules.SlotNotFree),
        (Choice(elsewhere.themes["Département"].id, at), NoResultFound),
        (Choice(999_999, at), NoResultFound),
        (Choice(theme, datetime(2100, 1, 1, tzinfo=UTC)), rules.SlotNotFree),
    ]
    before = len(messages())
    for choice, error in refused:
        with pytest.raises(error):
            hold_slot(act_in(edition, PUBLIC, fair.before), choice)
        with pytest.raises(error):
            book_slot(
                act_in(edition, PUBLIC, fair.before),
                choice,
                visitor.id,
                WORDS,
                BookingAttempt(new_key()),
            )
    assert current_session().scalars(select(Appointment.id)).all() == []
    assert current_session().scalars(select(Hold.id)).all() == []
    assert len(messages()) == before


@pytest.mark.on_both
def test_a_theme_of_another_edition_has_no_waiting_list_here(edition: Edition) -> None:
    fair = make_fair(edition)
    elsewhere = make_village(make_edition(is_current=False))
    visitor = make_visitor(edition)
    with pytest.raises(NoResultFound):
        join_waiting(
            act_in(edition, PUBLIC, fair.before),
            WaitingChoice(elsewhere.themes["Département"].id, HalfDay.WHOLE_DAY, "L’eau"),
            visitor.id,
            new_key(),
        )
    with transaction() as session:
        session.get_one(ThemeBooking, fair.theme_id()).is_open = False
    with pytest.raises(rules.ThemeClosed):
        wait(fair, visitor)


def test_somebody_elses_choice_gives_nothing(edition: Edition) -> None:
    """The token of another time, or of a proposal made to somebody else, frees nothing."""
    fair = make_fair(edition, agents={"Département": 1})
    nine = hold_slot(
        act_in(edition, PUBLIC, fair.before), Choice(fair.theme_id(), fair.at(9))
    ).token
    book(fair, at=fair.at(10), hold=nine)
    with pytest.raises(rules.SlotNotFree):
        book(fair, at=fair.at(9))
    book(fair, at=fair.at(9), hold=nine)
    book(fair, at=fair.at(11), hold="unknown")
    check_invariants(edition)


@pytest.mark.on_both
def test_a_move_keeps_the_theme(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    appointment = book(fair, at=fair.at(9))
    with pytest.raises(BadInput):
        move_appointment(
            Act(PUBLIC, fair.before), appointment, Choice(fair.theme_id("SDIS 34"), fair.at(10))
        )


@pytest.mark.on_both
def test_any_agent_is_the_one_whose_time_it_wastes_least(edition: Edition) -> None:
    """9:15 leaves one agent a hole of fifteen minutes; the other's day begins again then."""
    fair = make_fair(edition, agents={"Département": 2})
    lower, higher = sorted(fair.agents["Département"], key=lambda item: item.id)
    with transaction() as session:
        session.get_one(ThemeBooking, fair.theme_id()).minutes = 15
    book(fair, at=fair.at(9), agent=higher)
    with transaction() as session:
        session.get_one(ThemeBooking, fair.theme_id()).minutes = 20
    assert book(fair, at=fair.at(9, 20)).agent_id == higher.id
    assert book(fair, at=fair.at(9)).agent_id == lower.id


@pytest.mark.on_both
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_day_on_which_clocks_change_has_each_time_once(edition: Edition, day: date) -> None:
    """The slots of the day are those of any other, by the clocks of Béziers."""
    other_fair = make_fair(edition, agents={"Département": 1})
    before = offers_of(edition, other_fair.theme_id(), other_fair.before)
    changing = make_edition(day=day, is_current=False)
    fair = make_fair(changing, agents={"Département": 1})
    offers = offers_of(changing, fair.theme_id(), fair.before)
    assert [local(offer.starts_at).time() for offer in offers] == [
        local(offer.starts_at).time() for offer in before
    ]
    assert len({offer.starts_at for offer in offers}) == len(offers)
    assert all(offer.ends_at - offer.starts_at == 20 * MINUTE for offer in offers)
    assert {local(offer.starts_at).date() for offer in offers} == {day}
