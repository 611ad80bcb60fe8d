"""Lists of agents as people write them: bodies, hours, telephones, and agents who are known."""

import html
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from salon.accounts.queries import find_account
from salon.fair.models import Edition
from salon.fair.services.days import DayHours, change_days, days_of
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import paris
from salon.staffing.imports.agents import read_agents
from salon.staffing.imports.hours import arrival_of, departure_of, moment_of, periods_of
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules import agents_import as rules
from salon.staffing.services.agents_import import PlannedLine, plan_import
from tests.factories import act_in
from tests.pages import PageClient
from tests.staffing.agents.imports.test_routes import carried, upload
from tests.staffing.agents.pages import IMPORT, hidden
from tests.staffing.make import Village, make_agent

HEAD = "Organisme;Civilité;Prénom;Nom;Courriel;Téléphone"


def plan(edition: Edition, line: str) -> PlannedLine:
    [planned] = plan_import(edition, read_agents(f"{HEAD}\n{line}\n").lines)
    return planned


def test_a_body_is_read_without_its_spaces_dots_and_number(
    village: Village, edition: Edition
) -> None:
    for typed, body in (
        ("sdis34", "SDIS 34"),
        ("S.D.I.S. 34", "SDIS 34"),
        ("S.D.I.S.", "SDIS 34"),
        ("SDIS", "SDIS 34"),
        ("DEPARTEMENT", "Département"),
        ("Hérault-THD", "Hérault THD"),
        ("thd herault", None),
        ("SDIS 30", None),
    ):
        planned = plan(edition, f"{typed};Mme;Ana;Roux;a@b.example;")
        facts = planned.line.facts
        assert (facts and facts.body_id) == (village.bodies[body].id if body else None), typed


def test_a_body_that_may_be_meant_is_offered(organiser: PageClient, village: Village) -> None:
    line = "Conseil départemental;Mme;Ana;Roux;a@b.example;"
    page = upload(organiser, f"{HEAD}\n{line}\n").get_data(as_text=True)
    assert "n’est pas connu. Choisissez-le sous" in page
    assert "<option>Département</option>" in page
    fields = {**hidden(page), "rows": html.unescape(carried(page)), "cell-2-body": "Département"}
    page = organiser.post(f"{IMPORT}/confirmer", data=fields).get_data(as_text=True)
    assert "1\u00a0agent à ajouter" in page


def test_telephones_are_read_as_people_type_them(village: Village, edition: Edition) -> None:
    for typed, number in (
        ("04.67.00.00.00", "04 67 00 00 00"),
        ("Tél : +33 (0)6 12 34 56 78", "06 12 34 56 78"),
        ("467000000", "04 67 00 00 00"),
        ("", ""),
    ):
        facts = plan(edition, f"SDIS 34;Mme;Ana;Roux;a@b.example;{typed}").facts
        assert facts.phone == number, typed
    [refusal] = plan(edition, "SDIS 34;Mme;Ana;Roux;a@b.example;04 67").line.wrong
    assert isinstance(refusal, rules.UnknownTelephone)


def test_two_people_in_one_line_are_refused(village: Village, edition: Edition) -> None:
    planned = plan(edition, "SDIS 34;Mme;Ana et Luc;Roux;a@b.example;")
    assert [type(refusal) for refusal in planned.line.wrong] == [rules.SeveralPeople]


