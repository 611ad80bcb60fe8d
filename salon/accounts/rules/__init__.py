"""Rules of passwords, codes and sign-ins."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import count

from salon.platform.words.errors import LinkExpired, RuleBroken
from salon.platform.words.texts import folded

PASSWORD_MINIMUM = 12
PASSWORD_MAXIMUM = 128
PASSWORD_SCORE = 3
CONTEXT_WORDS = ("salon", "maires")
SHORTEST_CONTEXT_WORD = 4
CODE_TRIES = 5


class PasswordTooShort(RuleBroken):
    status = 400
    message = f"Choisissez au moins {PASSWORD_MINIMUM} caractères : une courte phrase convient."


class PasswordTooLong(RuleBroken):
    status = 400
    message = f"Au plus {PASSWORD_MAXIMUM} caractères."


class PasswordEasyToGuess(RuleBroken):
    status = 400
    message = (
        "Ce mot de passe se devine facilement. Prenez quatre mots sans lien entre eux, "
        "sans le nom du salon ni le vôtre."
    )


class SignInRefused(RuleBroken):
    status = 400
    message = (
        "L’adresse, le mot de passe ou le code ne conviennent pas. Vérifiez, puis recommencez."
    )


class CodeRefused(RuleBroken):
    status = 400
    message = "Ce code ne convient pas. Vérifiez les chiffres reçus, ou demandez un nouveau code."


class PasswordStepEnded(RuleBroken):
    message = "Le mot de passe a changé depuis que vous l’avez donné. Connectez-vous de nouveau."


class AccountExists(RuleBroken):
    message = "Un compte existe déjà pour cette adresse."


class LastOrganiser(RuleBroken):
    message = (
        "C’est le dernier organisateur qui a tous les droits\u00a0: donnez-les d’abord à quelqu’un "
        "d’autre, et attendez qu’il ait activé son compte."
    )


class NotAnOrganiser(RuleBroken):
    message = "Les droits se donnent aux comptes d’organisation seulement."


class AccountClosed(RuleBroken):
    message = "Ce compte est fermé\u00a0: rouvrez-le d’abord."


class EditionMissing(RuleBroken):
    message = (
        "Il n’y a pas encore d’édition du salon\u00a0: seul le droit «\u00a0Organisateur\u00a0» "
        "peut être donné."
    )


class AlreadyOrganised(RuleBroken):
    message = "Il y a déjà un compte\u00a0: le premier jour est passé."


class NotADevice(RuleBroken):
    message = "Cette station n’est pas un appareil\u00a0: elle ne s’enrôle pas."


class AccountErased(RuleBroken):
    message = "Les données de ce compte ont été effacées\u00a0: il ne se rouvre plus."


def check_has_address(email: str) -> None:
    """An erased account has no address to sign in with. Raises AccountErased."""
    if not email:
        raise AccountErased


def check_an_organiser_remains(other_organisers: int) -> None:
    """Somebody else has all rights. Raises LastOrganiser."""
    if not other_organisers:
        raise LastOrganiser


def check_is_an_organiser(is_organiser: bool) -> None:
    if not is_organiser:
        raise NotAnOrganiser


def check_is_not_closed(disabled_at: datetime | None) -> None:
    if disabled_at is not None:
        raise AccountClosed


def check_edition_is_there(is_there: bool) -> None:
    if not is_there:
        raise EditionMissing


def check_is_a_device(is_device: bool) -> None:
    """Only a device is enrolled. Raises NotADevice."""
    if not is_device:
        raise NotADevice


def check_password_is_strong(password: str, *personal: str) -> None:
    """12 to 128 characters, no composition rule (CNIL 2022-100, ASVS 6.2).

    zxcvbn must give 3 or more to what remains without the words of the fair and of the person.
    `personal`: texts about them, taken whole and word by word.
    """
    if len(password) < PASSWORD_MINIMUM:
        raise PasswordTooShort
    if len(password) > PASSWORD_MAXIMUM:
        raise PasswordTooLong
    # Its dictionaries take 13 MB, for a page seen once by each organiser.
    from zxcvbn import zxcvbn

    words = [*CONTEXT_WORDS, *personal]
    parts = (part for text in personal for part in re.findall(r"[^\W_]+", text))
    words += (part for part in parts if len(part) >= SHORTEST_CONTEXT_WORD)
    words += map(folded, tuple(words))
    words.sort(key=len, reverse=True)
    unexpected = re.sub("|".join(map(re.escape, words)), "", password, flags=re.IGNORECASE)
    if not unexpected or zxcvbn(unexpected[:72], user_inputs=words)["score"] < PASSWORD_SCORE:
        raise PasswordEasyToGuess


def check_password_stayed(given: str, current: str) -> None:
    """Raise PasswordStepEnded where the password is no longer the one given at the first step."""
    if given != current:
        raise PasswordStepEnded


def check_nobody_is_there(accounts: Sequence[object]) -> None:
    """The first day's address exists only while there is no account."""
    if accounts:
        raise AlreadyOrganised


def is_code_live(used_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    """Return whether a code is unused and before its end."""
    return used_at is None and now < expires_at


def check_code_is_live(used_at: datetime | None, expires_at: datetime, now: datetime) -> None:
    """Raise LinkExpired unless a code is unused and before its end."""
    if not is_code_live(used_at, expires_at, now):
        raise LinkExpired


def seconds_left(
    created_at: datetime, last_seen_at: datetime, now: datetime, idle: int, absolute: int
) -> float:
    """Return the seconds until a sign-in ends; zero or less when it has ended.

    `idle` seconds after the last page, `absolute` seconds in any case.
    """
    ends_at = min(last_seen_at + timedelta(seconds=idle), created_at + timedelta(seconds=absolute))
    return (ends_at - now).total_seconds()


def distinct_name(name: str, folded_names: Collection[str]) -> str:
    """Return a name of a station, with the first number that tells it from others of that name."""
    if folded(name) not in folded_names:
        return name
    word = re.sub(r"\s+\d+$", "", name)
    numbered = (f"{word} {number}" for number in count(2))
    return next(candidate for candidate in numbered if folded(candidate) not in folded_names)
