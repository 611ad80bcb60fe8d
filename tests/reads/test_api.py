"""The API of other services. The test client compares each answer with its OpenAPI description."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from salon.exhibitors.models import CoExhibitor
from salon.fair.models import Edition, EditionState, ProgrammeItem, Room
from salon.open_data.services import publish, withdraw
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now, paris, real_now
from salon.platform.words.typography import unbreakable
from salon.reads import rules
from tests.appointments.make import book, make_fair
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import act_in, make_edition, new_key
from tests.open_data.make import files_of, let_in_more, past_fair
from tests.pages import PageClient
from tests.reads.make import make_token, pages, read
from tests.statements import statements
from tests.tables import each


@pytest.fixture
def token(edition: Edition) -> str:
    return make_token(edition)


def make_item(edition: Edition, title: str = "Ouverture", **overrides: object) -> ProgrammeItem:
    day = edition.days[0]
    with transaction() as session:
        room = Room(edition_id=edition.id, name=f"Salle {title}")
        session.add(room)
        session.flush()
        values = {
            "edition_id": edition.id,
            "title": title,
            "room_id": room.id,
            "starts_at": day.opens_at,
            "ends_at": day.opens_at + timedelta(hours=1),
            "speakers": [{"name": "Jeanne Barral", "role": "maire"}],
            **overrides,
        }
        row = ProgrammeItem(**values)
        session.add(row)
    return row


def test_the_edition_says_what_it_is(client: PageClient, edition: Edition, token: str) -> None:
    answer = read(client, token, edition.slug)
    assert answer.json is not None
    assert answer.json["edition"] == edition.slug
    (day,) = answer.json["days"]
    assert day["day"] == edition.days[0].day_on.isoformat()
    assert re.search(r"T09:00:00\+0[12]:00$", day["opens_at"])
    assert (answer.json["standing"], answer.json["is_current"]) == ("as_planned", True)


@pytest.mark.on_both
def test_an_exhibitor_is_read_as_the_catalogue_shows_it(
    client: PageClient, edition: Edition, token: str
) -> None:
    hall = make_hall(edition, name="2")
    theme = make_theme(edition, make_stand(hall, number="66", x=20, y=20))
    host = make_exhibitor(
        edition,
        name="Éclairage du Biterrois",
        slug="eclairage",
        stand=make_stand(hall, number="12"),
        website="javascript:alert(1)",
    )
    with transaction() as session:
        session.merge(host).themes.append(session.merge(theme))
        session.add(CoExhibitor(exhibitor_id=host.id, name="Lampes", name_key="lampes"))
    answer = read(client, token, f"{edition.slug}/exhibitors")
    assert answer.json is not None
    (exhibitor,) = answer.json["exhibitors"]
    assert exhibitor["name"] == "Éclairage du Biterrois"
    assert (exhibitor["hall"], exhibitor["stand"]) == ("2", "12")
    assert (exhibitor["themes"], exhibitor["co_exhibitors"]) == ([theme.name], ["Lampes"])
    assert exhibitor["website"] == ""
    assert exhibitor["page"].endswith("/exposants/eclairage")
    public = client.get("/exposants.json").get_json()["exhibitors"]
    assert [exhibitor] == public


@pytest.mark.on_both
def test_pages_have_neither_gap_nor_double_when_rows_are_added(
    client: PageClient, edition: Edition, token: str
) -> None:
    exhibitors = [make_exhibitor(edition, name=f"Zone {number}") for number in range(7)]
    first = read(client, token, f"{edition.slug}/exhibitors?limit=3")
    assert first.json is not None
    following = first.json["next"]
    assert f'<{following}>; rel="next"' in first.headers.getlist("Link")
    # By name, one comes before those read already, and another goes there.
    make_exhibitor(edition, name="Abeilles")
    with transaction() as session:
        renamed = session.merge(exhibitors[-1])
        renamed.name, renamed.name_key = "Abricots", "abricots"
    path = following.split("/editions/")[1]
    others = pages(client, token, path)
    read_names = [row["name"] for page in [first.json, *others] for row in page["exhibitors"]]
    assert len(read_names) == len(set(read_names))
    assert set(read_names) == {f"Zone {number}" for number in range(6)} | {"Abeilles", "Abricots"}
    assert others[-1]["next"] is None
    last = read(client, token, f"{edition.slug}/exhibitors?limit=9")
    assert "next" not in str(last.headers.getlist("Link"))


@pytest.mark.on_both
@pytest.mark.parametrize("name", ["programme", "themes"])
def test_programme_and_themes_come_in_pages_as_well(
    client: PageClient, edition: Edition, token: str, name: str
) -> None:
    hall = make_hall(edition, name="2")
    for number in range(5):
        make_item(edition, f"Moment {number}")
        make_theme(
            edition, make_stand(hall, number=f"{number}", x=number * 3), slug=f"theme-{number}"
        )
    rows = "items" if name == "programme" else name
    read_pages = [page[rows] for page in pages(client, token, f"{edition.slug}/{name}?limit=2")]
    assert [len(page) for page in read_pages] == [2, 2, 1]
    (whole,) = pages(client, token, f"{edition.slug}/{name}")
    assert [row for page in read_pages for row in page] == whole[rows]


def test_a_theme_withdrawn_is_read_no_more(
    client: PageClient, edition: Edition, token: str
) -> None:
    theme = make_theme(edition, make_stand(make_hall(edition)))
    path = f"{edition.slug}/themes"
    assert len(pages(client, token, path)[0]["themes"]) == 1
    with transaction(theme):
        theme.withdrawn_at = now()
    assert pages(client, token, path)[0]["themes"] == []


@each("query", ["cursor=-1", "cursor=2147483648", "cursor=abc", "limit=0", "limit=101", "limit=x"])
def test_a_cursor_or_limit_that_is_none_is_refused(
    client: PageClient, edition: Edition, token: str, query: str
) -> None:
    answer = read(client, token, f"{edition.slug}/themes?{query}")
    assert answer.status_code == 400
    assert answer.json is not None
    assert "« limit » va de 1 à 100" in answer.json["message"].replace("\xa0", " ")


def test_an_unchanged_answer_is_not_sent_again(
    client: PageClient, edition: Edition, token: str
) -> None:
    make_exhibitor(edition, name="Zone 1")
    path = f"{edition.slug}/exhibitors?limit=1"
    answer = read(client, token, path)
    tag = answer.headers["ETag"]
    assert not tag.startswith("W/")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization"
    unchanged = read(client, token, path, If_None_Match=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"] == tag
    # A page that was the last has another following it: the answer is another.
    make_exhibitor(edition, name="Zone 2")
    changed = read(client, token, path, If_None_Match=tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_page_costs_the_same_statements_however_many_rows_it_has(
    client: PageClient, edition: Edition, token: str
) -> None:
    hall = make_hall(edition, name="2")
    read(client, token, edition.slug)

    def add(numbers: range) -> None:
        for number in numbers:
            stand = make_stand(hall, number=f"{number}", x=number * 3)
            theme = make_theme(edition, stand, slug=f"theme-{number}")
            make_item(edition, f"Moment {number}", theme_id=theme.id)
            make_exhibitor(edition)

    def counts() -> list[int]:
        sent = []
        for name in ("exhibitors", "programme", "themes"):
            with statements() as of_page:
                assert read(client, token, f"{edition.slug}/{name}").status_code == 200
            sent.append(len(of_page))
        return sent

    add(range(1))
    few = counts()
    add(range(1, 12))
    assert counts() == few
    assert max(few) <= 14, few


@pytest.mark.on_both
def test_the_slots_of_a_theme_are_free_or_taken_and_nobody_is_named(
    client: PageClient, edition: Edition, token: str
) -> None:
    fair = make_fair(edition)
    theme = fair.village.themes["Département"]
    path = f"{edition.slug}/themes/{theme.slug}/slots"
    before = read(client, token, path)
    assert before.json is not None
    assert {slot["state"] for slot in before.json["slots"]} == {"free"}
    assert len(before.json["slots"]) > 10
    appointment = book(fair, at=fair.at(10))
    answer = read(client, token, path)
    assert answer.json is not None
    (taken,) = [slot for slot in answer.json["slots"] if slot["state"] == "taken"]
    assert taken["starts_at"].endswith(("T10:00:00+01:00", "T10:00:00+02:00"))
    agent_ids = {agent.last_name for agents in fair.agents.values() for agent in agents}
    assert not [name for name in agent_ids if name in answer.text]
    assert appointment.subject not in answer.text
    with transaction():
        edition.standing = Standing.POSTPONED
    postponed = read(client, token, path)
    assert postponed.json is not None
    assert postponed.json["slots"] == []


@pytest.mark.on_both
def test_the_attendance_is_that_of_the_latest_version(client: PageClient) -> None:
    """Computed at each read, it would tell what each late scan changes."""
    fair = past_fair()
    token, path = make_token(fair), f"{fair.slug}/attendance"
    early = read(client, token, path)
    assert early.status_code == 404
    assert early.json is not None
    assert early.json["message"] == unbreakable(rules.NoFiguresYet.message)
    files = list(files_of(fair).values())
    release = publish(act_in(fair, SYSTEM, real_now()), 1, files, new_key())
    answer = read(client, token, path)
    assert answer.json is not None
    assert answer.json["people"] == 14
    first_quarter = answer.json["by_quarter"][0]
    assert first_quarter["starts_at"] == "2021-10-01T09:00:00+02:00"
    assert first_quarter["people"] == 5
    beziers = {"label": "CA de Béziers-Méditerranée", "siren": "243400769", "people": 8}
    assert beziers in answer.json["by_epci"]
    for counts in ("by_quarter", "by_category", "by_epci"):
        assert sum(count["people"] for count in answer.json[counts]) == 14
    let_in_more(fair, 1)
    assert read(client, token, path).json == answer.json
    partial = [file for file in files if file.name == "frequentation-epci.csv"]
    publish(act_in(fair, SYSTEM, real_now()), 2, partial, new_key())
    latest = read(client, token, path)
    assert latest.json == {**answer.json, "by_quarter": [], "by_category": []}
    withdraw(Act(SYSTEM, real_now()), release)
    assert read(client, token, path).json == latest.json


@pytest.mark.on_both
def test_a_past_edition_is_read_as_its_archive_shows_it(
    client: PageClient, edition: Edition
) -> None:
    past = make_edition(
        slug="2019", day=date(2019, 10, 4), is_current=False, state=EditionState.HELD
    )
    hall = make_hall(past, name="2")
    make_exhibitor(past, name="Lumières", stand=make_stand(hall, number="12"))
    make_item(past, summary="Le bilan.")
    token = make_token(past)
    (exhibitors,) = pages(client, token, "2019/exhibitors")
    assert exhibitors["exhibitors"] == [{"name": "Lumières"}]
    (programme,) = pages(client, token, "2019/programme")
    assert set(programme["items"][0]) == {"title", "summary", "starts_at", "ends_at"}
    for path in ("2019/themes", "2019/themes/eau/slots"):
        assert read(client, token, path).status_code == 404
    with transaction():
        past.state = EditionState.DRAFT
    hidden = read(client, token, "2019")
    assert hidden.status_code == 404
    assert hidden.json is not None
    assert hidden.json["message"] == "Cette édition n’est pas publiée."


def test_what_is_unknown_or_no_json_is_refused_as_json(
    client: PageClient, edition: Edition, token: str
) -> None:
    for path in ("1999", "1999/exhibitors", f"{edition.slug}/themes/inconnu/slots"):
        assert read(client, token, path).json == {
            "status": 404,
            "message": "Cette adresse n’existe pas.",
        }
    for accepted in ("text/html", "text/csv", "application/json;q=0"):
        refused = read(client, token, edition.slug, Accept=accepted)
        assert refused.status_code == 406
        assert refused.json is not None
    for accepted in ("application/json", "*/*", "text/html, application/*;q=0.5"):
        assert read(client, token, edition.slug, Accept=accepted).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    posted = client.post(f"/api/v1/editions/{edition.slug}", headers=headers)
    assert posted.status_code == 405
    assert "GET" in posted.headers["Allow"]


def test_other_sites_read_nothing_through_a_browser(
    client: PageClient, edition: Edition, token: str
) -> None:
    answer = read(client, token, edition.slug, Origin="https://ailleurs.example")
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert "Set-Cookie" not in answer.headers


def test_a_token_that_reads_too_much_waits_and_another_does_not(
    client: PageClient, edition: Edition, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "READS_PER_MINUTE", 2)
    codes = [read(client, token, edition.slug).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    refused = read(client, token, edition.slug)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert read(client, make_token(edition), edition.slug).status_code == 200


def test_the_times_are_those_of_the_edition(client: PageClient, app: Flask) -> None:
    own_edition = make_edition()
    other_edition = make_edition(
        slug="2019",
        day=date(2019, 10, 4),
        is_current=False,
        state=EditionState.HELD,
        time_zone="Indian/Reunion",
    )
    answer = read(client, make_token(other_edition), "2019")
    assert own_edition.time_zone == "Europe/Paris"
    assert answer.json is not None
    assert answer.json["days"][0]["opens_at"] == "2019-10-04T09:00:00+04:00"
    assert (
        paris(date(2019, 10, 4), other_edition.days[0].opens, "Indian/Reunion")
        == other_edition.starts_at
    )
