"""Allowed values of an application, and those required before it is sent."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    Sector,
)
from salon.exhibitors.rules.application import (
    AgreementInFuture,
    ApplicationIncomplete,
    ApplicationStep,
    AreaOutOfBounds,
    CompanyClosed,
    NoLongerEditable,
    TooManyChoices,
    check_agreement_day,
    check_area,
    check_at_most,
    check_company_is_open,
    check_is_complete,
    check_is_editable,
    missing_of,
    reachable,
)
from salon.platform.words.company_numbers import WrongSiret, check_siret

digits = st.text("0123456789", min_size=14, max_size=14)


def luhn_key(text: str) -> int:
    """Return the digit that makes `text` + digit valid, written from the definition of the
    algorithm.
    """
    total = 0
    for rank, sign in enumerate(reversed(text), start=1):
        value = int(sign) * (2 if rank % 2 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


@st.composite
def sirets(draw: st.DrawFn) -> str:
    """Return a SIREN with its key, an establishment number with its own."""
    siren = draw(st.text("0123456789", min_size=8, max_size=8))
    siren += str(luhn_key(siren))
    place = siren + draw(st.text("0123456789", min_size=4, max_size=4))
    return place + str(luhn_key(place))


def is_valid(text: str) -> bool:
    try:
        check_siret(text)
    except WrongSiret:
        return False
    return True


@given(sirets().filter(lambda item: not item.startswith("356000000")))
def test_a_siret_with_its_two_keys_is_valid(siret: str) -> None:
    assert check_siret(siret) == siret


@given(sirets(), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_seen(siret: str, place: int, shift: int) -> None:
    wrong = siret[:place] + str((int(siret[place]) + shift) % 10) + siret[place + 1 :]
    if not {siret[:9], wrong[:9]} & {"356000000"}:
        assert not is_valid(wrong)


@given(st.text("0123456789", min_size=5, max_size=5))
def test_an_establishment_of_the_post_office_has_digits_of_a_sum_multiple_of_5(
    place: str,
) -> None:
    siret = f"356000000{place}"
    if siret != "35600000000048":
        assert is_valid(siret) == (sum(map(int, siret)) % 5 == 0)


def test_the_seat_of_the_post_office_follows_the_common_rule() -> None:
    assert is_valid("35600000000048")


@given(digits, st.lists(st.tuples(st.integers(0, 14), st.sampled_from(" .\u00a0")), max_size=6))
def test_blanks_and_dots_change_nothing(siret: str, blanks: list[tuple[int, str]]) -> None:
    spaced = list(siret)
    for place, blank in sorted(blanks, reverse=True):
        spaced.insert(place, blank)
    assert is_valid("".join(spaced)) == is_valid(siret)


@given(st.text().filter(lambda text: sum(other_text.isdecimal() for other_text in text) != 14))
def test_no_other_text_is_a_siret(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize(
    ("area", "allowed"),
    [(0, False), (5, False), (6, True), (120, True), (121, False), (10_000, False), (-6, False)],
)
def test_the_area_stays_within_its_bounds(area: int, allowed: bool) -> None:
    if allowed:
        check_area(area, 6, 120)
    else:
        with pytest.raises(AreaOutOfBounds, match="de 6 à 120"):
            check_area(area, 6, 120)


def test_three_are_three() -> None:
    check_at_most([1, 2, 3], 3, "thèmes")
    with pytest.raises(TooManyChoices, match="Au plus 3 thèmes"):
        check_at_most([1, 2, 3, 4], 3, "thèmes")


def test_a_closed_company_is_refused() -> None:
    check_company_is_open(False)
    with pytest.raises(CompanyClosed):
        check_company_is_open(True)


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_only_what_is_in_the_applicants_hands_changes(status: ApplicationStatus) -> None:
    if status in ("draft", "changes_asked"):
        check_is_editable(status)
    else:
        with pytest.raises(NoLongerEditable):
            check_is_editable(status)


def terms() -> ExhibitorTerms:
    at = datetime(2021, 3, 1, tzinfo=UTC)
    return ExhibitorTerms(
        applications_open_at=at,
        applications_close_at=at,
        answer_by_on=date(2021, 9, 1),
        minimum_area=6,
        maximum_area=120,
    )


def application(**overrides: Any) -> Exhibitor:
    """Return a complete application, outside any database."""
    main = Contact(
        kind=ContactKind.MAIN, first_name="Élise", last_name="Cabanel", email="e@x.fr", phone="04"
    )
    values: dict[str, Any] = {
        "country": "FR",
        "legal_name": "Éclairage",
        "name": "Éclairage",
        "address": "1 rue",
        "postal_code": "34500",
        "city": "Béziers",
        "sector": Sector.ENERGY,
        "presentation": "Lampes.",
        "area": 9,
        "contacts": [main],
        **overrides,
    }
    return Exhibitor(**values)


def test_a_complete_application_misses_nothing() -> None:
    assert missing_of(application(), terms()) == []
    check_is_complete(application(), terms())


@pytest.mark.parametrize(
    ("overrides", "step", "field"),
    [
        ({"legal_name": ""}, ApplicationStep.ORGANISATION, "legal_name"),
        ({"name": ""}, ApplicationStep.ORGANISATION, "name"),
        ({"address": ""}, ApplicationStep.ORGANISATION, "address"),
        ({"postal_code": ""}, ApplicationStep.ORGANISATION, "postal_code"),
        ({"city": ""}, ApplicationStep.ORGANISATION, "city"),
        ({"contacts": []}, ApplicationStep.CONTACTS, "main-first_name"),
        ({"sector": None}, ApplicationStep.ACTIVITY, "sector"),
        ({"presentation": ""}, ApplicationStep.ACTIVITY, "presentation"),
        ({"area": 0}, ApplicationStep.WISHES, "area"),
        ({"area": 10_000}, ApplicationStep.WISHES, "area"),
    ],
)
def test_what_is_missing_is_named_with_its_page(
    overrides: dict[str, Any], step: ApplicationStep, field: str
) -> None:
    with pytest.raises(ApplicationIncomplete) as raised:
        check_is_complete(application(**overrides), terms())
    assert (raised.value.missing.step, raised.value.missing.field) == (step, field)
    assert raised.value.message == raised.value.missing.message


def test_a_foreign_address_may_have_no_postal_code() -> None:
    assert missing_of(application(country="IE", postal_code=""), terms()) == []


def test_a_step_opens_after_those_before_it() -> None:
    missing = missing_of(application(sector=None), terms())
    assert [step.value for step in ApplicationStep if reachable(step, missing)] == [
        "organisation",
        "contacts",
        "activite",
    ]
    assert all(reachable(step, []) for step in ApplicationStep)


def test_steps_follow_each_other() -> None:
    assert ApplicationStep.ORGANISATION.previous is None
    assert [step.following for step in ApplicationStep] == [
        *list(ApplicationStep)[1:],
        ApplicationStep.SUMMARY,
    ]
    assert [step.previous for step in list(ApplicationStep)[1:]] == list(ApplicationStep)[:-1]


def test_an_agreement_is_noted_at_most_on_its_day() -> None:
    today = date(2027, 2, 15)
    check_agreement_day(today, today)
    with pytest.raises(AgreementInFuture):
        check_agreement_day(date(2027, 2, 16), today)
