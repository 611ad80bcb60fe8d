"""The sealed list of badges: it follows every change, and says nothing to who has no badge."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.badges.engine.codes import new_code
from salon.badges.models import Badge, Category
from salon.entrance.engine.offline_list import CATEGORIES, pack
from salon.entrance.models import ListEntry
from salon.entrance.queries.stations import list_serial, list_since
from salon.entrance.services import offline_list
from salon.entrance.services.offline_list import update_list
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.installation import ROOT
from tests.entrance.offline.unpack import Unpacked, find, open_box, unpack
from tests.entrance.people import NINE, add_badge, make_badge
from tests.factories import make_edition


def whole(edition: Edition, since: int = 0) -> Unpacked:
    current_session().rollback()
    serial = list_serial(edition.id)
    return unpack(pack(edition.id, serial, list_since(edition.id, since)))


@pytest.mark.on_both
def test_only_the_code_opens_the_label_of_its_holder(app: Flask, edition: Edition) -> None:
    badge = make_badge(
        edition, first_name="Anne-Lise", last_name="d’Ortaffa", is_vip=True, needs=["parking"]
    )
    other_badge = make_badge(edition)
    assert update_list(NINE) == 2
    badge_list = whole(edition)
    assert badge_list.edition == edition.id
    revoked, box = find(badge_list, badge.code) or (None, b"")
    assert revoked is False
    assert open_box(badge.code, box) == [
        *("Anne-Lise", "d’Ortaffa", "Maire", "Espondeilhan", "1", "1", "parking")
    ]
    assert open_box(other_badge.code, box) is None
    assert find(badge_list, new_code(edition.code_key)) is None


@pytest.mark.on_both
def test_pages_and_server_number_the_categories_alike() -> None:
    script = (ROOT / "static/js/station/list.js").read_text()
    (named,) = re.findall(r"const CATEGORIES = (\[[^\]]*\]);", script)
    assert json.loads(named) == list(CATEGORIES) == list(Category)


def test_the_list_names_nobody_and_makes_no_badge(app: Flask, edition: Edition) -> None:
    badges = [
        make_badge(edition, first_name="Bérengère", last_name=f"Sassenage {n}") for n in "abcde"
    ]
    update_list(NINE)
    current_session().rollback()
    body = pack(edition.id, 1, list_since(edition.id, 0))
    words = ["Bérengère", "Sassenage", "Espondeilhan", "Maire", "mairie@commune.example"]
    for word in [*words, *(badge.code for badge in badges), *(badge.code[:8] for badge in badges)]:
        assert word.encode() not in body
    assert all(bytes.fromhex(badge.code_hash) not in body for badge in badges), "a prefix only"


@pytest.mark.on_both
def test_a_change_comes_alone_and_two_labels_never_share_a_nonce(
    app: Flask, edition: Edition
) -> None:
    badge, other_badge = make_badge(edition), make_badge(edition)
    update_list(NINE)
    assert update_list(NINE) == 0
    before = whole(edition)
    with transaction(badge.attendee):
        badge.attendee.last_name = "Corrigée"
    assert update_list(NINE) == 1
    after = whole(edition, since=before.serial)
    assert list(after.records) == [bytes.fromhex(badge.code_hash)[:8]]
    assert after.serial > before.serial
    former, box = find(before, badge.code), find(after, badge.code)
    assert former
    assert box
    assert (open_box(badge.code, box[1]) or [])[1] == "Corrigée"
    assert former[1][:4] != box[1][:4]
    with transaction(other_badge.attendee):
        other_badge.attendee.last_name = other_badge.attendee.last_name
        other_badge.attendee.phone = "0467000000"
    assert update_list(NINE) == 1
    assert find(whole(edition), other_badge.code) == find(before, other_badge.code), (
        "the same label, as before"
    )


def test_what_is_revoked_stays_known_and_loses_its_label(app: Flask, edition: Edition) -> None:
    revoked, cancelled, replaced = (make_badge(edition) for _ in range(3))
    update_list(NINE)
    with transaction(revoked) as session:
        revoked.revoked_at = NINE
    with transaction(cancelled.attendee):
        cancelled.attendee.status, cancelled.revoked_at = "cancelled", NINE
    with transaction(replaced) as session:
        replaced.revoked_at = NINE
        session.flush()
        successor = add_badge(session, replaced.attendee)
    assert update_list(NINE) == 4
    badge_list = whole(edition)
    for badge in (revoked, cancelled, replaced):
        assert find(badge_list, badge.code) == (True, b"")
    valid = find(badge_list, successor.code)
    assert valid
    assert valid[0] is False


def test_long_and_odd_names_fit(app: Flask, edition: Edition) -> None:
    badge = make_badge(
        edition,
        first_name="É" * 500,
        last_name="𝄞" * 500,
        function="other",
        function_other="ç" * 99,
    )
    update_list(NINE)
    rows = find(whole(edition), badge.code)
    assert rows
    label = open_box(badge.code, rows[1])
    assert label
    assert label[0] == "É" * 60


@pytest.mark.on_both
@pytest.mark.parametrize("state", [EditionState.CLOSED, EditionState.HELD])
def test_the_list_of_a_fair_that_is_over_is_not_kept(
    app: Flask, edition: Edition, state: EditionState
) -> None:
    make_badge(edition)
    assert update_list(NINE) == 1
    assert update_list(edition.ends_at + timedelta(days=1, minutes=1)) == 0
    assert list_serial(edition.id) == 1, "a fair that is given another date goes on from it"
    with transaction(edition):
        edition.is_current, edition.state = None, state
    later = make_edition(slug="plus-tard", day=edition.days[0].day_on + timedelta(days=10))
    make_badge(later)
    assert update_list(later.starts_at) == 1
    current_session().rollback()
    assert current_session().scalars(select(ListEntry.edition_id).distinct()).all() == [later.id]


@pytest.mark.on_both
def test_more_than_fits_in_one_transaction(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges = [make_badge(edition) for _ in range(7)]
    monkeypatch.setattr(offline_list, "AT_ONCE", 3)
    monkeypatch.setattr(offline_list, "WRITTEN_AT_ONCE", 2)
    assert update_list(NINE) == 7
    assert set(current_session().scalars(select(ListEntry.serial))) == {1, 2, 3, 4, 5}
    assert len(whole(edition).records) == len(badges)
    assert current_session().scalar(select(func.count()).select_from(Badge)) == 7
