from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher, Type
from flask import Flask
from sqlalchemy import select, update

from salon.accounts import queries, rules
from salon.accounts.models import Account, SignIn, SingleUseCode
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers, passwords, sign_in_codes, sign_ins, stations
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import recent_messages
from salon.platform.words.errors import LinkExpired
from tests.factories import PASSWORD, latest_code, make_account
from tests.races import race

BY = Identity(None, None, "public", "192.0.2.1")


def check_totp(account: Account, code: str) -> None:
    passwords.check_totp(Act(BY), account.id, passwords.password_step_of(account), code)


def age_codes(minutes: int) -> None:
    """Make every code as old as if it had been asked `minutes` ago."""
    with transaction() as session:
        for code in session.scalars(select(SingleUseCode)):
            code.expires_at -= timedelta(minutes=minutes)


@pytest.mark.on_both
def test_an_address_has_one_account_whatever_its_case(app: Flask) -> None:
    make_account(email="Agent@Herault.example")
    with pytest.raises(rules.AccountExists):
        make_account(email=" agent@herault.EXAMPLE ")


def test_a_password_is_kept_as_argon2id(app: Flask, quick_passwords: PasswordHasher) -> None:
    """What the tests make cheap is, outside them, the second choice of RFC 9106, section 4."""
    true = quick_passwords
    assert (true.type, true.time_cost, true.memory_cost) == (Type.ID, 3, 64 * 1024)
    account = make_account(role=Role.ORGANISER)
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash


