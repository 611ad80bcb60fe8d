"""Proposals of a plan: asked, read, accepted, discarded; the command."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from salon.fair.models import Edition, Hall, Stand
from salon.placement import jobs
from salon.placement.queries.proposals import get_proposal
from salon.platform.database.db import current_session, transaction
from tests.exhibitors.make import make_exhibitor, make_stand
from tests.jobs import run as run_jobs
from tests.pages import PageClient
from tests.placement.pages import LIST, stand_of, text_of
from tests.statements import statements

# Plans


def test_a_plan_is_asked_read_and_accepted(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    make_stand(hall, number="1", x=3, y=3, power_kw=3)
    drawn = make_exhibitor(edition, name="Petit", power_kw=3)
    new = make_exhibitor(edition, name="Grand", area=24, wished_hall_id=hall.id)
    make_exhibitor(edition, name="Géant", area=900)
    answer = organiser.fill(LIST, to=f"{LIST}/propositions")
    path = answer.headers["Location"]
    assert "Le calcul va commencer" in text_of(organiser, path)
    assert organiser.get(f"{path}.json").get_json() == {"status": "waiting"}
    assert organiser.fill(path, to=path).status_code in (400, 409)
    run_jobs(jobs.PLAN_PROPOSALS)
    assert organiser.get(f"{path}.json").get_json() == {"status": "done"}
    page = text_of(organiser, path)
    for words in ("Petit", "Grand", "Géant", "900 m² demandés d’un seul tenant", "A-A01"):
        assert words in page
    assert stand_of(drawn) is None
    accepted = organiser.fill(path, to=path, exhibitors=[str(new.id)])
    assert accepted.headers["Location"] == LIST
    assert stand_of(new) == "A-A01"
    assert stand_of(drawn) is None
    assert "encore à accepter" in text_of(organiser, path)
    organiser.fill(path, to=path, exhibitors=[str(new.id), str(drawn.id)])
    assert stand_of(drawn) == "1"
    assert "Acceptée le" in text_of(organiser, path)


def test_a_stale_plan_is_a_409_and_writes_nothing(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    exhibitor = make_exhibitor(edition, wished_hall_id=hall.id)
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    run_jobs(jobs.PLAN_PROPOSALS)
    token = organiser.token(path)
    with transaction(hall):
        hall.version += 1
    data = {"csrf_token": token, "exhibitors": [exhibitor.id]}
    answer = organiser.post(path, data=data)
    assert answer.status_code == 409
    sentence = "Depuis ce calcul\u00a0: le plan du hall A a changé. Rien n’a été enregistré."
    assert sentence in answer.get_data(as_text=True)
    assert stand_of(exhibitor) is None
    assert "Cette proposition ne peut plus être acceptée" in text_of(organiser, path)


def test_what_changed_meanwhile_is_said_and_the_rest_is_accepted(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    changed = make_exhibitor(edition, name="Changé", wished_hall_id=hall.id)
    other_exhibitor = make_exhibitor(edition, name="Resté", wished_hall_id=hall.id)
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    run_jobs(jobs.PLAN_PROPOSALS)
    with transaction(changed):
        changed.area = 12
    page = text_of(organiser, path)
    assert "1 ligne a changé depuis le calcul" in page.replace("\u00a0", " ")
    assert "Changé a changé sa demande ou sa fiche" in page
    assert re.findall(r'name="exhibitors" value="(\d+)"', page) == [str(other_exhibitor.id)]
    assert organiser.fill(path, to=path, exhibitors=[str(other_exhibitor.id)]).status_code == 302
    assert stand_of(other_exhibitor) is not None


def test_a_plan_is_set_aside(organiser: PageClient, edition: Edition, hall: Hall) -> None:
    exhibitor = make_exhibitor(edition)
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    run_jobs(jobs.PLAN_PROPOSALS)
    assert organiser.fill(path, to=f"{path}/ecarter").headers["Location"] == LIST
    assert "Écartée" in text_of(organiser, path)
    assert organiser.fill(path, to=path, exhibitors=[str(exhibitor.id)]).status_code == 409
    assert path not in text_of(organiser, LIST)
    current_session().rollback()
    assert current_session().scalars(select(Stand)).all() == []


def test_a_plan_that_does_not_come_says_what_to_do(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    assert "plus long" not in text_of(organiser, path)
    proposal = get_proposal(int(path.rpartition("/")[2]))
    with transaction(proposal):
        proposal.asked_at -= timedelta(minutes=3)
    page = text_of(organiser, path)
    assert "C’est plus long que d’ordinaire" in page
    assert '<noscript><meta http-equiv="refresh"' in page


@pytest.mark.parametrize("exhibitors", [[], ["x"], ["-1"], ["99999999999999999999"]])
def test_a_plan_accepted_for_nobody_is_refused(
    organiser: PageClient, edition: Edition, hall: Hall, exhibitors: list[str]
) -> None:
    make_exhibitor(edition)
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    run_jobs(jobs.PLAN_PROPOSALS)
    assert organiser.fill(path, to=path, exhibitors=exhibitors).status_code == 400
    current_session().rollback()
    assert current_session().scalars(select(Stand)).all() == []


def test_a_plan_is_read_with_few_queries(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    for _ in range(12):
        make_exhibitor(edition)
    path = organiser.fill(LIST, to=f"{LIST}/propositions").headers["Location"]
    run_jobs(jobs.PLAN_PROPOSALS)
    with statements() as sent_statements:
        text_of(organiser, path)
    assert len(sent_statements) <= 10


# The command


def test_the_command_says_where_everybody_would_stand(
    runner: FlaskCliRunner, edition: Edition, hall: Hall, tmp_path: Path
) -> None:
    stand = make_stand(hall, number="1", x=3, y=3)
    make_exhibitor(edition, name="Main", stand=stand)
    make_exhibitor(edition, name="Neuf")
    make_exhibitor(edition, name="Géant", area=900)
    make_exhibitor(edition, name="Pavillon", area=0)
    output = tmp_path / "plan.json"
    result = runner.invoke(args=["propose-plan", "--output", str(output)])
    assert result.exit_code == 0, result.output
    content = json.loads(output.read_text())
    assert {"hall": "A", "width": 30.0, "depth": 20.0, "aisle": 3.0} in content["halls"]
    rows = {row["exhibitor"]: row for row in content["placed"]}
    assert set(rows) == {"Main", "Neuf"}
    assert [item["exhibitor"] for item in content["unplaced"]] == ["Géant"]
    assert content["unplaced"][0]["reason"]
    main = {key: rows["Main"][key] for key in ("stand", "hall", "x", "y", "width", "depth")}
    assert main == {"stand": "1", "hall": "A", "x": 3.0, "y": 3.0, "width": 3.0, "depth": 3.0}
    assert all(isinstance(rows["Neuf"][key], float) for key in ("x", "y", "width", "depth"))
    current_session().rollback()
    assert len(current_session().scalars(select(Stand)).all()) == 1
    printed = runner.invoke(args=["propose-plan"])
    assert json.loads(printed.output)["placed"] == content["placed"]


def test_the_command_without_edition_says_so(runner: FlaskCliRunner) -> None:
    output = runner.invoke(args=["propose-plan"])
    assert output.exit_code == 1
    assert "Aucune édition n’est ouverte" in output.output
