"""Mailings beside what happens meanwhile: answers, cancellations, a stop, a postponed fair."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee
from salon.badges.services.changes import cancel_attendee
from salon.fair.models import Edition
from salon.invitations.models import LocalAuthority, OrganisationInvitation
from salon.mailings.models import Mailing, MailingState
from salon.mailings.queries.audiences.agents import AGENTS
from salon.mailings.queries.audiences.organisations import ORGANISATIONS
from salon.mailings.queries.campaign import due_steps
from salon.mailings.rules import StepHasNoDate
from salon.mailings.services import sending
from salon.mailings.services.drafts import plan
from salon.mailings.services.letters import unsent_letter
from salon.mailings.services.sending import resume, send_mailings, stop
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import shown_words_of, words_of
from salon.platform.mail.outbox import Delivery
from salon.platform.mail.sending import send_due
from salon.platform.settings.clock import now
from tests.badges.people import MONS, make_person, register
from tests.duplicates.people import everybody, merged
from tests.factories import act_in, new_key
from tests.fair.test_practical import text_of
from tests.mailings.audiences.make import make_guest
from tests.mailings.make import BY, make_due, make_mailing, posted
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village

BOOK = "/organisation/communes"


def begin(mailing: Mailing) -> None:
    assert mailing.planned_at is not None
    send_mailings(mailing.planned_at)


def cancel(without: Collection[str] = ()) -> None:
    """Cancel every registration but those of these addresses."""
    for person in current_session().scalars(select(Attendee)).all():
        if person.email not in without:
            cancel_attendee(Act(SYSTEM), person.id)


def invitation_of(**place: object) -> OrganisationInvitation:
    current_session().expire_all()
    return current_session().scalars(select(OrganisationInvitation).filter_by(**place)).one()


def test_a_guest_who_said_no_or_after_the_closing_is_not_written_to(
    organiser: PageClient, fair: Edition, client: PageClient
) -> None:
    make_guest("Midi Libre", "redaction@midi.example")
    begin(make_due(fair, audience="organisations"))
    token = invitation_of().private_token
    client.fill(f"/invitation/{token}", f"/invitation/{token}/reponse", answer="decline")
    assert not ORGANISATIONS.find(fair, {}, now())
    client.fill(f"/invitation/{token}", f"/invitation/{token}/reponse", answer="come")
    assert ORGANISATIONS.find(fair, {}, now())
    with transaction(fair):
        fair.registration_closes_at = now()
    assert not ORGANISATIONS.find(fair, {}, now())


def test_an_erased_guest_who_opposes_by_its_link_opposes_for_itself_alone(
    organiser: PageClient, fair: Edition, client: PageClient
) -> None:
    guest = make_guest("Midi Libre", "redaction@midi.example")
    begin(make_due(fair, audience="organisations"))
    token = invitation_of().private_token
    organiser.fill(f"{BOOK}/commune:34032", f"{BOOK}/commune:34032/suivi", note="Rappeler lundi")
    page = f"/organisation/invites/{guest.id}"
    organiser.confirm(organiser.fill(page, f"{page}/effacer"))
    client.fill(f"/invitation/{token}", f"/invitation/{token}/reponse", answer="oppose")
    assert invitation_of(commune_code="34032").opposed_at is None


@pytest.mark.on_both
def test_a_stopped_invitation_was_not_made(organiser: PageClient, fair: Edition) -> None:
    mailing = make_due(fair, audience="places", filters={"state": "to_send"})
    begin(mailing)
    assert stop(act_in(fair, BY), mailing) == 3
    assert "À inviter" in text_of(organiser.get(f"{BOOK}?state=to_send"))
    assert invitation_of(commune_code="34032").sent_at is None
    resume(act_in(fair, BY), mailing)
    begin(mailing)
    assert len(posted()) == 3
    assert invitation_of(commune_code="34032").sent_at is not None


def test_who_answers_or_cancels_before_their_turn_is_left_out(
    organiser: PageClient, fair: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(make_person(email="a@x.example"), make_person(email="b@x.example"))
    send_due(lambda message: Delivery(sent=True))
    monkeypatch.setattr(sending, "AHEAD", 1)
    monkeypatch.setattr(sending, "BATCH", 1)
    mailing = make_due(fair)
    begin(mailing)
    assert len(posted()) == 1
    cancel(without={message.recipient for message in posted()})
    send_due(lambda message: Delivery(sent=True))
    begin(mailing)
    assert len(posted()) == 1


def test_who_is_merged_before_their_turn_is_written_to_once(
    organiser: PageClient, fair: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(*(make_person(email=f"{name}@x.example") for name in "ab"))
    send_due(lambda message: Delivery(sent=True))
    monkeypatch.setattr(sending, "AHEAD", 1)
    monkeypatch.setattr(sending, "BATCH", 1)
    mailing = make_due(fair)
    begin(mailing)
    kept = merged(fair, everybody(fair), now=now())
    send_due(lambda message: Delivery(sent=True))
    begin(mailing)
    addresses = [message.recipient for message in posted()]
    assert addresses == list(dict.fromkeys([addresses[0], kept.email]))


def test_a_planned_step_waits_for_the_new_date_of_a_postponed_fair(
    organiser: PageClient, fair: Edition
) -> None:
    register(make_person(email="a@x.example"))
    step, news = make_due(fair, days_before=3), make_due(fair, subject="Reporté")
    with transaction(fair):
        fair.standing = Standing.POSTPONED
    begin(news)
    assert [message.context["subject"] for message in posted()] == ["Reporté"]
    current_session().expire_all()
    assert step.state == MailingState.DRAFT
    with pytest.raises(StepHasNoDate):
        plan(act_in(fair, BY), step, None, new_key())


def test_a_mailing_that_found_nobody_at_its_hour_says_so(
    organiser: PageClient, fair: Edition
) -> None:
    register(make_person(email="a@x.example"))
    mailing = make_due(fair)
    cancel()
    begin(mailing)
    page = text_of(organiser.get(f"/organisation/ecrire/{mailing.id}"))
    assert "s’effacent 90 jours" not in page


def test_places_of_one_address_that_answer_are_counted(
    organiser: PageClient, fair: Edition
) -> None:
    with transaction() as session:
        session.execute(update(LocalAuthority).values(email="Secretariat@vallee.example"))
    mailing = make_due(fair, audience="places")
    begin(mailing)
    send_due(lambda message: Delivery(sent=True))
    with transaction(mailing):
        mailing.planned_at = now()
    register(make_person(place=MONS))
    page = " ".join(text_of(organiser.get(f"/organisation/ecrire/{mailing.id}")).split())
    assert "1 a répondu depuis" in page


def test_a_filter_that_is_gone_chooses_nobody_and_is_asked_again(
    organiser: PageClient, fair: Edition
) -> None:
    register(make_person(email="a@x.example"))
    mailing = make_due(fair)
    with transaction(mailing):
        mailing.filters = {"day": "2030-01-01"}
    begin(mailing)
    assert not posted()
    path = f"/organisation/ecrire/{mailing.id}"
    page = text_of(organiser.get(path))
    assert "jour de visite : ce choix n’existe plus" in page
    assert "Un filtre n’a plus cours" in page
    assert "Un filtre n’a plus cours" in text_of(organiser.get(f"{path}/modifier"))
    assert "Brouillon" in page


def test_guests_that_answer_are_counted(
    organiser: PageClient, fair: Edition, client: PageClient
) -> None:
    make_guest("Midi Libre", "redaction@midi.example")
    make_guest("Radio des Garrigues", "radio@garrigues.example")
    mailing = make_due(fair, audience="organisations")
    begin(mailing)
    with transaction(mailing):
        mailing.planned_at = now()
    register(make_person(place=Affiliation("Midi libre")))
    page = f"/organisation/ecrire/{mailing.id}"
    assert "1 a répondu depuis" in " ".join(text_of(organiser.get(page)).split())
    invited = invitation_of(name="Radio des Garrigues")
    answer = f"/invitation/{invited.private_token}"
    client.fill(answer, f"{answer}/reponse", answer="decline")
    assert "2 ont répondu depuis" in " ".join(text_of(organiser.get(page)).split())


def test_a_trial_to_agents_opens_their_own_rota(fair: Edition) -> None:
    make_agent(make_village(fair))
    mailing = make_mailing(fair, audience="agents")
    [agent] = AGENTS.find(fair, {}, now())
    words = words_of(unsent_letter(fair, mailing, agent))[1]
    assert "/planning\n" in words
    assert "/planning" in shown_words_of(unsent_letter(fair, mailing, agent))[1]


def test_a_step_is_called_for_until_the_fair_begins(fair: Edition) -> None:
    step = make_mailing(fair, days_before=3)
    assert due_steps(fair, fair.starts_at - timedelta(hours=1)) == [step]
    assert due_steps(fair, fair.starts_at) == []


def test_the_book_names_a_woman_and_a_single_place(organiser: PageClient, fair: Edition) -> None:
    assert "La maire et la mairie" in text_of(organiser.get(f"{BOOK}/commune:34032"))
    assert "Inviter la seule de ces filtres" in text_of(organiser.get(f"{BOOK}?q=mons"))
    assert "Inviter les 3 du territoire" in text_of(organiser.get(BOOK))


def test_the_links_of_the_foot_are_apart(fair: Edition) -> None:
    register(make_person(email="a@x.example"))
    begin(make_due(fair))
    [message] = posted()
    assert "/confidentialite> ; « Ne plus" in " ".join(words_of(message)[1].split())
