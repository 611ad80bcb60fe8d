"""The states of an edition, and the page that changes them."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.fair.models import Edition, EditionState, Hall
from salon.fair.queries import editions, find_public_edition, live_editions
from salon.fair.rules.lifecycle import EditionAct, acts_on
from salon.fair.services import open_edition
from salon.fair.services.lifecycle import change_state, stamp_of
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.edition_walls import EditionIsClosed, retention
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from salon.platform.settings.clock import real_now
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, make_edition, sign_in
from tests.pages import PageClient

PAGE = "/organisation/reglages/editions"
LONG_AGO = date(2021, 10, 1)


@pytest.fixture
def past(app: Flask) -> Edition:
    """Return the public edition, whose fair is over."""
    return make_edition(slug="2021", day=LONG_AGO)


@pytest.fixture
def draft(past: Edition) -> Edition:
    return make_edition(slug="2030", day=date(2030, 10, 4), is_current=False)


@pytest.fixture
def organiser(app: Flask, past: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def act_on(edition: Edition, act: EditionAct) -> None:
    change_state(act_in(edition, SYSTEM, real_now()), act, stamp_of(editions()))


def post(client: PageClient, slug: str, act: str, **values: str) -> Any:
    stamp = stamp_of(editions())
    return client.fill(PAGE, f"{PAGE}/{slug}", act=act, stamp=stamp, **values)


def test_each_state_has_its_acts(past: Edition, draft: Edition) -> None:
    assert acts_on(draft, real_now()) == [EditionAct.OPEN]
    assert acts_on(past, real_now()) == [EditionAct.HOLD]
    before = past.starts_at - timedelta(days=1)
    assert acts_on(past, before) == [EditionAct.WITHDRAW]


def test_opening_puts_a_fair_that_took_place_among_those_held(
    past: Edition, draft: Edition
) -> None:
    act_on(draft, EditionAct.OPEN)
    assert find_public_edition() is draft
    assert (draft.state, past.state) == (EditionState.OPEN, EditionState.HELD)
    act_on(past, EditionAct.OPEN)
    assert find_public_edition() is past
    assert draft.state == EditionState.DRAFT


def test_a_closed_edition_leaves_the_work_of_every_day_and_comes_back(
    past: Edition, draft: Edition
) -> None:
    act_on(draft, EditionAct.OPEN)
    act_on(past, EditionAct.CLOSE)
    assert live_editions() == [draft]
    act_on(past, EditionAct.REOPEN)
    assert past in live_editions()


def test_an_act_on_a_page_read_before_another_act_is_refused(past: Edition, draft: Edition) -> None:
    stamp = stamp_of(editions())
    act_on(draft, EditionAct.OPEN)
    with pytest.raises(StaleVersion):
        change_state(act_in(past, SYSTEM, real_now()), EditionAct.HOLD, stamp)


def test_nothing_changes_in_a_closed_edition(past: Edition, draft: Edition) -> None:
    exhibitor = make_exhibitor(past)
    open_edition(Act(SYSTEM), draft.id)
    act_on(past, EditionAct.CLOSE)
    with pytest.raises(EditionIsClosed), transaction(exhibitor):
        exhibitor.name = "Un autre nom"
    with pytest.raises(EditionIsClosed), transaction() as session:
        session.add(Hall(edition_id=past.id, name="9", width=10, depth=10, area=100))
    with pytest.raises(EditionIsClosed), transaction(exhibitor) as session:
        session.delete(exhibitor.contacts[0])
    with pytest.raises(EditionIsClosed), transaction(past):
        past.name = "Un autre nom"
    with pytest.raises(EditionIsClosed):
        make_contact_change(exhibitor)
    current_session().rollback()
    assert exhibitor.name != "Un autre nom"


def test_what_follows_the_closing_in_one_transaction_is_refused(draft: Edition) -> None:
    def hall(name: str) -> Hall:
        return Hall(edition_id=draft.id, name=name, width=10, depth=10, area=100)

    with pytest.raises(EditionIsClosed), transaction(draft) as session:
        session.add(hall("8"))
        session.flush()
        draft.state = EditionState.CLOSED
        session.flush()
        session.add(hall("9"))


def make_contact_change(exhibitor: Any) -> None:
    """A row that belongs to the edition through another one."""
    with transaction(exhibitor):
        exhibitor.contacts[0].phone = "0467000000"


def test_what_the_law_asks_goes_on_in_a_closed_edition(past: Edition, draft: Edition) -> None:
    exhibitor = make_exhibitor(past)
    open_edition(Act(SYSTEM), draft.id)
    act_on(past, EditionAct.CLOSE)
    with transaction(exhibitor) as session, retention(session):
        exhibitor.name = "Effacé"
    with pytest.raises(EditionIsClosed), transaction(exhibitor):
        exhibitor.name = "Un autre nom"


def test_opening_says_what_happens_and_is_confirmed(
    organiser: PageClient, past: Edition, draft: Edition
) -> None:
    question = post(organiser, "2030", "open").get_data(as_text=True)
    assert "passe à l’état « tenue »" in question.replace("\u00a0", " ")
    assert find_public_edition() is past
    organiser.confirm(post(organiser, "2030", "open"))
    current_session().rollback()
    assert find_public_edition() is draft
    entries = current_session().scalars(select(JournalEntry.action)).all()
    assert "edition.opened" in entries


def test_an_act_that_the_state_forbids_is_refused_in_words(
    organiser: PageClient, past: Edition, draft: Edition
) -> None:
    answer = post(organiser, "2030", "close", confirmed="yes")
    assert answer.status_code == 409
    assert "ne le permet pas" in answer.get_data(as_text=True)
    assert post(organiser, "2030", "explode").status_code == 400


def test_the_page_and_the_selector_lead_to_each_edition(
    organiser: PageClient, past: Edition, draft: Edition
) -> None:
    page = organiser.get(PAGE).get_data(as_text=True)
    assert f'href="/e/2030{PAGE}"' in page
    banner = organiser.get(f"/e/2030{PAGE}").get_data(as_text=True)
    assert "Brouillon" in banner
    assert f'href="{PAGE}"' in banner
