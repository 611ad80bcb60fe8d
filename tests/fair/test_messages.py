"""The pages of the messages, and the messages as they arrive."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.fair.queries import find_mail_choices
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.mail import outbox, sending
from salon.platform.mail.catalogue import LABELS
from salon.platform.mail.delivery import shown_words_of
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.installation import Settings
from salon.platform.web import access
from tests.badges.people import register_one
from tests.factories import make_edition, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.postman import Postman, open_postman

PATH = "/organisation/reglages/messages"
BADGE = f"{PATH}/registration"


@pytest.fixture
def postman() -> Iterator[Postman]:
    with open_postman() as handler:
        yield handler


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port)


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def typed(organiser: PageClient, path: str, **changes: str) -> dict[str, str]:
    """Return the form as the page shows it, with these changes."""
    fields = fields_of(organiser.get(path).text)
    fields.pop("preview", None)
    return {**fields, **changes}


def received(postman: Postman) -> EmailMessage:
    """Send what is due; the last message that the mail server got."""
    with MailServer(access.settings()) as server:
        sending.send_due(lambda message: deliver(message, server))
    mail = message_from_bytes(postman.received[-1], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def saved(edition: Edition) -> dict[str, dict[str, str]]:
    current_session().expire_all()
    return dict(find_mail_choices(edition.id).texts)


def test_a_message_arrives_with_the_words_of_the_organiser(
    organiser: PageClient, postman: Postman, edition: Edition
) -> None:
    texts = {
        "subject": "Bienvenue, {nom} !",
        "opening": "Nous attendons {nom} le {jour}.\r\n\r\nÀ bientôt.",
    }
    answer = organiser.post(BADGE, data=typed(organiser, BADGE, **texts))
    assert answer.status_code == 302, text_of(answer)
    sender = {"sender_name": "Salon, l’équipe", "reply_to": "contact@fair.example"}
    signature = {"signature": "Les organisateurs\r\n04 67 00 00 00"}
    assert (
        organiser.post(PATH, data=typed(organiser, PATH, **sender, **signature)).status_code == 302
    )
    attendee = register_one(first_name="Zoé", last_name="Roque")
    mail = received(postman)
    assert mail["Subject"].replace("\xa0", " ") == "Bienvenue, Zoé Roque !"
    assert mail["From"].addresses[0].display_name == "Salon, l’équipe"
    assert mail["From"].addresses[0].addr_spec == access.settings().sender.addr_spec
    assert mail["Reply-To"] == "contact@fair.example"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert f"\n\nNous attendons Zoé Roque le {edition.day_label}.\n\nÀ bientôt.\n\n" in text
    assert "Votre inscription au" not in text
    assert f"/badge/{attendee.badges[0].private_token}\n" in text
    assert text.endswith("\n\nLes organisateurs\n04\xa067\xa000\xa000\xa000\n") or text.endswith(
        "\n\nLes organisateurs\n04 67 00 00 00\n"
    )


def test_without_a_choice_the_message_is_the_product_s_own(
    app: Flask, edition: Edition, postman: Postman
) -> None:
    register_one()
    mail = received(postman)
    assert mail["Subject"] == "Votre badge pour le salon des maires"
    assert mail["Reply-To"] is None
    assert str(mail["From"]) == str(access.settings().sender)


def test_a_line_break_never_makes_a_header(
    organiser: PageClient, postman: Postman, edition: Edition
) -> None:
    data = typed(organiser, BADGE, subject="Badge\r\nBcc: espion@x.example {nom}")
    organiser.post(BADGE, data=data)
    sender = typed(organiser, PATH, sender_name="Salon\r\nBcc: espion@x.example")
    organiser.post(PATH, data=sender)
    for address in ("a@x.example\r\nBcc: b@x.example", "é@x.example", "a@é.example", "a"):
        wrong = typed(organiser, PATH, reply_to=address)
        assert organiser.post(PATH, data=wrong).status_code == 400
    register_one(last_name="Roque")
    mail = received(postman)
    assert mail["Bcc"] is None
    assert len(postman.recipients) == 1
    assert "\n" not in mail["Subject"]


def test_a_text_left_as_it_is_or_emptied_is_the_original(
    organiser: PageClient, edition: Edition
) -> None:
    assert organiser.post(BADGE, data=typed(organiser, BADGE)).status_code == 302
    assert saved(edition) == {}
    organiser.post(BADGE, data=typed(organiser, BADGE, closing="Merci {nom}."))
    assert saved(edition) == {"registration": {"closing": "Merci {nom}."}}
    assert "réécrit" in text_of(organiser.get(PATH))
    organiser.post(BADGE, data=typed(organiser, BADGE, closing=""))
    assert saved(edition) == {}


def test_the_original_comes_back_by_its_button(organiser: PageClient, edition: Edition) -> None:
    assert "Revenir au texte d’origine" not in organiser.get(BADGE).text
    organiser.post(BADGE, data=typed(organiser, BADGE, subject="Autre", opening="Autre."))
    invoice_page = f"{PATH}/invoice_issued"
    organiser.post(invoice_page, data=typed(organiser, invoice_page, subject="Facture {référence}"))
    page = organiser.get(BADGE)
    assert "Votre inscription au {salon} est enregistrée." in text_of(page)
    stamp = fields_of(page.text)["stamp"]
    token = fields_of(page.text)["csrf_token"]
    answer = organiser.post(f"{BADGE}/origine", data={"csrf_token": token, "stamp": stamp})
    assert answer.status_code == 302
    assert saved(edition) == {"invoice_issued": {"subject": "Facture {référence}"}}
    actions = [entry.action for entry in current_session().scalars(entries())]
    assert actions.count("mail.texts_changed") == 3


def test_an_unknown_field_is_refused_in_plain_words(
    organiser: PageClient, edition: Edition
) -> None:
    answer = organiser.post(BADGE, data=typed(organiser, BADGE, opening="Bonjour {prenon}"))
    assert answer.status_code == 400
    assert "« {prenon} » n’est pas un champ de ce message" in text_of(answer).replace("\xa0", " ")
    assert "Bonjour {prenon}" in answer.text
    preview = typed(organiser, BADGE, opening="Bonjour {prenon}", preview="1")
    assert "n’est pas un champ" in text_of(organiser.post(BADGE, data=preview))
    assert saved(edition) == {}


def test_the_preview_shows_the_texts_typed_and_saves_nothing(
    organiser: PageClient, edition: Edition
) -> None:
    data = typed(organiser, BADGE, opening="<b>Chère</b> {nom}", preview="1")
    answer = organiser.post(BADGE, data=data)
    assert answer.status_code == 200
    assert "&lt;b&gt;Chère&lt;/b&gt; Claire Martin" in answer.text.replace("\xa0", " ")
    assert saved(edition) == {}


def test_two_organisers_do_not_overwrite_each_other(
    organiser: PageClient, edition: Edition
) -> None:
    late = typed(organiser, BADGE, subject="Le mien")
    organiser.post(BADGE, data=typed(organiser, BADGE, subject="Le premier"))
    cancelled_page = f"{PATH}/cancelled"
    assert (
        organiser.post(
            cancelled_page, data=typed(organiser, cancelled_page, subject="À part")
        ).status_code
        == 302
    )
    answer = organiser.post(BADGE, data=late)
    assert answer.status_code == 409
    assert "Le premier" in answer.text
    assert saved(edition)["registration"] == {"subject": "Le premier"}


def test_each_message_has_its_page_and_no_other(organiser: PageClient) -> None:
    for kind in ("sign_in_code", "erased", "rien", "_appointment"):
        assert organiser.get(f"{PATH}/{kind}").status_code == 404
    hub = organiser.get(PATH).text
    for kind in LABELS:
        assert f'href="{PATH}/{kind}"' in hub
    assert 'name="subject"' not in organiser.get(f"{PATH}/appointments_untended").text


def test_a_message_that_was_sent_is_shown_as_it_was(
    organiser: PageClient, edition: Edition, postman: Postman
) -> None:
    register_one()
    received(postman)
    organiser.post(BADGE, data=typed(organiser, BADGE, subject="Premier texte"))
    register_one()
    received(postman)
    organiser.post(BADGE, data=typed(organiser, BADGE, subject="Second texte"))
    register_one()
    subjects = [shown_words_of(message)[0] for message in outbox.recent_messages(3)]
    original = "Votre badge pour le salon des maires"
    assert subjects == ["Second texte", "Premier texte", original]


def test_another_edition_keeps_its_own_words(
    organiser: PageClient, edition: Edition, postman: Postman
) -> None:
    other_edition = make_edition(is_current=False)
    organiser.post(BADGE, data=typed(organiser, BADGE, subject="Celui-ci"))
    assert saved(other_edition) == {}
