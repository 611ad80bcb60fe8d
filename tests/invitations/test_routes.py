"""The organiser's list, and the page that the invited open."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus, Contact, Exhibitor
from salon.fair.models import Edition
from salon.invitations.models import OrganisationInvitation
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Domain
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import now
from tests.accounts.test_rights import colleague
from tests.fair.test_practical import text_of
from tests.invitations.make import make_invitation
from tests.pages import PageClient

PAGE = "/organisation/inviter"


def sent() -> list[Message]:
    current_session().rollback()
    kind = Message.kind == "organisation_invited"
    return list(current_session().scalars(select(Message).where(kind).order_by(Message.id)))


def tick(client: PageClient, *names: str) -> list[str]:
    """Return the keys of the ticks of these organisations."""
    page = client.get(PAGE).text
    return [
        box.split('value="')[1].split('"')[0]
        for box in page.split("<input")
        if any(f'aria-label="Inviter {name}"' in box for name in names)
    ]


def test_ticked_organisations_are_shown_their_message_then_invited(
    organiser: PageClient, following: Edition
) -> None:
    page = text_of(organiser.get(PAGE))
    assert "3 organisations" in page
    assert "elise@fidele.example" in page
    rows = tick(organiser, "Béziers", "Fidèle")
    assert len(rows) == 2
    question = organiser.fill(PAGE, f"{PAGE}/envoyer", row=rows)
    words = text_of(question)
    assert "Inviter 2 organisations" in words
    assert "a exposé au salon" in words
    assert sent() == []
    organiser.confirm(question)
    assert [message.is_held for message in sent()] == [True, True]
    assert "Invitation sans réponse" in text_of(organiser.get(PAGE))
    assert tick(organiser, "Béziers") == []


def test_an_invitation_called_off_is_sent_again(organiser: PageClient, following: Edition) -> None:
    rows = tick(organiser, "Béziers")
    organiser.confirm(organiser.fill(PAGE, f"{PAGE}/envoyer", row=rows))
    [message] = sent()
    organiser.fill(
        f"/organisation/courriels/{message.id}", f"/organisation/courriels/{message.id}/annuler"
    )
    assert sent()[0].status == MessageStatus.CALLED_OFF
    assert tick(organiser, "Béziers") == rows


def test_the_list_is_filtered_and_sorted(organiser: PageClient, following: Edition) -> None:
    assert "Fidèle" not in text_of(organiser.get(f"{PAGE}?kind=place"))
    assert "agglo@" not in text_of(organiser.get(f"{PAGE}?q=fidele"))
    page = organiser.get(f"{PAGE}?sort=-name").text
    assert page.index("Fidèle") < page.index("agglo@") < page.index("mairie@beziers")
    assert "Aucune organisation" in text_of(organiser.get(f"{PAGE}?state=declined"))


def test_those_who_could_not_answer_have_no_tick(organiser: PageClient, following: Edition) -> None:
    with transaction(following):
        following.registration_closes_at = now()
    page = text_of(organiser.get(PAGE))
    assert "Les inscriptions sont closes" in page
    assert "candidatures des exposants sont closes" not in page
    assert (tick(organiser, "Béziers"), len(tick(organiser, "Fidèle"))) == ([], 1)
    organiser.fill(PAGE, f"{PAGE}/envoyer", row=["commune:34032"])
    assert sent() == []


def test_nothing_ticked_invites_nobody(organiser: PageClient, following: Edition) -> None:
    organiser.fill(PAGE, f"{PAGE}/envoyer")
    organiser.fill(PAGE, f"{PAGE}/envoyer", row=["exhibitor:999", "x", "epci:"])
    assert sent() == []


def test_each_right_invites_its_own(app: Flask, following: Edition) -> None:
    client = colleague(app, following, Domain.REGISTRATIONS)
    page = text_of(client.get(PAGE))
    assert "mairie@beziers.example" in page
    assert "elise@fidele.example" not in page
    client.confirm(client.fill(PAGE, f"{PAGE}/envoyer", row=tick(client, "Béziers")))
    assert [message.recipient for message in sent()] == ["mairie@beziers.example"]


def test_a_draft_says_what_to_wait_for(organiser: PageClient, following: Edition) -> None:
    with transaction(following):
        following.is_current, following.state = None, "draft"
    page = organiser.get(f"/e/2030{PAGE}")
    assert "ouvrez-la" in text_of(page)
    assert 'name="row"' not in page.text
    assert organiser.fill(f"/e/2030{PAGE}", f"/e/2030{PAGE}/envoyer", row=["x"]).status_code == 302


def test_an_invited_commune_registers_in_a_form_that_names_it(
    client: PageClient, following: Edition
) -> None:
    invitation = make_invitation(following, name="Béziers", commune_code="34032")
    page = client.get(f"/invitation/{invitation.private_token}")
    assert "Venir au salon" in text_of(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Disallow: /invitation/" in client.get("/robots.txt").text
    assert 'href="/inscription?commune=B%C3%A9ziers"' in page.text
    for path in ("/inscription", "/inscription/commune", "/inscription/commune/liste"):
        assert 'value="Béziers"' in client.get(f"{path}?commune=Béziers").text
        assert "script&gt;" not in client.get(f"{path}?commune=<script>").text


def test_an_invited_exhibitor_begins_a_filled_application(
    client: PageClient, following: Edition, former: Exhibitor
) -> None:
    email = "elise@fidele.example"
    invitation = make_invitation(following, name="Fidèle", email=email, exhibitor_id=former.id)
    page = f"/invitation/{invitation.private_token}"
    assert "Exposer de nouveau" in text_of(client.get(page))
    answer = client.fill(page, f"{page}/candidature")
    drafts = select(Exhibitor).where(Exhibitor.edition_id == following.id)
    draft = current_session().scalars(drafts).one()
    assert answer.location.endswith(f"/exposants/inscription/{draft.private_token}")
    assert (draft.status, draft.siret) == (ApplicationStatus.DRAFT, former.siret)
    contacts = current_session().scalars(select(Contact).where(Contact.exhibitor_id == draft.id))
    assert [(contact.email, contact.last_name) for contact in contacts] == [(email, "")]


def test_a_no_is_said_by_the_link_and_taken_back(client: PageClient, following: Edition) -> None:
    invitation = make_invitation(following, commune_code="34160")
    page = f"/invitation/{invitation.private_token}"

    def saved() -> OrganisationInvitation:
        current_session().expire_all()
        return current_session().get_one(OrganisationInvitation, invitation.id)

    client.fill(page, f"{page}/reponse", answer="decline")
    assert saved().declined_at is not None
    assert "Vous ne viendrez pas cette fois" in text_of(client.get(page))
    client.fill(page, f"{page}/reponse", answer="come")
    assert saved().declined_at is None
    client.fill(page, f"{page}/reponse", answer="oppose")
    assert saved().opposed_at is not None
    client.fill(page, f"{page}/reponse", answer="allow")
    assert saved().opposed_at is None
    assert client.fill(page, f"{page}/reponse", answer="autre").status_code == 400


@pytest.mark.parametrize("path", ["/invitation/inconnue", "/invitation/inconnue/reponse"])
def test_an_unknown_link_is_no_page(client: PageClient, following: Edition, path: str) -> None:
    answer = client.post(path, data={}) if path.endswith("reponse") else client.get(path)
    assert answer.status_code in (400, 404)


def test_a_past_commune_page_opens_before_and_after_registration(
    client: PageClient, following: Edition
) -> None:
    invitation = make_invitation(following, commune_code="34160")
    page = f"/invitation/{invitation.private_token}"
    with transaction(following):
        following.registration_opens_at = following.starts_at.replace(year=now().year + 5)
        following.registration_closes_at = following.starts_at.replace(year=now().year + 6)
    assert "ouvrent le" in text_of(client.get(page))
    with transaction(following):
        following.registration_opens_at = now().replace(year=2020, day=1)
        following.registration_closes_at = now().replace(year=2021, day=1)
    assert "closes depuis" in text_of(client.get(page))
    for standing, words in ((Standing.POSTPONED, "Reporté"), (Standing.CANCELLED, "n’aura pas")):
        with transaction(following):
            following.standing = standing
        assert words in text_of(client.get(page))
