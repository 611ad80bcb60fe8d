"""Drafts of an application: started and saved."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from salon.exhibitors.engine.company import vat_number_of
from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    ExhibitorTerms,
    PriceItem,
)
from salon.exhibitors.rules.application import (
    ApplicationStep,
    AreaOutOfBounds,
    TooManyChoices,
)
from salon.exhibitors.rules.lifecycle import ApplicationsClosed
from salon.exhibitors.services.answers import save_step
from salon.exhibitors.services.applications import (
    Applicant,
    change_siret,
    start_application,
)
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.journal import JournalEntry
from salon.platform.database.submissions import SubmissionDiffers
from salon.platform.database.versions import StaleVersion
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import LIGHTING, TOWN, CompanyServer
from tests.exhibitors.apply.drafts import EMAIL, NOW, PUBLIC, ask, draft, fresh, save
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import act_in, new_key
from tests.races import race
from tests.tables import each

CONTACT = {
    "civility": "madame",
    "first_name": "Élise",
    "last_name": "Cabanel",
    "function": "",
    "email": EMAIL,
    "phone": "04 67 00 00 00",
}


def start(email: str = EMAIL, siret: str = LIGHTING, **options: Any) -> Exhibitor:
    applicant = Applicant(email=email, siret=siret, **options)
    exhibitor = start_application(
        act_in(get_public_edition(), PUBLIC, NOW), applicant, None, new_key()
    )
    assert exhibitor is not None
    return exhibitor


# Drafts


def test_a_draft_has_a_main_contact_and_a_link(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = start()
    assert [(contact.kind, contact.email_key) for contact in exhibitor.contacts] == [
        ("main", EMAIL)
    ]
    assert len(exhibitor.private_token) >= 24
    assert kinds_sent(EMAIL) == ["application_started"]
    assert [entry.action for entry in all_of(JournalEntry)] == ["exhibitor.start"]


def test_the_same_key_gives_the_same_draft(edition: Edition, terms: ExhibitorTerms) -> None:
    applicant, key = Applicant(EMAIL, LIGHTING), new_key()
    drafts = [
        start_application(act_in(get_public_edition(), PUBLIC, NOW), applicant, None, key)
        for _ in "12"
    ]
    assert drafts[0] is not None
    assert drafts[0] is drafts[1]
    with pytest.raises(SubmissionDiffers):
        start_application(
            act_in(get_public_edition(), PUBLIC, NOW), Applicant(EMAIL, TOWN), None, key
        )


@pytest.mark.on_both
def test_a_refused_start_says_the_same_twice(edition: Edition, terms: ExhibitorTerms) -> None:
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, email="un@x.example")
    applicant, key = Applicant(EMAIL, LIGHTING), new_key()
    sirets = {exhibitor.siret for exhibitor in all_of(Exhibitor)}
    assert sirets == {LIGHTING}
    for _ in range(2):
        assert (
            start_application(act_in(get_public_edition(), PUBLIC, NOW), applicant, None, key)
            is None
        )
    assert kinds_sent("un@x.example") == ["application_link"]


def test_closed_applications_start_nothing(edition: Edition, terms: ExhibitorTerms) -> None:
    with pytest.raises(ApplicationsClosed):
        start_application(
            act_in(get_public_edition(), PUBLIC, terms.applications_close_at),
            Applicant(EMAIL, LIGHTING),
            None,
            new_key(),
        )
    assert all_of(Exhibitor) == []


@pytest.mark.race
def test_one_person_twice_at_once_has_one_draft(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    def begin() -> bool:
        applicant = Applicant(EMAIL, LIGHTING)
        return (
            start_application(act_in(get_public_edition(), PUBLIC, NOW), applicant, None, new_key())
            is not None
        )

    results = race(app, [begin, begin, begin])
    assert sorted(results) == [False, False, True]
    assert len(all_of(Exhibitor)) == 1


# Saving


@pytest.mark.on_both
def test_every_part_is_covered_by_the_version(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition)
    item = next(item for item in all_of(PriceItem) if item.code == "repas")
    parts: list[tuple[ApplicationStep, dict[str, Any]]] = [
        (ApplicationStep.ORGANISATION, {"city": "Sète"}),
        (ApplicationStep.CONTACTS, {"contacts": {"main": {**CONTACT, "phone": "06 00 00 00 00"}}}),
        (ApplicationStep.CONTACTS, {"contacts": {"billing": {**CONTACT, "last_name": "Pech"}}}),
        (ApplicationStep.CONTACTS, {"contacts": {"billing": None}}),
        (ApplicationStep.WISHES, {"co_exhibitors": [{"name": "Bornes", "website": ""}]}),
        (ApplicationStep.OPTIONS, {"options": {item.id: 2}}),
        (ApplicationStep.OPTIONS, {"options": {item.id: 3}}),
        (ApplicationStep.OPTIONS, {"options": {item.id: 0}}),
        (ApplicationStep.WISHES, {"near": ["Un", "Deux"]}),
    ]
    for number, (step, values) in enumerate(parts, start=1):
        save(exhibitor, step, **values)
        assert fresh(exhibitor).version == 1 + number, step
        save(exhibitor, step, version=1, **values)
        assert fresh(exhibitor).version == 1 + number, step


@pytest.mark.on_both
@pytest.mark.parametrize(
    "values",
    [
        {"city": "Sète"},
        {"contacts": {"main": {**CONTACT, "last_name": "Autre"}}},
        {"co_exhibitors": [{"name": "Bornes", "website": ""}]},
    ],
)
def test_a_stale_save_writes_nothing(
    edition: Edition, terms: ExhibitorTerms, values: dict[str, Any]
) -> None:
    exhibitor = draft(edition)
    save(exhibitor, ApplicationStep.WISHES, area=12)
    with pytest.raises(StaleVersion):
        save(exhibitor, ApplicationStep.ORGANISATION, version=1, **values)
    after = fresh(exhibitor)
    assert (after.city, after.contacts[0].last_name, after.co_exhibitors) == (
        "Béziers",
        "Cabanel",
        [],
    )


@pytest.mark.race
def test_two_saves_at_once_never_overwrite(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = draft(edition)

    def saving(name: str) -> Callable[[], str]:
        def one() -> str:
            try:
                save_step(
                    Act(PUBLIC),
                    exhibitor.private_token,
                    1,
                    ApplicationStep.WISHES,
                    {"near": [name]},
                )
            except StaleVersion:
                return "stale"
            return name

        return one

    results = race(app, [saving("un"), saving("deux")])
    saved_results = [result for result in results if result != "stale"]
    assert len(saved_results) == 1
    assert fresh(exhibitor).near == saved_results


@each(
    ("values", "error"),
    [
        ({"area": 0}, AreaOutOfBounds),
        ({"area": 10_000}, AreaOutOfBounds),
        ({"themes": [1, 2, 3, 4]}, TooManyChoices),
        ({"near": list("abcd")}, TooManyChoices),
        ({"apart": list("abcd")}, TooManyChoices),
        ({"co_exhibitors": [{"name": "x", "website": ""}] * 6}, TooManyChoices),
    ],
)
def test_what_the_rules_refuse_is_not_written(
    edition: Edition, terms: ExhibitorTerms, values: dict[str, Any], error: type[Exception]
) -> None:
    exhibitor = draft(edition)
    with pytest.raises(error):
        save(exhibitor, ApplicationStep.WISHES, **values)
    assert fresh(exhibitor).version == 1


def test_columns_that_are_not_answers_cannot_be_written(
    edition: Edition, terms: ExhibitorTerms
) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = draft(edition)
    save(
        exhibitor,
        ApplicationStep.WISHES,
        status="accepted",
        stand_id=stand.id,
        siret=TOWN,
        version_id=3,
    )
    after = fresh(exhibitor)
    assert (after.status, after.stand_id, after.siret) == ("draft", None, LIGHTING)


def test_another_editions_prices_are_not_options(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition)
    save(exhibitor, ApplicationStep.OPTIONS, options={99_999: 3})
    assert fresh(exhibitor).options == []


def test_an_unknown_link_saves_nothing(edition: Edition, terms: ExhibitorTerms) -> None:
    with pytest.raises(NoResultFound):
        save_step(Act(PUBLIC), "inconnu", 1, ApplicationStep.WISHES, {"area": 9})


@pytest.mark.on_both
def test_another_siret_brings_another_company(
    edition: Edition, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    exhibitor = draft(edition, foreign_number="X", country="DE")
    company = ask(search, TOWN)
    change_siret(Act(PUBLIC), exhibitor.private_token, 1, TOWN, company)
    after = fresh(exhibitor)
    assert (after.siret, after.kind, after.legal_name, after.name_key) == (
        TOWN,
        "public_body",
        "COMMUNE DE BEZIERS",
        "commune de beziers",
    )
    assert (after.country, after.foreign_number, after.vat_number) == ("FR", "", "")
    with pytest.raises(StaleVersion):
        change_siret(Act(PUBLIC), exhibitor.private_token, 1, LIGHTING, None)


def test_another_siret_leaves_no_vat_number_of_the_former_company(
    edition: Edition, terms: ExhibitorTerms
) -> None:
    """The State's register does not answer: the rest is to correct on the next page."""
    exhibitor = draft(edition, siret=LIGHTING, vat_number=vat_number_of(LIGHTING))
    change_siret(Act(PUBLIC), exhibitor.private_token, 1, TOWN, None)
    assert fresh(exhibitor).vat_number == vat_number_of(TOWN)
