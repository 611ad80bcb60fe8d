"""What an undoing gives back comes on the day that its day has become, whatever came between."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from tests.appointments.changes.acts import (
    Act,
    Organiser,
    check_visitors_know,
    make_two_days,
    picture,
)
from tests.appointments.make import check_invariants

PAIRS: dict[str, tuple[Act, Act]] = {
    "body": (Organiser.withdraw_body, Organiser.restore_body),
    "theme": (Organiser.withdraw_theme, Organiser.restore_theme),
    "hall": (Organiser.close_hall, Organiser.reopen_hall),
}


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> Organiser:
    return make_two_days(edition)


def check(organiser: Organiser) -> None:
    edition = organiser.edition
    check_invariants(edition)
    check_visitors_know(edition)


@pytest.mark.parametrize("is_postponed", [False, True], ids=["moved", "postponed and re-dated"])
@pytest.mark.parametrize("pair", PAIRS)
def test_what_comes_back_after_the_days_moved_is_on_the_new_days(
    organiser: Organiser, pair: str, is_postponed: bool
) -> None:
    take, give_back = PAIRS[pair]
    before, first_on = picture(organiser.edition), organiser.edition.days[0].day_on
    take(organiser)
    assert picture(organiser.edition).appointments < before.appointments
    if is_postponed:
        organiser.postpone()
    organiser.move(7)
    give_back(organiser)
    assert picture(organiser.edition) == before
    assert organiser.edition.days[0].day_on == first_on + timedelta(days=7)
    restored = current_session().scalars(
        select(Message).where(Message.kind == "appointment_restored")
    )
    texts = [words_of(message)[1] for message in restored]
    assert texts
    assert not [text for text in texts if "comme prévu d’abord" in text]
    check(organiser)
