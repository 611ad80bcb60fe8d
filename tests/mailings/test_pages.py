"""« Écrire » by its pages: written, read as each recipient, sent, followed; by whom."""

import re

import pytest
from flask import Flask

from salon.fair.models import Edition, EditionState
from salon.mailings.models import Mailing, MailingState
from salon.mailings.services.sending import send_mailings
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Domain, Role
from salon.platform.mail.outbox import Delivery
from salon.platform.mail.sending import send_due
from salon.platform.settings.clock import now
from tests.accounts.test_rights import colleague, give
from tests.badges.people import make_person, register, register_one
from tests.factories import make_edition, new_key, sign_in
from tests.fair.test_practical import text_of
from tests.mailings.make import make_due, make_mailing, posted
from tests.pages import PageClient

LIST = "/organisation/ecrire"
NEW = f"{LIST}/nouveau/people"
WORDS = {
    "subject": "Le parking change",
    "text": "{civilité},\n\nC’est **ici** : {lien}",
    "version": "0",
}


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER, email="moi@amf34.example")


@pytest.mark.on_both
def test_a_message_is_written_read_tried_sent_and_followed(
    organiser: PageClient, edition: Edition
) -> None:
    assert "Aucun message encore" in text_of(organiser.get(LIST))
    register(
        make_person(email="mairie@beziers.example"), make_person(email="mairie@beziers.example")
    )
    register_one(email="parti@mons.example", first_name="Zoé", last_name="Zen")
    send_due(lambda message: Delivery(sent=True))
    answer = organiser.get(f"{NEW}/compte?filter_category=elected")
    assert answer.json == {"words": "2\xa0adresses, pour 3\xa0personnes ou organismes"}
    page = organiser.get(organiser.fill(NEW, **WORDS).location)
    path = page.request.path
    assert "Qui le recevra" in text_of(page)
    letter = organiser.get(f"{path}/lettre?q=zoe").text
    assert "Madame la Maire" in letter
    assert "<strong>ici</strong>" in letter
    assert "/badge/••••" in letter
    organiser.fill(path, f"{path}/essai")
    [trial] = posted()
    assert trial.recipient == "moi@amf34.example"
    question = organiser.fill(path, f"{path}/envoyer")
    assert "Écrire à 2 adresses" in text_of(question)
    assert "Mme Zoé Zen" in text_of(question)
    organiser.confirm(question)
    [mailing] = current_session().query(Mailing)
    assert mailing.planned_at is not None
    send_mailings(mailing.planned_at)
    assert organiser.get(f"{path}/etat").json == {"done": 0, "status": "running", "total": 2}
    refused = Delivery(sent=False, error="550 no such user", permanent=True)
    send_due(lambda message: refused if "parti" in message.recipient else Delivery(sent=True))
    send_mailings(now())
    page = text_of(organiser.get(f"{path}?etat=refused"))
    assert "550 no such user" in page
    assert "parti@mons.example" in page
    assert "1 envoyé, 1 refusé" in text_of(organiser.get(LIST))


def test_an_unknown_field_is_named_and_nothing_is_written(organiser: PageClient) -> None:
    answer = organiser.fill(NEW, **{**WORDS, "text": "Bonjour {prénom}"})
    assert answer.status_code == 400
    assert "« {prénom} » n’est pas un champ de ce message" in text_of(answer)
    assert current_session().query(Mailing).count() == 0


@pytest.mark.parametrize(
    ("audience", "name"),
    [("exhibitors", name) for name in ("state", "sector", "hall", "unpaid")] + [("agents", "day")],
)
def test_a_filter_that_is_not_offered_is_refused(
    organiser: PageClient, edition: Edition, audience: str, name: str
) -> None:
    page, typed = f"{LIST}/nouveau/{audience}", {f"filter_{name}": "autre"}
    hidden = {"csrf_token": organiser.token(page), "submission_key": new_key()}
    assert organiser.post(page, data={**hidden, **WORDS, **typed}).status_code == 400
    assert organiser.get(f"{page}/compte", query_string=typed).status_code == 400
    assert current_session().query(Mailing).count() == 0


def test_a_message_sent_twice_by_its_form_is_one_and_a_stale_change_shows_both(
    organiser: PageClient, edition: Edition
) -> None:
    hidden = {"csrf_token": organiser.token(NEW), "submission_key": new_key()}
    places = {organiser.post(NEW, data={**hidden, **WORDS}).location for _ in range(2)}
    assert len(places) == 1
    change = f"{places.pop()}/modifier"
    organiser.fill(change, **{**WORDS, "version": "1", "text": "Le texte de l’autre"})
    answer = organiser.fill(change, **{**WORDS, "version": "1"})
    assert answer.status_code == 409
    assert "Le texte de l’autre" in text_of(answer)


def test_each_writes_to_the_audiences_of_their_rights_alone(app: Flask, edition: Edition) -> None:
    register_one()
    mailing = make_due(edition)
    path = f"{LIST}/{mailing.id}"
    client = colleague(app, edition, Domain.MESSAGES)
    page = text_of(client.get(path))
    assert "Le parking change" in page
    assert "Copier dans un nouveau message" not in page
    token = client.token("/")
    for change in (f"{path}/annuler", f"{path}/copier", NEW):
        assert client.post(change, data={"csrf_token": token}).status_code == 403, change
    give("collegue@herault.example", edition, Domain.EXHIBITORS)
    assert client.get(path).status_code in (403, 404)
    for role in (Role.AGENT, Role.EXHIBITOR):
        assert sign_in(app, role).get(LIST).status_code == 403


def test_a_message_of_another_edition_or_of_a_closed_one(
    organiser: PageClient, edition: Edition
) -> None:
    elsewhere = make_mailing(make_edition(is_current=False, slug="2030"))
    assert organiser.get(f"/e/2030{LIST}/{elsewhere.id}").status_code == 200
    assert organiser.get(f"/e/{edition.slug}{LIST}/{elsewhere.id}").status_code == 404
    mailing = make_mailing(edition)
    token = organiser.token(LIST + f"/{mailing.id}")
    with transaction(edition):
        edition.state, edition.is_current = EditionState.CLOSED, None
    path = f"/e/{edition.slug}{LIST}/{mailing.id}"
    page = organiser.get(path).text
    assert "/organisation/ecrire/" not in "".join(re.findall('method="post" action="[^"]*"', page))
    data = {"csrf_token": token, "submission_key": new_key()}
    assert organiser.post(f"{path}/copier", data=data).status_code == 409
    assert current_session().query(Mailing).count() == 2


@pytest.mark.on_both
def test_a_sending_is_stopped_and_resumed_by_its_page(
    organiser: PageClient, edition: Edition
) -> None:
    register_one()
    send_due(lambda message: Delivery(sent=True))
    path = f"{LIST}/{make_due(edition).id}"
    send_mailings(now())
    for decision, state, words in (
        ("arreter", MailingState.STOPPED, "1 destinataire attend"),
        ("reprendre", MailingState.SENDING, "Arrêter l’envoi"),
    ):
        organiser.fill(path, f"{path}/{decision}")
        assert current_session().query(Mailing.state).scalar() == state
        assert words in text_of(organiser.get(path))


def test_a_draft_is_copied_and_deleted(organiser: PageClient, edition: Edition) -> None:
    path = f"{LIST}/{make_mailing(edition).id}"
    copy = organiser.fill(path, f"{path}/copier").location
    assert copy.endswith("/modifier")
    organiser.confirm(organiser.fill(path, f"{path}/supprimer"))
    assert organiser.get(path).status_code == 404
    assert "Le parking change" in text_of(organiser.get(LIST))
