"""Changing, cancelling, replacing and revoking a badge."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.badges import queries, rules, services
from salon.badges.models import Attendee, Badge, Category, Consent
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from salon.platform.settings.installation import ROOT
from tests.badges.people import (
    PUBLIC,
    all_of,
    badge_of,
    kinds_sent,
    make_person,
    register,
    register_one,
)
from tests.badges.registrations import NOW, ORGANISER
from tests.factories import new_key
from tests.races import race

# Changes


@pytest.mark.on_both
def test_a_change_is_saved_and_told_to_both_addresses(edition: Edition) -> None:
    attendee = register_one(email="old@mons.example", function="town_clerk")
    services.change_attendee(
        Act(PUBLIC),
        attendee.id,
        attendee.version,
        {"email": "New@mons.example", "function": "mayor"},
    )
    changed = all_of(Attendee)[0]
    assert (changed.email_key, changed.category) == ("new@mons.example", "elected")
    assert kinds_sent("New@mons.example") == ["registration"]
    assert kinds_sent("old@mons.example") == ["registration", "address_changed"]


def test_the_second_of_two_editors_is_told(edition: Edition) -> None:
    attendee = register_one()
    seen = attendee.version
    services.change_attendee(Act(PUBLIC), attendee.id, seen, {"phone": "0611111111"})
    with pytest.raises(StaleVersion):
        services.change_attendee(Act(PUBLIC), attendee.id, seen, {"phone": "0622222222"})
    assert all_of(Attendee)[0].phone == "0611111111"


@pytest.mark.race
def test_eight_editors_at_once_one_saves(app: Flask, edition: Edition) -> None:
    attendee = register_one()
    number, seen = attendee.id, attendee.version

    def call() -> str:
        try:
            services.change_attendee(Act(PUBLIC), number, seen, {"phone": new_key()})
        except StaleVersion:
            return "told"
        return "saved"

    assert sorted(race(app, [call] * 8)) == ["saved", *["told"] * 7]


@pytest.mark.on_both
def test_a_change_does_not_become_somebody_else(edition: Edition) -> None:
    first, second = register_one(), register_one()
    values = {
        "first_name": first.first_name,
        "last_name": first.last_name,
        "email": first.email,
    }
    with pytest.raises(rules.AlreadyRegistered):
        services.change_attendee(Act(PUBLIC), second.id, second.version, values)


def test_nothing_changed_writes_nothing(edition: Edition) -> None:
    attendee = register_one()
    services.change_attendee(Act(PUBLIC), attendee.id, attendee.version, {"email": attendee.email})
    assert all_of(Attendee)[0].version == 1


def test_a_cancelled_badge_is_revoked_once(edition: Edition) -> None:
    attendee = register_one()
    for _ in range(2):
        services.cancel_attendee(Act(PUBLIC, NOW), attendee.id)
    badge = all_of(Badge)[0]
    assert badge.revoked_reason == "cancelled"
    assert kinds_sent() == ["registration", "cancelled"]
    with pytest.raises(rules.NoLongerRegistered):
        services.change_attendee(Act(PUBLIC), attendee.id, 2, {"phone": "1"})


@pytest.mark.on_both
def test_a_delegate_replaces_and_the_history_stays(edition: Edition) -> None:
    absent = register_one(email="maire@mons.example")
    delegate = make_person(function="deputy_mayor", email="adjoint@mons.example")
    key = new_key()
    number = services.replace_attendee(Act(PUBLIC, NOW), absent.id, delegate, key)
    assert services.replace_attendee(Act(PUBLIC, NOW), absent.id, delegate, key) == number
    old, new = all_of(Attendee)
    assert (old.status, old.replaced_by_id, new.group_id) == ("replaced", new.id, old.group_id)
    assert [badge.revoked_reason for badge in all_of(Badge)] == ["replaced", ""]
    assert kinds_sent("maire@mons.example") == ["registration", "replaced"]
    assert kinds_sent("adjoint@mons.example") == ["registration"]
    with pytest.raises(rules.NoLongerRegistered):
        services.replace_attendee(Act(PUBLIC, NOW), absent.id, make_person(), new_key())


def test_a_delegate_who_is_registered_keeps_their_badge(edition: Edition) -> None:
    person = make_person()
    attendee_id = register(person).added[0]
    absent = register_one()
    assert services.replace_attendee(Act(PUBLIC, NOW), absent.id, person, new_key()) == attendee_id
    assert len(all_of(Attendee)) == 2
    assert badge_of(attendee_id)


@pytest.mark.on_both
def test_a_reissued_badge_has_a_new_code_and_link(edition: Edition) -> None:
    attendee = register_one()
    key = new_key()
    new = services.reissue_badge(Act(ORGANISER, NOW), attendee.id, "perdu", key)
    assert services.reissue_badge(Act(ORGANISER, NOW), attendee.id, "perdu", key) == new
    old, valid = all_of(Badge)
    assert (old.revoked_reason, valid.revoked_at) == ("perdu", None)
    assert {old.code, old.private_token}.isdisjoint({valid.code, valid.private_token})
    assert kinds_sent() == ["registration", "badge_reissued"]
    assert queries.valid_codes(get_public_edition()) == [valid.code]


@pytest.mark.race
def test_eight_reissues_at_once_leave_one_valid_badge(app: Flask, edition: Edition) -> None:
    number = register_one().id

    def call() -> int:
        return services.reissue_badge(Act(ORGANISER, NOW), number, "perdu", new_key())

    assert len(set(race(app, [call] * 8))) == 8
    assert len([badge for badge in all_of(Badge) if badge.is_valid]) == 1


@pytest.mark.on_both
def test_a_badge_is_revoked_once(edition: Edition) -> None:
    badge = badge_of(register_one().id)
    services.revoke_badge(Act(ORGANISER, NOW), badge.id, "volé")
    with pytest.raises(rules.BadgeAlreadyRevoked):
        services.revoke_badge(Act(ORGANISER, NOW), badge.id, "volé")
    assert queries.valid_codes(get_public_edition()) == []


@pytest.mark.on_both
def test_the_category_is_changed_and_journaled(edition: Edition) -> None:
    attendee = register_one()
    services.set_category(Act(ORGANISER), attendee.id, Category.PRESS, True)
    changed = all_of(Attendee)[0]
    assert (changed.category, changed.is_vip) == ("press", True)
    entry = all_of(JournalEntry)[-1]
    assert entry.details["former"] == {"category": "elected", "is_vip": False}


@pytest.mark.on_both
def test_consents_are_given_and_withdrawn_without_losing_their_history(edition: Edition) -> None:
    attendee = register_one(consents=["newsletter"])
    later = NOW + timedelta(hours=1)
    assert services.set_consents(Act(PUBLIC, later), attendee.id, ["photo"]) == [
        "newsletter",
        "photo",
    ]
    assert services.set_consents(Act(PUBLIC, later), attendee.id, ["photo"]) == []
    services.set_consents(Act(PUBLIC, later), attendee.id, ["photo", "newsletter"])
    results = [(consent.purpose, consent.withdrawn_at is None) for consent in all_of(Consent)]
    assert results == [("newsletter", False), ("photo", True), ("newsletter", True)]
    assert all(consent.text_version for consent in all_of(Consent))


# Places


@pytest.mark.on_both
def test_every_commune_and_epci_is_loaded_and_loading_again_changes_nothing(app: Flask) -> None:
    assert services.load_places(Act(SYSTEM), ROOT / "seed_data") == (341, 17)
    assert services.load_places(Act(SYSTEM), ROOT / "seed_data") == (341, 17)
    assert len(queries.all_places()) == 358
