"""What forbids to erase or send again."""

from datetime import datetime
from typing import Any

from salon.errors import RuleBroken
from salon.message_secrets import has_lost_secrets


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


def check_can_be_called_off(held: int) -> None:
    """A message is called off, or sent before its time, while it is held."""
    if not held:
        raise TooLateToCallOff


def check_is_known(email_key: str, name_key: str) -> None:
    """A person is erased once."""
    if not email_key and not name_key.strip():
        raise AlreadyErased


def check_holds_nothing(ends: list[datetime], now: datetime) -> None:
    """Nobody who is still expected on a stand is erased: the stand would seem held."""
    if any(end > now for end in ends):
        raise StillOnTheRota


def check_nothing_prints(leases: list[datetime | None], real_now: datetime) -> None:
    """No print run is in the hands of a worker: its file could still receive the name."""
    if any(lease is not None and lease > real_now for lease in leases):
        raise PrintingUnderWay


def check_has_its_secrets(context: dict[str, Any]) -> None:
    """Every code and private link that the message carries is still there."""
    if has_lost_secrets(context):
        raise SecretForgotten


def check_has_words(recipient: str) -> None:
    """Only a message that still has an address can be sent."""
    if not recipient:
        raise MessageErased
