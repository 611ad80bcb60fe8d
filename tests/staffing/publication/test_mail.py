"""Messages to an agent when the rota changes: their changes alone, in words and as a calendar."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Flask
from icalendar import Calendar

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.mail.delivery import envelope
from salon.platform.mail.outbox import recent_messages
from salon.staffing.models import Agent
from tests.staffing.make import make_agent, make_village, publish, put

NBSP = "\u00a0"


def mail_to(agent: Agent) -> EmailMessage:
    """Return the last message to an agent, as it leaves."""
    current_session().rollback()
    message = recent_messages(1, agent.email)[0]
    read = message_from_bytes(envelope(message), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def events_of(mail: EmailMessage) -> list[tuple[str, str, int]]:
    (file,) = mail.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file.get_filename() == "planning.ics"
    assert file["Content-Type"].params["method"] == "PUBLISH"
    calendar = Calendar.from_ical(file.get_content())
    assert calendar["method"] == "PUBLISH"
    return [
        (f"{item.start:%H:%M}", str(item["status"]), item["sequence"])
        for item in calendar.walk("VEVENT")
    ]


def test_the_first_message_lists_the_shifts(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village, name="Léa Vidal")
    put(
        village,
        agent,
        village.wanted("Département", (9, 0), (11, 0)),
        village.wanted("SDIS 34", (14, 30), (16, 0)),
    )
    publish(village)
    mail = mail_to(agent)
    assert mail["Subject"] == "Votre planning pour le village Hérault"
    text = text_of(mail)
    assert text.startswith(
        "Bonjour Léa,\n\nVotre planning pour le village Hérault est publié (version 1)"
    )
    assert "Voici vos vacations" in text
    assert f"de 9{NBSP}h à 11{NBSP}h\u00a0: Département, hall 3, stand V0" in text
    assert f"de 14{NBSP}h{NBSP}30 à 16{NBSP}h\u00a0: SDIS 34, hall 3, stand V2" in text
    assert f"{app.config['SALON'].public_url}/planning\n" in text
    assert "\n\n\n" not in text
    assert events_of(mail) == [("09:00", "CONFIRMED", 0), ("14:30", "CONFIRMED", 0)]


def test_an_agent_past_a_limit_reads_it_with_its_article_and_the_reason(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = make_agent(village, name="Léa Vidal", limits={"day": 12})
    put(village, agent, village.wanted("Département", (8, 30), (15, 30)))
    publish(village)
    text = text_of(mail_to(agent))
    assert "Ce planning dépasse des limites du temps de travail. Vous avez\u00a0:\n\n- " in text
    decree = f"décret n°{NBSP}2000-815, art.{NBSP}3"
    assert f"- 6{NBSP}h de travail sans pause ({decree})\n- plus de 6{NBSP}h de travail" in text
    assert "dans la journée (limite personnelle)\n\nLa raison\u00a0: Ouverture" in text
    assert "\n\n\n" not in text


def test_a_change_says_what_moved_came_and_went_and_nothing_else(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = make_agent(village, name="Léa Vidal")
    put(
        village,
        agent,
        village.wanted("Hérault THD", (8, 30), (9, 0)),
        village.wanted("Département", (9, 0), (10, 0)),
        village.wanted("Département", (10, 0), (11, 0)),
        village.wanted("SDIS 34", (15, 0), (16, 0)),
    )
    publish(village)
    put(
        village,
        agent,
        village.wanted("Hérault THD", (8, 30), (9, 0)),
        village.wanted("Département", (9, 0), (9, 30)),
        village.wanted("SDIS 34", (10, 0), (11, 0)),
        village.wanted("SDIS 34", (13, 0), (14, 0)),
    )
    publish(village, "Le SDIS a besoin de renfort.")
    mail = mail_to(agent)
    assert mail["Subject"] == "Votre planning pour le village Hérault change (version 2)"
    text = text_of(mail)
    changed, _, more = text.partition("Ce qui s’ajoute\u00a0:")
    added, _, removed_part = more.partition("Ce qui n’a plus lieu\u00a0:")
    assert f"de 9{NBSP}h à 9{NBSP}h{NBSP}30\u00a0: Département, hall 3, stand V0" in changed
    assert f"(au lieu de 9{NBSP}h – 10{NBSP}h)\n" in changed
    assert f"de 10{NBSP}h à 11{NBSP}h\u00a0: SDIS 34, hall 3, stand V2" in changed
    assert "(au lieu de Département, hall 3, stand V0)\n" in changed
    assert f"de 13{NBSP}h à 14{NBSP}h\u00a0: SDIS 34" in added
    assert f"de 15{NBSP}h à 16{NBSP}h\u00a0: SDIS 34" in removed_part
    assert "L’organisation précise\u00a0: Le SDIS a besoin de renfort." in removed_part
    assert "Hérault THD" not in text
    assert "\n\n\n" not in text
    assert sorted(events_of(mail)) == [
        ("09:00", "CONFIRMED", 1),
        ("10:00", "CONFIRMED", 1),
        ("13:00", "CONFIRMED", 0),
        ("15:00", "CANCELLED", 1),
    ]


def test_a_hostile_note_stays_in_the_text(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village, name="Léa <b>Vidal")
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village, "Ligne\r\nBcc: tous@herault.example")
    mail = mail_to(agent)
    assert mail["Bcc"] is None
    assert "Bcc: tous@herault.example" in text_of(mail)
