"""Lists of agents, on both databases."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts.models import Account
from salon.accounts.queries import find_account
from salon.accounts.services import accounts as account_services
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.documents.spreadsheets.reader import UnreadableList, text_of_file
from salon.platform.documents.spreadsheets.writer import csv_lines
from salon.platform.mail.outbox import Message
from salon.staffing.imports.agents import COLUMNS, cells_of, read_agents
from salon.staffing.models import Agent, AgentPeriod, PeriodKind
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules import agents as agent_rules
from salon.staffing.rules import agents_import as rules
from salon.staffing.services import agents_import as services
from salon.staffing.services.agents_import import LineEffect, PlannedLine
from tests.factories import act_in, new_key
from tests.races import race
from tests.staffing.make import (
    ORGANISER,
    Village,
    find_agent_by_email,
    make_agent,
    make_village,
)
from tests.statements import statements
from tests.tables import each

COORDINATOR = Identity(Role.AGENT, 7, "Magali Estève", "192.0.2.7")
HEAD = "Organisme;Civilité;Prénom;Nom;Courriel;Thèmes;Stands;Indisponible"
GOOD = (
    "Département;Mme;Noëlle;Saint-Aunès;noelle@herault.example;Soutien aux communes;V0 | V1;"
    "11 h - 12 h 30 (réunion)"
)


def plan(text: str, body_ids: Any = None) -> list[PlannedLine]:
    current_session().rollback()
    return services.plan_import(get_public_edition(), read_agents(text).lines, body_ids)


def take(text: str, actor: Identity = ORGANISER, key: str = "", body_ids: Any = None) -> Any:
    lines = read_agents(text).lines
    current_session().rollback()
    return services.import_agents(
        act_in(get_public_edition(), actor), lines, key or new_key(), body_ids
    )


def wrongs(text: str, body_ids: Any = None) -> list[tuple[int, list[str]]]:
    return [
        (line.line.number, [type(error).__name__ for error in line.line.wrong])
        for line in plan(text, body_ids)
        if line.fate == LineEffect.WRONG
    ]


def count(model: Any) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def test_a_list_names_agents(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    (planned,) = plan(f"{HEAD}\n{GOOD}\n")
    assert planned.fate == LineEffect.ADDED
    assert count(Agent) == 0
    assert take(f"{HEAD}\n{GOOD}\n") == (1, 0)
    (agent,) = agents_of(edition)
    assert (agent.full_name, agent.body.short_name) == ("Noëlle Saint-Aunès", "Département")
    assert [place.stand.number for place in agent.places] == ["V0", "V1"]
    (away,) = agent.periods
    assert (away.starts_at, away.ends_at) == (village.at(11), village.at(12, 30))
    assert (away.kind, away.note) == (PeriodKind.UNAVAILABLE, "réunion")
    account = find_account("noelle@herault.example")
    assert account is not None
    assert account.id == agent.account_id
    assert current_session().scalar(select(Message.kind)) == "agent_named"


def test_the_same_address_is_the_same_agent(app: Flask, edition: Edition) -> None:
    make_village(edition)
    take(f"{HEAD}\n{GOOD}\n")
    assert [line.fate for line in plan(f"{HEAD}\n{GOOD}\n")] == [LineEffect.SAME]
    text = "Prénom;Nom;Courriel;Fonction\nNoé;Saint-Aunès;NOELLE@herault.example;Juriste\n"
    assert [line.fate for line in plan(text)] == [LineEffect.CHANGED]
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
    assert [place.stand.number for place in agent.places] == ["V0"]


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    """Return a village beside which an exhibitor has an account."""
    account_services.create_account(Act(SYSTEM), "exposant@b.example", Role.EXHIBITOR, "Éclairage")
    return make_village(edition)


@pytest.mark.parametrize(
    ("head", "cell", "error"),
    [
        ("Langues", "Anglais | Klingon", "UnknownLanguage"),
        ("Besoins", "Un hamac", "UnknownNeed"),
        ("Coordination", "peut-être", "NotYesOrNo"),
    ],
)
def test_an_unknown_word_has_the_name_of_its_column(
    app: Flask, edition: Edition, head: str, cell: str, error: str
) -> None:
    make_village(edition)
    assert wrongs(f"{HEAD};{head}\n{GOOD};{cell}\n") == [(2, [error])]


@each(
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
        ("Département;Mme;www.a.example;B;a@b.example;;;", "LinkInName"),
    ],
)
def test_what_is_wrong_with_a_line_has_a_name(village: Village, line: str, error: str) -> None:
    text = f"{HEAD}\n{GOOD}\n{line}\n"
    assert wrongs(text) == [(3, [error])]
    with pytest.raises(rules.ImportRefused, match="Lignes à corriger\u00a0: 3"):
        take(text)
    assert count(Agent) == 0
    assert count(Account) == 1


def test_a_line_repeated_names_the_first(app: Flask, edition: Edition) -> None:
    make_village(edition)
    (planned,) = [
        line for line in plan(f"{HEAD}\n{GOOD}\n{GOOD}\n") if line.fate == LineEffect.WRONG
    ]
    (refusal,) = planned.line.wrong
    assert isinstance(refusal, rules.LineRepeated)
    assert "ligne 2" in refusal.message


def test_two_thousand_lines_with_three_bad_ones_write_nothing(app: Flask, edition: Edition) -> None:
    make_village(edition)
    lines = [
        f"Département;Mme;Prénom{n};Nom{n};agent{n}@herault.example;Soutien aux communes;V0;"
        for n in range(2_000)
    ]
    lines[17] = lines[17].replace("Département", "Commune de Mons")
    lines[1_000] = lines[1_000].replace("@", " ")
    lines[1_999] = lines[1_999].replace("Soutien aux communes", "Pétanque")
    text = "\n".join([HEAD, *lines])
    expected = [(19, ["UnknownBody"]), (1_002, ["WrongAddress"]), (2_001, ["UnknownTheme"])]
    assert wrongs(text) == expected
    with pytest.raises(rules.ImportRefused) as refusal:
        take(text)
    assert refusal.value.numbers == [19, 1_002, 2_001]
    assert (count(Agent), count(Account), count(Message)) == (0, 0, 0)


def test_a_plan_costs_the_same_whatever_its_length(app: Flask, edition: Edition) -> None:
    make_village(edition)
    sizes = []
    for size in (3, 300):
        text = "\n".join([HEAD, *(GOOD.replace("noelle@", f"n{n}@") for n in range(size))])
        take(text)
        current_session().rollback()
        with statements() as sent_statements:
            plan(text)
        sizes.append(len(sent_statements))
    assert sizes[0] == sizes[1]


def test_the_same_list_sent_twice_is_taken_once(app: Flask, edition: Edition) -> None:
    make_village(edition)
    key, text = new_key(), f"{HEAD}\n{GOOD}\n"
    assert [take(text, key=key) for _ in range(2)] == [(1, 0)] * 2
    assert count(Agent) == 1


@pytest.mark.race
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
    other_text = "Prénom;Nom;Courriel\nA;B;autre@herault.example\n"
    assert wrongs(other_text, thd) == [(2, ["AgentOfAnotherBody"])]
    content = "Prénom;Nom;Courriel;Civilité\nKévin;Malafosse;kevin@thd.example;M.\n"
    assert take(content, COORDINATOR, body_ids=thd) == (1, 0)
    agent = find_agent_by_email(edition, "kevin@thd.example")
    assert agent is not None
    assert (agent.body_id, [place.stand.number for place in agent.places]) == (thd[0], ["V1"])
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
    with pytest.raises(UnreadableList, match=reason):
        read_agents(text_of_file(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_is_read_as_spreadsheets_save_it(encoding: str, separator: str) -> None:
    text = f"{HEAD}\n{GOOD}\n".replace(";", separator).encode(encoding)
    (line,) = read_agents(text_of_file(text)).lines
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
    current_session().rollback()
    (stored_agent,) = agents_of(edition)
    heads = [column.head for column in COLUMNS]
    text = "".join(csv_lines(heads, [cells_of(stored_agent, has_days=False)]))
    assert "'=1+1" in text
    assert [line.fate for line in plan(text)] == [LineEffect.SAME]
    assert agent.id == stored_agent.id


@pytest.mark.parametrize(
    "note", ["Médecin (Béziers)", "(à confirmer) (Sète)", "Béziers | Sète", "à 12 h - train", ""]
)
def test_an_absence_keeps_its_reason_in_the_export(app: Flask, edition: Edition, note: str) -> None:
    village = make_village(edition)
    ends = ((11, 12), (15, 16))
    make_agent(
        village,
        periods=[
            AgentPeriod(
                starts_at=village.at(start),
                ends_at=village.at(end),
                kind=PeriodKind.UNAVAILABLE,
                note=note,
            )
            for start, end in ends
        ],
    )
    current_session().rollback()
    (stored_agent,) = agents_of(edition)
    heads = [column.head for column in COLUMNS]
    text = "".join(csv_lines(heads, [cells_of(stored_agent, has_days=False)]))
    (line,) = plan(text)
    assert (line.fate, line.line.wrong) == (LineEffect.SAME, ())
