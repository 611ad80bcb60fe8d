"""The exhibitors of the demonstration: every state, every paper, the village, those made up."""

import random
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum.fr import siret

from salon.billing.models import SalesDocument
from salon.demonstration.exhibitors import floor_of
from salon.demonstration.inventing import Invention, read_words, siret_of
from salon.demonstration.services import find_account_of
from salon.exhibitor_space.engine.tasks import TaskStatus, tasks_of
from salon.exhibitor_space.queries.accepted import accepted_with_tasks, get_with_tasks
from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentStatus,
    Exhibitor,
    Task,
)
from salon.exhibitors.queries.exhibitors import exhibitors_of_account, terms_of
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from salon.platform.settings.installation import ROOT
from salon.safety.queries import Sheet, stands_of
from tests.demonstration.conftest import EXHIBITORS

FROM_FILE = 56


def exhibitors() -> list[Exhibitor]:
    return list(current_session().scalars(select(Exhibitor).order_by(Exhibitor.id)))


def test_every_state_of_an_application_is_there(app: Flask) -> None:
    counts = Counter(exhibitor.status for exhibitor in exhibitors()[:FROM_FILE])
    assert set(counts) == set(ApplicationStatus)
    assert counts[ApplicationStatus.ACCEPTED] == 40


def test_the_applications_of_an_open_fair_are_still_open(app: Flask) -> None:
    terms = terms_of(get_public_edition())
    assert terms.applications_open_at < now() < terms.applications_close_at


def test_every_siret_is_valid_and_of_an_invented_range(app: Flask) -> None:
    numbers = [exhibitor.siret for exhibitor in exhibitors() if exhibitor.siret]
    assert len(set(numbers)) == len(numbers) > 60
    assert all(siret.is_valid(number) for number in numbers)
    assert all(number.startswith(("9999", "998")) for number in numbers)


def test_the_account_of_the_demonstration_has_a_stand_and_tasks_in_every_state(app: Flask) -> None:
    (own_exhibitor,) = exhibitors_of_account(find_account_of(Role.EXHIBITOR).id)
    assert own_exhibitor.name == "Éclairage du Biterrois"
    assert own_exhibitor.stand is not None
    states = tasks_of(own_exhibitor, terms_of(get_public_edition()), local(now()).date())
    results = {state.status for state in states}
    assert {TaskStatus.DONE, TaskStatus.TO_REDO, TaskStatus.LATE} <= results


def test_the_facts_of_tasks_say_what_the_whole_rows_say(app: Flask) -> None:
    edition, today = get_public_edition(), local(now()).date()
    terms = terms_of(edition)
    rows = {exhibitor.id: exhibitor for exhibitor in exhibitors()}
    facts = accepted_with_tasks(edition)
    accepted = [row for row in rows.values() if row.status == ApplicationStatus.ACCEPTED]
    assert {exhibitor.id for exhibitor in facts} == {row.id for row in accepted}
    seen = set()
    for exhibitor in facts:
        states = tasks_of(exhibitor, terms, today)
        assert states == tasks_of(rows[exhibitor.id], terms, today), exhibitor.name
        assert get_with_tasks(exhibitor.id, edition) == exhibitor
        seen |= {(state.task, state.status) for state in states}
    assert {(task, TaskStatus.DONE) for task in Task} <= seen


def test_the_village_is_a_pavilion_of_eight_members_on_their_bodies_stands(app: Flask) -> None:
    (village,) = (exhibitor for exhibitor in exhibitors() if exhibitor.is_pavilion)
    assert village.name == "Village Hérault"
    assert len(village.members) == 8
    for member in village.members:
        assert member.stand is not None
        assert member.stand.body is not None
        assert member.name in (member.stand.body.name, member.stand.body.short_name)


def test_placed_exhibitors_have_the_area_the_power_and_the_water_they_asked_for(app: Flask) -> None:
    placed = [exhibitor for exhibitor in exhibitors() if exhibitor.stand is not None]
    assert len(placed) == 32
    for other_exhibitor in placed:
        assert other_exhibitor.stand is not None
        assert other_exhibitor.area <= other_exhibitor.stand.area, other_exhibitor.name
        assert other_exhibitor.power_kw <= other_exhibitor.stand.power_kw, other_exhibitor.name
        assert other_exhibitor.stand.has_water or not other_exhibitor.wants_water, (
            other_exhibitor.name
        )


def test_papers_safety_and_money_are_in_every_state(app: Flask) -> None:
    documents = current_session().scalars(select(Document.status).distinct()).all()
    assert set(documents) == set(DocumentStatus)
    assert {stand.sheet for stand in stands_of(get_public_edition())} == set(Sheet)
    kinds = current_session().execute(
        select(SalesDocument.kind, func.count()).group_by(SalesDocument.kind)
    )
    assert {kind.value for kind, _ in kinds} >= {"quote", "order", "invoice"}


def test_made_up_exhibitors_are_accepted_and_have_no_stand(app: Flask) -> None:
    generated = exhibitors()[FROM_FILE:]
    assert len(generated) == EXHIBITORS
    assert {(exhibitor.status, exhibitor.stand_id) for exhibitor in generated} == {
        (ApplicationStatus.ACCEPTED, None)
    }
    assert len({exhibitor.name for exhibitor in generated}) == EXHIBITORS
    assert all(1 <= len(exhibitor.themes) <= 3 for exhibitor in generated)
    assert all(exhibitor.contacts[0].email.endswith(".example") for exhibitor in generated)


def test_the_same_number_makes_the_same_exhibitors(app: Flask) -> None:
    words, floor = read_words(ROOT / "seed_data"), floor_of(get_public_edition())
    first, second = (Invention(words, floor, random.Random(34)) for _ in range(2))
    drawn = [first.exhibitor(number) for number in range(1, 1_201)]
    assert drawn == [second.exhibitor(number) for number in range(1, 1_201)]
    assert len({applicant.name for applicant, _ in drawn}) == 1_200
    corners = sum(values["wants_corner"] for _, values in drawn)
    waters = sum(values["wants_water"] for _, values in drawn)
    assert 130 < corners < 230
    assert 60 < waters < 140
    assert Counter(values["area"] for _, values in drawn).most_common(1)[0][0] == 9


@pytest.mark.parametrize("number", [1, 999, 99_999])
def test_an_invented_siret_is_valid(number: int) -> None:
    assert siret.is_valid(siret_of(number))
