"""« À vérifier » on its pages: who may, what they read, what they decide."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from salon.entrance.models import Conflict, Settlement
from salon.entrance.services.conflicts import Oddity, OwnAnswer, record_oddities, settle_conflict
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from tests.entrance.conflicts.made import NADIA, conflicts, gone_out, let_in, make_double
from tests.entrance.people import NINE, enrolled, item, make_badge, make_station, presences
from tests.factories import make_edition, sign_in
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/a-verifier"
LATER = NINE + timedelta(hours=2)
HOSTILE = (
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe",
    "x" * 500,
)


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def spaced(client: PageClient, path: str) -> str:
    """Return the text of a page, no-break spaces made plain."""
    return re.sub("[\u00a0\u202f]", " ", client.get(path).get_data(as_text=True))


def test_one_door_and_one_minute_of_two_devices_name_the_devices(
    organiser: PageClient, edition: Edition
) -> None:
    badge = make_badge(edition)
    for name, minutes in (("Téléphone 1", 31), ("Téléphone 2", 31.9)):
        reading = let_in(badge.code, minutes)
        record_scans(make_station(edition, name), edition.id, [reading], reading.scanned_at)
    words = "Porte A à 9 h 31 (Téléphone 1), porte A à 9 h 31 (Téléphone 2)."
    (conflict,) = conflicts()
    assert words in spaced(organiser, f"{PLACE}/{conflict.id}"), conflict.kind


def test_an_empty_inbox_says_what_comes_there(organiser: PageClient) -> None:
    assert "Rien à vérifier" in spaced(organiser, PLACE)


def test_a_double_is_told_with_both_doors_and_times(
    organiser: PageClient, edition: Edition
) -> None:
    conflict = make_double(edition)
    listed = spaced(organiser, PLACE)
    for words in ("Porte A à 9 h 12, porte B à 9 h 14.", "Entré deux fois", "Station Entrée B"):
        assert words in listed
    page = spaced(organiser, f"{PLACE}/{conflict.id}")
    for words in ("Espondeilhan", "En tout : 2 lectures à l’entrée, 0 sortie.", "La même personne"):
        assert words in page


def test_an_exit_that_came_later_explains_it(organiser: PageClient, edition: Edition) -> None:
    conflict = make_double(edition)
    assert conflict.badge is not None
    exit_ = gone_out(conflict.badge.code, 13)
    record_scans(make_station(edition), edition.id, [exit_], LATER)
    current_session().rollback()  # the badge was read before the exit was written
    assert "Une sortie, porte A à 9 h 13, est arrivée depuis" in spaced(organiser, PLACE)


def test_what_each_kind_says(organiser: PageClient, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    with transaction(badge):
        badge.revoked_at = NINE - timedelta(minutes=10)
    odd = [
        let_in(badge.code, 12),
        let_in("A" * 26, 13, shown="to_confirm"),
        let_in("B" * 26, 14, shown="to_confirm", was_let_in=False),
        let_in(make_badge(edition).code, 15, door="X"),
        let_in(make_badge(edition).code, -24 * 60),
    ]
    record_scans(station, edition.id, odd, LATER)
    current_session().rollback()  # the session may have read before the scans were written
    page = spaced(organiser, PLACE)
    for words in (
        "Badge annulé à 8 h 50, mais passé porte A à 9 h 12.",
        "Badge que l’appareil ne connaissait pas, laissé passer porte A à 9 h 13.",
        "Badge que l’appareil ne connaissait pas, adressé à l’accueil porte A à 9 h 14.",
        "Passé porte X à 9 h 15. Ce badge n’entre pas par cette porte.",
        "L’appareil disait 30/09/2021 à 9 h ; le passage, porte A, est compté à 11 h",
    ):
        assert words in page
    unknown = next(conflict for conflict in conflicts() if conflict.detail.get("code_hash"))
    text = spaced(organiser, f"{PLACE}/{unknown.id}")
    assert "Ce code n’est toujours celui d’aucun badge." in text
    assert "Inscrire sur place" in text


def test_the_filter_shows_what_is_settled(organiser: PageClient, edition: Edition) -> None:
    first = make_double(edition)
    settle_conflict(Act(NADIA, LATER), first, Settlement.SAME_PERSON, "vu")
    assert "Tout est réglé" in spaced(organiser, PLACE)
    for query in ("?state=settled", "?state=all", "?kind=double&state=all"):
        page = spaced(organiser, PLACE + query)
        assert f"{PLACE}/{first.id}" in page
        assert "Réglé par Nadia Caumette" in page
    assert "Aucun point de cette sorte" in spaced(organiser, f"{PLACE}?kind=clock")
    for odd in ("?kind=zzz", "?state=zzz", "?page=999999", "?page=-1", "?kind=%00"):
        assert organiser.get(PLACE + odd).status_code == 200


@pytest.mark.parametrize("role", ["organiser", "station"])
def test_whoever_welcomes_people_settles_it(
    app: Flask, organiser: PageClient, edition: Edition, role: str
) -> None:
    client = organiser if role == "organiser" else enrolled(app, edition)
    conflict = make_double(edition)
    path = f"{PLACE}/{conflict.id}"
    answer = client.fill(path, settlement="two_people", note="Les deux adjoints.")
    assert answer.status_code == 302
    page = spaced(client, path)
    for words in ("Deux personnes avec un même badge", "Les deux adjoints."):
        assert words in page
    assert "Tablette" in page if role == "station" else "Camille Vidal" in page


def test_others_do_not_open_it(app: Flask, client: PageClient, edition: Edition) -> None:
    conflict = make_double(edition)
    assert client.get(PLACE).status_code == 302
    for role in (Role.AGENT, Role.EXHIBITOR):
        other_client = sign_in(app, role)
        assert other_client.get(PLACE).status_code == 403
        assert other_client.get(f"{PLACE}/{conflict.id}").status_code == 403


def test_the_second_is_shown_what_the_first_decided(
    app: Flask, organiser: PageClient, edition: Edition
) -> None:
    """The page says who, when and what; nothing of the second is written."""
    conflict = make_double(edition)
    path = f"{PLACE}/{conflict.id}"
    token = organiser.token(path)
    enrolled(app, edition).fill(path, settlement="same_person", note="vu à l’entrée")
    late = {"csrf_token": token, "settlement": "two_people", "note": "je ne crois pas"}
    answer = organiser.post(path, data=late)
    page = re.sub("[\u00a0\u202f]", " ", answer.get_data(as_text=True))
    assert answer.status_code == 409
    for words in ("Quelqu’un vient de régler ce point", "Tablette", "je ne crois pas"):
        assert words in page
    assert "vu à l’entrée" in page
    other_conflict = conflicts()[0]
    assert (other_conflict.settlement, other_conflict.note) == ("same_person", "vu à l’entrée")


@each(
    ("sent", "status"),
    [
        ({"settlement": "time_accepted"}, 409),
        ({"settlement": "known_since"}, 400),
        ({"settlement": "zzz"}, 400),
        ({}, 400),
        ({"settlement": "same_person", "note": "x" * 501}, 400),
        ({"settlement": "same_person", "note": "\x00"}, 400),
    ],
)
def test_a_decision_that_is_none_is_refused(
    organiser: PageClient, edition: Edition, sent: dict[str, str], status: int
) -> None:
    conflict = make_double(edition)
    assert organiser.fill(f"{PLACE}/{conflict.id}", **sent).status_code == status
    assert conflicts()[0].settlement == ""


def test_one_of_another_edition_is_seen_in_that_edition(
    organiser: PageClient, edition: Edition
) -> None:
    former = make_edition(is_current=False)
    conflict = make_double(former)
    assert f"{PLACE}/{conflict.id}" not in organiser.get(PLACE).text
    page = organiser.get(f"{PLACE}/{conflict.id}")
    assert page.status_code == 200
    assert f'href="/e/{former.slug}{PLACE}' in page.text
    for path in (f"{PLACE}/0", f"{PLACE}/99999999999999999999"):
        assert organiser.get(path).status_code == 404


def test_several_are_settled_by_one_button(organiser: PageClient, edition: Edition) -> None:
    first, second = make_double(edition), make_double(edition)
    page = spaced(organiser, PLACE)
    assert "Régler les 2 doubles comme la même personne" in page
    together = {"kind": "double", "settlement": "same_person", "up_to": second.id}
    third = make_double(edition)
    assert organiser.fill(PLACE, to=f"{PLACE}/ensemble", **together).status_code == 302
    results = {conflict.id: conflict.settlement for conflict in conflicts()}
    assert results == {first.id: "same_person", second.id: "same_person", third.id: ""}
    assert "2 points réglés" in spaced(organiser, PLACE)
    for wrong in ({"settlement": "two_people"}, {"up_to": "zzz"}, {"up_to": 2**40}, {"kind": "z"}):
        answer = organiser.fill(PLACE, to=f"{PLACE}/ensemble", **{**together, **wrong})
        assert answer.status_code in (400, 409)
    assert conflicts()[-1].settlement == ""


def test_who_is_accompanied_out_leaves_the_count(organiser: PageClient, edition: Edition) -> None:
    badge = make_badge(edition)
    with transaction(badge):
        badge.revoked_at = NINE
    record_scans(make_station(edition), edition.id, [let_in(badge.code, 12)], LATER)
    path = f"{PLACE}/{conflicts()[0].id}"
    assert organiser.fill(path, settlement="sent_out").status_code == 302
    assert not presences()[badge.id].is_inside
    assert "Sortie" in spaced(organiser, path)


@each(
    ("own", "verdict", "said"),
    [
        (
            OwnAnswer("accepted", was_let_in=True),
            "revoked",
            "Laissé passer porte A à 9 h 12, faute de réponse à temps ; le salon répondait "
            "« Badge annulé ».",
        ),
        (
            OwnAnswer("to_confirm", was_let_in=False),
            "accepted",
            "Arrêté porte A à 9 h 12, faute de réponse à temps ; le salon répondait « Bienvenue ».",
        ),
    ],
)
def test_an_answer_that_came_too_late_is_told_in_words(
    organiser: PageClient, edition: Edition, own: OwnAnswer, verdict: str, said: str
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    if verdict == "revoked":
        with transaction(badge):
            badge.revoked_at = NINE - timedelta(minutes=10)
    scan = item(badge.code, 12)
    record_scans(station, edition.id, [scan], LATER)
    record_oddities(edition, station, [Oddity(scan.scan_id, "{}", "?", own)], LATER)
    path = f"{PLACE}/{conflicts()[-1].id}"
    page = spaced(organiser, path)
    assert said in page
    assert said in spaced(organiser, PLACE)
    for words in (
        "Réponse arrivée trop tard",
        badge.attendee.last_name,
        "faute de réponse, a affiché",
    ):
        assert words in page
    assert 'class="sent"' not in page
    assert organiser.fill(path, settlement="sent_out").status_code == 302
    assert not any(presence.is_inside for presence in presences().values())


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_words_are_shown_as_they_are(
    organiser: PageClient, edition: Edition, payload: str
) -> None:
    """What a device sent, why it was refused, and the note."""
    station = make_station(edition, payload[:40])
    odd = Oddity("00000000-0000-4000-8000-000000000001", payload, payload)
    record_oddities(edition, station, [odd], LATER)
    conflict: Conflict = conflicts()[0]
    path = f"{PLACE}/{conflict.id}"
    assert organiser.fill(path, settlement="not_found", note=payload).status_code == 302
    shown, listed = organiser.get(path).text, organiser.get(f"{PLACE}?state=all").text
    for tag in ("<svg onload", "<img src=x"):
        assert tag not in shown + listed
    escaped = payload.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    assert shown.count(escaped) >= 3
    assert escaped in listed
