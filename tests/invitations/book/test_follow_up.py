"""What the team notes of a place, the filters that it shares, who telephones, what became of it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account
from salon.badges.models import Attendee
from salon.dashboard.services.purge import purge
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionState
from salon.invitations.models import BookFilterSet, OrganisationInvitation
from salon.invitations.rules import MOST_FILTERS, TooManyFilters
from salon.invitations.services.following import save_filter
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Domain
from salon.platform.settings.clock import local, now, real_now
from tests.accounts.test_rights import colleague
from tests.badges.people import BEZIERS, badge_of, make_person, register
from tests.entrance.people import item, make_station
from tests.factories import act_in, make_edition
from tests.fair.test_practical import text_of
from tests.invitations.make import make_invitation
from tests.mailings.make import BY
from tests.pages import PageClient

PAGE = "/organisation/communes"
BOOK = f"{PAGE}/commune:34032"
MONS_BOOK = f"{PAGE}/commune:34160"


def invitations() -> dict[str | None, OrganisationInvitation]:
    current_session().rollback()
    rows = current_session().scalars(select(OrganisationInvitation))
    return {row.commune_code: row for row in rows}


def account_ids() -> list[str]:
    """Return the organiser's id, then the colleague's."""
    statement = select(Account.id).order_by(Account.id)
    return [str(number) for number in current_session().scalars(statement)]


def listed(client: PageClient, query: str) -> list[str]:
    """Return the names of the places of the file of these filters, in its order."""
    rows = csv.reader(io.StringIO(client.get(f"{PAGE}.csv?{query}").text), delimiter=";")
    return [name for name, *_ in rows][1:]


def test_a_place_is_followed_noted_called_and_found_again(
    app: Flask, organiser: PageClient, following: Edition
) -> None:
    other = colleague(app, following, Domain.REGISTRATIONS)
    today = local(now()).date()
    me, them = account_ids()
    organiser.fill(BOOK, head_last_name="Fabre", head_first_name="Anne", phone="0467010203")
    note = {"note": "Rappeler le cabinet,\npas Anne Fabre", "decline_reason": "perdu sans le non"}
    sent = {"follower": me, "next_call_on": str(today), **note}
    assert organiser.fill(BOOK, f"{BOOK}/suivi", **sent).status_code == 302
    late = {"follower": them, "next_call_on": str(today + timedelta(days=1))}
    organiser.fill(MONS_BOOK, f"{MONS_BOOK}/suivi", **late)
    rows = invitations()
    assert (rows["34032"].note, rows["34032"].decline_reason) == (note["note"], "")
    assert {row.sent_at for row in rows.values()} == {None}
    for client, query, names in (
        (organiser, "follower=me", ["Béziers"]),
        (other, "follower=me", ["Mons"]),
        (organiser, f"follower={them}", ["Mons"]),
        (organiser, "call=due", ["Béziers"]),
        (organiser, "call=planned&sort=-call", ["Mons", "Béziers"]),
        (organiser, "q=cabinet", ["Béziers"]),
    ):
        assert listed(client, query) == names, query
    page = text_of(organiser.get(PAGE))
    assert "Suivies par moi 1" in page
    assert "À rappeler 1" in page
    assert "à rappeler le" in page
    calls = text_of(organiser.get(f"{PAGE}/appels?call=due"))
    assert "pas Anne Fabre" in calls
    assert "04 67 01 02 03" in calls
    other.fill(PAGE, f"{PAGE}/confier", row=["commune:34032"], assigned_to=them)
    assert "2 communes et EPCI" in text_of(other.get(f"{PAGE}?follower=me"))
    for wrong in ({"follower": "999"}, {"next_call_on": "hier"}, {"note": "x" * 2001}):
        assert organiser.fill(BOOK, f"{BOOK}/suivi", **wrong).status_code == 400
    said = {"is_declined": "y", "decline_reason": "congrès le même jour"}
    organiser.fill(MONS_BOOK, f"{MONS_BOOK}/suivi", **said)
    declined = text_of(organiser.get(f"{PAGE}?state=declined"))
    assert "congrès le même jour" in declined
    assert "1 commune ou EPCI" in declined
    organiser.confirm(organiser.fill(BOOK, f"{BOOK}/effacer"))
    assert invitations()["34032"].note == ""


def test_filters_are_saved_for_the_team_validated_and_deleted(
    app: Flask, organiser: PageClient, following: Edition
) -> None:
    def save(query: str, name: str) -> str:
        address = f"{PAGE}/filtres?{query}"
        return text_of(organiser.get(organiser.fill(PAGE, address, title=name).location))

    assert "est enregistré pour l’équipe" in save("address=with&page=3&x=y", "Avec adresse")
    save("address=without&sort=-population", "Avec adresse")
    # What was searched may be a person's name: it is of no saved filter.
    save("address=without&sort=-population&q=anne.fabre@agde.example", "Avec adresse")
    refused = (("", "Rien"), ("state=zzz", "Faux"), ("address=with", "x" * 41), ("q=anne", "Anne"))
    for query, name in refused:
        assert "Choisissez d’abord un filtre" in save(query, name)
    rows = current_session().scalars(select(BookFilterSet)).all()
    assert [(row.name, row.query) for row in rows] == [
        ("Avec adresse", "address=without&sort=-population")
    ]
    other = colleague(app, following, Domain.REGISTRATIONS)
    assert "?address=without&amp;sort=-population" in other.get(PAGE).text
    for number in range(MOST_FILTERS - 1):
        save_filter(act_in(following, BY), f"Filtre {number}", "address=with")
    full = other.fill(PAGE, f"{PAGE}/filtres?address=with", title="Un de trop")
    assert (full.status_code, TooManyFilters.message in text_of(full)) == (409, True)
    save("address=without&sort=-population", "Avec adresse")
    other.fill(PAGE, f"{PAGE}/filtres/supprimer", name="Avec adresse")
    assert "Avec adresse" not in text_of(organiser.get(PAGE))


def test_a_place_says_why_it_does_not_come(
    client: PageClient, organiser: PageClient, following: Edition
) -> None:
    invitation = make_invitation(following, commune_code="34160")
    path = f"/invitation/{invitation.private_token}"
    answer = f"{path}/reponse"
    assert client.fill(path, answer, answer="decline", reason="x" * 201).status_code == 400
    assert invitations()["34160"].declined_at is None
    client.fill(path, answer, answer="decline", reason="Conseil municipal le même soir")
    assert "Conseil municipal" in text_of(client.get(path))
    assert "Conseil municipal le même soir" in text_of(organiser.get(f"{PAGE}?state=declined"))
    assert "Conseil municipal le même soir" in organiser.get(f"{PAGE}.csv?q=mons").text
    client.fill(path, answer, answer="come")
    assert (invitations()["34160"].declined_at, invitations()["34160"].decline_reason) == (None, "")


def test_who_telephones_is_registered_from_the_page_of_the_place(
    organiser: PageClient, edition: Edition
) -> None:
    organiser.fill(
        MONS_BOOK, head_civility="madame", head_first_name="Anne", head_last_name="Fabre"
    )
    [address] = [
        part.split('"')[0].replace("&amp;", "&")
        for part in organiser.get(MONS_BOOK).text.split('href="')
        if part.startswith("/accueil?")
    ]
    page = organiser.get(address).text
    for value in ('value="Mons"', 'value="Anne"', 'value="Fabre"'):
        assert value in page
    assert re.search(r'<input checked[^>]* value="madame">', page)
    assert '<option selected value="mayor">' in page
    person = {"civility": "madame", "first_name": "Anne", "last_name": "Fabre"}
    sent = {**person, "commune": "Mons", "function": "mayor", "layout": "a6"}
    ready = organiser.fill(address, "/accueil", **sent)
    assert MONS_BOOK in organiser.get(ready.location).text
    assert current_session().scalars(select(Attendee.commune_code)).all() == ["34160"]
    assert "1 inscrit : Maire" in text_of(organiser.get(f"{PAGE}?state=answered"))


@pytest.mark.on_both
def test_who_came_and_what_became_of_each_the_last_time(
    organiser: PageClient, edition: Edition
) -> None:
    [came, _] = register(
        make_person(place=BEZIERS), make_person(place=BEZIERS), contact="mairie@beziers.example"
    ).added
    make_invitation(
        edition, commune_code="34160", declined_at=now(), decline_reason="trop loin", sent_at=now()
    )
    scan = item(badge_of(came).code, scanned_at=now())
    record_scans(make_station(edition), edition.id, [scan], now())
    current_session().rollback()
    assert "2 inscrits : Maire (2), 1 venu" in text_of(organiser.get(f"{PAGE}?state=came"))
    assert "<dt>Venus</dt><dd>1</dd>" in organiser.get(BOOK).text
    with transaction(edition):
        edition.state, edition.is_current, edition.slug = EditionState.HELD, None, "2021"
    make_edition(slug="2030", day=local(now()).date() + timedelta(days=365))
    page = text_of(organiser.get(PAGE))
    assert "2 inscrits, 1 venu" in page
    assert "avait dit non (trop loin)" in page
    for past, name in (("entered", "Béziers"), ("declined", "Mons")):
        assert listed(organiser, f"past={past}") == [name]


def test_notes_and_reasons_go_a_year_after_the_fair(edition: Edition) -> None:
    make_invitation(edition, email="", name="", note="Mme Fabre", decline_reason="malade")
    for days, words in ((364, "Mme Fabre malade"), (365, " ")):
        end = edition.ends_at + timedelta(days=days)
        purge(Act(SYSTEM, end), real_now(), dry_run=False)
        [row] = invitations().values()
        assert f"{row.note} {row.decline_reason}" == words
