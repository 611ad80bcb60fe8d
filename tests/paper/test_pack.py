"""Content of the pack: every name as it is written, every code readable, nobody cancelled."""

from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from salon.appointments.models import AppointmentStatus
from salon.badges import services as badges
from salon.entrance.models import EntranceSettings
from salon.entrance.services.scans import record_scans
from salon.fair.models import Door, Edition, Zone, ZoneHours, ZoneKind
from salon.fair.queries import get_public_edition
from salon.paper.engine.short_codes import short_code
from salon.paper.jobs import write_pack_file
from salon.paper.models import PaperPack
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.web.access import settings
from tests.appointments.make import book, make_fair
from tests.entrance.people import NINE, item, make_badge, make_station
from tests.factories import act_in, new_key
from tests.paper.people import (
    PUBLIC_URL,
    at,
    make_crowd,
    make_pack,
    pages_of,
    path_of,
    qr_codes_of,
    texts_of,
)

HOSTILE = (
    "SARL A & B <Conseil",
    "<b>Dupont",
    '<img src="http://127.0.0.1:1/x"/>',
    '<font color="[red]">',
    "=cmd|' /C calc'!A0",
    "Robert'); DROP TABLE",
    "{{7*7}} %s \\n",
)


@pytest.fixture
def today(edition: Edition) -> Edition:
    with transaction() as session:
        session.get_one(Edition, edition.id).days[0].day_on = NINE.date()
    return edition


def words(app: Flask, pack: PaperPack) -> str:
    return " ".join(texts_of(path_of(app, pack)))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_printed_as_it_is(app: Flask, today: Edition, name: str) -> None:
    make_badge(today, first_name="Zoé", last_name=name)
    assert name.upper() in words(app, make_pack(app, today))


@pytest.mark.parametrize("name", ["", "\u202e\ufffe", "字" * 60, "É" * 500, "\U0001f600 Sète"])
def test_an_impossible_name_stops_no_pack(app: Flask, today: Edition, name: str) -> None:
    badge = make_badge(today, first_name="Zoé", last_name="Ici")
    make_badge(today, first_name=name or "-", last_name="A")
    page_texts = words(app, make_pack(app, today))
    assert short_code(badge.id) in page_texts
    assert "ICI Zoé" in page_texts


def test_every_person_is_in_both_lists_with_the_code(app: Flask, today: Edition) -> None:
    crowd = make_crowd(today, 120)
    pack = make_pack(app, today)
    texts, pages = texts_of(path_of(app, pack)), pages_of(pack)
    assert len(texts) == len(pages) == pack.pages
    for text, ids in zip(texts, pages, strict=True):
        for badge_id in ids:
            assert short_code(badge_id) in text
    printed = [row_id for ids in pages for row_id in ids]
    assert sorted(printed) == sorted(2 * [badge.id for badge in crowd])


def test_names_are_in_the_order_of_names_whatever_their_accents(app: Flask, today: Edition) -> None:
    for name in ("Zola", "Élie", "Eluard", "Emile", "d’Ornac", "Œuvrard"):
        make_badge(today, first_name="A", last_name=name)
    page_texts = words(app, make_pack(app, today))
    ordered = ["D’ORNAC", "ÉLIE", "ELUARD", "EMILE", "ŒUVRARD", "ZOLA"]
    assert [page_texts.index(f"{text} A") for text in ordered] == sorted(
        page_texts.index(f"{text} A") for text in ordered
    )


def test_communes_come_before_epcis_and_organisations(app: Flask, today: Edition) -> None:
    make_badge(today, commune_code=None, organisation="Aéro-club")
    make_badge(today, commune_code=None, epci_siren="243400769")
    make_badge(today, commune_code="34160")
    pack = make_pack(app, today)
    page_text = next(
        text for text in texts_of(path_of(app, pack)) if text.startswith("Liste par commune")
    )
    places = [
        page_text.rindex(text) for text in ("Mons", "CA de Béziers-Méditerranée", "Aéro-club")
    ]
    assert places == sorted(places)


def test_who_cancelled_or_lost_the_badge_is_not_there(app: Flask, today: Edition) -> None:
    cancelled_badge = make_badge(today, first_name="Partie", last_name="Annulée")
    lost = make_badge(today, first_name="Perdue", last_name="Réémise")
    badges.cancel_attendee(Act(SYSTEM, NINE), cancelled_badge.attendee_id)
    new_id = badges.reissue_badge(Act(SYSTEM, NINE), lost.attendee_id, "lost", new_key())
    page_texts = words(app, make_pack(app, today))
    assert "ANNULÉE" not in page_texts
    assert short_code(lost.id) not in page_texts
    assert page_texts.count("RÉÉMISE") >= 2
    assert new_id


def test_who_entered_already_is_marked(app: Flask, today: Edition) -> None:
    present_badge = make_badge(today, last_name="Présente", is_vip=True, needs=["parking"])
    make_badge(today, last_name="Absente")
    record_scans(make_station(today), today.id, [item(present_badge.code, 12)], at(9, 12))
    page_texts = words(app, make_pack(app, today, at(10)))
    assert page_texts.count("entré 9 h 12") == 2
    assert page_texts.count("VIP PMR") == 2


