"""Rules of signing in by an identity provider."""

from collections.abc import Collection

from salon.platform.words.errors import RuleBroken


class IdentityRefused(RuleBroken):
    """The sign-in by the identity provider is refused; the page gives the reason and the ways out.

    `step` is the reason in the journal; `helps_again`, whether another identity, or the same with
    a second factor, may be let in; `is_of_organisers`, whether only an organiser meets it.
    """

    status = 403
    step = ""
    helps_again = True
    is_of_organisers = False


class ProviderUnreachable(IdentityRefused):
    status = 503
    helps_again = False
    message = (
        "Le service d’identité ne répond pas pour le moment. Connectez-vous sans lui, comme "
        "ci-dessous, ou recommencez dans quelques minutes."
    )


class AnswerRefused(IdentityRefused):
    status = 400
    step = "provider_answer"
    message = (
        "La réponse du service d’identité ne correspond pas à votre demande\u00a0: elle a déjà "
        "servi, elle a trop attendu, ou elle ne vient pas de ce navigateur. Recommencez."
    )


class SignInAbandoned(IdentityRefused):
    status = 400
    step = "provider_abandoned"
    message = (
        "Le service d’identité n’a pas terminé votre connexion\u00a0: vous l’avez interrompue, ou "
        "il l’a refusée. Recommencez, ou connectez-vous sans lui."
    )


class AddressNotVerified(IdentityRefused):
    step = "provider_unverified"
    message = (
        "Le service d’identité n’atteste pas que votre adresse électronique est bien la vôtre. "
        "Faites-la vérifier auprès de lui, ou connectez-vous sans lui."
    )


class AddressUnknown(IdentityRefused):
    step = "provider_unknown"
    message = (
        "Votre adresse électronique n’est pas connue de ce salon\u00a0: se connecter ne crée pas "
        "de compte. Prenez l’identité dont l’organisation a l’adresse, ou demandez-lui de vous "
        "inscrire."
    )


class LinkedToAnother(IdentityRefused):
    step = "provider_other"
    message = (
        "Le compte de cette adresse appartient déjà à une autre identité. Prenez celle de votre "
        "première connexion, ou demandez à l’organisation d’oublier l’ancienne."
    )


class LevelTooLow(IdentityRefused):
    is_of_organisers = True
    step = "provider_level"
    message = (
        "L’organisation ne se connecte qu’avec deux facteurs, et votre identité n’en a montré "
        "qu’un. Recommencez avec un second facteur, ou prenez votre mot de passe et le code de "
        "votre application."
    )


class NotForOrganisers(IdentityRefused):
    is_of_organisers = True
    step = "provider_organiser"
    helps_again = False
    message = (
        "L’organisation ne se connecte pas par ce service. Prenez votre mot de passe et le code "
        "de votre application."
    )


class NotReady(IdentityRefused):
    is_of_organisers = True
    step = "provider_not_ready"
    helps_again = False
    message = (
        "Votre compte d’organisation n’est pas encore activé. Ouvrez d’abord le lien du message "
        "d’invitation\u00a0: il vous donne une entrée qui reste, même quand le service d’identité "
        "est en panne."
    )


def check_answer_is_ours(is_ours: bool) -> None:
    """The provider answers this browser's request, about one person. Raises AnswerRefused."""
    if not is_ours:
        raise AnswerRefused


LEVEL_ERRORS = ("unmet_authentication_requirements", "insufficient_user_authentication")
"""OpenID Connect Core Unmet Authentication Requirements 1.0; RFC 9470."""
OUTAGES = ("server_error", "temporarily_unavailable")


def check_sign_in_succeeded(error: str) -> None:
    """Raise the refusal that a provider's `error` (RFC 6749, 4.1.2.1) stands for, if any."""
    if error in LEVEL_ERRORS:
        raise LevelTooLow
    if error in OUTAGES:
        raise ProviderUnreachable
    if error:
        raise SignInAbandoned


def check_address_is_verified(email: str, is_verified: bool) -> None:
    if not (email and is_verified):
        raise AddressNotVerified


def is_same_address(email: str, account_email: str) -> bool:
    """Return whether a provider's address is an account's, its case apart.

    Other spellings that we count as one address may be two mailboxes at a provider.
    """
    return email == account_email or (email.isascii() and email.lower() == account_email.lower())


def check_is_known(is_known: bool) -> None:
    """An open account has this identity or this address. Raises AddressUnknown."""
    if not is_known:
        raise AddressUnknown


def check_is_not_linked(linked: tuple[str, str], identity: tuple[str, str]) -> None:
    """An account belongs to the first person who signed in to it by this provider.

    Both are (issuer, subject); an identity of a former provider is replaced. Raises
    LinkedToAnother.
    """
    if linked[0] == identity[0] and linked[1] != identity[1]:
        raise LinkedToAnother


def check_level(is_organiser: bool, level: str, levels: Collection[str]) -> None:
    """An organiser shows two factors, by `levels`. Raises NotForOrganisers, LevelTooLow."""
    if is_organiser and not levels:
        raise NotForOrganisers
    if is_organiser and level not in levels:
        raise LevelTooLow


def check_is_ready(is_ready: bool) -> None:
    """An organiser has a password and a TOTP secret of their own. Raises NotReady."""
    if not is_ready:
        raise NotReady