@pytest.mark.usefixtures("app")
def test_hours_are_read_as_spreadsheets_and_people_write_them() -> None:
    day = date(2021, 10, 1)
    next_day = day + timedelta(days=1)
    hours = {day: (paris(day, time(8, 30)), paris(day, time(18)))}
    days = {**hours, next_day: (paris(next_day, time(9)), paris(next_day, time(17)))}

    def at(hour: int, minute: int = 0, on: date = day) -> Any:
        return paris(on, time(hour, minute))

    assert moment_of("0,375", hours) == moment_of("0.375", hours) == at(9)
    assert moment_of("0,354166666666667", hours) == at(8, 30)
    assert moment_of("44470,5", days) == at(12)
    assert [arrival_of(cell, hours) for cell in ("", "matin", "Journée", "après-midi")] == [
        *(None, None, None),
        at(13),
    ]
    assert [departure_of(cell, hours) for cell in ("après-midi", "le matin")] == [None, at(13)]
    assert arrival_of("02/10 matin", days) == at(9, on=next_day)
    assert periods_of("matin (réunion) | 16 h - 17 h", hours) == [
        (at(8, 30), at(13), "réunion"),
        (at(16), at(17), ""),
    ]
    assert periods_of("01/10 après-midi", days) == [(at(13), at(18), "")]
    assert periods_of("journée", hours) == [(at(8, 30), at(18), "")]
    for cell in ("1,5", "0,99999", "25 h", "demain"):
        with pytest.raises(rules.UnknownHour):
            periods_of(cell, days)
    for read, cell in (
        *((periods_of, "03/10 matin"), (periods_of, "01/10/2020 9 h - 10 h")),
        *((arrival_of, "03/10 9 h"), (departure_of, "43831,5")),
    ):
        with pytest.raises(rules.OtherDay):
            read(cell, days)
    for read in (arrival_of, periods_of):
        with pytest.raises(rules.DayMissing):
            read("matin", days)


THURSDAY, FRIDAY = date(2027, 10, 14), date(2027, 10, 15)


@pytest.fixture
def two_days(village: Village, edition: Edition) -> Edition:
    """A fair of a Thursday and a Friday, from nine to six."""
    days = [DayHours(day, time(9), time(18)) for day in (THURSDAY, FRIDAY)]
    change_days(act_in(edition, SYSTEM), {"days": days}, stamp_of(days_of(edition)))
    current_session().expire_all()
    return edition


def planned_in(edition: Edition, heads: str, cells: str) -> PlannedLine:
    text = f"{HEAD};{heads}\nSDIS 34;Mme;Ana;Roux;a@b.example;;{cells}\n"
    file = read_agents(text, [day.day_on for day in edition.days])
    assert file.ignored == [], heads
    [planned] = plan_import(edition, file.lines)
    return planned


def test_days_of_presence_are_read_or_asked(two_days: Edition) -> None:
    def at(hour: int, minute: int = 0, on: date = THURSDAY) -> datetime:
        return paris(on, time(hour, minute))

    thursday, friday = (at(9), at(18)), (at(9, on=FRIDAY), at(18, on=FRIDAY))
    by_day = "Présence jeudi;Présence vendredi"
    cases: list[tuple[str, str, list[tuple[datetime, datetime]]]] = [
        (by_day, "oui;oui", []),
        (by_day, "x;", [friday]),
        (by_day, "✓;non", [friday]),
        ("Jeudi;Vendredi 15/10", "matin;absente", [(at(13), at(18)), friday]),
        ("Jour 1;Jour 2", ";9h30", [thursday, (at(9, on=FRIDAY), at(9, 30, on=FRIDAY))]),
        (by_day, "10 h - 16 h;oui", [(at(9), at(10)), (at(16), at(18))]),
        ("Présence", "jeudi / vendredi", []),
        ("Présence", "Vendredi 15 octobre après-midi", [thursday, (friday[0], at(13, on=FRIDAY))]),
        ("Présence", "les deux jours", []),
        ("Jours", "jeudi et vendredi matin", [(at(13, on=FRIDAY), friday[1])]),
    ]
    faults = {}
    for heads, cells, expected in cases:
        planned = planned_in(two_days, heads, cells)
        found = planned.line.facts and [
            (period.starts_at, period.ends_at) for period in planned.line.facts.periods
        ]
        if found != expected:
            faults[heads, cells] = (found, planned.line.wrong)
    assert not faults
    for heads, cells, refusal in (
        (by_day, "peut-être;oui", rules.UnknownPresence),
        (by_day, ";", rules.PresenceMissing),
        ("Présence", "samedi", rules.UnknownPresence),
    ):
        assert [type(error) for error in planned_in(two_days, heads, cells).line.wrong] == [refusal]


