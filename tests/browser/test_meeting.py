"""An agent's appointment on a phone: a badge is read, the visitor received, two things promised."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, change_moment, check_is_fit, enter

AGENDA = "/planning/rendez-vous"
AGENT = "agent@salon34.example"


@pytest.fixture
def agent(page: Page) -> Page:
    """The phone of an agent of the village, on the morning of the fair."""
    enter(page, "Entrer comme agent")
    change_moment(page, "10 h 30")
    return page


def badge_of_the_visitor(server: LiveServer) -> str:
    """The code of the visitor of the agent's appointment."""
    ((code,), *_) = server.execute(
        "SELECT code FROM badges JOIN appointments USING (attendee_id)"
        " JOIN agents ON agents.id = appointments.agent_id"
        " WHERE agents.email = ?1 AND status = 'booked' AND revoked_at IS NULL",
        AGENT,
    )
    return str(code)


def press(page: Page, words: str) -> None:
    """A link or a button of the page's content, by the keyboard."""
    main = page.get_by_role("main")
    named = main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words))
    named.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_a_visitor_arrives_is_received_and_is_promised_two_things(
    agent: Page, live_server: LiveServer
) -> None:
    agent.goto(AGENDA)
    check_is_fit(agent)
    press(agent, "Lire un badge")
    field = agent.get_by_label("Code du badge")
    expect(field).to_be_focused()
    check_is_fit(agent)
    code = badge_of_the_visitor(live_server)
    agent.keyboard.type(f"{code[:4].lower()} {code[4:8]}")
    agent.keyboard.press("Enter")
    expect(agent.locator("[data-answer]")).to_have_attribute("data-answer", "arrived")
    check_is_fit(agent)
    press(agent, "Ouvrir la fiche")
    expect(agent.get_by_text("Au stand depuis")).to_be_visible()
    check_is_fit(agent)
    press(agent, "Reçu(e)")
    expect(agent.get_by_role("button", name="Annuler « Reçu(e) »")).to_be_visible()
    agent.get_by_role("radio", name="Une suite est promise").focus()
    agent.keyboard.press("Space")
    first = agent.get_by_role("group", name="Suite 1")
    first.get_by_label("C’est").select_option(label="Visite sur place")
    first.get_by_label("En quelques mots").fill("Voir le pont")
    press(agent, "Ajouter une suite")
    second = agent.get_by_role("group", name="Suite 2")
    second.get_by_label("C’est").select_option(label="Dossier au GUIDAF")
    second.get_by_label("Qui s’en charge").fill("Le guichet")
    expect(first.get_by_label("En quelques mots")).to_have_value("Voir le pont")
    check_is_fit(agent)
    press(agent, "Enregistrer le compte rendu")
    expect(agent.get_by_text("Le compte rendu est enregistré.")).to_be_visible()
    step_rows = live_server.execute("SELECT kind, owner FROM appointment_steps ORDER BY id")
    assert [kind for kind, _ in step_rows] == ["visit", "guidaf"]
    assert step_rows[1][1] == "Le guichet"


def test_a_badge_leads_to_a_time_at_the_stand(agent: Page, live_server: LiveServer) -> None:
    """Without an appointment here, one is taken; the reader leads there in one gesture."""
    agent.goto(f"{AGENDA}/nouveau")
    check_is_fit(agent)
    code = badge_of_the_visitor(live_server)
    agent.keyboard.type(f"https://salon.example/b/{code}")
    agent.keyboard.press("Enter")
    agent.wait_for_url("**/nouveau?visiteur=*")
    check_is_fit(agent)
    agent.get_by_role("radio").last.check()
    agent.get_by_label("La question").fill("Le toit de l’école")
    press(agent, "Prendre ce rendez-vous")
    expect(agent.get_by_text("Le rendez-vous est pris.")).to_be_visible()
    expect(agent.get_by_text("Le toit de l’école")).to_be_visible()
