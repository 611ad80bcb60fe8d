"""A pack of 200 people on paper, 40 of its codes typed back: the counts are those of scans."""

import random

from flask import Flask
from sqlalchemy import select

from salon.badges.models import Attendee, Badge
from salon.entrance.models import Direction
from salon.entrance.queries.live import live_figures
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.paper.engine.short_codes import number_in
from salon.paper.services.typing_back import State, type_codes
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import local
from tests.entrance.people import item, make_station, presences
from tests.factories import act_in, make_places
from tests.paper.people import (
    CODE,
    at,
    conflicts,
    make_crowd,
    make_pack,
    make_today,
    path_of,
    pointing,
    qr_codes_of,
    texts_of,
)

PEOPLE, TYPED = 200, 40
EVENING = at(18)
SHEETS = (
    ("A", Direction.IN, 9, 0),
    ("A", Direction.IN, 9, 15),
    ("A", Direction.IN, 9, 45),
    ("A", Direction.IN, 11, 30),
)
"""Door, way and hour written on what is typed; then some leave."""


def codes_on(texts: list[str]) -> list[str]:
    """Return the codes of the list by name, as they are read on its pages."""
    pages = [text for text in texts if text.startswith("Liste par nom")]
    stored_texts = [" ".join(match) for text in pages for match in CODE.findall(text)]
    return [stored_text for stored_text in stored_texts if number_in(stored_text)]


def facts_by_name(edition: Edition) -> dict[str, tuple[object, ...]]:
    expected_presences = presences()
    expected_text = (
        select(Attendee.name_key, Badge.id).join(Badge).where(Badge.edition_id == edition.id)
    )
    return {
        name: (
            expected_presences[badge].is_inside,
            expected_presences[badge].first_entry_at,
            expected_presences[badge].first_door,
        )
        for name, badge in current_session().execute(expected_text)
        if badge in expected_presences
    }


def test_40_codes_typed_back_count_as_if_scanned(app: Flask) -> None:
    make_places()
    paper, scanned = make_today(), make_today(is_current=False)
    make_crowd(paper, PEOPLE)
    twins = {badge.attendee.name_key: badge for badge in make_crowd(scanned, PEOPLE)}
    pack = make_pack(app, paper, at(8))
    texts = texts_of(path_of(app, pack))
    assert len(qr_codes_of(path_of(app, pack))) == len(texts) == pack.pages
    codes = codes_on(texts)
    assert len(codes) == len(set(codes)) == PEOPLE

    chosen = random.Random(34).sample(codes, TYPED)
    names = dict(
        current_session().execute(select(Badge.id, Attendee.name_key).join(Attendee)).all()
    )
    station = make_station(scanned)
    share = TYPED // len(SHEETS)
    for place, (door, way, hour, minute) in enumerate(SHEETS):
        part = chosen[place * share : (place + 1) * share]
        sheet = pointing(hour, minute, door, way)
        lines = type_codes(act_in(paper, SYSTEM, EVENING), part, sheet)
        assert {line.state for line in lines} == {State.NOTED}
        codes_of_namesakes = [twins[names[number_in(item) or 0]].code for item in part]
        scan = [
            item(visitor_badge, scanned_at=at(hour, minute), door=door, direction=way)
            for visitor_badge in codes_of_namesakes
        ]
        record_scans(station, scanned.id, scan, at(hour, minute))
    leaving = chosen[:30]
    type_codes(act_in(paper, SYSTEM, EVENING), leaving, pointing(12, 0, "A", Direction.OUT))
    codes_of_namesakes = [twins[names[number_in(item) or 0]].code for item in leaving]
    out = [
        item(visitor_badge, scanned_at=at(12), direction=Direction.OUT)
        for visitor_badge in codes_of_namesakes
    ]
    record_scans(station, scanned.id, out, at(12))

    current_session().rollback()
    day = local(EVENING).date()
    typed, expected = (live_figures(edition, day, EVENING) for edition in (paper, scanned))
    assert (typed.entered, typed.inside) == (TYPED, TYPED - 30)
    assert typed == expected
    assert facts_by_name(paper) == facts_by_name(scanned)
    assert conflicts() == []
