"""Requests that no page of the village sends: refused on both databases, never a 500."""

import re
from collections.abc import Iterator
from urllib.parse import quote_plus

import html5lib
import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import db
from salon.platform.database.identity import Role
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.rota import needs_of
from tests.factories import sign_in
from tests.pages import NAMESPACE, PageClient
from tests.staffing.make import Village, make_agent, make_needs, make_village, publish, put, shifts

pytestmark = pytest.mark.on_both

PLACE = "/organisation/village"
LAST_HOUR = "9999-12-31T23:30:00+00:00"
FIRST_HOUR = "0001-01-01T00:00:00+14:00"
HUGE = "9" * 5000
ODD = ("-1", HUGE, LAST_HOUR, "a\ud800=?")
"""What a database may refuse in its own way."""
ODD_TEXTS = ("²", "{{7*7}}<script>")
"""What no database tells from other words: sent on SQLite alone."""
ODD_PATHS = (
    "/agents?q=%00&body=²&lacks=x",
    f"/agents?body={2**63}&page={HUGE}",
    f"/agents.csv?body={HUGE}",
    "/agents/0",
    f"/agents/{2**31}",
    f"/planning?jour={LAST_HOUR}",
    f"/planning/lignes?agent={2**63}&agent=²&agent=-1",
    f"/remplacements/nouveau?shift={HUGE}",
    f"/remplacements/nouveau?shift={2**31}",
    f"/calculs/{2**63}.json",
    "/papiers/stand/0.pdf",
    "/pointage/%00",
    "/pointage/%ED%A0%80",
)
Fields = list[tuple[str, str]]


@pytest.fixture
def village(edition: Edition) -> Village:
    """Return a village whose first stand needs somebody for two half hours."""
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(10, 0))
    return village


def forms_of(client: PageClient, path: str) -> Iterator[tuple[str, Fields]]:
    """(address, fields as a browser would send them) of each POST form of a page."""
    page = html5lib.parse(client.get(path).get_data(as_text=True))
    for form in page.iter(f"{NAMESPACE}form"):
        if form.get("method") == "post" and form.get("action") != "/deconnexion":
            sent = [
                (item.get("name"), item.get("value") or "")
                for item in form.iter()
                if item.get("name") and item.get("type") not in ("checkbox", "radio", "submit")
            ]
            yield form.get("action") or path, sent


def send(client: PageClient, path: str, fields: Fields) -> int:
    def coded(text: str) -> str:
        return quote_plus(text.encode("utf-8", "surrogatepass"))

    body = "&".join(f"{coded(name)}={coded(value)}" for name, value in fields)
    return client.post(
        path, data=body, content_type="application/x-www-form-urlencoded"
    ).status_code


