"""Limits of the documents that an exhibitor sends, and their answers."""

from salon.exhibitors.models import DocumentStatus
from salon.platform.errors import ReasonMissing, RuleBroken


class TooManyDocuments(RuleBroken):
    status = 400


class TooMuchSent(RuleBroken):
    status = 400
    message = (
        "Vos documents occupent toute la place prévue. Envoyez un fichier plus léger, "
        "ou écrivez à l’organisation."
    )


class FileTooHeavy(RuleBroken):
    status = 413
    message = "Ce fichier est trop lourd. Enregistrez-le en qualité réduite, puis renvoyez-le."


class AlreadyAnswered(RuleBroken):
    """The document already has this answer."""


class RemindedToday(RuleBroken):
    message = "Un rappel est déjà parti aujourd’hui à cet exposant."


class NothingToRecall(RuleBroken):
    message = "Cet exposant n’a plus rien à faire : aucun rappel n’est parti."


def check_quota(files: int, size: int, adding: int, most_files: int, most_bytes: int) -> None:
    """Check one more file of `adding` bytes beside `files` files of `size` bytes in all."""
    if files + 1 > most_files:
        raise TooManyDocuments(
            f"Vous avez déjà envoyé {files} documents, le plus possible. "
            "Écrivez à l’organisation pour en envoyer d’autres."
        )
    if size + adding > most_bytes:
        raise TooMuchSent


def check_answer(current: DocumentStatus, answer: DocumentStatus, reason: str) -> None:
    """A refusal needs a reason; the same answer is not given twice."""
    if answer == DocumentStatus.REFUSED and not reason.strip():
        raise ReasonMissing
    if current == answer:
        raise AlreadyAnswered(f"Ce document est déjà « {current.label} ».")