def test_an_hour_without_a_day_is_of_the_only_day_of_presence_or_asked(two_days: Edition) -> None:
    heads = "Présence jeudi;Présence vendredi;Arrivée"
    facts = planned_in(two_days, heads, ";oui;9h30").facts
    assert facts.arrives_at == paris(FRIDAY, time(9, 30))
    [refusal] = planned_in(two_days, heads, "oui;oui;9h30").line.wrong
    assert isinstance(refusal, rules.DayMissing)


def test_ranks_are_kept_as_function_or_said_and_a_civility_is_asked(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    planned = plan(edition, "SDIS 34;Mme;Cdt Ana;Roux;a@b.example;")
    assert (planned.facts.first_name, planned.facts.function) == ("Ana", "Cdt")
    head = f"{HEAD};Fonction\n"
    line = "SDIS 34;M.;Luc;Lt-colonel MARTIN;a@b.example;;Chef de groupement\n"
    page = upload(organiser, head + line).get_data(as_text=True)
    assert "Le titre «\u00a0Lt" in page
    page = upload(organiser, f"{HEAD}\nSDIS 34;Cdt;Ana;Roux;a@b.example;\n").get_data(as_text=True)
    assert "La civilité «\u00a0Cdt\u00a0» n’est pas connu" in page
    assert "<option>Mme</option>" in page


KNOWN = "SDIS 34;Mme;COMBES;Nadège;n.combes@sdis.example;"


def test_an_agent_of_another_address_is_proposed_then_changed_or_added(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    agent = make_agent(village, body="SDIS 34", name="Nadège Combes", account=True)
    make_agent(village, body="SDIS 34", name="Nadine Combes")
    (refusal,) = plan(edition, KNOWN).line.wrong
    assert isinstance(refusal, rules.ResemblesAgent)
    page = upload(organiser, f"{HEAD}\n{KNOWN}\n").get_data(as_text=True)
    assert "À préciser" in page
    assert f"Ressemble à Nadège Combes, {agent.email} (même nom, nom et prénom inversés" in page
    fields = {**hidden(page), "rows": html.unescape(carried(page))}
    refused = organiser.post(f"{IMPORT}/confirmer", data=fields)
    assert refused.status_code == 400
    answers = [
        organiser.post(f"{IMPORT}/confirmer", data={**fields, "cell-2-likeness": answer})
        for answer in ("Autre agent", "Même agent")
    ]
    other, same = (answer.get_data(as_text=True) for answer in answers)
    assert "1\u00a0agent à ajouter" in other
    assert "1\u00a0agent à modifier" in same
    confirmed = {**hidden(same), "rows": html.unescape(carried(same))}
    assert organiser.post(f"{IMPORT}/confirmer", data=confirmed).status_code == 302
    assert len(agents_of(edition)) == 2
    changed = next(row for row in agents_of(edition) if row.id == agent.id)
    assert changed.email == "n.combes@sdis.example"
    account = find_account("n.combes@sdis.example")
    assert account is not None
    assert account.id == changed.account_id


def test_a_coordinator_is_not_told_who_another_body_names(
    coordinator: PageClient, village: Village
) -> None:
    make_agent(village, body="SDIS 34", name="Nadège Combes")
    line = KNOWN.replace("SDIS 34", "Hérault THD")
    page = upload(coordinator, f"{HEAD}\n{line}\n").get_data(as_text=True)
    assert "1\u00a0agent à ajouter" in page


def test_an_agent_who_has_their_own_line_is_nobody_else(village: Village, edition: Edition) -> None:
    agent = make_agent(village, body="SDIS 34", name="Nadège Combes")
    lines = read_agents(f"{HEAD}\nSDIS 34;Mme;Nadège;Combes;{agent.email};\n{KNOWN}\n").lines
    assert [entry.fate.value for entry in plan_import(edition, lines)] == ["same", "added"]
