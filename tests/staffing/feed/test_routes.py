"""The address of a feed: private, renewed at will, cheap to read again."""

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village, publish, put
from tests.statements import statements


def test_a_feed_that_did_not_change_is_not_sent_again(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    address = f"/planning/{agent.calendar_token}.ics"
    first = client.get(address)
    second_answer = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (second_answer.status_code, second_answer.data) == (304, b"")
    put(village, agent, village.wanted("Département", (9, 0), (12, 0)))
    publish(village)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_feed_is_kept_by_nobody_and_says_what_it_is(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    agent = make_agent(make_village(edition))
    answer = client.get(f"/planning/{agent.calendar_token}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_an_unknown_address_is_a_404(app: Flask, edition: Edition, client: PageClient) -> None:
    make_agent(make_village(edition))
    assert client.get("/planning/inconnu.ics").status_code == 404


def test_an_agent_renews_the_address_and_the_former_opens_nothing(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    village = make_village(edition)
    signed_in = sign_in(app, Role.AGENT, "lea@herault.example")
    agent = make_agent(village, email="lea@herault.example", account=True)
    other_agent = make_agent(village)
    former, calendar_token = agent.calendar_token, other_agent.calendar_token
    answer = signed_in.fill("/", to="/planning/agenda/nouvelle-adresse")
    assert client.get(f"/planning/{former}.ics").status_code == 200
    assert signed_in.confirm(answer).status_code == 302
    assert client.get(f"/planning/{former}.ics").status_code == 404
    assert client.get(f"/planning/{calendar_token}.ics").status_code == 200
    current_session().refresh(agent)
    assert client.get(f"/planning/{agent.calendar_token}.ics").status_code == 200


def test_a_longer_feed_asks_no_more_of_the_database(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    address = f"/planning/{agent.calendar_token}.ics"
    counts = []
    for hours in ((9,), (9, 11, 13, 15)):
        put(village, agent, *(village.wanted("SDIS 34", (at, 0), (at + 1, 0)) for at in hours))
        for _ in range(len(hours)):
            put(village, make_agent(village), village.wanted("SDIS 34", (9, 0), (16, 0)))
        publish(village)
        with statements() as sent_statements:
            client.get(address)
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]
