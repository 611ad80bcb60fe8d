"""The e-badge of an agent, and the worker that gives it."""

from flask.testing import FlaskCliRunner

from salon.badges.queries import find_attendee_of_agent
from salon.fair.models import Edition
from tests.badges.people import badge_of
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village


def test_an_agents_badge_opens_and_is_corrected_elsewhere(
    runner: FlaskCliRunner, client: PageClient, edition: Edition
) -> None:
    agent = make_agent(make_village(edition), name="Camille Vidal")
    answer = runner.invoke(args=["worker", "--once"])
    assert answer.exit_code == 0, answer.output
    attendee = find_attendee_of_agent(agent.id)
    assert attendee is not None
    token = badge_of(attendee.id).private_token
    page = client.get(f"/badge/{token}").get_data(as_text=True)
    assert "Camille Vidal" in page
    assert "Département" in page
    assert "Me faire remplacer" not in page
    assert "/planning" in page
    assert client.get(f"/badge/{token}.pdf?format=a6").status_code == 200
    refused = client.fill(f"/badge/{token}/annuler")
    assert refused.status_code == 409
    assert "coordination" in refused.get_data(as_text=True)