def send_odd(client: PageClient, path: str) -> dict[str, int]:
    """Send each form of a page without fields, then with each kind of field made odd in turn: with
    half of the values, and its neighbour with the others."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    odd_values = (*ODD, *ODD_TEXTS) if is_sqlite else ODD
    answers = {}
    for to, fields in forms_of(client, path):
        token = [field for field in fields if field[0] == "csrf_token"]
        assert send(client, to, [("csrf_token", "x")]) == 400
        answers[f"{to} nothing"] = send(client, to, token)
        kinds = {re.sub(r"\d+", "0", name): name for name, _ in reversed(fields)}
        for number, name in enumerate(kinds.values()):
            others = [field for field in fields if field[0] != name]
            for odd in odd_values[number % 2 :: 2] if name != "csrf_token" else ():
                answers[f"{to} {name}={odd[:30]!a}"] = send(client, to, [*others, (name, odd)])
    assert answers, path
    return answers


def failures(answers: dict[str, int]) -> dict[str, int]:
    numbers = (200, 302, 400, 404, 409, 422, 429)
    return {case: status for case, status in answers.items() if status not in numbers}


def test_odd_forms_of_those_who_coordinate_are_refused(app: Flask, village: Village) -> None:
    client = sign_in(app, Role.AGENT, "claire@herault.example")
    make_agent(village, email="claire@herault.example", account=True, is_coordinator=True)
    bruno = make_agent(village, name="Bruno Vidal")
    put(village, bruno, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    stand = village.bodies["Département"].stand_id
    for path in (
        "agents/nouveau",
        f"agents/{bruno.id}",
        f"agents/{bruno.id}/retirer",
        f"besoins/{stand}",
        f"planning/agents/{bruno.id}",
        "remplacements/nouveau",
        "pointage/V0",
    ):
        assert failures(send_odd(client, f"{PLACE}/{path}")) == {}


def test_odd_forms_of_the_organiser_are_refused(app: Flask, village: Village) -> None:
    client = sign_in(app, Role.ORGANISER)
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    for path in (f"{PLACE}/calculs", f"{PLACE}/publication", "/organisation/reglages/planning"):
        assert failures(send_odd(client, path)) == {}


def test_odd_forms_of_an_agent_are_refused(app: Flask, village: Village) -> None:
    client = sign_in(app, Role.AGENT, "bruno@herault.example")
    bruno = make_agent(village, email="bruno@herault.example", account=True)
    anne = make_agent(village, name="Anne Petit")
    put(village, bruno, village.wanted("Département", (9, 0), (11, 0)))
    put(village, anne, village.wanted("Département", (14, 0), (16, 0)))
    publish(village)
    [shift] = shifts(bruno, ShiftStatus.PUBLISHED)
    for path in ("souhaits", f"vacations/{shift.id}/remplacement", f"vacations/{shift.id}/echange"):
        assert failures(send_odd(client, f"/planning/{path}")) == {}


def test_an_hour_that_no_clock_shows_is_refused(app: Flask, village: Village) -> None:
    client, agent = sign_in(app, Role.ORGANISER), make_agent(village)
    stand, shown = village.bodies["Département"].stand_id, village.at(9).isoformat()
    path = f"{PLACE}/besoins/{stand}"
    saved_fields = without_lines(client, path)
    [token] = [saved_field for saved_field in saved_fields if saved_field[0] == "csrf_token"]
    numbers = [(f"lines-0-{text}", "1") for text in ("minimum", "wished", "maximum")]
    form_fields = [token, ("agent_id", str(agent.id)), ("stand_id", str(stand))]
    for at in (LAST_HOUR, FIRST_HOUR, "9999-12-31T23:30:00-12:00", "2027-03-28T02:30:00", "²"):
        assert send(client, path, [*saved_fields, ("lines-0-starts_at", at), *numbers]) in (
            400,
            409,
        )
        for start, end in ((at, at), (shown, at), (at, shown)):
            fields = [*form_fields, ("starts_at", start), ("ends_at", end)]
            assert send(client, f"{PLACE}/jour/renfort", fields) in (400, 409)


def test_needs_under_a_number_that_is_none_erase_nothing(app: Flask, village: Village) -> None:
    client, stand = sign_in(app, Role.ORGANISER), village.bodies["Département"].stand_id
    path = f"{PLACE}/besoins/{stand}"
    fields = without_lines(client, path)
    assert send(client, path, fields) == 400
    for number in ("²", HUGE, "-1", ""):
        assert send(client, path, [*fields, (f"lines-{number}-minimum", "1")]) == 400
    assert len(needs_of(village.edition)[stand]) == 2


def without_lines(client: PageClient, path: str) -> Fields:
    """Return the fields of a stand's needs, without its half hours."""
    [fields] = [sent for to, sent in forms_of(client, path) if to == path]
    return [field for field in fields if not field[0].startswith("lines-")]


def test_odd_addresses_of_the_village_are_refused(app: Flask, edition: Edition) -> None:
    make_village(edition)
    client = sign_in(app, Role.ORGANISER)
    answers = {path: client.get(f"{PLACE}{path}").status_code for path in ODD_PATHS}
    assert {path: text for path, text in answers.items() if text not in (200, 400, 404)} == {}


def test_an_odd_address_of_a_calendar_is_refused(client: PageClient, edition: Edition) -> None:
    for token in ("%00", "%ED%A0%80", "x" * 5000, "erased:"):
        assert client.get(f"/planning/{token}.ics").status_code in (400, 404)
