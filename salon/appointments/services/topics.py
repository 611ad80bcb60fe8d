"""Add, change and remove topics, under a pessimistic lock on BookingSettings."""

from dataclasses import dataclass

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import BookingSettings, Topic, TopicTheme
from salon.appointments.queries.settings import get_topic, topics_of
from salon.appointments.rules import settings as rules
from salon.appointments.services.settings import get_or_create_settings
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.fair.services.acts import FairAct
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import check_version
from salon.platform.pages.lists.order import put_at
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class TopicFacts:
    """The fields of a topic. `place`: its rank from 1; `theme_ids`: the most fitting first."""

    name: str
    words: str
    theme_ids: tuple[int, ...]
    place: int


def add_topic(act: FairAct, version: int, facts: TopicFacts, key: str) -> Topic:
    """Add a topic. Idempotent by `key`.

    Raises StaleVersion, NoTheme, TooManyTopics, TopicKnown, SubmissionDiffers; NoResultFound for
    a theme of another edition.
    """
    settings = get_or_create_settings(act.edition)
    with act.transaction(settings) as session:
        if earlier := earlier_row(session, Topic, key, {"topic": act.edition.id, **vars(facts)}):
            return earlier
        _lock_version(settings, version)
        topics = list(topics_of(act.edition))
        rules.check_room_for_topic(len(topics))
        _check_themes(act.edition, facts)
        slug = folded(facts.name).replace(" ", "-") or "besoin"
        topic = Topic(edition_id=act.edition.id, slug=slug, rank=len(topics))
        _write_facts(topic, facts)
        with violation_as(rules.TopicKnown, "uq_topics_edition_id_slug", "topics.edition_id"):
            save_new_row(session, key, topic)
        put_at(facts.place, topic, topics)
        write_entry(
            session,
            act.actor,
            AppointmentAction.TOPIC_ADDED,
            f"edition:{act.edition.id}",
            name=facts.name,
        )
    return topic


def change_topic(act: FairAct, topic_id: int, version: int, facts: TopicFacts) -> Topic:
    """Change a topic and its place.

    Raises as `add_topic`; NoResultFound for a topic of another edition.
    """
    settings = get_or_create_settings(act.edition)
    with act.transaction(settings) as session:
        _lock_version(settings, version)
        topics = list(topics_of(act.edition))
        topic = get_topic(act.edition, topic_id)
        _check_themes(act.edition, facts)
        _write_facts(topic, facts)
        put_at(facts.place, topic, topics)
        write_entry(
            session,
            act.actor,
            AppointmentAction.TOPIC_CHANGED,
            f"edition:{act.edition.id}",
            name=facts.name,
        )
    return topic


def remove_topic(act: FairAct, topic_id: int, version: int) -> None:
    """Remove a topic; its themes stay. Raises StaleVersion, NoResultFound."""
    settings = get_or_create_settings(act.edition)
    with act.transaction(settings) as session:
        _lock_version(settings, version)
        topic = get_topic(act.edition, topic_id)
        write_entry(
            session,
            act.actor,
            AppointmentAction.TOPIC_REMOVED,
            f"edition:{act.edition.id}",
            name=topic.name,
        )
        session.delete(topic)


def _lock_version(settings: BookingSettings, version: int) -> None:
    check_version(version, settings.version)
    settings.version += 1


def _check_themes(edition: Edition, facts: TopicFacts) -> None:
    rules.check_has_theme(facts.theme_ids)
    rules.check_known_themes(facts.theme_ids, {theme.id for theme in themes_of(edition)})


def _write_facts(topic: Topic, facts: TopicFacts) -> None:
    topic.name, topic.words = facts.name, facts.words
    links = {link.theme_id: link for link in topic.links}
    topic.links = [
        links.get(theme_id) or TopicTheme(theme_id=theme_id) for theme_id in facts.theme_ids
    ]
    topic.links.reorder()  # type: ignore[attr-defined]
