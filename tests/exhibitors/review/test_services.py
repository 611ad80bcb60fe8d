"""Decisions and corrections of organisers, and offers that end. On SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account
from salon.billing.queries.buyers import buyer_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor, Sector
from salon.exhibitors.rules.lifecycle import Move, MoveRefused
from salon.exhibitors.rules.review import OfferDelayOutOfBounds
from salon.exhibitors.rules.terms import TermsOutOfOrder
from salon.exhibitors.services.review import (
    OrganiserDecision,
    Outcome,
    change_exhibitor,
    decide,
    decide_on_several,
    expire_offers,
)
from salon.exhibitors.services.terms import SETTABLE, set_terms
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import JournalEntry, entries
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.outbox import Message
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms, make_theme
from tests.factories import act_in, make_edition

BY = Identity(Role.ORGANISER, 1, "Dominique Roque")
NOW = datetime(2021, 6, 1, 8, 0, tzinfo=UTC)
Status = ApplicationStatus
ORDERED = {
    "applications_open_at": datetime.now(UTC) - timedelta(days=60),
    "applications_close_at": datetime.now(UTC) - timedelta(days=40),
}


def again(exhibitor: Exhibitor) -> Exhibitor:
    current_session().expire_all()
    return current_session().get_one(Exhibitor, exhibitor.id)


def kinds() -> list[str]:
    return list(current_session().scalars(select(Message.kind).order_by(Message.id)))


@pytest.mark.on_both
def test_an_offer_is_kept_until_the_end_of_its_last_day(app: Flask, edition: Edition) -> None:
    make_terms(edition, offer_days=5)
    first, second = (make_exhibitor(edition, status=Status.SUBMITTED) for _ in range(2))

    decide(Act(BY, NOW), first.id, 1, OrganiserDecision(Move.OFFER))
    decide(Act(BY, NOW), second.id, 1, OrganiserDecision(Move.OFFER, offer_days=2))

    assert again(first).offer_expires_at == datetime(2021, 6, 6, 21, 59, tzinfo=UTC)
    assert again(second).offer_expires_at == datetime(2021, 6, 3, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize("days", [0, -1, 61])
def test_an_offer_has_a_delay_that_makes_sense(app: Flask, edition: Edition, days: int) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    with pytest.raises(OfferDelayOutOfBounds):
        decide(Act(BY, NOW), exhibitor.id, 1, OrganiserDecision(Move.OFFER, offer_days=days))
    assert again(exhibitor).status == Status.SUBMITTED


def test_what_was_read_must_still_stand(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    decide(Act(BY, NOW), exhibitor.id, 1, OrganiserDecision(Move.PUT_ON_WAITING_LIST, "Complet."))
    with pytest.raises(StaleVersion):
        decide(Act(BY, NOW), exhibitor.id, 1, OrganiserDecision(Move.ACCEPT))
    assert again(exhibitor).status == Status.WAITING
    assert kinds() == ["exhibitor_put_on_waiting_list"]


@pytest.mark.on_both
def test_a_decision_on_several_reports_each(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    good = make_exhibitor(edition, status=Status.SUBMITTED, name="A")
    withdrawn_exhibitor = make_exhibitor(edition, status=Status.WITHDRAWN, name="B")
    stale = make_exhibitor(edition, status=Status.SUBMITTED, name="C")
    foreign = make_exhibitor(make_edition(is_current=False), status=Status.SUBMITTED, name="D")
    versions = {good.id: 1, withdrawn_exhibitor.id: 1, stale.id: 7, foreign.id: 1, 999: 1}

    outcomes = decide_on_several(
        act_in(get_public_edition(), BY, NOW), versions, OrganiserDecision(Move.ACCEPT)
    )

    assert outcomes[0] == Outcome("A", good.id)
    assert [(outcome.name, bool(outcome.refusal)) for outcome in outcomes] == [
        ("A", False),
        ("B", True),
        ("C", True),
    ]
    assert "Retirée" in outcomes[1].refusal
    assert [
        again(exhibitor).status for exhibitor in (good, withdrawn_exhibitor, stale, foreign)
    ] == [
        Status.ACCEPTED,
        Status.WITHDRAWN,
        Status.SUBMITTED,
        Status.SUBMITTED,
    ]


@pytest.mark.on_both
def test_offers_end_by_themselves_once_and_not_a_minute_before(
    app: Flask, edition: Edition
) -> None:
    end = NOW + timedelta(days=2)
    exhibitor = make_exhibitor(edition, status=Status.OFFERED, offer_expires_at=end)
    other_exhibitor = make_exhibitor(
        edition, status=Status.OFFERED, offer_expires_at=end + timedelta(days=1)
    )

    assert expire_offers(end - timedelta(minutes=1)) == 0
    for standing, expired in ((Standing.CANCELLED, 0), (Standing.AS_PLANNED, 1)):
        with transaction(edition):
            edition.standing = standing
        assert expire_offers(end) == expired
    assert expire_offers(end) == 0

    assert (again(exhibitor).status, again(exhibitor).offer_expires_at) == (Status.WAITING, None)
    assert again(other_exhibitor).status == Status.OFFERED
    assert kinds() == ["exhibitor_let_offer_expire"]
    [entry] = current_session().scalars(entries(subject=f"exhibitor:{exhibitor.id}"))
    assert entry.actor_name == "système"


def test_offers_wait_when_no_edition_is_current(app: Flask) -> None:
    assert expire_offers(NOW) == 0


CONTACT = {
    "civility": "madame",
    "first_name": "Élise",
    "last_name": "Cabanel",
    "function": "",
    "email": "elise@lumieres.example",
    "phone": "",
}


@pytest.mark.on_both
def test_a_correction_is_traced_and_a_new_address_opens_the_space(
    app: Flask, edition: Edition
) -> None:
    hall = make_hall(edition)
    theme = make_theme(edition, make_stand(hall))
    exhibitor = make_exhibitor(edition, name="Lumieres", email="ancienne@lumieres.example")
    values: dict[str, Any] = {
        "name": "Lumières d’Oc",
        "area": 18,
        "sector": Sector.ROADS,
        "wished_hall_id": hall.id,
        "near": ["Hérault Énergies"],
        "theme_ids": [theme.id],
        "contact": CONTACT,
    }

    change_exhibitor(Act(BY, NOW), exhibitor.id, 1, values)

    stored_exhibitor = again(exhibitor)
    assert (stored_exhibitor.name, stored_exhibitor.name_key, stored_exhibitor.area) == (
        "Lumières d’Oc",
        "lumieres d oc",
        18,
    )
    assert [theme.slug for theme in stored_exhibitor.themes] == ["fibre"]
    assert stored_exhibitor.contacts[0].email_key == "elise@lumieres.example"
    accounts = current_session().scalars(select(Account.email)).all()
    assert accounts == ["elise@lumieres.example"]
    [entry] = current_session().scalars(entries(subject=f"exhibitor:{exhibitor.id}"))
    assert entry.action == "exhibitor.changed"
    assert {"name", "area", "themes", "contact.email"} <= set(entry.details["fields"])


@pytest.mark.parametrize(
    ("vat_number", "after"),
    [("FR64443061841", "FR39356000000"), ("DE811569869", "DE811569869"), ("", "")],
)
def test_a_vat_number_made_from_the_siret_is_corrected_with_it(
    app: Flask, edition: Edition, vat_number: str, after: str
) -> None:
    """Invoices say it; the page of corrections does not."""
    exhibitor = make_exhibitor(edition, siret="44306184100047", vat_number=vat_number)
    change_exhibitor(Act(BY, NOW), exhibitor.id, 1, {"siret": "35600000000048"})
    assert again(exhibitor).vat_number == after
    assert buyer_of(again(exhibitor))["vat_number"] == after


@pytest.mark.on_both
def test_a_theme_or_a_contact_alone_is_a_new_version(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    change_exhibitor(Act(BY, NOW), exhibitor.id, 1, {"contact": CONTACT})
    assert again(exhibitor).version == 2
    with pytest.raises(StaleVersion):
        change_exhibitor(Act(BY, NOW), exhibitor.id, 1, {"area": 12})
    assert again(exhibitor).area == 9


def test_a_correction_that_changes_nothing_writes_nothing(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    change_exhibitor(Act(BY, NOW), exhibitor.id, 1, {"area": 9, "theme_ids": []})
    assert again(exhibitor).version == 1
    assert current_session().scalars(select(JournalEntry)).all() == []


@pytest.mark.on_both
def test_the_terms_are_set_once_and_changed_as_read(app: Flask, edition: Edition) -> None:
    terms = make_terms(edition, **ORDERED)
    values = {name: getattr(terms, name) for name in SETTABLE}

    set_terms(act_in(get_public_edition(), BY), 1, {**values, "minimum_area": 9})
    assert terms.version == 2
    with pytest.raises(StaleVersion):
        set_terms(act_in(get_public_edition(), BY), 1, {**values, "minimum_area": 12})
    with pytest.raises(TermsOutOfOrder):
        set_terms(act_in(get_public_edition(), BY), 2, {**values, "maximum_area": 1})
    current_session().expire_all()
    assert (terms.minimum_area, terms.maximum_area) == (9, 120)


def test_the_first_terms_of_an_edition(app: Flask, edition: Edition) -> None:
    former = make_edition(is_current=False)
    pattern = make_terms(former, **ORDERED)
    values = {name: getattr(pattern, name) for name in SETTABLE}
    terms = set_terms(act_in(get_public_edition(), BY), 0, values)
    assert (terms.edition_id, terms.version) == (edition.id, 1)
    with pytest.raises(StaleVersion):
        set_terms(act_in(get_public_edition(), BY), 0, {**values, "offer_days": 9})


def test_a_move_that_is_no_longer_possible_is_refused(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition, status=Status.REFUSED)
    with pytest.raises(MoveRefused):
        decide(Act(BY, NOW), exhibitor.id, 1, OrganiserDecision(Move.ACCEPT))