def test_the_code_of_each_page_opens_it(app: Flask, today: Edition) -> None:
    make_crowd(today, 60)
    pack = make_pack(app, today)
    codes = qr_codes_of(path_of(app, pack))
    assert len(codes) == pack.pages
    for number, code in enumerate(codes, 1):
        prefix = f"{PUBLIC_URL.upper()}/ORGANISATION/PAPIER/{pack.id}/"
        assert code.startswith(prefix)
        assert int(code.removeprefix(prefix)) == number


def test_the_cover_says_what_matters(app: Flask, today: Edition) -> None:
    with transaction() as session:
        numbers = "Secours\u00a0: 04 67 00 00 00\n\n  Sécurité\u00a0: 06 00 00 00 00 \n"
        session.add(EntranceSettings(edition_id=today.id, urgent_numbers=numbers))
    pack = make_pack(app, today)
    cover = texts_of(path_of(app, pack))[0]
    for sentence in (
        "vendredi 1er octobre 2021".capitalize(),
        f"n° {pack.id}",
        "À la demande",
        "04 67 00 00 00",
        "06 00 00 00 00",
        "114",
        "Entrée exposants",
        "Quand plus rien ne marche",
    ):
        assert sentence in cover.replace("\u00a0", " "), sentence


def test_the_cover_says_the_rules_of_the_zones(app: Flask, today: Edition) -> None:
    with transaction() as session:
        room = Zone(
            edition_id=today.id,
            kind=ZoneKind.CONFERENCE,
            label="Salle Canigou",
            capacity=150,
            opens_at=at(10, 30),
        )
        yesterday = timedelta(days=-1)
        village = Zone(
            edition_id=today.id,
            kind=ZoneKind.LOUNGE,
            label="Village",
            opens_at=at(8) + yesterday,
            closes_at=at(18) + yesterday,
            later_hours=[ZoneHours(at(9, 15), at(17))],
        )
        former = Zone(
            edition_id=today.id,
            kind=ZoneKind.LOUNGE,
            label="Montage",
            closes_at=at(18) + yesterday,
        )
        for code, zone in (("C1", room), ("V1", village), ("M1", former)):
            session.add(zone)
            session.flush()
            session.add(
                Door(edition_id=today.id, code=code, label="Porte", zone_id=zone.id, admits=[])
            )
    page_text = texts_of(path_of(app, make_pack(app, today)))[0].replace("\u00a0", " ")
    assert "Salle Canigou – tous les badges – 150 places – dès 10 h 30" in page_text
    assert "Village – tous les badges – dès 9 h 15 – jusqu’à 17 h" in page_text
    assert "Montage – tous les badges – n’ouvre pas ce jour" in page_text


def test_rota_appointments_and_slips_are_there(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(10))
    lost_appointment, unsure = book(fair, at=fair.at(11)), book(fair, at=fair.at(14))
    with transaction() as session:
        session.merge(unsure).status = AppointmentStatus.TO_CHOOSE
        merged = session.merge(lost_appointment)
        merged.status = AppointmentStatus.CANCELLED
    pack = make_pack(app, edition, fair.before)
    texts = texts_of(path_of(app, pack))
    rota = next(text for text in texts if text.startswith("Planning de chaque stand"))
    assert "Planning version 1" in rota
    assert fair.agents["Département"][0].full_name in rota
    assert "hall 3" in rota
    meetings = next(text for text in texts if text.startswith("Rendez-vous de chaque agent"))
    spaced = meetings.replace("\u00a0", " ")
    assert f"10 h – 10 h 20 {appointment.attendee.last_name.upper()}" in spaced
    assert f"14 h – 14 h 20 ? {unsure.attendee.last_name.upper()}" in spaced
    assert lost_appointment.attendee.last_name.upper() not in meetings
    slips = [text for text in texts if text.startswith("Inscription sur place")]
    assert len(slips) == 3
    assert [f"Fiche {pack.id}-{number:02d}" in " ".join(slips) for number in (1, 8, 9, 24)] == [
        True
    ] * 4


def test_an_empty_fair_has_its_pack(app: Flask, today: Edition) -> None:
    pack = make_pack(app, today)
    assert len(texts_of(path_of(app, pack))) == pack.pages == 4


def test_everything_is_black_on_white(app: Flask, today: Edition) -> None:
    make_crowd(today, 5)
    pack = make_pack(app, today)
    for page in pypdfium2.PdfDocument(path_of(app, pack)):
        picture = page.render(scale=0.5).to_pil().convert("HSV")
        assert picture.getchannel("S").getextrema() == (0, 0)


def test_the_command_s_pack_is_typed_back_like_any_other(today: Edition, tmp_path: Path) -> None:
    make_crowd(today, 3)
    output = tmp_path / "pack.pdf"
    pages = write_pack_file(
        act_in(get_public_edition(), SYSTEM, NINE + timedelta(hours=1)), output, settings()
    )
    assert pages == len(texts_of(output))
    (pack,) = current_session().query(PaperPack).all()
    assert (pack.status, pack.file_name) == ("done", "")
    assert len(pages_of(pack)) == pack.pages
