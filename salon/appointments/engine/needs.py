"""Match a need in plain words with the topics and themes that answer it. Pure functions."""

from collections.abc import Collection, Sequence

from salon.appointments.models import Topic
from salon.fair.models import Theme
from salon.platform.words.texts import folded

SHORTEST = 3
EMPTY_WORDS = frozenset(
    (
        *("les", "des", "une", "pour", "sur", "dans", "avec", "par", "aux", "que", "qui", "quoi"),
        *("mon", "mes", "notre", "nos", "votre", "vos", "est", "sont", "comment"),
        *("besoin", "aide", "question", "probleme", "projet", "commune", "village"),
    )
)
"""Words without meaning of their own in a need."""


def words_of(text: str) -> list[str]:
    """Return the significant words of a need, without accents or plural marks."""
    words = [word for word in folded(text).split() if len(word) >= SHORTEST]
    significant = [word for word in words if word not in EMPTY_WORDS] or words
    return [word.rstrip("sx") if len(word) > SHORTEST else word for word in significant]


def count_matching_words(prefixes: Sequence[str], *texts: str) -> int:
    """Return how many prefixes begin a word of the texts."""
    words = folded(" ".join(texts)).split()
    return sum(any(word.startswith(part) for word in words) for part in prefixes)


def matching_topics(topics: Collection[Topic], text: str) -> list[Topic]:
    """Return the topics that contain the most words of a need, in order; [] without a match."""
    words = words_of(text)
    scores = {
        topic: count_matching_words(
            words, topic.name, topic.words, *(theme.name for theme in topic.themes)
        )
        for topic in topics
    }
    best = max(scores.values(), default=0)
    return [topic for topic, score in scores.items() if best and score == best]


def matching_themes(themes: Collection[Theme], text: str) -> list[Theme]:
    """Return the themes whose name, or whose body's name, contains the most words of a need."""
    words = words_of(text)
    scores = {
        theme: count_matching_words(words, theme.name, theme.body.short_name) for theme in themes
    }
    best = max(scores.values(), default=0)
    return [theme for theme, score in scores.items() if best and score == best]
