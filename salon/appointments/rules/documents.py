"""Rules of the documents attached to an appointment."""

from salon.platform.words.errors import RuleBroken

MOST_DOCUMENTS = 3


class TooManyDocuments(RuleBroken):
    message = (
        f"Un rendez-vous porte {MOST_DOCUMENTS} documents au plus. "
        "Retirez-en un pour en joindre un autre."
    )


class FileTooHeavy(RuleBroken):
    status = 413
    message = "Ce fichier est trop lourd. Enregistrez-le en qualité réduite, puis renvoyez-le."


def check_has_room(documents: int) -> None:
    """An appointment carries at most MOST_DOCUMENTS. Raises TooManyDocuments."""
    if documents >= MOST_DOCUMENTS:
        raise TooManyDocuments


def check_weight(size: int, most: int) -> None:
    """A file has at most `most` bytes. Raises FileTooHeavy."""
    if size > most:
        raise FileTooHeavy
