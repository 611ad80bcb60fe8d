"""Each address, opened in one edition by its organisers with the rows of another: nothing is there.

The rows are those of the former release, whose fair fills every table.
"""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from salon.accounts.models import Account, Right, StationKind
from salon.accounts.services import sign_ins, stations
from salon.badges.models import Attendee, Badge
from salon.exhibitors.models import ApplicationStatus, Contact, Exhibitor
from salon.fair import access
from salon.fair.models import Edition, EditionState, Stand
from salon.fair.queries import halls_of
from salon.leads.models import Lead
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.edition_walls import (
    TRACES,
    EditionIsClosed,
    EditionsApart,
    tables_of_an_edition,
)
from salon.platform.database.identity import SYSTEM, Domain, Role
from salon.platform.mail.outbox import Message, post, recent_messages
from salon.platform.settings.clock import now
from salon.platform.web.access import allowed_of
from salon.platform.words.typography import unbreakable
from salon.staffing.models import Agent
from tests.edition_walls.rows import PUBLIC_ID, rows_of_public
from tests.edition_walls.test_doors import links_of
from tests.exhibitors.make import make_exhibitor, make_stand
from tests.factories import make_station_token, sign_in
from tests.pages import PageClient
from tests.test_walls import snapshot


def addresses_of_rows(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and path of each page of organisers with the number of a row of the public
    edition."""
    values, adapter = rows_of_public(), app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        rows = {
            name: values.get(f"{blueprint}.{name}", values.get(name)) for name in rule.arguments
        }
        allowed = allowed_of(app, rule.endpoint)
        if not any(rows.values()) or "token" in rows or not isinstance(allowed, frozenset):
            continue
        if Role.ORGANISER in allowed:
            arguments = {
                name: row or sorted(getattr(rule._converters[name], "items", ["1"]))[0]
                for name, row in rows.items()
            }
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield method, adapter.build(rule.endpoint, arguments, method)


def statuses(client: PageClient, prefix: str) -> dict[str, int]:
    """Return the status of each address of a row of the public edition."""
    data = {"csrf_token": client.token("/deconnexion")}
    return {
        f"{method} {path}": client.open(
            prefix + path, method=method, data=data, follow_redirects=method == "GET"
        ).status_code
        for method, path in list(addresses_of_rows(client.application))
    }


def test_the_rows_of_another_edition_are_not_there(fair: Flask, draft: Edition) -> None:
    """For somebody who may do everything, in the draft."""
    found = statuses(sign_in(fair, Role.ORGANISER), "/e/2150")
    assert len(found) > 150
    odd = {address: status for address, status in found.items() if status != 404}
    assert odd == {"POST /organisation/reglages/rendez-vous/besoins/12/retirer": 400}


def test_without_the_criterion_of_the_session_they_would_be(
    fair: Flask, draft: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(access, "work_in_edition", lambda find_edition_id: None)
    found = statuses(sign_in(fair, Role.ORGANISER), "/e/2150")
    assert list(found.values()).count(200) > 20


def organiser_of(app: Flask, edition: Edition) -> PageClient:
    """Sign somebody in who has each right but all in one edition."""
    client = sign_in(app, Role.ORGANISER, "brouillon@amf34.example")
    with transaction() as session:
        account = session.scalars(select(Account).filter_by(email="brouillon@amf34.example")).one()
        account.rights = [
            Right(edition_id=edition.id, domain=domain, given_at=now())
            for domain in set(Domain) - {Domain.ALL}
        ]
    return client


def test_rights_of_one_edition_open_no_row_of_another(fair: Flask, draft: Edition) -> None:
    """Without a prefix, a number leads to the edition of its row, where this person has none."""
    found = statuses(organiser_of(fair, draft), "")
    assert set(found.values()) <= {403, 404}


@pytest.mark.parametrize(
    "address",
    ["/accueil?pret=1", "/organisation/documents?exhibitor=1", "/organisation/stations/1"],
)
def test_a_number_in_a_query_is_of_the_edition_too(
    fair: Flask, draft: Edition, address: str
) -> None:
    client = sign_in(fair, Role.ORGANISER)
    assert client.get(address).status_code == 200
    current_session().expunge_all()  # as for each request of a server
    assert client.get(f"/e/2150{address}").status_code == 404


def test_a_station_works_in_its_own_edition(fair: Flask, draft: Edition) -> None:
    """Its desk finds, shows and prints nobody of the public one, whatever the address says."""
    station = stations.create_station(Act(SYSTEM), "Accueil", "A", draft.id, StationKind.DESK)
    client = fair.test_client()
    assert isinstance(client, PageClient)
    sign_in_token = sign_ins.open_sign_in(Act(SYSTEM), station_id=station.id)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sign_in_token
    assert client.get("/accueil").status_code == 200
    for address in ("/accueil?pret=1", "/e/2021/accueil?pret=1"):
        assert client.get(address).status_code == 404
    attendee = current_session().get_one(Attendee, 1)
    name = attendee.last_name
    assert attendee.first_name not in client.get(f"/accueil?q={name}").get_data(as_text=True)
    token = make_station_token(draft)
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(f"/api/v1/attendees?q={name}", headers=headers)
    assert (answer.status_code, answer.json["attendees"]) == (200, [])


def test_files_of_pages_ask_nobody_who_they_are(fair: Flask) -> None:
    client, statements = sign_in(fair, Role.ORGANISER), []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note_statement(*arguments: Any) -> None:
        statements.append(arguments[2])

    assert client.get("/static/css/theme.css").status_code == 200
    assert statements == []
    assert client.get("/organisation").status_code == 200
    assert statements


def test_stands_of_two_editions_are_not_exchanged(fair: Flask, draft: Edition) -> None:
    own = make_exhibitor(draft, stand=make_stand(halls_of(draft)[0]))
    other = (
        current_session()
        .scalars(
            select(Exhibitor).where(
                Exhibitor.edition_id == PUBLIC_ID, Exhibitor.stand_id.is_not(None)
            )
        )
        .first()
    )
    assert other is not None
    path = f"/e/2150/organisation/placement/{own.id}"
    client = sign_in(fair, Role.ORGANISER)
    answer = client.fill(
        path,
        to=f"{path}/echanger",
        version=own.version,
        other_id=other.id,
        other_version=other.version,
    )
    assert answer.status_code == 404
    taken = select(Exhibitor.stand_id).where(Exhibitor.stand_id.is_not(None))
    free_stands = select(Stand.id).where(Stand.edition_id == PUBLIC_ID, Stand.id.not_in(taken))
    with pytest.raises(EditionsApart), transaction(own) as session:
        own.stand_id = session.scalars(free_stands).first()


def test_messages_of_another_edition_are_not_read(fair: Flask, draft: Edition) -> None:
    """Somebody with « Messages » in the draft reads what is about it; with all rights, all."""
    client = organiser_of(fair, draft)
    own = make_exhibitor(draft)
    of_exhibitor = select(Message).where(Message.about.like("exhibitor:%"))
    other = current_session().scalars(of_exhibitor).first()
    assert other is not None
    with transaction() as session:
        subject = f"exhibitor:{own.id}"
        post(session, other.kind, "ici@exposant.example", subject, **other.context)
        code = {"code": "1234 5678", "minutes": 10}
        post(session, "sign_in_code", "ailleurs@exposant.example", "account:1", **code)
    ids = {message.recipient: message.id for message in recent_messages(2)}
    page = client.get("/e/2150/organisation/courriels").get_data(as_text=True)
    assert "ici@exposant.example" in page
    assert "ailleurs@exposant.example" not in page
    everyone = sign_in(fair, Role.ORGANISER)
    for message_id in (other.id, ids["ailleurs@exposant.example"]):
        path = f"/organisation/courriels/{message_id}"
        token = {"csrf_token": client.token("/deconnexion")}
        assert client.get(f"/e/2150{path}").status_code == 404
        for act in ("renvoyer", "annuler", "envoyer"):
            assert client.post(f"/e/2150{path}/{act}", data=token).status_code == 404
        assert everyone.get(path).status_code == 200
    assert everyone.get("/organisation/courriels").status_code == 200
    assert client.get("/e/2150/organisation/reglages/territoire").status_code == 403


@pytest.fixture
def closed(fair: Flask) -> Edition:
    """Return the fair of the former release, closed."""
    edition = current_session().get_one(Edition, PUBLIC_ID)
    with transaction(edition):
        edition.is_current, edition.state = None, EditionState.CLOSED
    return edition


def test_pages_of_a_closed_edition_offer_nothing_to_change(fair: Flask, closed: Edition) -> None:
    client = sign_in(fair, Role.ORGANISER)
    pages = {
        path: client.get(f"/e/2021{path}")
        for method, path in [("GET", "/organisation/reglages"), *addresses_of_rows(fair)]
        if method == "GET"
    }
    html = {
        path: answer.get_data(as_text=True)
        for path, answer in pages.items()
        if answer.status_code == 200 and answer.mimetype == "text/html"
    }
    open_paths = {path for path, page in html.items() if "is-read-only" not in page}
    assert len(html) > 40
    assert {path for path in open_paths if "/effacer" not in path} == set()


def client_of(app: Flask, account_id: int) -> PageClient:
    """Return a browser signed in to an account of the fair."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    token = sign_ins.open_sign_in(Act(SYSTEM), account_id=account_id)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def pages_with_forms(client: PageClient, paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield each page that shows a form which posts, and whether it is read only."""
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = answer.get_data(as_text=True).partition("<main")
            if 'method="post"' in page[2].partition("</main>")[0]:
                yield path, "is-read-only" in page[0]


def test_nor_do_those_of_agents_exhibitors_and_private_links(fair: Flask, closed: Edition) -> None:
    """But to withdraw a consent, which the law asks."""
    statement = select(Agent).filter_by(edition_id=closed.id, removed_at=None)
    agent = current_session().scalars(statement.where(Agent.account_id.is_not(None))).first()
    of_accepted = (
        select(Account.id, Exhibitor.id)
        .join(Contact, Contact.email_key == Account.email_key)
        .join(Exhibitor, Contact.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.status == ApplicationStatus.ACCEPTED)
    )
    account_id, exhibitor_id = current_session().execute(of_accepted).first() or (0, 0)
    assert agent is not None
    assert agent.account_id is not None
    space = f"/e/2021/mon-stand/{exhibitor_id}"
    of_lead = select(Badge.private_token, Lead.id).join(Lead, Lead.attendee_id == Badge.attendee_id)
    token, lead_id = current_session().execute(of_lead).first() or ("", 0)
    paths = {
        fair.test_client(): [path for method, path in links_of(fair) if method == "GET"],
        client_of(fair, agent.account_id): ["/e/2021/planning", "/e/2021/planning/souhaits"],
        fair.test_client(use_cookies=False): [f"/badge/{token}/contacts/{lead_id}"],
        client_of(fair, account_id): [f"{space}/{name}" for name in ("documents", "presentation")],
    }
    pages = [page for client, own in paths.items() for page in pages_with_forms(client, own)]
    open_pages = {path for path, is_read_only in pages if not is_read_only}
    assert len(pages) - len(open_pages) > 8
    assert {path.split("/")[3] for path in open_pages} == {"consentements", "contacts"}
    elise = client_of(fair, account_id)
    assert "next-task" not in elise.get(space).get_data(as_text=True), "nothing is asked any more"
    with transaction(closed):
        closed.state = EditionState.HELD
    assert "next-task" in elise.get(space).get_data(as_text=True)


def test_a_closed_edition_is_changed_by_no_address(fair: Flask, closed: Edition) -> None:
    """Each form of a row is sent; what is left changed is a trace, or what the law asks."""
    client = sign_in(fair, Role.ORGANISER)
    kept = {table.name for table in tables_of_an_edition()} - TRACES
    before = {name: rows for name, rows in snapshot().items() if name in kept}
    data = {"csrf_token": client.token("/deconnexion"), "minimum": "7", "wished": "7"}
    posted = [path for method, path in addresses_of_rows(fair) if method == "POST"]
    assert len(posted) > 80
    for path in posted:
        if "/effacer" not in path:
            assert client.post(f"/e/2021{path}", data=data).status_code < 500, path
    assert {name: rows for name, rows in snapshot().items() if name in kept} == before


def test_late_scans_of_a_closed_edition_stay_on_the_device(fair: Flask, closed: Edition) -> None:
    """Nothing is recorded by halves: the device keeps them (409) until somebody reopens it."""
    codes = current_session().scalars(select(Badge.code).limit(2)).all()
    scans = [
        {
            "scan_id": str(uuid.uuid4()),
            "code": code,
            "scanned_at": "2021-10-01T09:00:00+02:00",
            "door": "A",
            "direction": "in",
        }
        for code in codes
    ]
    headers = {"Authorization": f"Bearer {make_station_token(closed)}"}
    client = fair.test_client()
    before = snapshot()["scans"]
    answer = client.post("/api/v1/scans", json={"scans": scans}, headers=headers)
    assert (answer.status_code, answer.json and answer.json["message"]) == (
        409,
        unbreakable(EditionIsClosed.message),
    )
    odd = {"scan_id": scans[0]["scan_id"], "sent": "{}", "problem": "illisible"}
    oddities = {"oddities": [odd]}
    assert client.post("/api/v1/oddities", json=oddities, headers=headers).status_code == 409
    assert snapshot()["scans"] == before
    with transaction(closed):
        closed.state = EditionState.HELD
    assert client.post("/api/v1/scans", json={"scans": scans}, headers=headers).status_code == 200
    assert len(snapshot()["scans"]) == len(before) + 2
