"""Requests to an agent, and requests by an agent, on their page."""

from salon.platform.database.db import transaction
from salon.platform.settings.clock import now
from salon.staffing.models import (
    Agent,
    Exchange,
    Shift,
    StandIn,
    StandInAsk,
    StandInStatus,
)
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, publish
from tests.village_day.my_rota.pages import BOTH, hours, published, words_of


def stand_in(agent: Agent, shift: Shift, *requested_agent: Agent) -> StandIn:
    """The agent cannot hold the shift; these were asked."""
    with transaction() as session:
        opened = StandIn(shift_id=shift.id, agent_id=agent.id, opened_at=now())
        session.add(opened)
        session.flush()
        for rank, item in enumerate(requested_agent):
            session.add(
                StandInAsk(stand_in_id=opened.id, agent_id=item.id, rank=rank, asked_at=now())
            )
    return opened


def test_what_waits_for_my_answer_comes_first(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    lou = make_agent(village, name="Lou Espinasse")
    hours(village, agnes, ("Hérault THD", 13, 15))
    hours(village, lou, ("Département", 9, 11))
    publish(village)
    requested_stand_in = stand_in(lou, published(lou)[0], agnes)
    page = words_of(client)
    assert "Remplacer Lou Espinasse" in page
    assert page.index("On vous demande") < page.index('id="jour-1"')
    with transaction(requested_stand_in):
        requested_stand_in.status, requested_stand_in.taken_by_id = StandInStatus.TAKEN, agnes.id
    assert "Remplacer Lou Espinasse" not in words_of(client)


def test_a_shift_given_up_is_still_mine_until_somebody_takes_it(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    stand_in(agnes, published(agnes)[0])
    page = words_of(client)
    assert "Remplacement demandé" in page
    assert "on vous attend" in page


def test_an_exchange_says_what_against_what(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    lou = make_agent(village, name="Lou Espinasse", stands=BOTH)
    hours(village, agnes, ("Département", 9, 11))
    hours(village, lou, ("Hérault THD", 13, 15))
    publish(village)
    with transaction() as session:
        session.add(
            Exchange(
                offered_shift_id=published(lou)[0].id,
                requested_shift_id=published(agnes)[0].id,
                asked_by_id=lou.id,
                asked_of_id=agnes.id,
                asked_at=now(),
            )
        )
    assert "Échanger avec Lou Espinasse" in words_of(client)
