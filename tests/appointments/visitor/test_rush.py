"""Many want the same times at once: what a hold and a refusal cost, and what a process stores."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.revisions import ROTA
from salon.appointments.queries.situation import standing_facts
from salon.appointments.rules.booking import SlotNotFree
from salon.appointments.services.booking import hold_slot
from salon.appointments.services.placing import Choice
from salon.fair.models import Edition
from salon.platform.database.db import current_session, rehearsal, transaction
from salon.platform.settings.clock import now, real_now
from salon.platform.web.limits import RateCounter
from salon.public_tables import HIDDEN_TABLES, REVISIONS
from salon.staffing.models import Shift
from tests.appointments.make import PUBLIC, Fair, make_fair
from tests.appointments.visitor.browsing import choose, slug_of
from tests.factories import act_in
from tests.pages import PageClient
from tests.statements import statements

pytestmark = pytest.mark.on_both

WON, REFUSED, REFUSED_AFTER_A_WRITE = 15, 6, 34
"""Statements of a choice that is held, of one that is refused, and of one that is refused first
after a write, when times are read and the page is made again."""
OF_THE_CONNECTION = re.compile(r"BEGIN|SET LOCAL|PRAGMA")


@pytest.fixture
def fair(edition: Edition) -> Fair:
    return make_fair(edition, agents={"Département": 1})


class Visitor:
    """A browser that has opened the page of a theme."""

    def __init__(self, app: Flask, fair: Fair) -> None:
        self.client, self.fair = app.test_client(), fair
        assert isinstance(self.client, PageClient)
        self.path = f"/rendez-vous/themes/{slug_of(fair)}"
        self.token = self.client.token(self.path)

    def choose(self, at: datetime) -> tuple[int, str]:
        fields = {"csrf_token": self.token, "agent": "", "starts_at": at.isoformat()}
        answer = self.client.post(f"{self.path}/retenir", data=fields)
        return answer.status_code, answer.get_data(as_text=True)


@contextmanager
def counted(number: int) -> Iterator[None]:
    with statements() as sent:
        yield
    sent_statements = [text for text in sent if not OF_THE_CONNECTION.match(text)]
    assert len(sent_statements) == number, "\n".join(sent_statements)


def test_a_hold_and_a_refusal_ask_this_much(app: Flask, fair: Fair, minute: object) -> None:
    first, second, third, fourth = (Visitor(app, fair) for _ in range(4))
    nine, ten = fair.at(9), fair.at(10)
    assert first.choose(nine)[0] == 302
    assert second.choose(nine)[0] == 409
    with counted(WON):
        assert third.choose(ten)[0] == 302
    with counted(REFUSED_AFTER_A_WRITE):
        assert second.choose(ten)[0] == 409
    for visitor in (second, fourth):
        with counted(REFUSED):
            assert visitor.choose(nine)[0] == 409


def test_whoever_loses_a_time_reads_the_nearest_to_their_own(app: Flask, fair: Fair) -> None:
    first, second, third = (Visitor(app, fair) for _ in range(3))
    for at in (fair.at(9), fair.at(14)):
        Visitor(app, fair).choose(at)
    pages = [visitor.choose(fair.at(hour))[1] for visitor, hour in ((first, 9), (second, 14))]
    pages.append(third.choose(fair.at(9))[1])
    nearest = [re.findall(r'value="(\d[^"]+)"', page.partition("</section>")[0]) for page in pages]
    assert nearest[0] == nearest[2] != nearest[1]
    assert all("vient d’être réservé" in page for page in pages)
    assert "\0" not in "".join(pages)


def test_a_refused_choice_counts_as_a_try(app: Flask, fair: Fair) -> None:
    visitor, other = Visitor(app, fair), Visitor(app, fair)
    app.config["SALON"] = replace(app.config["SALON"], bookings_per_minute=3)
    assert other.choose(fair.at(9))[0] == 302
    assert [visitor.choose(fair.at(9))[0] for _ in range(3)] == [409, 409, 429]
    (counter,) = current_session().scalars(
        select(RateCounter).where(RateCounter.key.startswith("booking-hold"))
    )
    assert counter.count == 3


def test_a_refused_choice_releases_the_one_before(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    choose(client, fair, fair.at(9))
    Visitor(app, fair).choose(fair.at(10))
    assert choose(client, fair, fair.at(10)).status_code == 409
    assert Visitor(app, fair).choose(fair.at(9))[0] == 302


def test_another_process_holds_no_time_of_an_agent_who_has_left(
    fair: Fair, other: PageClient
) -> None:
    edition_id, choice = fair.edition.id, Choice(fair.theme_id(), fair.at(9))
    with other.application.app_context():
        edition = current_session().get_one(Edition, edition_id)
        assert offers_of(edition, choice.theme_id, now())  # the rota is stored
    with transaction() as session:
        session.execute(update(Shift).values(absent_at=real_now()))
    with other.application.app_context():
        edition = current_session().get_one(Edition, edition_id)
        with pytest.raises(SlotNotFree):
            hold_slot(act_in(edition, PUBLIC), choice)


def test_a_transaction_reads_what_it_has_written_of_the_rota(fair: Fair) -> None:
    theme_id = fair.theme_id()
    assert offers_of(fair.edition, theme_id, now())
    with rehearsal(), transaction() as session:
        session.execute(update(Shift).values(absent_at=real_now()))
        assert offers_of(fair.edition, theme_id, now()) == []
    assert offers_of(fair.edition, theme_id, now()), "what was rolled back is stored nowhere"


def test_the_revision_of_the_rota_follows_each_hidden_table_that_is_stored(
    fair: Fair, other: PageClient, minute: object
) -> None:
    edition_id = fair.edition.id
    with other.application.app_context():
        edition = current_session().get_one(Edition, edition_id)
        with statements() as sent_statements:
            standing_facts(edition)
        current_session().rollback()  # the next transaction asks for the revisions alone
        edition = current_session().get_one(Edition, edition_id)
        with statements() as later_statements:
            standing_facts(edition)
    read = {name for text in sent_statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", text)}
    assert read & HIDDEN_TABLES == {"marks", *REVISIONS[ROTA]}
    assert len(later_statements) == 1
