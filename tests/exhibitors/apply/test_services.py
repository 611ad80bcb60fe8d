"""Applications on SQLite and on PostgreSQL: look-ups, drafts, saving, sending, races."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from salon.exhibitors.models import (
    ApplicationStatus,
    CompanyRecord,
    Exhibitor,
    ExhibitorTerms,
    PriceItem,
)
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.rules.application import (
    AlreadyApplied,
    ApplicationIncomplete,
    AreaOutOfBounds,
    CompanyClosed,
    NoLongerEditable,
    Step,
    TooManyChoices,
)
from salon.exhibitors.rules.lifecycle import ApplicationsClosed, MoveRefused
from salon.exhibitors.services.answers import give_logo, remove_logo, save_step
from salon.exhibitors.services.applications import (
    Applicant,
    change_siret,
    start_application,
    submit,
    take_offer,
    withdraw,
)
from salon.exhibitors.services.companies import look_up_company
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.db import current_session
from salon.platform.identity import Identity
from salon.platform.journal import JournalEntry, note
from salon.platform.settings import Settings
from salon.platform.submissions import SubmissionDiffers
from salon.platform.versions import StaleVersion
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import CLOSED, LIGHTING, TOWN, CompanyServer
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import new_key
from tests.races import race

NOW = datetime.now(UTC)
PUBLIC = Identity(None, None, "public", "192.0.2.7")
EMAIL = "contact@eclairage.example"
CONTACT = {
    "civility": "madame",
    "first_name": "Élise",
    "last_name": "Cabanel",
    "function": "",
    "email": EMAIL,
    "phone": "04 67 00 00 00",
}


def ask(search: CompanyServer, siret: str = LIGHTING, now: datetime = NOW) -> Any:
    return look_up_company(siret, search.url, 0.4, now)


def start(email: str = EMAIL, siret: str = LIGHTING, **options: Any) -> Exhibitor:
    applicant = Applicant(email=email, siret=siret, **options)
    exhibitor = start_application(get_public_edition(), applicant, None, new_key(), NOW, PUBLIC)
    assert exhibitor is not None
    return exhibitor


def draft(edition: Edition, **overrides: Any) -> Exhibitor:
    """A draft that can be sent."""
    return make_exhibitor(edition, status=ApplicationStatus.DRAFT, submitted_at=None, **overrides)


def save(exhibitor: Exhibitor, step: Step, version: int = 0, **values: Any) -> Exhibitor:
    current = queries.get_application(exhibitor.private_token)
    return save_step(exhibitor.private_token, version or current.version, step, values, PUBLIC, NOW)


def fresh(exhibitor: Exhibitor) -> Exhibitor:
    current_session().expire_all()
    return queries.get_application(exhibitor.private_token)


# Look-ups


def test_a_company_is_asked_for_once_a_day(edition: Edition, search: CompanyServer) -> None:
    result = ask(search)
    assert result is not None
    assert ask(search, now=NOW + timedelta(hours=23)) == result
    assert len(search.asked) == 1
    ask(search, now=NOW + timedelta(hours=24))
    assert len(search.asked) == 2


@pytest.mark.on_both
def test_what_was_known_stands_in_for_a_search_that_fails(
    edition: Edition, search: CompanyServer
) -> None:
    result = ask(search)
    search.will_say(500, b"")
    assert ask(search, now=NOW + timedelta(days=3)) == result
    assert ask(search, siret=TOWN) is None


def test_not_found_is_never_kept_as_found(edition: Edition, search: CompanyServer) -> None:
    search.will_say(200, b'{"results": []}')
    assert ask(search) is None
    assert current_session().get(CompanyRecord, LIGHTING) is None
    search.mode = "search"
    assert ask(search) is not None


def test_a_record_holds_no_more_than_the_company(edition: Edition, search: CompanyServer) -> None:
    ask(search)
    record = current_session().get_one(CompanyRecord, LIGHTING)
    assert sorted(record.answer) == [
        *("activity", "address", "city", "is_closed", "kind"),
        *("legal_name", "postal_code", "siret", "trade_name"),
    ]


@pytest.mark.race
def test_two_who_ask_at_once_keep_one_record(
    app: Flask, edition: Edition, search: CompanyServer
) -> None:
    first, second = race(app, [lambda: ask(search), lambda: ask(search)])
    assert first == second
    current_session().expire_all()
    assert [
        company_record.siret for company_record in current_session().scalars(select(CompanyRecord))
    ] == [LIGHTING]


@pytest.mark.on_both
def test_the_search_is_asked_outside_any_transaction(
    app: Flask, edition: Edition, search: CompanyServer
) -> None:
    """A search that hangs holds no lock: another writes meanwhile."""
    search.mode = "hang"

    results = race(app, [lambda: ask(search), lambda: note(PUBLIC, "tried")])
    assert results == [None, None]
    assert [entry.action for entry in all_of(JournalEntry)] == ["tried"]


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
        start_application(get_public_edition(), applicant, None, key, NOW, PUBLIC) for _ in "12"
    ]
    assert drafts[0] is not None
    assert drafts[0] is drafts[1]
    with pytest.raises(SubmissionDiffers):
        start_application(get_public_edition(), Applicant(EMAIL, TOWN), None, key, NOW, PUBLIC)


@pytest.mark.on_both
def test_a_refused_start_says_the_same_twice(edition: Edition, terms: ExhibitorTerms) -> None:
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, email="un@x.example")
    applicant, key = Applicant(EMAIL, LIGHTING), new_key()
    sirets = {exhibitor.siret for exhibitor in all_of(Exhibitor)}
    assert sirets == {LIGHTING}
    for _ in range(2):
        assert start_application(get_public_edition(), applicant, None, key, NOW, PUBLIC) is None
    assert kinds_sent("un@x.example") == ["application_link"]


def test_closed_applications_start_nothing(edition: Edition, terms: ExhibitorTerms) -> None:
    with pytest.raises(ApplicationsClosed):
        start_application(
            get_public_edition(),
            Applicant(EMAIL, LIGHTING),
            None,
            new_key(),
            terms.applications_close_at,
            PUBLIC,
        )
    assert all_of(Exhibitor) == []


@pytest.mark.race
def test_one_person_twice_at_once_has_one_draft(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    def begin() -> bool:
        applicant = Applicant(EMAIL, LIGHTING)
        return (
            start_application(get_public_edition(), applicant, None, new_key(), NOW, PUBLIC)
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
    parts: list[tuple[Step, dict[str, Any]]] = [
        (Step.ORGANISATION, {"city": "Sète"}),
        (Step.CONTACTS, {"contacts": {"main": {**CONTACT, "phone": "06 00 00 00 00"}}}),
        (Step.CONTACTS, {"contacts": {"billing": {**CONTACT, "last_name": "Pech"}}}),
        (Step.CONTACTS, {"contacts": {"billing": None}}),
        (Step.WISHES, {"co_exhibitors": [{"name": "Bornes", "website": ""}]}),
        (Step.OPTIONS, {"options": {item.id: 2}}),
        (Step.OPTIONS, {"options": {item.id: 3}}),
        (Step.OPTIONS, {"options": {item.id: 0}}),
        (Step.WISHES, {"near": ["Un", "Deux"]}),
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
    save(exhibitor, Step.WISHES, area=12)
    with pytest.raises(StaleVersion):
        save(exhibitor, Step.ORGANISATION, version=1, **values)
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
                save_step(exhibitor.private_token, 1, Step.WISHES, {"near": [name]}, PUBLIC, NOW)
            except StaleVersion:
                return "stale"
            return name

        return one

    results = race(app, [saving("un"), saving("deux")])
    saved_results = [result for result in results if result != "stale"]
    assert len(saved_results) == 1
    assert fresh(exhibitor).near == saved_results


@pytest.mark.parametrize(
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
        save(exhibitor, Step.WISHES, **values)
    assert fresh(exhibitor).version == 1


def test_columns_that_are_not_answers_cannot_be_written(
    edition: Edition, terms: ExhibitorTerms
) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = draft(edition)
    save(exhibitor, Step.WISHES, status="accepted", stand_id=stand.id, siret=TOWN, version_id=3)
    after = fresh(exhibitor)
    assert (after.status, after.stand_id, after.siret) == ("draft", None, LIGHTING)


def test_another_editions_prices_are_not_options(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition)
    save(exhibitor, Step.OPTIONS, options={99_999: 3})
    assert fresh(exhibitor).options == []


def test_an_unknown_link_saves_nothing(edition: Edition, terms: ExhibitorTerms) -> None:
    with pytest.raises(NoResultFound):
        save_step("inconnu", 1, Step.WISHES, {"area": 9}, PUBLIC, NOW)


@pytest.mark.on_both
def test_another_siret_brings_another_company(
    edition: Edition, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    exhibitor = draft(edition, foreign_number="X", country="DE")
    company = ask(search, TOWN)
    change_siret(exhibitor.private_token, 1, TOWN, company, NOW, PUBLIC)
    after = fresh(exhibitor)
    assert (after.siret, after.kind, after.legal_name, after.name_key) == (
        TOWN,
        "public_body",
        "COMMUNE DE BEZIERS",
        "commune de beziers",
    )
    assert (after.country, after.foreign_number, after.vat_number) == ("FR", "", "")
    with pytest.raises(StaleVersion):
        change_siret(exhibitor.private_token, 1, LIGHTING, None, NOW, PUBLIC)


# Sending


def send(exhibitor: Exhibitor, **options: Any) -> Exhibitor:
    version = options.pop("version", 0) or fresh(exhibitor).version
    return submit(exhibitor.private_token, version, PUBLIC, options.pop("now", NOW), **options)


@pytest.mark.on_both
def test_sending_twice_is_sending_once(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition, email=EMAIL)
    for _ in range(2):
        send(exhibitor, version=1)
    assert fresh(exhibitor).status == ApplicationStatus.SUBMITTED
    assert kinds_sent(EMAIL) == ["exhibitor_submit"]


def test_what_is_incomplete_stays_a_draft(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition, presentation="")
    with pytest.raises(ApplicationIncomplete) as raised:
        send(exhibitor)
    assert raised.value.missing.field == "presentation"
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT


def test_a_closed_company_cannot_be_sent(
    edition: Edition, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    exhibitor = draft(edition, siret=CLOSED)
    with pytest.raises(CompanyClosed):
        send(exhibitor, company=ask(search, CLOSED))
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT


def test_a_draft_cannot_be_sent_after_the_end_but_a_correction_can(
    edition: Edition, terms: ExhibitorTerms
) -> None:
    late = terms.applications_close_at
    with pytest.raises(ApplicationsClosed):
        send(draft(edition), now=late)
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.CHANGES_ASKED)
    assert send(exhibitor, now=late).status == ApplicationStatus.SUBMITTED


def test_a_stale_summary_is_not_sent(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = draft(edition)
    save(exhibitor, Step.WISHES, area=12)
    with pytest.raises(StaleVersion):
        send(exhibitor, version=1)
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT


@pytest.mark.race
def test_of_two_drafts_of_a_siret_sent_at_once_one_is_sent(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    drafts = [draft(edition, email=f"c{number}@x.example") for number in range(2)]

    def sending(exhibitor: Exhibitor) -> Callable[[], str]:
        token = exhibitor.private_token

        def one() -> str:
            try:
                submit(token, 1, PUBLIC, NOW)
            except AlreadyApplied:
                return "refused"
            return "sent"

        return one

    results = race(app, [sending(draft) for draft in drafts])
    assert sorted(results) == ["refused", "sent"]
    statuses = sorted(exhibitor.status for exhibitor in all_of(Exhibitor))
    assert statuses == ["draft", "submitted"]
    sent = next(exhibitor for exhibitor in all_of(Exhibitor) if exhibitor.status == "submitted")
    assert kinds_sent(sent.contacts[0].email) == ["exhibitor_submit", "application_link"]


def test_without_siret_nobody_is_taken_for_another(edition: Edition, terms: ExhibitorTerms) -> None:
    for number in range(2):
        send(draft(edition, siret="", email=f"asso{number}@x.example"))
    assert [exhibitor.status for exhibitor in all_of(Exhibitor)] == ["submitted", "submitted"]


@pytest.mark.parametrize("status", ["submitted", "waiting", "offered", "accepted", "refused"])
def test_what_was_sent_is_not_saved_any_more(
    edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus(status))
    with pytest.raises(NoLongerEditable):
        save(exhibitor, Step.WISHES, area=12)
    assert fresh(exhibitor).area == 9


@pytest.mark.on_both
def test_only_an_offer_is_taken(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    with pytest.raises(MoveRefused):
        take_offer(exhibitor.private_token, NOW, PUBLIC)
    offered = make_exhibitor(edition, status=ApplicationStatus.OFFERED)
    assert take_offer(offered.private_token, NOW, PUBLIC).status == ApplicationStatus.ACCEPTED


@pytest.mark.on_both
def test_a_withdrawal_frees_the_stand(edition: Edition, terms: ExhibitorTerms) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = make_exhibitor(edition, stand=stand)
    withdraw(exhibitor.private_token, NOW, PUBLIC)
    after = fresh(exhibitor)
    assert (after.status, after.stand_id) == (ApplicationStatus.WITHDRAWN, None)
    with pytest.raises(MoveRefused):
        withdraw(
            make_exhibitor(edition, status=ApplicationStatus.REFUSED).private_token, NOW, PUBLIC
        )


# The logo


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), (11, 86, 112)).save(stream, "PNG")
    return stream.getvalue()


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "uploads").glob("*"))


@pytest.mark.on_both
def test_a_logo_takes_the_place_of_the_former(
    edition: Edition, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor = draft(edition)
    first = give_logo(exhibitor.private_token, 1, picture(), settings.data, PUBLIC, NOW).logo_file
    second = give_logo(exhibitor.private_token, 2, picture(), settings.data, PUBLIC, NOW).logo_file
    assert first != second
    assert files(settings.data) == [second]
    remove_logo(exhibitor.private_token, settings.data, PUBLIC, NOW)
    assert (fresh(exhibitor).logo_file, files(settings.data)) == ("", [])


def test_a_logo_that_is_refused_leaves_no_file(
    edition: Edition, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor = draft(edition)
    save(exhibitor, Step.WISHES, area=12)
    with pytest.raises(StaleVersion):
        give_logo(exhibitor.private_token, 1, picture(), settings.data, PUBLIC, NOW)
    sent = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    with pytest.raises(NoLongerEditable):
        give_logo(sent.private_token, 1, picture(), settings.data, PUBLIC, NOW)
    assert files(settings.data) == []
