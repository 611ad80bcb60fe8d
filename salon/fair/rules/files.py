"""Rules of the documents given to the public."""

from salon.platform.words.errors import RuleBroken

MOST_FILES = 10


class TooManyFiles(RuleBroken):
    message = f"Au plus {MOST_FILES} documents ici : retirez-en un d’abord."


class FileTooHeavy(RuleBroken):
    status = 413
    message = "Ce document est trop lourd."


def check_room_for_file(count: int) -> None:
    if count >= MOST_FILES:
        raise TooManyFiles
