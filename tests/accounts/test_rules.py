from datetime import UTC, datetime, timedelta

import pytest

from salon.accounts import rules
from salon.accounts.rules import identities
from salon.platform.words.errors import LinkExpired
from tests.refusals import Refusal, check_refusal

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("abc4567", rules.PasswordTooShort),  # 7 characters
        ("onze-caract", rules.PasswordTooShort),  # 11
        ("x" * 129, rules.PasswordTooLong),
        ("Herault34000!", rules.PasswordEasyToGuess),  # context words
        ("amf34amf34amf34", rules.PasswordEasyToGuess),  # a context word, repeated
        ("passwordpassword", rules.PasswordEasyToGuess),  # a common one
        ("aaaaaaaaaaaaaaa", rules.PasswordEasyToGuess),
        ("camille.vidal@herault.example", rules.PasswordEasyToGuess),  # their own address
    ],
)
def test_a_weak_password_is_refused(password: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.check_password_is_strong(
            password, "camille.vidal@herault.example", "Salon des maires de l’Hérault", "AMF34"
        )


@pytest.mark.parametrize(
    "password",
    [
        "le vent du soir",  # 15 characters, no digit, no capital
        "cigale bruyère tamaris lointain",
        "cigale bruyère tamaris lointain sept" + " marelles" * 3,  # 64
        ("cigale bruyère tamaris lointain " * 5)[:128],
    ],
)
def test_a_sentence_is_accepted(password: str) -> None:
    rules.check_password_is_strong(password)


@pytest.mark.parametrize(
    ("used", "expires", "live"),
    [
        (None, NOW + timedelta(seconds=1), True),
        (None, NOW, False),  # the end is excluded
        (NOW - timedelta(minutes=1), NOW + timedelta(minutes=5), False),  # used
    ],
)
def test_a_code_serves_once_and_before_its_end(
    used: datetime | None, expires: datetime, live: bool
) -> None:
    if live:
        rules.check_code_is_live(used, expires, NOW)
    else:
        with pytest.raises(LinkExpired):
            rules.check_code_is_live(used, expires, NOW)


@pytest.mark.parametrize(
    ("created_ago", "seen_ago", "live"),
    [
        (10, 10, True),
        (3600, 1799, True),
        (3600, 1800, False),  # idle 30 min
        (12 * 3600, 1, False),  # absolute 12 h
    ],
)
def test_a_sign_in_ends(created_ago: int, seen_ago: int, live: bool) -> None:
    created, seen = NOW - timedelta(seconds=created_ago), NOW - timedelta(seconds=seen_ago)
    assert (rules.seconds_left(created, seen, NOW, 1800, 12 * 3600) > 0) is live


ADDRESS = "camille.vidal@herault.example"
REFUSALS: list[Refusal] = [
    (
        rules.PasswordStepEnded,
        rules.check_password_stayed,
        ("digest", "another digest"),
        ("digest", "digest"),
    ),
    (rules.AccountErased, rules.check_has_address, ("",), (ADDRESS,)),
    *(
        (error, identities.check_sign_in_succeeded, (word,), ("",))
        for error, word in (
            (identities.ProviderUnreachable, "server_error"),
            (identities.ProviderUnreachable, "temporarily_unavailable"),
            (identities.LevelTooLow, "unmet_authentication_requirements"),
            (identities.LevelTooLow, "insufficient_user_authentication"),
            (identities.SignInAbandoned, "access_denied"),
        )
    ),
    (
        identities.AddressNotVerified,
        identities.check_address_is_verified,
        (ADDRESS, False),
        (ADDRESS, True),
    ),
    (
        identities.AddressNotVerified,
        identities.check_address_is_verified,
        ("", True),
        (ADDRESS, True),
    ),
    (identities.AddressUnknown, identities.check_is_known, (False,), (True,)),
    (identities.NotForOrganisers, identities.check_level, (True, "2", ()), (False, "", ())),
    (identities.LevelTooLow, identities.check_level, (True, "1", ("2",)), (True, "2", ("2",))),
    (identities.NotReady, identities.check_is_ready, (False,), (True,)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_sign_in_that_is_not_proved_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
