"""Lists of agents and needs of stands, on both databases."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts import services as accounts
from salon.accounts.models import Account
from salon.accounts.queries import find_account
from salon.db import session
from salon.fair.models import Edition
from salon.fair.queries import get_current_edition
from salon.identity import SYSTEM, Identity, Role
from salon.journal import JournalEntry
from salon.outbox import Message
from salon.spreadsheet import csv_lines
from salon.staffing.agents_file import COLUMNS, cells_of, read_agents, read_bytes
from salon.staffing.models import Agent, AgentPeriod, Need, PeriodKind
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.needs import needs_overview
from salon.staffing.queries.rota import needs_of
from salon.staffing.rules import agents as agent_rules
from salon.staffing.rules import agents_import as rules
from salon.staffing.rules import needs as needs_rules
from salon.staffing.rules import shifts as shift_rules
from salon.staffing.services import agents_import as services
from salon.staffing.services import needs as needs_services
from salon.staffing.services.agents_import import Fate, Planned
from salon.staffing.services.needs import NewNeed
from salon.times import now
from tests.factories import make_edition, new_key
from tests.races import race
from tests.staffing.make import (
    ORGANISER,
    Village,
    find_agent_by_email,
    make_agent,
    make_needs,
    make_village,
)
from tests.statements import statements

COORDINATOR = Identity(Role.AGENT, 7, "Magali Estève", "192.0.2.7")
HEAD = "Organisme;Civilité;Prénom;Nom;Courriel;Thèmes;Stands;Indisponible"
GOOD = (
    "Département;Mme;Noëlle;Saint-Aunès;noelle@herault.example;Soutien aux communes;V0 | V1;"
    "11 h - 12 h 30 (réunion)"
)


def plan(text: str, body_ids: Any = None) -> list[Planned]:
    session().rollback()
    return services.plan_import(get_current_edition(), read_agents(text).lines, body_ids)


def take(text: str, by: Identity = ORGANISER, key: str = "", body_ids: Any = None) -> Any:
    lines = read_agents(text).lines
    session().rollback()
    return services.import_agents(
        get_current_edition(), lines, key or new_key(), by, now(), body_ids
    )


def wrongs(text: str, body_ids: Any = None) -> list[tuple[int, list[str]]]:
    return [
        (one.line.number, [type(error).__name__ for error in one.line.wrong])
        for one in plan(text, body_ids)
        if one.fate == Fate.WRONG
    ]


def count(model: Any) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_a_list_names_agents(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    (planned,) = plan(f"{HEAD}\n{GOOD}\n")
    assert planned.fate == Fate.ADDED
    assert count(Agent) == 0
    assert take(f"{HEAD}\n{GOOD}\n") == (1, 0)
    (agent,) = agents_of(edition)
    assert (agent.full_name, agent.body.short_name) == ("Noëlle Saint-Aunès", "Département")
    assert [one.stand.number for one in agent.places] == ["V0", "V1"]
    (away,) = agent.periods
    assert (away.starts_at, away.ends_at) == (village.at(11), village.at(12, 30))
    assert (away.kind, away.note) == (PeriodKind.UNAVAILABLE, "réunion")
    account = find_account("noelle@herault.example")
    assert account is not None
    assert account.id == agent.account_id
    assert session().scalar(select(Message.kind)) == "agent_named"


def test_the_same_address_is_the_same_agent(app: Flask, edition: Edition) -> None:
    make_village(edition)
    take(f"{HEAD}\n{GOOD}\n")
    assert [one.fate for one in plan(f"{HEAD}\n{GOOD}\n")] == [Fate.SAME]
    text = "Prénom;Nom;Courriel;Fonction\nNoé;Saint-Aunès;NOELLE@herault.example;Juriste\n"
    assert [one.fate for one in plan(text)] == [Fate.CHANGED]
    assert take(text) == (0, 1)
    (agent,) = agents_of(edition)
    assert (agent.full_name, agent.function, agent.version) == ("Noé Saint-Aunès", "Juriste", 2)
    assert len(agent.themes) == len(agent.periods) == 1


def test_a_column_left_empty_empties(app: Flask, edition: Edition) -> None:
    make_village(edition)
    take(f"{HEAD}\n{GOOD}\n")
    take(f"{HEAD}\nDépartement;Mme;Noëlle;Saint-Aunès;noelle@herault.example;;;\n")
    (agent,) = agents_of(edition)
    assert (list(agent.themes), list(agent.periods)) == ([], [])
    assert [one.stand.number for one in agent.places] == ["V0"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Inconnu;Mme;A;B;a@b.example;;;", "UnknownBody"),
        (";Mme;A;B;a@b.example;;;", "CellMissing"),
        ("Département;;A;B;a@b.example;;;", "CellMissing"),
        ("Département;Docteur;A;B;a@b.example;;;", "UnknownCivility"),
        ("Département;Mme;;B;a@b.example;;;", "CellMissing"),
        ("Département;Mme;A;B;;;;", "CellMissing"),
        ("Département;Mme;A;B;pas une adresse;;;", "WrongAddress"),
        ("Département;Mme;A;B;a@b.example;Pétanque;;", "UnknownTheme"),
        ("Département;Mme;A;B;a@b.example;;V0 | Z9;", "UnknownStand"),
        ("Département;Mme;A;B;a@b.example;;;midi", "UnknownHour"),
        ("Département;Mme;A;B;a@b.example;;;12 h - 11 h", "PeriodEndsBeforeStart"),
        ("Département;Mme;A;B;a@b.example;;;11 h 10 - 12 h", "NotHalfHours"),
        ("Département;Mme;A;B;exposant@b.example;;;", "AddressOfAnExhibitor"),
        (f"Département;Mme;{'A' * 61};B;a@b.example;;;", "CellTooLong"),
        ("Département;Mme;A\x07;B;a@b.example;;;", "CellUnprintable"),
        ("Département;Mme;=?UTF-8?Q?=0A?=;B;a@b.example;;;", "CellUnprintable"),
    ],
)
def test_what_is_wrong_with_a_line_has_a_name(
    app: Flask, edition: Edition, line: str, error: str
) -> None:
    make_village(edition)
    accounts.create_account("exposant@b.example", Role.EXHIBITOR, "Éclairage", SYSTEM)
    text = f"{HEAD}\n{GOOD}\n{line}\n"
    assert wrongs(text) == [(3, [error])]
    with pytest.raises(rules.ImportRefused, match="Lignes à corriger\u00a0: 3"):
        take(text)
    assert count(Agent) == 0
    assert count(Account) == 1


def test_a_line_repeated_names_the_first(app: Flask, edition: Edition) -> None:
    make_village(edition)
    (planned,) = [one for one in plan(f"{HEAD}\n{GOOD}\n{GOOD}\n") if one.fate == Fate.WRONG]
    (refusal,) = planned.line.wrong
    assert isinstance(refusal, rules.LineRepeated)
    assert "ligne 2" in refusal.message


def test_ten_thousand_lines_with_three_bad_ones_write_nothing(app: Flask, edition: Edition) -> None:
    make_village(edition)
    lines = [
        f"Département;Mme;Prénom{n};Nom{n};agent{n}@herault.example;Soutien aux communes;V0;"
        for n in range(10_000)
    ]
    lines[17] = lines[17].replace("Département", "Commune de Mons")
    lines[5_000] = lines[5_000].replace("@", " ")
    lines[9_999] = lines[9_999].replace("Soutien aux communes", "Pétanque")
    text = "\n".join([HEAD, *lines])
    expected = [(19, ["UnknownBody"]), (5_002, ["WrongAddress"]), (10_001, ["UnknownTheme"])]
    assert wrongs(text) == expected
    with pytest.raises(rules.ImportRefused) as refusal:
        take(text)
    assert refusal.value.numbers == [19, 5_002, 10_001]
    assert (count(Agent), count(Account), count(Message)) == (0, 0, 0)


def test_a_plan_costs_the_same_whatever_its_length(app: Flask, edition: Edition) -> None:
    make_village(edition)
    sizes = []
    for size in (3, 300):
        text = "\n".join([HEAD, *(GOOD.replace("noelle@", f"n{n}@") for n in range(size))])
        take(text)
        session().rollback()
        with statements() as sent:
            plan(text)
        sizes.append(len(sent))
    assert sizes[0] == sizes[1]


def test_the_same_list_sent_twice_is_taken_once(app: Flask, edition: Edition) -> None:
    make_village(edition)
    key, text = new_key(), f"{HEAD}\n{GOOD}\n"
    assert [take(text, key=key) for _ in range(2)] == [(1, 0)] * 2
    assert count(Agent) == 1


def test_of_two_lists_with_the_same_agent_one_names_them(app: Flask, edition: Edition) -> None:
    make_village(edition)

    def taking() -> str:
        try:
            return str(take(f"{HEAD}\n{GOOD}\n"))
        except agent_rules.AgentAlreadyNamed:
            return "named"

    answers = race(app, [taking, taking])
    assert count(Agent) == 1
    assert "(1, 0)" in answers
    assert set(answers) <= {"(1, 0)", "(0, 0)", "named"}


def test_a_coordinator_imports_their_own_agents(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    thd = (village.bodies["Hérault THD"].id,)
    make_agent(village, email="autre@herault.example")
    assert wrongs(f"{HEAD}\n{GOOD}\n", thd) == [(2, ["AgentOfAnotherBody"])]
    other = "Prénom;Nom;Courriel\nA;B;autre@herault.example\n"
    assert wrongs(other, thd) == [(2, ["AgentOfAnotherBody"])]
    made = "Prénom;Nom;Courriel;Civilité\nKévin;Malafosse;kevin@thd.example;M.\n"
    assert take(made, COORDINATOR, body_ids=thd) == (1, 0)
    agent = find_agent_by_email(edition, "kevin@thd.example")
    assert agent is not None
    assert (agent.body_id, [one.stand.number for one in agent.places]) == (thd[0], ["V1"])
    chief = "Prénom;Nom;Courriel;Coordination\nKévin;Malafosse;kevin@thd.example;oui\n"
    assert wrongs(chief, thd) == [(2, ["OnlyOrganisersChooseCoordinators"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "vide"),
        (b"\x00\x01\x02", "texte"),
        ("Prénom;Nom\nA;B\n".encode(), "Il manque"),
        (f"{HEAD}\n".encode(), "aucun agent"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(rules.UnreadableAgents, match=reason):
        read_agents(read_bytes(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_is_read_as_spreadsheets_save_it(encoding: str, separator: str) -> None:
    text = f"{HEAD}\n{GOOD}\n".replace(";", separator).encode(encoding)
    (line,) = read_agents(read_bytes(text)).lines
    assert line.cells["first_name"] == "Noëlle"
    assert line.cells["body"] == "Département"


def test_the_export_says_the_same_when_it_is_imported(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(
        village,
        name="=1+1 D’Ornac",
        stands=("Département", "SDIS 34"),
        languages=["sign"],
        needs=["seat", "hearing"],
        needs_note="-2",
        arrives_at=village.at(9),
        is_coordinator=True,
        periods=[
            AgentPeriod(
                starts_at=village.at(11),
                ends_at=village.at(12),
                kind=PeriodKind.AVOIDED,
                note="déjeuner",
            )
        ],
    )
    session().rollback()
    (found,) = agents_of(edition)
    heads = [one.head for one in COLUMNS]
    text = "".join(csv_lines(heads, [cells_of(found, has_days=False)]))
    assert "'=1+1" in text
    assert [one.fate for one in plan(text)] == [Fate.SAME]
    assert agent.id == found.id


# Needs


def needs(village: Village, body: str = "Département") -> list[NewNeed]:
    session().rollback()
    stand_id = village.bodies[body].stand_id
    return needs_services.as_new(needs_of(village.edition).get(stand_id, []))


def stamp(village: Village, body: str = "Département") -> str:
    session().rollback()
    stand_id = village.bodies[body].stand_id
    return needs_services.stamp_of(needs_of(village.edition).get(stand_id, []))


def say(village: Village, *rows: NewNeed, read: str = "", **more: Any) -> None:
    needs_services.set_needs(
        village.edition,
        village.bodies["Département"].stand_id,
        rows,
        read or stamp(village),
        ORGANISER,
        **more,
    )


def test_a_stand_needs_what_is_said(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    theme = frozenset({village.themes["Département"].id})
    rows = [
        NewNeed(village.at(9), 1, 2, 3, theme),
        NewNeed(village.at(9, 30), 0, 0, 1),
        NewNeed(village.at(10), 0, 0, 0),
    ]
    say(village, *rows)
    assert needs(village) == rows[:2]
    say(village, rows[1])
    assert needs(village) == [rows[1]]
    assert count(JournalEntry) == 2


@pytest.mark.parametrize(
    ("hour", "numbers", "error"),
    [
        ((9, 0), (3, 2, 4), needs_rules.NeedsNotInOrder),
        ((9, 0), (0, 0, 100), needs_rules.TooMany),
        ((7, 0), (1, 1, 1), needs_rules.NeedOutsideHours),
    ],
)
def test_needs_that_do_not_hold_are_refused_whole(
    app: Flask, edition: Edition, hour: Any, numbers: Any, error: type[Exception]
) -> None:
    village = make_village(edition)
    good = NewNeed(village.at(10), 1, 1, 1)
    with pytest.raises(error):
        say(village, good, NewNeed(village.at(*hour), *numbers))
    with pytest.raises(needs_rules.NoSuchNeededTheme):
        say(village, NewNeed(village.at(10), 1, 1, 1, frozenset({999})))
    assert needs(village) == []


def test_who_read_other_needs_changes_nothing(app: Flask, edition: Edition) -> None:
    """R-12."""
    village = make_village(edition)
    read = stamp(village)
    say(village, NewNeed(village.at(9), 1, 1, 1), read=read)
    with pytest.raises(needs_rules.NeedsChanged):
        say(village, NewNeed(village.at(9), 2, 2, 2), read=read)
    assert needs(village) == [NewNeed(village.at(9), 1, 1, 1)]


def test_of_two_who_say_the_needs_of_a_stand_one_wins(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    stand_id, at, read = village.bodies["Département"].stand_id, village.at(9), stamp(village)

    def saying(number: int) -> Any:
        def call() -> str:
            rows = [NewNeed(at, number, number, number)]
            current = get_current_edition()
            try:
                needs_services.set_needs(current, stand_id, rows, read, ORGANISER)
            except needs_rules.NeedsChanged:
                return "changed"
            return str(number)

        return call

    answers = race(app, [saying(1), saying(2)])
    assert sorted(answers) == sorted(["changed", str(needs(village)[0].minimum)])


def test_a_coordinator_says_the_needs_of_their_stand(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    row = NewNeed(village.at(9), 1, 1, 1)
    with pytest.raises(needs_rules.StandOfAnotherBody):
        say(village, row, body_ids=(village.bodies["SDIS 34"].id,))
    say(village, row, body_ids=(village.bodies["Département"].id,))


def test_a_range_changes_only_its_half_hours(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0))
    hours = [village.at(10), village.at(10, 30), village.at(11)]
    asked = NewNeed(village.at(10), 3, 4, 5)
    found = needs_services.with_range(needs(village), hours, asked)
    assert [one.minimum for one in found] == [1, 1, 3, 3, 3]
    assert [one.starts_at for one in found][-1] == village.at(11)


def test_needs_are_copied_from_a_stand(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    source = village.bodies["SDIS 34"].stand_id
    with pytest.raises(needs_rules.NothingToCopy):
        needs_services.copied_from_stand(edition, source)
    make_needs(village, body="SDIS 34", theme=True)
    copied = needs_services.copied_from_stand(edition, source)
    say(village, *copied)
    assert needs(village) == needs(village, "SDIS 34")


def test_needs_are_copied_from_an_earlier_edition(app: Flask, edition: Edition) -> None:
    """By the body and the theme; what is not open this year is left out."""
    earlier = make_edition(day=edition.days[0].day_on.replace(year=2019, day=4), is_current=False)
    before, village = make_village(earlier), make_village(edition)
    make_needs(before, start=(8, 30), end=(10, 0), minimum=2, theme=True)
    body = village.bodies["Département"]
    copied = needs_services.copied_from_edition(edition, body, earlier)
    assert [one.starts_at for one in copied] == [
        village.at(8, 30),
        village.at(9),
        village.at(9, 30),
    ]
    assert {one.theme_ids for one in copied} == {frozenset({village.themes["Département"].id})}
    with pytest.raises(needs_rules.NothingToCopy):
        needs_services.copied_from_edition(edition, village.bodies["SDIS 34"], earlier)


def test_the_overview_counts_half_hours(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0), minimum=1, wished=2, theme=True)
    make_agent(village, arrives_at=village.at(9), leaves_at=village.at(12))
    make_agent(village, body="SDIS 34")
    found = needs_overview(edition)
    (first, *others) = found.stands
    assert (first.minimum, first.wished) == (4, 8)
    assert first.ranges == [(1, 1), (2, 2), (3, 3)]
    assert first.themes == ["Soutien aux communes"]
    assert [one.minimum for one in others] == [0, 0]
    assert (found.minimum, found.wished, found.available) == (4, 8, 6 + 19)
    own = needs_overview(edition, (village.bodies["SDIS 34"].id,))
    assert (len(own.stands), own.available) == (1, 19)


def test_an_agent_of_another_edition_is_not_found(app: Flask, edition: Edition) -> None:
    other = make_village(make_edition(is_current=False))
    make_agent(other)
    assert agents_of(edition) == []
    with pytest.raises(needs_rules.StandOfAnotherBody):
        needs_services.own_stand(edition, other.bodies["SDIS 34"].stand_id)
    assert count(Need) == 0
    assert shift_rules.NoSuchStand.status == 404