@pytest.mark.on_both
def test_the_right_password_is_accepted_and_a_wrong_one_journaled(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    assert passwords.check_password(Act(BY), account.email, PASSWORD).id == account.id
    with pytest.raises(rules.SignInRefused):
        passwords.check_password(Act(BY), account.email, PASSWORD + "x")
    with pytest.raises(rules.SignInRefused):
        passwords.check_password(Act(BY), "inconnu@herault.example", PASSWORD)
    entries = current_session().scalars(
        select(JournalEntry).where(JournalEntry.action == "sign_in.refused")
    )
    assert len(entries.all()) == 2


def test_an_agent_has_no_password_to_guess(app: Flask) -> None:
    account = make_account(role=Role.AGENT)
    with pytest.raises(rules.SignInRefused):
        passwords.check_password(Act(BY), account.email, "")


@pytest.mark.on_both
def test_a_totp_code_serves_once(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    code = pyotp.TOTP(account.totp_secret).now()
    check_totp(account, code)
    with pytest.raises(rules.CodeRefused):
        check_totp(account, code)


def test_a_totp_code_of_ninety_seconds_ago_is_refused(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    old = pyotp.TOTP(account.totp_secret).at(datetime.now(UTC) - timedelta(seconds=90))
    with pytest.raises(rules.CodeRefused):
        check_totp(account, old)


@pytest.mark.parametrize("code", ["", "abcdef", "١٢٣٤٥٦", "000000000000"])
def test_an_odd_totp_code_is_refused(app: Flask, code: str) -> None:
    account = make_account(role=Role.ORGANISER)
    with pytest.raises(rules.CodeRefused):
        check_totp(account, code)


def test_a_code_signs_in_once_from_the_browser_that_asked(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "browser-a", 600)
    code = latest_code(account.email)
    with pytest.raises(rules.CodeRefused):
        sign_in_codes.use_sign_in_code(Act(BY), code, "browser-b")
    assert sign_in_codes.use_sign_in_code(Act(BY), code, "browser-a").id == account.id
    with pytest.raises(LinkExpired):
        sign_in_codes.use_sign_in_code(Act(BY), code, "browser-a")


@pytest.mark.on_both
def test_a_code_is_too_old_after_ten_minutes(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "b", 600)
    age_codes(11)
    with pytest.raises(LinkExpired):
        sign_in_codes.use_sign_in_code(Act(BY), latest_code(account.email), "b")


@pytest.mark.on_both
def test_a_code_asked_again_leaves_the_former_good(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "b", 600)
    first = latest_code(account.email)
    sign_in_codes.offer_sign_in_code(account.email, "b", 600)
    sign_in_codes.offer_sign_in_code(account.email, "of somebody else", 600)
    assert sign_in_codes.use_sign_in_code(Act(BY), first, "b").id == account.id


@pytest.mark.on_both
def test_a_browser_without_mail_uses_the_code_that_was_mailed_last(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "of somebody else", 600)
    mailed = latest_code(account.email)
    sign_in_codes.offer_sign_in_code(account.email, "b", 600, by_mail=False)
    assert latest_code(account.email) == mailed
    assert sign_in_codes.use_sign_in_code(Act(BY), mailed, "b").id == account.id
    with pytest.raises(LinkExpired):
        sign_in_codes.use_sign_in_code(Act(BY), mailed, "of somebody else")


def test_a_browser_without_mail_is_sent_a_code_when_none_is_live(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "b", 600, by_mail=False)
    assert sign_in_codes.use_sign_in_code(Act(BY), latest_code(account.email), "b").id == account.id


def test_five_wrong_tries_make_a_code_void(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "b", 600)
    right = latest_code(account.email)
    for _ in range(rules.CODE_TRIES):
        with pytest.raises(rules.CodeRefused):
            sign_in_codes.use_sign_in_code(Act(BY), "00000000x", "b")
    with pytest.raises(LinkExpired):
        sign_in_codes.use_sign_in_code(Act(BY), right, "b")


@pytest.mark.race
def test_one_code_used_eight_times_at_once_signs_in_once(app: Flask) -> None:
    account = make_account()
    sign_in_codes.offer_sign_in_code(account.email, "b", 600)
    code = latest_code(account.email)

    def use() -> str:
        try:
            sign_in_codes.use_sign_in_code(Act(BY), code, "b")
        except LinkExpired:
            return "refused"
        return "in"

    assert sorted(race(app, [use] * 8)) == ["in", *["refused"] * 7]


@pytest.mark.on_both
def test_nothing_is_sent_to_an_unknown_address_nor_to_an_organiser(app: Flask) -> None:
    organiser = make_account(role=Role.ORGANISER)
    sign_in_codes.offer_sign_in_code("inconnu@herault.example", "b", 600)
    sign_in_codes.offer_sign_in_code(organiser.email, "b", 600)
    assert recent_messages(1) == []


@pytest.mark.on_both
def test_an_unknown_address_is_answered_as_a_known_one_at_each_try(app: Flask) -> None:
    account = make_account()
    answers = []
    for email in (account.email, "inconnu@herault.example"):
        sign_in_codes.offer_sign_in_code(email, email, 600)
        refusals: list[type[Exception]] = []
        for _ in range(rules.CODE_TRIES + 2):
            with pytest.raises((rules.CodeRefused, LinkExpired)) as refusal:
                sign_in_codes.use_sign_in_code(Act(BY), "00000000x", email)
            refusals.append(refusal.type)
        answers.append(refusals)
    assert answers[0] == answers[1]
    assert answers[0][-1] is LinkExpired


def identity_of(token: str) -> Identity | None:
    return sign_ins.find_identity_of(token, 1800, 7200, 43200)


@pytest.mark.on_both
def test_a_token_is_worth_nothing_after_signing_out(app: Flask) -> None:
    account = make_account()
    token = sign_ins.open_sign_in(Act(BY), account_id=account.id)
    assert len(token) >= 22  # 128 bits
    actor = identity_of(token)
    assert actor
    assert (actor.role, actor.id) == (Role.AGENT, account.id)
    sign_ins.close_sign_in(Act(BY), token)
    assert identity_of(token) is None


@pytest.mark.on_both
def test_a_sign_in_ends_by_idleness_age_and_closing_of_the_account(app: Flask) -> None:
    account = make_account()
    token = sign_ins.open_sign_in(Act(BY), account_id=account.id)
    with transaction() as session:
        session.execute(
            update(SignIn).values(last_seen_at=datetime.now(UTC) - timedelta(hours=2, seconds=1))
        )
    assert identity_of(token) is None
    token = sign_ins.open_sign_in(Act(BY), account_id=account.id)
    with transaction() as session:
        session.execute(update(SignIn).values(created_at=datetime.now(UTC) - timedelta(hours=12)))
    assert identity_of(token) is None
    token = sign_ins.open_sign_in(Act(BY), account_id=account.id)
    account_services.disable_account(Act(SYSTEM), account.id)
    assert identity_of(token) is None


@pytest.mark.on_both
def test_a_new_password_ends_the_sign_ins(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    token = sign_ins.open_sign_in(Act(BY), account_id=account.id)
    organisers.change_password(Act(SYSTEM), account.id, PASSWORD, "sarriette genêt murmure ancien")
    assert identity_of(token) is None
    assert passwords.check_password(Act(BY), account.email, "sarriette genêt murmure ancien")


def test_the_last_organiser_cannot_be_closed(app: Flask) -> None:
    account = make_account(role=Role.ORGANISER)
    with pytest.raises(rules.LastOrganiser):
        account_services.disable_account(Act(SYSTEM), account.id)
    make_account(role=Role.ORGANISER)
    account_services.disable_account(Act(SYSTEM), account.id)
    assert current_session().get_one(Account, account.id).disabled_at is not None


@pytest.mark.on_both
def test_a_set_up_link_serves_once(app: Flask) -> None:
    code = organisers.invite_organiser(Act(SYSTEM), "orga@herault.example", "Orga")
    secret = pyotp.random_base32()
    with pytest.raises(rules.CodeRefused):
        organisers.set_up_organiser(code, PASSWORD, secret, "000")
    organisers.set_up_organiser(code, PASSWORD, secret, pyotp.TOTP(secret).now())
    with pytest.raises(LinkExpired):
        organisers.find_set_up(code)
    with pytest.raises(LinkExpired):
        organisers.find_set_up("jamais-donné")


@pytest.mark.on_both
def test_a_station_is_enrolled_once_and_revoked_at_once(app: Flask) -> None:
    station = stations.create_station(Act(SYSTEM), "Porte A", "A", None)
    code = stations.offer_enrolment(Act(SYSTEM), station.id)
    _, token = stations.enrol_station(Act(BY), code)
    with pytest.raises(LinkExpired):
        stations.enrol_station(Act(BY), code)
    station_key = queries.find_station_by_token(token)
    assert station_key
    assert station_key.id == station.id
    stations.revoke_station(Act(SYSTEM), station.id)
    assert queries.find_station_by_token(token) is None
