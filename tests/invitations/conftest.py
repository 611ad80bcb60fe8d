"""An edition that took place, and the next one, which the public sees."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.badges.engine.matching import Affiliation
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.badges.people import BEZIERS, make_person, register
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import make_edition, sign_in
from tests.pages import PageClient

AGGLOMERATION = Affiliation("CA de Béziers-Méditerranée", epci_siren="243400769")


@pytest.fixture
def terms(edition: Edition) -> ExhibitorTerms:
    day = datetime.now().astimezone() - timedelta(days=40)
    return make_terms(
        edition, applications_open_at=day - timedelta(days=20), applications_close_at=day
    )


@pytest.fixture
def open_terms(terms: ExhibitorTerms) -> ExhibitorTerms:
    with transaction(terms):
        terms.applications_close_at = now() + timedelta(hours=2)
    return terms


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def past(edition: Edition) -> Edition:
    """Three people of Béziers registered by two addresses, one of an EPCI, one who cancelled."""
    register(
        make_person(place=BEZIERS), make_person(place=BEZIERS), contact="mairie@beziers.example"
    )
    register(make_person(place=BEZIERS), contact="maire@beziers.example")
    register(make_person(place=AGGLOMERATION), contact="agglo@beziers.example")
    register(make_person(place=Affiliation("Cabinet d’études")), contact="cabinet@x.example")
    make_exhibitor(edition, name="Fidèle", siret="44306184100047", email="elise@fidele.example")
    make_exhibitor(edition, name="Refusée", siret="", status=ApplicationStatus.REFUSED)
    make_exhibitor(edition, name="Partie", siret="", status=ApplicationStatus.WITHDRAWN)
    with transaction(edition):
        edition.state, edition.is_current, edition.slug = EditionState.HELD, None, "2021"
    return edition


@pytest.fixture
def following(past: Edition) -> Edition:
    edition = make_edition(slug="2030", day=local(now()).date() + timedelta(days=365))
    make_terms(edition)
    return edition


@pytest.fixture
def former(past: Edition, app: Flask) -> Exhibitor:
    statement = select(Exhibitor).where(Exhibitor.name == "Fidèle")
    return current_session().scalars(statement).one()
