"""The profile and its logo."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from salon.exhibitors.services.profile import Profile, change_profile
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from salon.platform.files.uploads import LogoRefused
from salon.platform.storage.folder import FolderStore
from tests.exhibitor_space.made import picture
from tests.exhibitor_space.records import BY, actions, stored
from tests.exhibitors.make import make_exhibitor

# Profile


def profile(**values: object) -> Profile:
    profile_values: dict[str, Any] = {
        "presentation": "Bornes.",
        "website": "",
        "co_exhibitors": (),
        **values,
    }
    return Profile(**profile_values)


@pytest.mark.on_both
def test_a_profile_is_changed_and_says_what_changed(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    friends = [("Voisin Énergie", "https://voisin.example"), ("Ami", "")]
    new = profile(co_exhibitors=friends, logo=picture())
    change_profile(Act(BY), exhibitor, exhibitor.version, new, FolderStore(tmp_path))
    current_session().rollback()
    assert exhibitor.presentation == "Bornes."
    assert [
        (co_exhibitor.name, co_exhibitor.name_key) for co_exhibitor in exhibitor.co_exhibitors
    ] == [
        ("Voisin Énergie", "voisin energie"),
        ("Ami", "ami"),
    ]
    assert stored(tmp_path) == [exhibitor.logo_file]
    entry = current_session().scalars(select(JournalEntry)).one()
    assert entry.details["fields"] == ["presentation", "logo", "co_exhibitors"]


def test_a_new_logo_takes_the_place_of_the_former_file(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    for _ in range(2):
        new = profile(logo=picture())
        change_profile(Act(BY), exhibitor, exhibitor.version, new, FolderStore(tmp_path))
        current_session().rollback()
        assert stored(tmp_path) == [exhibitor.logo_file]
    change_profile(Act(BY), exhibitor, exhibitor.version, profile(), FolderStore(tmp_path))
    assert len(stored(tmp_path)) == 1
    change_profile(Act(BY), exhibitor, exhibitor.version, profile(logo=b""), FolderStore(tmp_path))
    current_session().rollback()
    assert (exhibitor.logo_file, stored(tmp_path)) == ("", [])


def test_a_profile_refused_leaves_no_file(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    with pytest.raises(LogoRefused):
        change_profile(Act(BY), exhibitor, 1, profile(logo=b"<svg/>"), FolderStore(tmp_path))
    with pytest.raises(StaleVersion):
        change_profile(Act(BY), exhibitor, 9, profile(logo=picture()), FolderStore(tmp_path))
    assert stored(tmp_path) == []
    assert actions() == []


@pytest.mark.on_both
def test_a_co_exhibitor_that_stays_keeps_what_is_said_of_it(
    edition: Edition, tmp_path: Path
) -> None:
    exhibitor = make_exhibitor(edition)
    new = profile(co_exhibitors=[("A", ""), ("B", "")])
    change_profile(Act(BY), exhibitor, exhibitor.version, new, FolderStore(tmp_path))
    current_session().rollback()
    with transaction() as session:
        co_exhibitor = session.merge(exhibitor.co_exhibitors[1])
        co_exhibitor.presentation = "Écrit par l’organisation."
    current_session().rollback()
    version = exhibitor.version
    change_profile(
        Act(BY),
        exhibitor,
        version,
        profile(co_exhibitors=[("B", "https://b.example")]),
        FolderStore(tmp_path),
    )
    current_session().rollback()
    [left] = exhibitor.co_exhibitors
    assert (left.name, left.presentation) == ("B", "Écrit par l’organisation.")
    assert exhibitor.version > version


def test_two_co_exhibitors_of_one_name_stay_two_and_leave_one_by_one(
    edition: Edition, tmp_path: Path
) -> None:
    """Each is charged."""
    exhibitor = make_exhibitor(edition)
    twins = [("Agence", "https://beziers.example"), ("Agence", "https://sete.example")]
    for lines in (twins, twins[::-1], twins, twins[1:], []):
        change_profile(
            Act(BY),
            exhibitor,
            exhibitor.version,
            profile(co_exhibitors=lines),
            FolderStore(tmp_path),
        )
        current_session().rollback()
        saved = [(row.name, row.website) for row in exhibitor.co_exhibitors]
        assert sorted(saved) == sorted(lines)
