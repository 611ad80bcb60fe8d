"""An agent's feed, read by three independent readers, follows what is published."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from icalendar import Calendar

from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.web.access import settings
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.services.publication import Given, hand_over, new_publication
from salon.staffing.services.settings import get_or_create_rota
from tests.factories import act_in, make_edition, make_places
from tests.pages import PageClient
from tests.staffing.feed.readers import READERS, Seen
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts

AUTUMN, SPRING, SUMMER = date(2026, 10, 25), date(2027, 3, 28), date(2027, 7, 1)
"""The clock goes back, goes forward, and does neither."""


def village_on(day: date) -> Village:
    make_places()
    return make_village(make_edition(day=day))


def feed_of(client: PageClient, agent: Agent) -> bytes:
    current_session().rollback()
    current_session().refresh(agent)
    answer = client.get(f"/planning/{agent.calendar_token}.ics")
    assert answer.status_code == 200
    return answer.data


def seen_by_all(client: PageClient, folder: Path, agent: Agent, day: date) -> Sequence[Seen]:
    """Return the events that all readers agree on; khal has read the feed at each earlier call."""
    content = feed_of(client, agent)
    first, *others = (read(folder / str(agent.id), content, day) for read in READERS)
    for other_reading in others:
        assert list(other_reading) == list(first)
    return first


def lines(events_seen: Sequence[Seen]) -> list[str]:
    return [
        f"{event.starts[-5:]} {event.ends[-5:]} {event.minutes} {event.summary}"
        f"{' [cancelled]' if event.is_cancelled else ''}"
        for event in events_seen
    ]


@pytest.mark.parametrize("day", [AUTUMN, SPRING, SUMMER])
def test_the_readers_agree_after_each_publication(
    app: Flask, client: PageClient, tmp_path: Path, day: date
) -> None:
    village = village_on(day)
    lea = make_agent(village, name="Léa Vidal")
    zoe = make_agent(village, name="Zoé Roqueblave")
    put(
        village,
        lea,
        village.wanted("Département", (8, 30), (11, 0)),
        village.wanted("Hérault THD", (14, 0), (15, 30)),
    )
    put(village, zoe, village.wanted("Département", (10, 0), (12, 0)))
    assert seen_by_all(client, tmp_path, lea, day) == []
    publish(village)
    first = seen_by_all(client, tmp_path, lea, day)
    assert lines(first) == [
        "08:30 11:00 150 Stand Département (hall 3, stand V0)",
        "14:00 15:30 90 Stand Hérault THD (hall 3, stand V1)",
    ]
    assert all(event.starts.startswith(day.isoformat()) for event in first)

    # Another stand, and another hour.
    put(
        village,
        lea,
        village.wanted("SDIS 34", (8, 30), (11, 0)),
        village.wanted("Hérault THD", (14, 30), (16, 0)),
    )
    publish(village)
    moved = seen_by_all(client, tmp_path, lea, day)
    assert lines(moved) == [
        "08:30 11:00 150 Stand SDIS 34 (hall 3, stand V2)",
        "14:30 16:00 90 Stand Hérault THD (hall 3, stand V1)",
    ]
    assert [event.uid for event in moved] == [event.uid for event in first]

    # The afternoon is withdrawn.
    put(village, lea, village.wanted("SDIS 34", (8, 30), (11, 0)))
    publish(village)
    assert lines(seen_by_all(client, tmp_path, lea, day)) == [
        "08:30 11:00 150 Stand SDIS 34 (hall 3, stand V2)",
        "14:30 16:00 90 Annulée\u00a0: Stand Hérault THD (hall 3, stand V1) [cancelled]",
    ]


def test_who_takes_a_shift_has_it_in_the_three_readers(
    app: Flask, client: PageClient, tmp_path: Path
) -> None:
    village = village_on(AUTUMN)
    lea, zoe = make_agent(village), make_agent(village)
    put(village, zoe, village.wanted("Département", (10, 0), (12, 0)))
    publish(village)
    rota = get_or_create_rota(village.edition)
    (shift,) = shifts(zoe, ShiftStatus.PUBLISHED)
    with transaction(rota, lea, zoe) as session:
        version = new_publication(act_in(village.edition, ORGANISER), session, "Remplacement")
        give = Given(shift, lea, planned_shift_of(shift))
        hand_over(Act(ORGANISER), session, version, [give], ShiftOrigin.STAND_IN)
    assert lines(seen_by_all(client, tmp_path, lea, AUTUMN)) == [
        "10:00 12:00 120 Stand Département (hall 3, stand V0)"
    ]
    assert lines(seen_by_all(client, tmp_path, zoe, AUTUMN)) == [
        "10:00 12:00 120 Annulée\u00a0: Stand Département (hall 3, stand V0) [cancelled]"
    ]


@pytest.mark.parametrize(
    ("start", "end", "shown", "minutes"),
    [
        # Before, over and after the hour that is shown twice: 2 h 30 comes at 0:30 then 1:30 UTC.
        ("2026-10-24 23:30", "2026-10-25 03:00", ("01:30", "04:00"), 210),
        ("2026-10-25 00:30", "2026-10-25 02:00", ("02:30", "03:00"), 90),
        ("2026-10-25 01:30", "2026-10-25 02:30", ("02:30", "03:30"), 60),
        # Over the hour that is not shown.
        ("2027-03-28 00:30", "2027-03-28 02:00", ("01:30", "04:00"), 90),
    ],
)
def test_hours_and_lengths_are_right_in_the_night_when_the_clock_changes(
    app: Flask,
    client: PageClient,
    tmp_path: Path,
    start: str,
    end: str,
    shown: tuple[str, str],
    minutes: int,
) -> None:
    starts_at, ends_at = (datetime.fromisoformat(f"{text}+00:00") for text in (start, end))
    village = village_on(ends_at.date())
    agent = make_agent(village)
    with transaction() as session:
        session.add(
            Shift(
                edition_id=village.edition.id,
                agent_id=agent.id,
                stand_id=village.bodies["SDIS 34"].stand_id,
                starts_at=starts_at,
                ends_at=ends_at,
                status=ShiftStatus.PUBLISHED,
                origin=ShiftOrigin.BY_HAND,
                uid="nuit",
            )
        )
    (event,) = seen_by_all(client, tmp_path, agent, ends_at.date())
    assert (event.starts[-5:], event.ends[-5:], event.minutes) == (*shown, minutes)


def test_the_sequence_only_grows_and_the_dates_are_those_of_the_publications(
    app: Flask, client: PageClient
) -> None:
    village = village_on(SUMMER)
    agent = make_agent(village)
    planned_shift = village.wanted("SDIS 34", (9, 0), (10, 0))
    numbers: dict[str, list[int]] = {}
    for end in (12, 13, 12, 15):
        put(village, agent, planned_shift, village.wanted("Département", (11, 0), (end, 0)))
        publish(village)
        for event in Calendar.from_ical(feed_of(client, agent)).walk("VEVENT"):
            numbers.setdefault(str(event["dtstart"].dt.hour), []).append(event["sequence"])
            assert event["dtstamp"].dt >= event["last-modified"].dt
            assert str(event["uid"]).endswith(f"@{urlsplit(settings().public_url).hostname}")
    assert numbers == {"9": [0, 0, 0, 0], "11": [0, 1, 2, 3]}


def test_the_description_says_with_whom(app: Flask, client: PageClient) -> None:
    village = village_on(SUMMER)
    lea = make_agent(village, name="Léa Vidal")
    zoe = make_agent(village, name="Zoé Roqueblave")
    ali = make_agent(village, name="Ali Benhaddou", civility="monsieur")
    put(village, lea, village.wanted("Département", (9, 0), (11, 0)))
    put(village, zoe, village.wanted("Département", (10, 0), (12, 0)))
    put(village, ali, village.wanted("Département", (9, 0), (12, 0)))
    publish(village)
    (event,) = Calendar.from_ical(feed_of(client, lea)).walk("VEVENT")
    first = str(event["description"]).splitlines()[0]
    assert first == ("Avec M.\u00a0Ali Benhaddou, Mme\u00a0Zoé Roqueblave (10\u00a0h – 11\u00a0h).")
