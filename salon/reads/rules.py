"""Rules of the tokens of other services: their scope and their end."""

from datetime import date, datetime, timedelta

from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import day as day_words
from salon.platform.words.labels import LabelledEnum

READS_PER_MINUTE = 120
"""Reads of one token."""

LONGEST_DAYS = 730
"""Days that a token may last: nobody remembers older ones."""


class TokenState(LabelledEnum):
    LIVE = "live", "En service"
    ENDED = "ended", "Arrivé à son terme"
    REVOKED = "revoked", "Révoqué"


class EndOutOfRange(BadInput):
    pass


class OtherEdition(RuleBroken):
    status = 403
    message = "Ce jeton lit une autre édition."


class EditionNotShown(RuleBroken):
    status = 404
    message = "Cette édition n’est pas publiée."


class NotInArchive(RuleBroken):
    status = 404
    message = "D’une édition passée se lisent le programme, les exposants et la fréquentation."


class NoFiguresYet(RuleBroken):
    status = 404
    message = (
        "Les chiffres de fréquentation se lisent après le salon, une fois que l’organisateur les a "
        "publiés."
    )


def state_of(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> TokenState:
    if revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.LIVE if now < expires_at else TokenState.ENDED


def check_end(last_day: date, today: date) -> None:
    """Check that a token ends today at the earliest, and in two years at the latest."""
    latest = today + timedelta(days=LONGEST_DAYS)
    if not today <= last_day <= latest:
        raise EndOutOfRange(
            f"Choisissez un jour entre le {day_words(today)} et le {day_words(latest)}."
        )


def check_token_reads(token_edition_id: int, edition_id: int) -> None:
    if token_edition_id != edition_id:
        raise OtherEdition


def check_is_shown(*, is_current: bool, is_past: bool) -> None:
    """Check that the public sees an edition: the current one, or the archive of a past one."""
    if not (is_current or is_past):
        raise EditionNotShown


def check_is_not_archive(*, is_current: bool) -> None:
    if not is_current:
        raise NotInArchive
