"""From an empty fair of the Lozère to the table by EPCI: 152 communes, on pages alone, counted.

`PICTURES=folder` keeps each kind of page as a picture, on a desk's screen and on a phone's.
"""

import email
import email.policy
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import filled_fair as fair
from tests.browser import first_fair
from tests.browser.conftest import PATIENCE_S
from tests.browser.test_first_fair import EmptyServer, People
from tests.browser.test_first_fair import people as people
from tests.browser.test_first_fair import postman as postman
from tests.browser.test_first_fair import server as server
from tests.browser.walk import Walk
from tests.invitations.book import lozere
from tests.postman import Postman

REFUSED, REGISTERED, DECLINED, OPENED = range(3), range(10, 50), range(60, 65), range(70, 113)
"""Ranks of the communes whose server refuses the message, that register through their link, that
say no, that open their page and leave."""
WHO_TELEPHONES = 120
INVITED = (*(f"@c{commune.code}.example" for commune in lozere.communes()), fair.PRESS)
LINK = re.compile(r"http://\S+/invitation/[\w-]+")
WEEK_LATER = "UPDATE organisation_invitations SET sent_at = datetime(sent_at, '-8 days')"


@pytest.fixture(autouse=True)
def one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 40 town halls register from one network, that of this machine."""
    monkeypatch.setenv("REGISTRATIONS_PER_HOUR", "500")


def addresses() -> list[str]:
    return [lozere.mail_of(commune) for commune in lozere.communes()]


def await_mail(postman: Postman, count: int) -> None:
    """Wait until town halls and the press have received so many messages."""
    end = time.monotonic() + PATIENCE_S
    while sum(address.endswith(INVITED) for address in postman.recipients) < count:
        assert time.monotonic() < end, f"{len(postman.recipients)} messages have come"
        time.sleep(0.1)


def invitations(postman: Postman) -> list[tuple[str, str]]:
    """Return the address of each invitation received, and its link."""
    received = []
    for raw in postman.received:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(("plain",))
        if body is not None and (match := LINK.search(body.get_content())):
            received.append((str(message["To"]), match[0]))
    return received


def tabs(walk: Walk) -> dict[str, int]:
    """Return the states above the list, and their numbers."""
    names = walk.main.get_by_role("navigation", name="Par état").get_by_role("link").all()
    matches = (re.fullmatch(r"(.+?) (\d+)", " ".join(name.inner_text().split())) for name in names)
    return {match[1]: int(match[2]) for match in matches if match}


def by_epci(walk: Walk) -> dict[str, tuple[int, int, int, int]]:
    """Return registered, communes, mayors and invited of each EPCI, as the table says."""
    table = {}
    rows = walk.page.get_by_role("region", name="Communes inscrites, par EPCI").locator("tr")
    for text in rows.all_inner_texts()[1:]:
        words = " ".join(text.split())
        match = re.fullmatch(r"(.+) (\d+) sur (\d+) communes?, (\d+) maires? (\d+)", words)
        assert match, words
        table[match[1]] = (int(match[2]), int(match[3]), int(match[4]), int(match[5]))
    return table


BY_EPCI = """
    SELECT epcis.name, count(DISTINCT attendees.commune_code), count(DISTINCT communes.code),
      count(DISTINCT CASE WHEN attendees.function = 'mayor' THEN attendees.id END),
      count(DISTINCT CASE WHEN sent_at IS NOT NULL THEN invited.commune_code END)
    FROM communes JOIN epcis ON epcis.siren = communes.epci_siren
    LEFT JOIN attendees ON attendees.commune_code = communes.code AND status = 'registered'
    LEFT JOIN organisation_invitations invited ON invited.commune_code = communes.code
    GROUP BY epcis.siren
