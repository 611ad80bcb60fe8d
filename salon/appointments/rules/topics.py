"""Rules of the topics."""

from collections.abc import Collection

from salon.platform.errors import BadInput, RuleBroken

MOST = 40
"""Topics of an edition."""


class NoTheme(BadInput):
    message = "Choisissez au moins un thème qui répond à ce besoin."


class TooManyTopics(RuleBroken):
    message = f"Il y a déjà {MOST} besoins\u00a0: retirez-en un, ou réunissez-en deux."


class TopicKnown(RuleBroken):
    message = "Un besoin porte déjà ce nom. Ajoutez-lui plutôt des mots."


def check_has_theme(theme_ids: Collection[int]) -> None:
    """A topic has at least one theme. Raises NoTheme."""
    if not theme_ids:
        raise NoTheme


def check_room_for_topic(count: int) -> None:
    """An edition has at most MOST topics. Raises TooManyTopics."""
    if count >= MOST:
        raise TooManyTopics


def check_known_themes(theme_ids: Collection[int], edition_theme_ids: Collection[int]) -> None:
    """The themes belong to the edition. Raises BadInput."""
    if not set(theme_ids) <= set(edition_theme_ids):
        raise BadInput
