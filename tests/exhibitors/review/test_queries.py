"""The list: what it finds, counts and costs. On SQLite and PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    Exhibitor,
    OrganisationKind,
    Sector,
)
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.review import ReviewFilter, Wait
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.pages.lists.listing import PageRequest
from salon.platform.settings.clock import now
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import make_edition
from tests.statements import statements
from tests.tables import each

pytestmark = pytest.mark.on_both

Status = ApplicationStatus


def names(edition: Edition, **filters: Any) -> list[str]:
    page = queries.review_page(edition.id, ReviewFilter(**filters), now())
    return [row.name for row in page.items]


@pytest.fixture
def fair(edition: Edition) -> Edition:
    """Return a few exhibitors, one of each interest, and one of another edition."""
    stand = make_stand(make_hall(edition, name="9"), number="66")
    make_exhibitor(
        edition,
        name="Éclairage du Biterrois",
        stand=stand,
        siret="35600000000048",
        email="eclairage@exposant.example",
    )
    make_exhibitor(edition, name="Roads & Co", sector=Sector.ROADS, email="jean@roads.example")
    make_exhibitor(
        edition,
        name="Le Pavillon",
        area=0,
        kind=OrganisationKind.ASSOCIATION,
        email="pavillon@exposant.example",
    )
    make_exhibitor(
        edition, name="Brouillon", status=Status.DRAFT, email="brouillon@exposant.example"
    )
    make_exhibitor(make_edition(is_current=False), name="Ailleurs")
    return edition


@each(
    ("filters", "expected"),
    [
        ({}, ["Éclairage du Biterrois", "Le Pavillon", "Roads & Co"]),
        ({"text": "ECLAIRAGE"}, ["Éclairage du Biterrois"]),
        ({"text": "biterrois éclairage"}, ["Éclairage du Biterrois"]),
        ({"text": "356 000 000"}, ["Éclairage du Biterrois"]),
        ({"text": "66"}, ["Éclairage du Biterrois"]),
        ({"text": "JEAN@roads"}, ["Roads & Co"]),
        ({"text": "brouill"}, ["Brouillon"]),
        ({"text": "%"}, []),
        ({"text": "cabanel", "sector": "roads"}, ["Roads & Co"]),
        ({"state": "draft"}, ["Brouillon"]),
        ({"kind": "association"}, ["Le Pavillon"]),
        ({"stand": "with"}, ["Éclairage du Biterrois"]),
        ({"stand": "without"}, ["Le Pavillon", "Roads & Co"]),
        ({"waits": "no_stand"}, ["Roads & Co"]),
        ({"waits": "study"}, []),
    ],
)
def test_the_list_is_narrowed(
    app: Flask, fair: Edition, filters: dict[str, Any], expected: list[str]
) -> None:
    assert names(fair, **filters) == expected


def test_the_list_is_narrowed_by_theme_and_by_hall(app: Flask, fair: Edition) -> None:
    other_stand = make_stand(make_hall(fair, name="8"))
    theme = make_theme(fair, other_stand)
    exhibitor = make_exhibitor(fair, name="Fibre 34")
    with transaction(exhibitor):
        exhibitor.themes = [theme]
    assert names(fair, theme=theme.id) == ["Fibre 34"]
    hall = {name: int(key) for key, name in queries.hall_choices(fair.id).items()}
    assert names(fair, hall=hall["9"]) == ["Éclairage du Biterrois"]
    assert names(fair, hall=hall["8"]) == []


def test_what_waits_is_counted_and_the_list_finds_the_same(app: Flask, edition: Edition) -> None:
    at = now() - timedelta(days=3)
    first: dict[str, Any] = {"status": Status.SUBMITTED, "submitted_at": at, "status_at": at}
    make_exhibitor(edition, name="Nouvelle", **first)
    make_exhibitor(edition, name="Revenue", **{**first, "status_at": at + timedelta(days=1)})
    soon, late = now() + timedelta(days=2), now() + timedelta(days=9)
    make_exhibitor(edition, name="Bientôt", status=Status.OFFERED, offer_expires_at=soon)
    make_exhibitor(edition, name="Plus tard", status=Status.OFFERED, offer_expires_at=late)
    accepted = make_exhibitor(edition, name="Acceptée")
    with transaction() as session:
        for number in range(2):
            session.add(
                Document(
                    exhibitor_id=accepted.id,
                    kind=DocumentKind.CONTRACT,
                    name="contrat.pdf",
                    stored_name=f"{number}.pdf",
                    media_type="application/pdf",
                    size=1,
                    sha256="0" * 64,
                    uploaded_at=now(),
                    uploaded_by="Élise",
                )
            )

    counts = queries.counts_of(edition.id, now())

    assert counts.waits == {
        Wait.STUDY: 1,
        Wait.RETURNED: 1,
        Wait.ENDING: 1,
        Wait.DOCUMENTS: 2,
        Wait.NO_STAND: 1,
    }
    assert counts.by_state[Status.SUBMITTED] == 2
    assert counts.shown == 5
    assert names(edition, waits="study") == ["Nouvelle"]
    assert names(edition, waits="returned") == ["Revenue"]
    assert names(edition, waits="ending") == ["Bientôt"]
    assert names(edition, waits="documents") == ["Acceptée"]


def test_those_to_study_come_in_the_order_they_arrived(app: Flask, edition: Edition) -> None:
    for name, days in (("A", 1), ("B", 5), ("C", 3)):
        at = now() - timedelta(days=days)
        make_exhibitor(edition, name=name, status=Status.SUBMITTED, submitted_at=at, status_at=at)
    assert names(edition, state="submitted") == ["B", "C", "A"]
    assert names(edition) == ["A", "B", "C"]


def many(edition: Edition, count: int) -> None:
    pattern = make_exhibitor(edition, name="Exposant 000")
    columns = Exhibitor.__table__.columns
    columns_of_pattern = {
        column.name: getattr(pattern, column.name) for column in columns if column.name != "id"
    }
    with transaction() as session:
        for number in range(1, count):
            name = f"Exposant {number:03}"
            own = {"name": name, "name_key": name.lower(), "slug": name, "private_token": name}
            session.add(Exhibitor(**{**columns_of_pattern, **own}))


@pytest.mark.parametrize("count", [30, 300])
def test_a_page_costs_the_same_number_of_queries_whatever_its_length(
    app: Flask, edition: Edition, count: int
) -> None:
    many(edition, count)
    current_session().rollback()
    with statements() as seen:
        page = queries.review_page(edition.id, ReviewFilter(), now())
        queries.counts_of(edition.id, now())
        for row in page.items:
            assert row.name
    assert page.total == count
    assert len([item for item in seen if item.lstrip().startswith("SELECT")]) == 3


def test_an_export_reads_the_whole_list_in_its_order(app: Flask, edition: Edition) -> None:
    many(edition, 230)
    stored_names = [
        filtered_exhibitor.name
        for filtered_exhibitor in queries.filtered_exhibitors(edition.id, ReviewFilter(), now())
    ]
    assert len(stored_names) == 230
    assert stored_names == sorted(stored_names)


def test_a_page_far_beyond_the_end_is_the_last_one(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    page = queries.review_page(edition.id, ReviewFilter(), now(), PageRequest(100_000))
    assert (page.total, [row.id for row in page.items]) == (1, [exhibitor.id])
