"""The campaign by its pages: proposed, moved, asked for, sent to those who are silent then."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from salon.fair.models import Edition, EditionDay
from salon.invitations.models import OrganisationInvitation
from salon.mailings.models import Mailing, MailingState
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.services.sending import send_mailings
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Domain, Role
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.mail.sending import send_due
from salon.platform.settings.clock import now
from tests.accounts.test_rights import colleague
from tests.badges.people import MONS, make_person, register
from tests.factories import sign_in
from tests.fair.test_practical import text_of
from tests.pages import PageClient

CAMPAIGN = "/organisation/ecrire/campagne"
NEW = "/organisation/ecrire/nouveau"


def send_step(organiser: PageClient, mailing: Mailing) -> dict[str, str]:
    """Let a step leave by its page; return the texts that arrive, by address."""
    texts = {}

    def deliver(message: Message) -> Delivery:
        if message.kind == "mailing":
            texts[message.recipient] = words_of(message)[1]
        return Delivery(sent=True)

    path = f"/organisation/ecrire/{mailing.id}"
    organiser.confirm(organiser.fill(path, f"{path}/envoyer"))
    with transaction(mailing):
        mailing.planned_at = now()  # the end of the hold, during which it can be taken back
    send_mailings(now())
    send_due(deliver)
    send_mailings(now())
    return texts


@pytest.mark.on_both
def test_a_campaign_is_proposed_asked_for_and_followed(
    organiser: PageClient, fair: Edition, client: PageClient
) -> None:
    assert "Aucun message n’est prévu" in text_of(organiser.get("/organisation"))
    organiser.fill(CAMPAIGN, CAMPAIGN)
    page = organiser.get(CAMPAIGN)
    assert text_of(page).count("À envoyer") == 2
    assert "2 messages à envoyer" in text_of(organiser.get("/organisation"))
    steps = current_session().query(Mailing).order_by(Mailing.id).all()
    assert [step.days_before for step in steps] == [90, 45, 15, 3]
    assert send_mailings(now() + timedelta(days=60)) == 0
    post = {"csrf_token": organiser.token(f"{NEW}/people")}
    assert organiser.post(CAMPAIGN, data=post).status_code == 302
    assert current_session().query(Mailing).count() == 4

    invitation, reminder, visit, last = steps
    texts = send_step(organiser, invitation)
    assert len(texts) == 3
    text = texts["mairie@c34092.example"]
    assert text.startswith("Madame la Maire,")
    assert fair.day_label in text
    assert "RGPD, articles 6.1.f et 14" in text
    tokens = {
        row.commune_code: row.private_token
        for row in current_session().query(OrganisationInvitation)
    }
    assert f"/invitation/{tokens['34092']}" in text
    answer = f"/invitation/{tokens['34032']}"
    client.fill(answer, f"{answer}/reponse", answer="decline")
    register(make_person(place=MONS))
    page = text_of(organiser.get(CAMPAIGN))
    assert "3 envoyés le " in page
    assert ", 2 réponses depuis" in page
    assert send_step(organiser, reminder).keys() == {"mairie@c34092.example"}

    question = organiser.fill(CAMPAIGN, f"/organisation/ecrire/{visit.id}/supprimer")
    organiser.confirm(question)
    change = f"/organisation/ecrire/{last.id}/modifier"
    words = {"subject": last.subject, "text": last.text, "version": str(last.version)}
    organiser.fill(change, **words, days_before="41")
    organiser.fill(
        f"{NEW}/agents?days_before=30", subject="Aux agents", text="Bonjour.", version="0"
    )
    page = text_of(organiser.get(CAMPAIGN))
    assert "J-41" in page
    assert page.count("À envoyer") == 1
    assert "préparez votre visite" not in page
    assert page.index("Aux agents") > page.index("à bientôt")


def test_the_days_of_a_campaign_move_with_the_fair(organiser: PageClient, fair: Edition) -> None:
    organiser.fill(CAMPAIGN, CAMPAIGN)
    with transaction() as session:
        session.execute(update(EditionDay).values(day_on=date(2100, 6, 30)))
        session.execute(update(Mailing).values(state=MailingState.DRAFT))
    current_session().expire_all()
    page = text_of(organiser.get(CAMPAIGN))
    assert "J-3 dimanche 27 juin 2100" in page
    assert "À envoyer" not in page
    assert "Les communes ne peuvent pas répondre" not in page
    with transaction(fair):
        fair.registration_closes_at = now()
    assert "Les communes ne peuvent pas répondre" in text_of(organiser.get(CAMPAIGN))


def test_the_campaign_is_for_those_who_write_to_its_audiences(app: Flask, fair: Edition) -> None:
    registrations = colleague(app, fair, Domain.REGISTRATIONS)
    registrations.fill(CAMPAIGN, CAMPAIGN)
    village = colleague(app, fair, Domain.VILLAGE)
    assert "J-90" not in text_of(village.get(CAMPAIGN))
    assert village.post(CAMPAIGN).status_code in (400, 403)
    for audience in AUDIENCES.values():
        may_write = audience.domain in (Domain.VILLAGE, Domain.ALL)
        assert (village.get(f"{NEW}/{audience.key}").status_code == 200) is may_write
    for role in (Role.AGENT, Role.EXHIBITOR):
        assert sign_in(app, role).get(CAMPAIGN).status_code in (302, 403, 404)
