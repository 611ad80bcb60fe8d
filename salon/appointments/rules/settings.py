"""Rules of the booking settings and of the topics."""

from collections.abc import Collection, Mapping

from salon.platform.words.errors import BadInput, RuleBroken

MINUTES = (15, 20, 30, 45)
"""Durations of a theme, in minutes."""
IN_FIVES = ("notice_minutes", "buffer_minutes")
CHANGEABLE = (
    *IN_FIVES,
    "hold_minutes",
    "offer_minutes",
    "per_visitor",
    "per_commune",
)


class NotInFives(BadInput):
    message = "Le délai et la pause se comptent de cinq en cinq minutes."


class UnknownMinutes(BadInput):
    message = "Un rendez-vous dure 15, 20, 30 ou 45 minutes."


def check_in_fives(values: Mapping[str, int]) -> None:
    """The notice and the buffer are multiples of five minutes. Raises NotInFives."""
    if any(values.get(name, 0) % 5 for name in IN_FIVES):
        raise NotInFives


def check_known_minutes(minutes: int) -> None:
    """The duration of a theme is one of MINUTES. Raises UnknownMinutes."""
    if minutes not in MINUTES:
        raise UnknownMinutes


MOST_TOPICS = 40
"""Topics of an edition."""


class NoTheme(BadInput):
    message = "Choisissez au moins un thème qui répond à ce besoin."


class TooManyTopics(RuleBroken):
    message = f"Il y a déjà {MOST_TOPICS} besoins\u00a0: retirez-en un, ou réunissez-en deux."


class TopicKnown(RuleBroken):
    message = "Un besoin porte déjà ce nom. Ajoutez-lui plutôt des mots."


def check_has_theme(theme_ids: Collection[int]) -> None:
    """A topic has at least one theme. Raises NoTheme."""
    if not theme_ids:
        raise NoTheme


def check_room_for_topic(count: int) -> None:
    """An edition has at most MOST_TOPICS topics. Raises TooManyTopics."""
    if count >= MOST_TOPICS:
        raise TooManyTopics


def check_known_themes(theme_ids: Collection[int], edition_theme_ids: Collection[int]) -> None:
    """The themes belong to the edition. Raises BadInput."""
    if not set(theme_ids) <= set(edition_theme_ids):
        raise BadInput