"""


def sql_of_states(server: EmptyServer) -> Iterator[tuple[str, int]]:
    """Yield the number of places of each state, counted in the database."""
    came = "SELECT commune_code FROM attendees WHERE status = 'registered'"
    refused = (
        "SELECT about FROM messages WHERE kind = 'organisation_invited' AND status = 'refused'"
    )
    silent = f"commune_code NOT IN ({came}) AND declined_at IS NULL"
    about = f"'invitation:' || id {{}} IN ({refused})"
    for name, condition in (
        ("A répondu", f"commune_code IN ({came})"),
        ("Ne viendra pas", f"commune_code NOT IN ({came}) AND declined_at IS NOT NULL"),
        ("Courriel refusé", f"{silent} AND {about.format('')}"),
        ("A ouvert sa page", f"{silent} AND opened_at IS NOT NULL"),
        (
            "Invitation sans réponse",
            f"{silent} AND opened_at IS NULL AND sent_at IS NOT NULL AND {about.format('NOT')}",
        ),
    ):
        [(count,)] = server.execute(
            f"SELECT count(*) FROM organisation_invitations WHERE {condition}"
        )
        yield name, count


def test_152_communes_are_invited_reminded_and_followed(
    server: EmptyServer, postman: Postman, people: People, tmp_path: Path
) -> None:
    postman.unknown = {addresses()[rank] for rank in REFUSED}
    claire = people.enter("Claire, who organises")
    first_fair.set_up(claire, server.first_address(), fair.LOZERE)
    clicks, fields = claire.clicks, claire.fields
    (tmp_path / "maires.csv").write_bytes(lozere.elected_list())
    (tmp_path / "mairies.csv").write_bytes(lozere.directory())
    fair.import_list(claire, tmp_path / "maires.csv")
    assert "152 à ajouter" in claire.words
    fair.save_list(claire)
    fair.import_list(claire, tmp_path / "mairies.csv")
    assert "1 ligne à corriger" in claire.words
    claire.fill({"Adresse électronique": addresses()[lozere.INCOMPLETE]})
    claire.button("Vérifier les lignes corrigées")
    fair.save_list(claire)
    fair.complete_address(claire, lozere.SILENT, addresses()[lozere.SILENT])
    claire.menu(fair.BOOK)
    fair.invite_all(claire)
    clicks, fields = claire.clicks - clicks, claire.fields - fields
    print(f"From an empty book to 152 invitations: {clicks} clicks, {fields} fields")
    assert clicks <= 17
    assert fields <= 6
    await_mail(postman, 149)
    link_of = dict(invitations(postman))
    assert link_of.keys() == {*addresses()} - postman.unknown

    mairie = people.enter("Town halls", width=360)
    for rank in REGISTERED:
        fair.register(mairie, link_of[addresses()[rank]], rank)
    print(f"40 registrations by their links: {mairie.clicks} clicks")
    for rank in DECLINED:
        fair.decline(mairie, link_of[addresses()[rank]], "Conseil municipal le même soir")
    for rank in OPENED:
        mairie.go(link_of[addresses()[rank]])
    server.execute(WEEK_LATER)
    fair.register_by_telephone(claire, WHO_TELEPHONES)

    clicks = claire.clicks
    claire.menu(fair.BOOK)
    assert tabs(claire)["Invitation sans réponse"] == 60
    claire.link("Invitation sans réponse 60")
    fair.invite_all(claire)
    print(f"60 reminders: {claire.clicks - clicks} clicks")
    await_mail(postman, 149 + len(REGISTERED) + 60)
    times = Counter(address for address, _ in invitations(postman))
    assert Counter(times.values()) == {1: 89, 2: 60}
    assert not times.keys() & postman.unknown

    fair.share_calls(claire)
    claire.menu(fair.BOOK)
    assert tabs(claire) == {**dict(sql_of_states(server)), "Toutes": 152 + 11, "À inviter": 11}
    assert tabs(claire)["Courriel refusé"] == 3
    assert tabs(claire)["A répondu"] == 41
    assert tabs(claire)["Ne viendra pas"] == 5
    table = by_epci(claire)
    assert table.pop("Territoire") == (41, 152, 41, 152)
    assert table == {name: tuple(counts) for name, *counts in server.execute(BY_EPCI)}
    claire.picture("communes")
    fair.invite_the_press(claire)
    await_mail(postman, 149 + len(REGISTERED) + 60 + 1)
    claire.picture("invites")
