"""The pages: who opens them, what bad input says, what is noted, and that no script is needed."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.fair.models import Edition
from salon.paper.engine.short_codes import short_code
from salon.paper.jobs import PAPER_PACKS
from salon.paper.models import PaperPack
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local, now
from tests.entrance.people import enrolled, make_badge, scans
from tests.factories import make_edition, sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient
from tests.paper.people import make_crowd, make_pack, pages_of
from tests.tables import each

PACKS, TYPE = "/organisation/dossier-papier", "/organisation/papier"
JSON = {"Accept": "application/json"}


@pytest.fixture
def today(edition: Edition) -> Edition:
    with transaction() as session:
        session.get_one(Edition, edition.id).days[0].day_on = local(now()).date()
    return edition


@pytest.fixture
def organiser(app: Flask, today: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def said(hour: str = "", **more: str) -> dict[str, str]:
    """Return the fields of the typing page; by default of a minute ago."""
    hour = hour or f"{local(now() - timedelta(minutes=1)):%H:%M}"
    return {"door": "A", "direction": "in", "hour": hour, **more}


def send(client: PageClient, codes: str, **more: str) -> tuple[int, dict[str, object]]:
    """Send codes as the script does."""
    fields = {**said(**more), "codes": codes, "csrf_token": client.token(TYPE)}
    answer = client.post(TYPE, data=fields, headers=JSON)
    return answer.status_code, answer.get_json()


def actions() -> list[str]:
    current_session().rollback()
    statement = select(JournalEntry.action).order_by(JournalEntry.id)
    return [row for row in current_session().scalars(statement) if row.startswith("paper")]


def test_the_packs_are_the_organisers(app: Flask, today: Edition, client: PageClient) -> None:
    for path in (PACKS, f"{PACKS}/1.json", f"{PACKS}/1.pdf", TYPE, f"{TYPE}/1/2"):
        assert client.get(path).status_code == 302
        for role in (Role.AGENT, Role.EXHIBITOR):
            assert sign_in(app, role).get(path).status_code == 403
    station = enrolled(app, today)
    assert station.get(PACKS).status_code == 403
    assert station.get(TYPE).status_code == 200


def test_a_pack_is_asked_followed_and_fetched(app: Flask, organiser: PageClient) -> None:
    assert "Aucun dossier" in organiser.get(PACKS).get_data(as_text=True)
    assert organiser.fill(PACKS).status_code == 302
    page = organiser.get(PACKS).get_data(as_text=True)
    assert "se prépare" in page
    (pack,) = current_session().scalars(select(PaperPack)).all()
    assert organiser.get(f"{PACKS}/{pack.id}.json").get_json()["status"] == "waiting"
    assert organiser.get(f"{PACKS}/{pack.id}.pdf").status_code == 404
    run_jobs(PAPER_PACKS)
    assert "Télécharger" in organiser.get(PACKS).get_data(as_text=True)
    with organiser.get(f"{PACKS}/{pack.id}.pdf") as answer:
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
    assert actions() == ["paper_pack.asked", "paper_pack.done", "paper_pack.downloaded"]


def test_a_form_without_its_key_is_refused(organiser: PageClient) -> None:
    token = organiser.token(PACKS)
    answer = organiser.post(PACKS, data={"csrf_token": token, "submission_key": "x"})
    assert answer.status_code == 400


def test_a_file_that_is_gone_is_not_found(app: Flask, organiser: PageClient) -> None:
    pack = make_pack(app, current_session().scalars(select(Edition)).one())
    (app.config["SALON"].data / "uploads" / pack.file_name).unlink()
    assert organiser.get(f"{PACKS}/{pack.id}.pdf").status_code == 404
    assert organiser.get(PACKS).status_code == 200


def test_another_edition_s_pack_is_seen_in_that_edition(
    app: Flask, today: Edition, organiser: PageClient
) -> None:
    other_edition = make_edition(is_current=False)
    pack = make_pack(app, other_edition)
    assert f"{PACKS}/{pack.id}" not in organiser.get(PACKS).text
    assert f"/e/{other_edition.slug}/" in organiser.get(f"{TYPE}/{pack.id}/1").text
    for path in (f"{TYPE}/99999999999999999999/1", f"{TYPE}/1/99999999999999999999"):
        assert organiser.get(path).status_code == 404


def test_codes_are_typed_without_script(today: Edition, organiser: PageClient) -> None:
    badge = make_badge(today, last_name="Fabre")
    answer = organiser.fill(TYPE, **said(codes=short_code(badge.id)))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Fabre" in page
    assert "Noté" in page
    assert re.search(r'name="hour"[^>]*value="' + said()["hour"][:2], page)
    assert len(scans()) == 1
    assert "Fabre" in organiser.get(TYPE).get_data(as_text=True)


def test_codes_are_typed_by_a_station(app: Flask, today: Edition) -> None:
    badge = make_badge(today)
    status, answer = send(enrolled(app, today), short_code(badge.id))
    assert (status, answer["states"]) == (200, ["noted"])
    assert actions() == ["paper.typed"]


def test_the_script_is_answered_in_json(today: Edition, organiser: PageClient) -> None:
    first, second = make_badge(today), make_badge(today)
    codes = f"{short_code(first.id)}; {short_code(second.id)}\n{short_code(first.id)} ;12 34"
    status, answer = send(organiser, codes)
    assert status == 200
    assert answer["states"] == ["noted", "noted", "known", "misread"]
    assert "Ce code n’est pas juste" in str(answer["lines"])


@each(
    ("codes", "more", "words"),
    [
        ("", {}, "Tapez un code"),
        ("1042 18", {}, "relisez les deux derniers chiffres"),
        ("abc", {}, "relisez les deux derniers chiffres"),
        ("9" * 40, {}, "relisez les deux derniers chiffres"),
        (short_code(999_999), {}, "d’aucun badge de cette édition"),
        ("GOOD", {"hour": ""}, "Noté"),
        ("GOOD", {"hour": "midi"}, "ne se lit pas"),
        ("GOOD", {"door": "Z"}, "Choisissez dans la liste"),
        ("GOOD", {"direction": "sideways"}, "Choisissez l’entrée ou la sortie"),
        ("; ".join(["194 98"] * 201), {}, "Au plus 200 codes"),
        ("; ".join(["194 98"] * 10_000), {}, "Au plus 200 codes"),
    ],
)
def test_bad_input_says_why_and_writes_nothing(
    today: Edition, organiser: PageClient, codes: str, more: dict[str, str], words: str
) -> None:
    codes = codes.replace("GOOD", short_code(make_badge(today).id))
    fields = {**said(), **more, "codes": codes}
    if fields["hour"] == "":
        fields.pop("hour")
        words = "Indiquez l’heure"
    answer = organiser.fill(TYPE, **fields)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    fields["csrf_token"] = organiser.token(TYPE)
    script = organiser.post(TYPE, data=fields, headers=JSON)
    assert script.status_code == 400
    assert words in str(script.get_json())
    assert scans() == []
    assert actions() == []


def test_an_hour_to_come_is_refused(today: Edition, organiser: PageClient) -> None:
    badge = make_badge(today)
    later = now() + timedelta(minutes=30)
    status, answer = send(organiser, short_code(badge.id), hour=f"{local(later):%H:%M}")
    assert (status, scans()) == (400, [])
    assert "heure" in str(answer["problem"])


def test_a_request_without_token_is_refused(today: Edition, organiser: PageClient) -> None:
    answer = organiser.post(TYPE, data=said(codes=short_code(make_badge(today).id)), headers=JSON)
    assert answer.status_code == 400
    assert scans() == []


def test_a_sheet_is_ticked_in_the_order_of_the_paper(
    app: Flask, today: Edition, organiser: PageClient
) -> None:
    make_crowd(today, 30)
    pack = make_pack(app, today)
    ids = pages_of(pack)[1]
    opened = organiser.get(f"/ORGANISATION/PAPIER/{pack.id}/0002")
    assert opened.headers["Location"] == f"{TYPE}/{pack.id}/2"
    path = f"{TYPE}/{pack.id}/2"
    page = organiser.get(path).get_data(as_text=True)
    assert [int(match) for match in re.findall(r'name="ticked" value="(\d+)"', page)] == ids
    ticked = [str(number) for number in ids[:7]]
    answer = organiser.fill(path, **said(), ticked=ticked)
    assert "7\u00a0passages notés" in answer.get_data(as_text=True)
    assert sorted(scan.badge_id or 0 for scan in scans()) == sorted(ids[:7])
    second_answer = organiser.fill(path, **said(), ticked=[*ticked, str(ids[7])])
    assert "1\u00a0passage noté, 7 déjà saisis" in second_answer.get_data(as_text=True)
    assert len(scans()) == 8
    assert actions()[-2:] == ["paper.typed", "paper.typed"]


def test_a_sheet_refuses_what_is_not_on_it(
    app: Flask, today: Edition, organiser: PageClient
) -> None:
    make_crowd(today, 5)
    pack = make_pack(app, today)
    other_badge = make_badge(today)
    path = f"{TYPE}/{pack.id}/2"
    for ticked in ([str(other_badge.id)], ["x"], ["9" * 40]):
        answer = organiser.fill(path, **said(), ticked=ticked)
        assert answer.status_code == 400
        assert "n’est pas sur cette feuille" in answer.get_data(as_text=True)
    nothing = organiser.fill(path, **said())
    assert nothing.status_code == 400
    assert "cochez au moins une ligne" in nothing.get_data(as_text=True)
    assert scans() == []


def test_a_page_without_boxes_says_so(app: Flask, today: Edition, organiser: PageClient) -> None:
    pack = make_pack(app, today)
    assert "n’a pas de case" in organiser.get(f"{TYPE}/{pack.id}/1").get_data(as_text=True)
    assert organiser.get(f"{TYPE}/{pack.id}/{pack.pages + 1}").status_code == 404
