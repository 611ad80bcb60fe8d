"""Answers to a kiosk: they name the holder of the presented badge, and nobody else."""

import uuid
from datetime import time, timedelta
from typing import Any

from flask import Flask

from salon.badges.models import Attendee, Badge, Consent
from salon.badges.services import change_attendee, revoke_badge
from salon.fair.models import Edition, EditionDay
from salon.kiosk.engine import visit_tokens
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import entries
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now, real_now
from salon.platform.words import formats
from tests.badges.people import all_of, kinds_sent
from tests.entrance.people import make_badge, scans
from tests.factories import make_edition, make_station_token, new_key
from tests.kiosk.make import Device, make_device, new_job
from tests.pages import PageClient
from tests.tables import each

VISITOR = {
    "civility": "madame",
    "first_name": "Claire",
    "last_name": "Sénégas",
    "function": "town_clerk",
    "commune": "Espondeilhan",
}


def holders() -> list[Attendee]:
    current_session().rollback()
    return list(current_session().query(Attendee).populate_existing().order_by(Attendee.id))


# A badge is presented


def test_the_holder_is_welcomed_by_title_and_checked_in(
    kiosk: Device, badge: Badge, edition: Edition
) -> None:
    answer = kiosk.scan(f"HTTPS://SALON.EXAMPLE/B/{badge.code}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["verdict"] == "accepted"
    assert answer.json["message"] == "Votre entrée est enregistrée."
    assert answer.json["seconds"] == 120
    assert answer.json["person"] == {
        "greeting": "Bonjour Madame la Maire",
        "first_name": "Élodie",
        "last_name": "Roque",
        "function": "Maire",
        "on_behalf_of": "Espondeilhan",
        "stand": "",
        "day": edition.day_label,
        "category": "Élue",
        "colour": "#2440A8",
        "version": 1,
        "correctable": True,
    }
    (scan,) = scans()
    assert (scan.badge_id, scan.station_id, scan.door, scan.direction) == (
        badge.id,
        kiosk.id,
        "A",
        "in",
    )


def test_the_same_scan_sent_by_the_queue_too_is_one_entry(kiosk: Device, badge: Badge) -> None:
    scan_id = str(uuid.uuid4())
    first = kiosk.scan(badge.code, scan_id=scan_id)
    second_answer = kiosk.scan(badge.code, scan_id=scan_id)
    assert first.json["verdict"] == second_answer.json["verdict"] == "accepted"
    assert len(scans()) == 1


def test_who_is_in_already_is_told_since_when(kiosk: Device, badge: Badge) -> None:
    kiosk.scan(badge.code)
    answer = kiosk.scan(badge.code)
    assert answer.json["verdict"] == "already_inside"
    assert answer.json["message"].startswith("Votre entrée est déjà enregistrée, à ")
    assert answer.json["message"].endswith(", porte A.")
    assert "visit" in answer.json


def test_a_cancelled_badge_names_nobody(kiosk: Device, badge: Badge) -> None:
    revoke_badge(Act(SYSTEM), badge.id, "perdu")
    answer = kiosk.scan(badge.code)
    assert answer.json["verdict"] == "revoked"
    assert "Adressez-vous à l’accueil" in answer.json["message"]
    assert {"visit", "person"}.isdisjoint(answer.json)


def test_a_badge_of_another_fair_or_another_code_names_nobody(kiosk: Device) -> None:
    other_badge = make_badge(make_edition(is_current=False))
    for code, verdict in ((other_badge.code, "wrong_edition"), ("une affiche", "invalid")):
        answer = kiosk.scan(code)
        assert answer.json["verdict"] == verdict
        assert {"visit", "person"}.isdisjoint(answer.json)


@each(
    "content",
    [None, [], {}, {"scan": None}, {"scan": []}, {"scan": {"code": "x"}}, "texte", 3],
    ids=str,
)
def test_a_body_that_is_no_scan_is_refused(kiosk: Device, content: Any) -> None:
    answer = kiosk.post("visits", content)
    assert answer.status_code == 400, answer.text
    assert scans() == []


# The token of a visit


def token(app: Flask, device: Device, badge: Badge, **ago: int) -> str:
    """Return the token of a visit that began, and was renewed, that long ago."""
    began = real_now() - timedelta(seconds=ago.get("began", 0))
    given_at = real_now() - timedelta(seconds=ago.get("given", 0))
    visit = visit_tokens.begin(device.id, badge.id, began)
    return visit_tokens.token_of(visit, given_at, [app.config["SECRET_KEY"]])


CALLS = ("visits/renew", "visits/correct", "visits/day", "print-jobs")


@each("path", CALLS)
def test_without_the_token_of_a_visit_nothing_is_told(
    app: Flask, kiosk: Device, badge: Badge, client: PageClient, edition: Edition, path: str
) -> None:
    other_device = make_device(client, edition, name="Autre borne")
    own_token = token(app, kiosk, badge)
    ok = {"visit": own_token, "job_id": new_job(), "version": "1", "function": "mayor"}
    ok |= {"first_name": "Élodie", "last_name": "Roque"}
    assert kiosk.post(path, ok).status_code == 200
    for wrong in (
        None,
        "",
        f"{badge.id}",
        own_token[:-5] + ("A" if own_token[-5] != "A" else "B") + own_token[-4:],
        token(app, kiosk, badge, given=121),
        token(app, kiosk, badge, began=1801),
        "x" * 5000,
        "\ud800.abc",
        {"badge": badge.id},
    ):
        answer = kiosk.post(path, {**ok, "visit": wrong})
        assert answer.status_code == 410, (wrong, answer.text)
    assert other_device.post(path, ok).status_code == 410


def test_a_renewed_token_never_outlives_half_an_hour(
    app: Flask, kiosk: Device, badge: Badge
) -> None:
    answer = kiosk.post("visits/renew", {"visit": token(app, kiosk, badge, began=1790)})
    renewed = visit_tokens.visit_of(
        answer.json["visit"], kiosk.id, real_now(), [app.config["SECRET_KEY"]]
    )
    assert real_now().timestamp() - renewed.began_at >= 1790


def test_only_kiosks_welcome_and_only_print_stations_print(
    client: PageClient, edition: Edition, kiosk: Device, printer: Device, badge: Badge
) -> None:
    scanner = Device(0, make_station_token(edition), client)
    for device in (scanner, printer):
        assert device.scan(badge.code).status_code == 403
        assert device.post("registrations", {}).status_code == 403
        assert device.post("printings", {}).status_code == 403
    for device in (scanner, kiosk):
        assert device.post("print-jobs/next", {}).status_code == 403
        assert device.post("print-jobs/1/done", {}).status_code == 403
    assert scans() == []
    nobody = Device(0, "faux", client)
    assert nobody.scan(badge.code).status_code == 401


# Corrections


def correction(badge: Badge, **changes: str) -> dict[str, str]:
    holder = badge.attendee
    names = {"first_name": holder.first_name, "last_name": holder.last_name}
    return {**names, "version": str(holder.version), **changes}


def test_a_correction_is_kept_shown_and_journaled(kiosk: Device, badge: Badge) -> None:
    fields = correction(badge, last_name="Roqué", function="deputy_mayor", category="press")
    answer = kiosk.post("visits/correct", {"visit": kiosk.visit(badge.code), **fields})
    assert answer.status_code == 200, answer.text
    person = answer.json["person"]
    assert (person["last_name"], person["function"]) == ("Roqué", "Maire")
    assert person["version"] == 2
    (holder,) = holders()
    assert (holder.last_name, holder.name_key) == ("Roqué", "roque elodie")
    assert (holder.function, holder.category) == ("mayor", "elected")
    entry = current_session().scalars(entries("attendee.changed")).one()
    assert entry.actor == f"station:{kiosk.id}"
    assert "Roqu" not in str(entry.details)


def test_a_kiosk_corrects_a_name_once(kiosk: Device, badge: Badge) -> None:
    holder = badge.attendee
    change_attendee(Act(SYSTEM), holder.id, holder.version, {"phone": "0467000000"})
    current_session().expire_all()
    visit = kiosk.visit(badge.code)
    first = kiosk.post("visits/correct", {"visit": visit, **correction(badge, last_name="Rogue")})
    assert first.status_code == 200, first.text
    current_session().expire_all()
    second_answer = correction(badge, last_name="Vogue")
    answer = kiosk.post("visits/correct", {"visit": visit, **second_answer})
    assert answer.status_code == 409
    assert "déjà été corrigé" in answer.json["message"]
    assert holders()[0].last_name == "Rogue"


REFUSED = [
    ({"last_name": ""}, 400, "Indiquez le nom."),
    ({"last_name": "Ro\u0007que"}, 400, ""),
    ({"last_name": "x" * 61}, 400, "Au plus 60 caractères."),
    ({"version": "abc"}, 400, ""),
    ({"version": "7"}, 409, ""),
    ({"first_name": "Jean", "last_name": "Martin"}, 409, "trop diff"),
]


@each(("changes", "status", "sentence"), REFUSED, ids=str)
def test_a_bad_correction_writes_nothing(
    kiosk: Device, badge: Badge, changes: dict[str, str], status: int, sentence: str
) -> None:
    fields = correction(badge, **changes)
    answer = kiosk.post("visits/correct", {"visit": kiosk.visit(badge.code), **fields})
    assert answer.status_code == status, answer.text
    assert sentence in answer.text
    (holder,) = holders()
    assert (holder.first_name, holder.last_name, holder.version) == ("Élodie", "Roque", 1)


# Walk-ins


def register(kiosk: Device, **changes: Any) -> Any:
    return kiosk.post("registrations", {**VISITOR, "submission_key": new_key(), **changes})


def test_a_walk_in_gets_a_badge_that_checks_in(kiosk: Device) -> None:
    answer = register(kiosk, photo="y")
    assert answer.status_code == 200, answer.text
    (holder,) = holders()
    assert (holder.full_name, holder.on_behalf_of) == ("Claire Sénégas", "Espondeilhan")
    assert (holder.registered_by, holder.email) == ("Borne", "")
    assert [consent.purpose for consent in current_session().query(Consent)] == ["photo"]
    welcomed = kiosk.scan(answer.json["code"]).json
    assert (welcomed["verdict"], welcomed["person"]["greeting"]) == ("accepted", "Bonjour Madame")


def test_a_walk_in_of_a_fair_of_two_days_comes_today(kiosk: Device, edition: Edition) -> None:
    today = local(now()).date()
    with transaction() as session:
        session.get_one(EditionDay, edition.days[0].id).day_on = today
        day = {"opens": time(9), "closes": time(18), "edition_id": edition.id}
        session.add(EditionDay(day_on=today + timedelta(days=1), **day))
    code = register(kiosk).json["code"]
    (holder,) = holders()
    assert holder.visit_days == today.isoformat()
    assert kiosk.scan(code).json["person"]["day"] == formats.day(today), "printed on the badge"
    with transaction() as session:
        session.get_one(Edition, edition.id).standing = Standing.POSTPONED
    assert kiosk.scan(code).json["person"]["day"] == "date à venir"


def test_a_walk_in_sent_twice_is_one_badge(kiosk: Device) -> None:
    key = new_key()
    first, second_registration = (
        register(kiosk, submission_key=key),
        register(kiosk, submission_key=key),
    )
    assert first.json["code"] == second_registration.json["code"]
    assert len(holders()) == 1


def test_a_name_that_is_registered_never_gives_that_badge(kiosk: Device) -> None:
    register(kiosk)
    answer = register(kiosk)
    assert answer.status_code == 409
    assert "code" not in answer.json
    assert len(holders()) == 1


def test_an_earlier_badge_goes_again_to_its_address_and_the_kiosk_never_says_so(
    kiosk: Device,
) -> None:
    """The mayor whom the town hall registered asks for that badge when she registers here."""
    secretary = {"email": "mairie@espondeilhan.example"}
    assert register(kiosk, **secretary).status_code == 200
    before = len(kinds_sent())
    asked = register(kiosk, earlier_badge="y")
    [message] = all_of(Message)[before:]
    assert (message.kind, message.recipient) == ("badges_of_address", secretary["email"])
    stranger = register(kiosk, last_name="Inconnue", earlier_badge="y")
    assert stranger.json.keys() == asked.json.keys()
    assert len(all_of(Message)) == before + 1


def test_what_is_missing_is_said_field_by_field(kiosk: Device) -> None:
    answer = register(kiosk, civility="", last_name="", commune="Saint", newsletter="y")
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {"civility", "last_name", "commune", "newsletter"}
    assert answer.json["choices"]
    assert holders() == []


def test_a_kiosk_registers_so_many_an_hour(kiosk: Device) -> None:
    for _ in range(90):
        register(kiosk, first_name="")
    assert register(kiosk).status_code == 429
    assert holders() == []


def test_places_are_suggested_while_one_types(kiosk: Device, client: PageClient) -> None:
    headers = {"Authorization": f"Bearer {kiosk.token}"}
    answer = client.get("/api/v1/kiosk/places?q=saint+martin", headers=headers)
    assert answer.json["places"] == ["Saint-Martin-de-l'Arçon"]
    assert client.get("/api/v1/kiosk/places?q=s", headers=headers).json["places"] == []
    assert client.get("/api/v1/kiosk/places?q=saint").status_code == 401
