"""What a mailing may say, and when it may be changed, sent or stopped."""

from collections.abc import Collection, Sequence
from datetime import datetime

from salon.mailings.engine import FIELDS, LINK
from salon.mailings.models import MailingState
from salon.platform.mail.wording import EDITION_FIELDS, FIELD, BraceAlone, UnknownField
from salon.platform.words.errors import RuleBroken
from salon.platform.words.texts import folded

SUBJECT_FIELDS = (*FIELDS, *EDITION_FIELDS)
TEXT_FIELDS = (*SUBJECT_FIELDS, LINK)


class NotADraft(RuleBroken):
    message = "Ce message n’est plus un brouillon : copiez-le pour en écrire un autre."


class HasMovedOn(RuleBroken):
    message = "Ce message a changé d’état entre-temps : relisez sa page."


class NobodyToWriteTo(RuleBroken):
    status = 422
    message = "Personne ne correspond à ces filtres : il n’y a personne à qui écrire."


class HourIsPast(RuleBroken):
    status = 400
    message = "Cette heure est passée : choisissez-en une à venir."


class StepHasNoDate(RuleBroken):
    """A step of the campaign leads to a fair that is postponed or cancelled."""

    message = (
        "Ce salon est reporté ou annulé : une étape de la campagne attend sa nouvelle date. Pour "
        "écrire dès maintenant, videz le nombre de jours dans « Modifier »."
    )


def check_fields(text: str, fields: Sequence[str]) -> None:
    """Each field of a text is one that a mailing has. Raises UnknownField, BraceAlone."""
    known = {folded(name) for name in fields}
    for name in FIELD.findall(text):
        if folded(name) not in known:
            raise UnknownField(name.strip(), list(fields))
    if set("{}") & set(FIELD.sub("", text)):
        raise BraceAlone


def check_words(subject: str, text: str) -> None:
    """Raises UnknownField, BraceAlone."""
    check_fields(subject, SUBJECT_FIELDS)
    check_fields(text, TEXT_FIELDS)


def check_is_draft(state: MailingState) -> None:
    if state != MailingState.DRAFT:
        raise NotADraft


def check_state(state: MailingState, allowed: Collection[MailingState]) -> None:
    if state not in allowed:
        raise HasMovedOn


def check_somebody_is_written_to(count: int) -> None:
    if not count:
        raise NobodyToWriteTo


def check_step_has_a_date(is_step: bool, is_as_planned: bool) -> None:
    if is_step and not is_as_planned:
        raise StepHasNoDate


def check_hour_is_to_come(planned_at: datetime, now: datetime) -> None:
    if planned_at <= now:
        raise HourIsPast
