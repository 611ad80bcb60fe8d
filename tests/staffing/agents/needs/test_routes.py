"""The pages of the needs of stands."""

import re

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.staffing.queries.rota import needs_of
from salon.staffing.rules.needs import RangeBackwards
from tests.pages import PageClient
from tests.staffing.agents.pages import NEEDS, hidden, text
from tests.staffing.make import Village, make_needs
from tests.tables import each


def test_needs_are_said_line_by_line_by_range_and_copied(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    assert "Rien n’est dit" in text(organiser, NEEDS)
    stand_id = village.bodies["Département"].stand_id
    path = f"{NEEDS}/{stand_id}"
    theme = str(village.themes["Département"].id)
    moment = {
        "starts_at": village.at(9).isoformat(),
        "ends_at": village.at(10).isoformat(),
        **{"minimum": "1", "wished": "2", "maximum": "3", "themes": [theme]},
    }
    answer = organiser.post(f"{path}/plage", data={**hidden(text(organiser, path)), **moment})
    assert answer.status_code == 302
    current_session().rollback()
    rows = needs_of(edition)[stand_id]
    assert [(row.minimum, row.wished, row.maximum) for row in rows] == [(1, 2, 3)] * 2
    page = text(organiser, path)
    assert "Soutien aux communes" in page
    lines = dict(re.findall(r'name="(lines-\d+-\w+)"[^>]*value="([^"]*)"', page))
    assert len(lines) == 4 * 19
    lines["lines-1-minimum"] = "2"
    assert organiser.post(path, data={**hidden(page), **lines}).status_code == 302
    current_session().rollback()
    rows = needs_of(edition)[stand_id]
    assert rows[0].minimum == 2
    assert [theme.name for theme in rows[0].themes] == ["Soutien aux communes"]
    other_text = f"{NEEDS}/{village.bodies['SDIS 34'].stand_id}"
    data = {**hidden(text(organiser, other_text)), "source": f"stand:{stand_id}"}
    assert organiser.post(f"{other_text}/reprendre", data=data).status_code == 302
    current_session().rollback()
    assert len(needs_of(edition)[village.bodies["SDIS 34"].stand_id]) == 2
    assert "1&nbsp;à&nbsp;2" in text(organiser, NEEDS)


@each(
    ("place", "fields", "status"),
    [
        ("/plage", {"minimum": "3", "wished": "2", "maximum": "4"}, 400),
        ("/plage", {"minimum": "1", "wished": "2", "maximum": "100"}, 400),
        ("/plage", {"minimum": "x", "wished": "2", "maximum": "3"}, 400),
        ("/plage", {"minimum": "1", "wished": "2", "maximum": "9" * 400}, 400),
        ("/reprendre", {"source": "stand:999"}, 400),
        ("/reprendre", {"source": "edition:1"}, 400),
        ("", {"lines-0-starts_at": "hier", "lines-0-minimum": "1"}, 400),
        (
            "",
            {
                "lines-0-starts_at": "2021-10-01T07:00:00",
                **{"lines-0-minimum": "1", "lines-0-wished": "1", "lines-0-maximum": "1"},
            },
            400,
        ),
    ],
)
def test_needs_typed_wrongly_change_nothing(
    organiser: PageClient,
    village: Village,
    edition: Edition,
    place: str,
    fields: dict[str, str],
    status: int,
) -> None:
    stand_id = village.bodies["Département"].stand_id
    path = f"{NEEDS}/{stand_id}"
    hours = {"starts_at": village.at(9).isoformat(), "ends_at": village.at(10).isoformat()}
    data = {**hidden(text(organiser, path)), **hours, **fields}
    assert organiser.post(path + place, data=data).status_code == status
    current_session().rollback()
    assert needs_of(edition) == {}


def test_a_range_that_ends_before_it_begins_is_said(
    organiser: PageClient, village: Village
) -> None:
    path = f"{NEEDS}/{village.bodies['Département'].stand_id}"
    data = {
        **hidden(text(organiser, path)),
        "starts_at": village.at(10).isoformat(),
        "ends_at": village.at(9).isoformat(),
        **{"minimum": "1", "wished": "2", "maximum": "3"},
    }
    answer = organiser.post(f"{path}/plage", data=data)
    assert answer.status_code == 400
    assert RangeBackwards.message in answer.get_data(as_text=True)


def test_needs_that_changed_since_are_shown_anew(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    path = f"{NEEDS}/{village.bodies['Département'].stand_id}"
    page = text(organiser, path)
    lines = dict(re.findall(r'name="(lines-\d+-\w+)"[^>]*value="([^"]*)"', page))
    make_needs(village, minimum=2)
    answer = organiser.post(path, data={**hidden(page), **lines})
    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient de modifier ces informations" in answer.get_data(as_text=True)
    current_session().rollback()
    assert {row.minimum for rows in needs_of(edition).values() for row in rows} == {2}
