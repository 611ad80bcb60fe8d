"""Answers saved, completed, judged and eased, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from salon.safety import queries
from salon.safety.engine.assessment import Verdict
from salon.safety.models import SafetyForm
from salon.safety.queries import Sheet
from salon.safety.rules import FairHasBegun, NoStandToMakeSafe, NothingToSetAside
from salon.safety.services import NEW, answer_safety, restore_rule, set_rule_aside
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.safety.answers import QUIET
from tests.statements import statements

pytestmark = pytest.mark.on_both

ORGANISER = Identity(Role.ORGANISER, 1, "Olivia")


def form_of(exhibitor: Exhibitor) -> SafetyForm:
    current_session().expire_all()
    sheet = queries.find_sheet(exhibitor.id)
    assert sheet is not None
    return sheet


def test_answers_are_kept_as_they_come_and_complete_at_the_last(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True, "people": None})
    begun = form_of(exhibitor)
    assert begun.answers == {"gas": True}
    assert begun.completed_at is None
    whole = {**QUIET, "gas": True, "gas_which": "Une bouteille de 13 kg"}
    answer_safety(Act(SYSTEM), exhibitor, begun.version, whole)
    done = form_of(exhibitor)
    assert done.completed_at is not None
    answer_safety(Act(SYSTEM), exhibitor, done.version, {**whole, "people": None})
    assert form_of(exhibitor).completed_at is None
    actions = [
        journal_entry.action for journal_entry in current_session().scalars(select(JournalEntry))
    ]
    assert actions == ["safety.saved", "safety.completed", "safety.saved"]


def test_two_people_never_overwrite_each_other(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True})
    with pytest.raises(StaleVersion):
        answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": False})
    read = form_of(exhibitor).version
    answer_safety(Act(SYSTEM), exhibitor, read, {"gas": True, "covered": True})
    with pytest.raises(StaleVersion):
        answer_safety(Act(SYSTEM), exhibitor, read, {"gas": False})
    assert form_of(exhibitor).answers == {"gas": True, "covered": True}


def test_saying_the_same_again_is_a_new_version(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True})
    read = form_of(exhibitor).version
    answer_safety(Act(SYSTEM), exhibitor, read, {"gas": True})
    assert form_of(exhibitor).version == read + 1


def test_a_pavilion_has_no_form(app: Flask, edition: Edition) -> None:
    with pytest.raises(NoStandToMakeSafe):
        answer_safety(Act(SYSTEM), make_exhibitor(edition, area=0), NEW, {})


def test_a_form_closes_when_the_fair_opens(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    before = edition.starts_at - timedelta(minutes=1)
    answer_safety(Act(SYSTEM, before), exhibitor, NEW, {"gas": True})
    with pytest.raises(FairHasBegun):
        answer_safety(Act(SYSTEM, edition.starts_at), exhibitor, 1, {"gas": False})
    assert form_of(exhibitor).answers == {"gas": True}
    set_rule_aside(Act(ORGANISER, edition.starts_at), exhibitor.id, 1, "gas", "Bouteille factice.")
    assert form_of(exhibitor).overrides["gas"]["by"] == "Olivia"


def test_rows_are_kept_by_name_number_form_and_result(app: Flask, edition: Edition) -> None:
    hall = make_hall(edition)
    quiet = make_exhibitor(edition, stand=make_stand(hall, number="209"), name="Éclairage")
    begun = make_exhibitor(edition, stand=make_stand(hall, number="210", x=9), name="Bornes")
    missing = make_exhibitor(edition, name="Sans fiche")
    answer_safety(Act(SYSTEM), quiet, NEW, QUIET)
    answer_safety(Act(SYSTEM), begun, NEW, {"gas": True})
    current_session().expire_all()
    rows = queries.stands_of(edition)

    def kept(**filters: str) -> list[int]:
        return [
            matching_stand.exhibitor.id
            for matching_stand in queries.matching_stands(rows, **filters)
        ]

    assert kept() == [quiet.id, begun.id, missing.id]
    assert kept(text="eclairage") == [quiet.id]
    assert kept(text="210") == [begun.id]
    assert kept(text="21") == []
    assert kept(sheet=queries.INCOMPLETE) == [begun.id, missing.id]
    assert kept(sheet=Sheet.BEGUN) == [begun.id]
    assert kept(verdict=queries.TO_SUBMIT) == [begun.id]
    assert kept(verdict=Verdict.NOTHING) == [quiet.id]
    assert kept(text="bornes", sheet=Sheet.COMPLETE) == []
    counts = queries.counts_of(rows)
    assert (counts.total, counts.complete, counts.quiet, counts.to_submit) == (3, 1, 1, 1)
    assert counts.incomplete == 2


def test_a_rule_is_set_aside_with_a_reason_and_restored(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True, "lasers": True})
    read = form_of(exhibitor).version
    set_rule_aside(Act(ORGANISER), exhibitor.id, read, "gas", "Bouteille factice.")
    eased = form_of(exhibitor)
    assert eased.overrides["gas"]["reason"] == "Bouteille factice."
    assert eased.overrides["gas"]["by"] == "Olivia"
    with pytest.raises(StaleVersion):
        set_rule_aside(Act(ORGANISER), exhibitor.id, read, "lasers", "Éteint.")
    with pytest.raises(NothingToSetAside):
        set_rule_aside(Act(ORGANISER), exhibitor.id, eased.version, "banned", "Aucun.")
    restore_rule(Act(ORGANISER), exhibitor.id, eased.version, "gas")
    assert form_of(exhibitor).overrides == {}
    entries = current_session().scalars(
        select(JournalEntry).where(JournalEntry.actor == ORGANISER.key)
    )
    assert [(entry.action, entry.details["rule"]) for entry in entries] == [
        ("safety.set_aside", "gas"),
        ("safety.restored", "gas"),
    ]


def test_an_override_ends_with_what_it_was_for(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True})
    set_rule_aside(Act(ORGANISER), exhibitor.id, 1, "gas", "Bouteille factice.")
    answer_safety(Act(SYSTEM), exhibitor, form_of(exhibitor).version, {"gas": False})
    answer_safety(Act(SYSTEM), exhibitor, form_of(exhibitor).version, {"gas": True})
    assert form_of(exhibitor).overrides == {}


def test_stands_are_listed_by_hall_and_number_in_one_query(app: Flask, edition: Edition) -> None:
    hall, other_hall = make_hall(edition, name="2"), make_hall(edition, name="1A")
    unplaced = make_exhibitor(edition, name="Sans place")
    ten = make_exhibitor(edition, stand=make_stand(hall, number="210", x=9), name="Dix")
    nine = make_exhibitor(edition, stand=make_stand(hall, number="29"), name="Neuf")
    first = make_exhibitor(edition, stand=make_stand(other_hall, number="101"), name="Premier")
    make_exhibitor(edition, area=0, name="Pavillon")
    answer_safety(Act(SYSTEM), ten, NEW, {"banned": True})
    answer_safety(Act(SYSTEM), nine, NEW, QUIET)
    current_session().expire_all()
    current_session().rollback()
    with statements() as sent_statements:
        rows = queries.stands_of(edition)
        seen = [(row.exhibitor.id, row.sheet, row.verdict) for row in rows]
    assert seen == [
        (first.id, Sheet.MISSING, Verdict.NOTHING),
        (nine.id, Sheet.COMPLETE, Verdict.NOTHING),
        (ten.id, Sheet.BEGUN, Verdict.FORBIDDEN),
        (unplaced.id, Sheet.MISSING, Verdict.NOTHING),
    ]
    assert len([item for item in sent_statements if item.startswith("SELECT")]) <= 2
