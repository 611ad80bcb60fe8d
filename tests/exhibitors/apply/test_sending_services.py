"""Applications sent, answered and withdrawn; the logo."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    ExhibitorTerms,
)
from salon.exhibitors.rules.application import (
    AlreadyApplied,
    ApplicationIncomplete,
    ApplicationStep,
    CompanyClosed,
    NoLongerEditable,
)
from salon.exhibitors.rules.lifecycle import ApplicationsClosed, MoveRefused
from salon.exhibitors.services.answers import give_logo, remove_logo
from salon.exhibitors.services.applications import (
    submit,
    take_offer,
    withdraw,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.versions import StaleVersion
from salon.platform.settings.installation import Settings
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import CLOSED, CompanyServer
from tests.exhibitors.apply.drafts import EMAIL, NOW, PUBLIC, ask, draft, fresh, save
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.races import race

# Sending


def send(exhibitor: Exhibitor, **options: Any) -> Exhibitor:
    version = options.pop("version", 0) or fresh(exhibitor).version
    return submit(Act(PUBLIC, options.pop("now", NOW)), exhibitor.private_token, version, **options)


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
    save(exhibitor, ApplicationStep.WISHES, area=12)
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
                submit(Act(PUBLIC, NOW), token, 1)
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
        save(exhibitor, ApplicationStep.WISHES, area=12)
    assert fresh(exhibitor).area == 9


@pytest.mark.on_both
def test_only_an_offer_is_taken(edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    with pytest.raises(MoveRefused):
        take_offer(Act(PUBLIC, NOW), exhibitor.private_token)
    offered = make_exhibitor(edition, status=ApplicationStatus.OFFERED)
    assert take_offer(Act(PUBLIC, NOW), offered.private_token).status == ApplicationStatus.ACCEPTED


@pytest.mark.on_both
def test_a_withdrawal_frees_the_stand(edition: Edition, terms: ExhibitorTerms) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = make_exhibitor(edition, stand=stand)
    withdraw(Act(PUBLIC, NOW), exhibitor.private_token)
    after = fresh(exhibitor)
    assert (after.status, after.stand_id) == (ApplicationStatus.WITHDRAWN, None)
    with pytest.raises(MoveRefused):
        withdraw(
            Act(PUBLIC, NOW),
            make_exhibitor(edition, status=ApplicationStatus.REFUSED).private_token,
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
    first = give_logo(
        Act(PUBLIC), exhibitor.private_token, 1, picture(), settings.file_store
    ).logo_file
    second = give_logo(
        Act(PUBLIC), exhibitor.private_token, 2, picture(), settings.file_store
    ).logo_file
    assert first != second
    assert files(settings.data) == [second]
    remove_logo(Act(PUBLIC), exhibitor.private_token, settings.file_store)
    assert (fresh(exhibitor).logo_file, files(settings.data)) == ("", [])


def test_a_logo_that_is_refused_leaves_no_file(
    edition: Edition, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor = draft(edition)
    save(exhibitor, ApplicationStep.WISHES, area=12)
    with pytest.raises(StaleVersion):
        give_logo(Act(PUBLIC), exhibitor.private_token, 1, picture(), settings.file_store)
    sent_exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    with pytest.raises(NoLongerEditable):
        give_logo(Act(PUBLIC), sent_exhibitor.private_token, 1, picture(), settings.file_store)
    assert files(settings.data) == []
