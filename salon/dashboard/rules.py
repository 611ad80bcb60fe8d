"""Rules of erasure, destruction and sending again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from salon.platform.mail.message_secrets import has_lost_secrets
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import short_moment
from salon.platform.words.labels import LabelledEnum

QUIET = timedelta(days=1)
"""Time without destruction after a suspicious start."""
SILENCE = timedelta(days=1)
CLOCK_SLIP = timedelta(hours=1)


class AlreadyErased(RuleBroken):
    message = "Les données de cette personne ont déjà été effacées."


class StillOnTheRota(RuleBroken):
    message = (
        "Cette personne tient encore des vacations publiées du village. "
        "Retirez-la d’abord de la liste des agents, puis effacez."
    )


class PrintingUnderWay(RuleBroken):
    message = (
        "Une impression en lot est en cours et peut contenir ce badge. "
        "Attendez qu’elle soit terminée, puis effacez."
    )


class MessageErased(RuleBroken):
    message = "Le contenu de ce message a été effacé : il ne peut plus être envoyé."


class SecretForgotten(RuleBroken):
    message = (
        "Ce message portait un code ou un lien privé, effacé depuis son envoi : "
        "il ne peut plus partir tel quel."
    )


class TooLateToCallOff(RuleBroken):
    message = "Ce courriel est déjà parti, ou son envoi est déjà annulé."


def check_can_be_called_off(held_count: int) -> None:
    """A message is called off, or sent before its time, only while it is held."""
    if not held_count:
        raise TooLateToCallOff


def check_is_not_erased(email_key: str, name_key: str) -> None:
    """A person is erased once."""
    if not email_key and not name_key.strip():
        raise AlreadyErased


def check_holds_nothing(ends: list[datetime], now: datetime) -> None:
    """A person still expected on a stand is not erased: the stand would seem staffed."""
    if any(end > now for end in ends):
        raise StillOnTheRota


def check_nothing_prints(leases: list[datetime | None], real_now: datetime) -> None:
    """No print run may be running: its file could still receive the name."""
    if any(lease is not None and lease > real_now for lease in leases):
        raise PrintingUnderWay


def check_has_its_secrets(context: dict[str, object]) -> None:
    """Every code and private link that the message carries must still be there."""
    if has_lost_secrets(context):
        raise SecretForgotten


def check_has_words(recipient: str) -> None:
    """Only a message that still has an address can be sent."""
    if not recipient:
        raise MessageErased


class QuietReason(LabelledEnum):
    """Reason why nothing is destroyed for a day."""

    FIRST_START = "first_start", "le service vient de démarrer sur cette base"
    RESTORED = "restored", "cette base vient d’être restaurée d’une sauvegarde"
    SILENCE = "silence", "le service n’avait plus tourné sur cette base depuis plus d’un jour"
    CLOCK = "clock", "l’horloge du serveur est revenue en arrière"


@dataclass(frozen=True)
class ServiceWatch:
    """Time when the service last ran on this database, and until when it destroys nothing."""

    seen_at: datetime
    quiet_until: datetime
    reason: QuietReason


class DestructionSuspended(RuleBroken):
    """Destructions are suspended; the message gives the reason."""


class EditionNotOver(RuleBroken):
    message = "Cette édition n’est pas terminée : rien n’en est encore à effacer."


def quiet_reason(watch: ServiceWatch | None, now: datetime) -> QuietReason | None:
    """Return why this start is suspicious, None when the service has run on without a gap."""
    if watch is None:
        return QuietReason.FIRST_START
    if now - watch.seen_at > SILENCE:
        return QuietReason.SILENCE
    if watch.seen_at - now > CLOCK_SLIP:
        return QuietReason.CLOCK
    return None


def check_may_destroy(
    watch: ServiceWatch | None, has_acts: bool, clock_doubt: str, now: datetime
) -> None:
    """The clock alone destroys nothing: the service must have run on, and people used it lately."""
    if watch is None:
        raise DestructionSuspended("Aucune destruction : le service n’a pas encore tourné ici.")
    if now < watch.quiet_until:
        raise DestructionSuspended(
            f"Aucune destruction avant le {short_moment(watch.quiet_until)} : {watch.reason.label}."
        )
    if not has_acts:
        raise DestructionSuspended("Aucune destruction : personne n’a encore agi sur cette base.")
    if clock_doubt:
        raise DestructionSuspended(f"Aucune destruction. {clock_doubt}")


def check_is_over(is_over: bool) -> None:
    """Data are destroyed only after the end of their edition."""
    if not is_over:
        raise EditionNotOver
